"""Data sources and how they are split."""

import numpy as np
import pytest

import latentot as lot
from latentot.data import Data, data_sources


@pytest.fixture(scope="module", params=data_sources())
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def data(source: str) -> Data:
    return lot.load_data(source)


def test_is_named_as_asked_for(source: str, data: Data) -> None:
    assert data.name == source


def test_the_last_fifth_is_held_out(data: Data) -> None:
    total = len(data.train) + len(data.test)
    assert len(data.test) == round(total / 5)


def test_nothing_is_lost_reordered_or_in_both_parts() -> None:
    from sklearn.datasets import load_digits

    digits = lot.load_data("digits")
    whole = np.concatenate([digits.train, digits.test])
    np.testing.assert_array_equal(whole[:, 0], load_digits().images.astype(np.float32) / 16)


def test_split_is_the_same_every_time(source: str, data: Data) -> None:
    again = lot.load_data(source)
    np.testing.assert_array_equal(again.train, data.train)
    np.testing.assert_array_equal(again.test, data.test)


@pytest.mark.parametrize("part", ["train", "test"])
def test_images_are_single_precision_in_the_unit_interval(data: Data, part: str) -> None:
    images = getattr(data, part)
    assert images.dtype == np.float32
    assert images.shape[1:] == data.shape
    assert len(data.shape) == 3
    # Both ends are reached: a source in [0, 255], or scaled down twice, would not.
    assert (images.min(), images.max()) == (0, 1)


def test_a_changed_copy_changes_nothing_for_others(source: str, data: Data) -> None:
    kept = data.train.copy()
    lot.load_data(source).train[:] = -1
    np.testing.assert_array_equal(lot.load_data(source).train, kept)


@pytest.mark.parametrize("name", ["digts", "Digits", "mnist", ""])
def test_unknown_source_is_refused(name: str) -> None:
    with pytest.raises(lot.InputError, match=f"unknown data source {name!r}.*There are digits"):
        lot.load_data(name)


def test_nearest_source_is_suggested() -> None:
    with pytest.raises(lot.InputError, match="did you mean 'digits'"):
        lot.load_data("digts")
