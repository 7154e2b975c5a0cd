import numpy as np
import pytest

from latentot.errors import InputError
from latentot_torch_vae.options import positive_number, whole_number, whole_numbers


@pytest.mark.parametrize("given", [0, -1, 1.5, "8", True, None, [8]])
def test_what_is_no_positive_whole_number_is_refused(given):
    with pytest.raises(InputError, match="latent is a whole number of at least 1, got"):
        whole_number("latent", given)


def test_numpy_integers_become_plain_ones():
    assert type(whole_number("latent", np.int64(8))) is int
    assert whole_number("seed", 0, least=0) == 0


def test_one_width_stands_for_a_tuple_of_one():
    assert whole_numbers("hidden", 64) == (64,)


@pytest.mark.parametrize("given", [(), "64", (64, 0), [64.0], None])
def test_what_is_no_list_of_widths_is_refused(given):
    with pytest.raises(InputError, match="hidden is one or more positive whole numbers, got"):
        whole_numbers("hidden", given)


@pytest.mark.parametrize("given", [0, -1e-3, float("nan"), float("inf"), "1e-3", True, None])
def test_what_is_no_positive_number_is_refused(given):
    with pytest.raises(InputError, match="learning_rate is a finite number above 0, got"):
        positive_number("learning_rate", given)
