"""Data that are no pictures: rows are drawn in one call each, and what is drawn must be pictures."""

from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.inspection.findings import Figure, Findings, Panel
from latentot.inspection.inspecting import _shown
from latentot.models import drawn

DATA = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5) / 120


def model(draw: Any) -> lot.Model:
    return lot.Model(lot.Normal(5), lambda z: z, draw=draw)


def test_data_stay_what_they_are_where_nothing_is_drawn() -> None:
    assert drawn(model(None), DATA, 3) is DATA


@pytest.mark.parametrize("colours", [(), (3,)], ids=["grey", "colours"])
def test_rows_are_drawn_in_one_call_each(colours: tuple[int, ...]) -> None:
    rows = []

    def draw(x: np.ndarray) -> np.ndarray:
        rows.append(x)
        return np.ones((len(x), 6, 7, *colours)) * x.mean()

    found = drawn(model(draw), DATA, 3)
    assert (found.shape, found.dtype) == ((2, 3, 4, 6, 7, *colours), np.uint8)
    np.testing.assert_array_equal(np.reshape(rows, DATA.shape), DATA)
    np.testing.assert_array_equal(found[1, 2, 3, 5, 6], np.round(255 * DATA[1, 2].mean()))


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda x: x, r"draws 4 data as float64 of shape \(4, 5\): pictures have"),
        (lambda x: np.ones((len(x), 6, 7, 4)), r"shape \(4, 6, 7, 4\)"),
        (lambda _: np.ones((1, 6, 7)), r"shape \(1, 6, 7\)"),
        (lambda x: np.full((len(x), 6, 7), "a"), "draws 4 data as <U1"),
        (lambda _: 1 / 0, "model cannot draw what it decodes: ZeroDivisionError"),
    ],
    ids=["numbers", "four colours", "too few", "text", "an error"],
)
def test_what_is_no_picture_is_one_clear_line(draw: Any, said: str) -> None:
    with pytest.raises(lot.InputError, match=said):
        drawn(model(draw), DATA, 3)


def test_an_inspection_draws_what_its_figures_show_and_keeps_the_rest() -> None:
    def draw(x: np.ndarray) -> np.ndarray:
        return np.full((len(x), 6, 7), 200, np.uint8)

    figure = Figure("walks", "Walks", "", (Panel("", "walks/0"),))
    shown = _shown(model(draw), Findings((), (), (figure,), {"walks/0": DATA, "numbers": DATA}))
    assert (shown["walks/0"].shape, np.unique(shown["walks/0"]).tolist()) == ((2, 3, 6, 7), [200])
    assert shown["numbers"].shape == DATA.shape
