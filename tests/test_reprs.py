"""Paths, metrics and transports say in one line what they are."""

import numpy as np
import pytest

import latentot as lot
from latentot.transport import TRANSPORTS, named_transport


@pytest.mark.parametrize("name", lot.interpolations())
def test_a_path_says_its_name_prior_and_options(name):
    path = lot.interpolation(name, lot.Normal(3))
    assert repr(path).startswith(f"{name}({lot.Normal(3)!r}")
    assert "\n" not in repr(path)


def test_options_are_shown():
    assert repr(lot.interpolation("stable", lot.Cauchy(2), alpha=1.2)) == f"stable({lot.Cauchy(2)!r}, alpha=1.2)"
    assert repr(lot.drift("mmd", width=2.0, max_points=2_000)) == "mmd(width=2.0)"


@pytest.mark.parametrize("name", lot.drifts())
def test_a_metric_says_its_name(name):
    assert repr(lot.drift(name)) == f"{name}()"


@pytest.mark.parametrize("name", TRANSPORTS.names())
def test_a_transport_and_its_map_are_one_line_without_their_numbers(name):
    source, target = np.random.default_rng(0).standard_normal((2, 200, 3))
    transport = named_transport(name)
    fitted = transport.fit(source, np.exp(target), rng=0)
    assert type(transport).__name__ in repr(transport)
    assert "fitted on 160" in repr(fitted)
    for shown in (repr(transport), repr(fitted)):
        assert "\n" not in shown
        assert "array" not in shown
        assert len(shown) < 400
