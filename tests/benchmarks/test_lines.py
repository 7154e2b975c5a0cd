"""The lines of ACAI: what is drawn between two lines scores 0, and cross-fading does not."""

import importlib
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(name="lines")
def the_script(monkeypatch):
    pytest.importorskip("latentot_torch_vae")
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    return importlib.import_module("lines")


def test_lines_drawn_between_score_nothing(lines, monkeypatch):
    monkeypatch.setattr(lines, "DRAWN", 2_000)
    rng = np.random.default_rng(0)
    first, turn = rng.uniform(0, 2 * np.pi, 12), rng.uniform(0.5, 2.5, 12)
    t = np.linspace(0, 1, 16)
    drawn = np.array([lines.lines(first + at * turn) for at in t])
    distance, smoothness = lines.judged(drawn)
    # The nearest of 2,000 is off by 2 pi / 4,000 at most, of steps of 0.5 / 15 or more.
    assert distance < 1e-5
    assert abs(smoothness) < 0.01
    faded = np.array([(1 - at) * drawn[0] + at * drawn[-1] for at in t])
    distance, smoothness = lines.judged(faded)
    assert distance > 1e-3
    assert smoothness > 0.5


def test_a_line_goes_from_the_middle_to_where_its_angle_points(lines):
    right, down = lines.lines(np.array([0, np.pi / 2]))[:, 0]
    assert right[15:17, 20].tolist() == [1, 1]
    # Round ends reach half a pixel on.
    assert right[:, :14].max() == 0
    assert right[16, 31] < right[16, 30]
    np.testing.assert_allclose(down, right.T, atol=1e-6)
