"""What a run will take: what is learned once is not multiplied by pairs and repeats."""

import time
from typing import Any

import pytest

from latentot.study import Study, estimate
from latentot.transport import Gaussian

LESSON = 0.3
"""Seconds."""


@pytest.fixture
def slow_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transport that takes its time to be fitted."""
    fit = Gaussian.fit

    def slow(*arguments: Any, **how: Any) -> Any:
        time.sleep(LESSON)
        return fit(*arguments, **how)

    monkeypatch.setattr(Gaussian, "fit", slow)


@pytest.mark.parametrize(("options", "growth"), [({"n_fit": 1000}, 1), ({}, 100_000 / 20_000)], ids=["fixed", "grown"])
def test_what_is_learned_counts_once(
    settings: dict[str, Any], slow_fits: None, options: dict[str, Any], growth: float
) -> None:
    """For each position, and more of it where more is learned from."""
    method = {"name": "earth-mover", "options": {"transport": "gaussian"} | options}
    asked = settings | {"t": [0.5], "metrics": ["norm-wasserstein"], "pairs": 5_000, "repeats": 40, "endpoints": None}
    seconds = estimate(Study.of(**asked | {"methods": [method]})).seconds
    # Ten times the pilot's pairs in forty repeats would be 400 fits.
    assert growth * LESSON < seconds < 200 * LESSON
