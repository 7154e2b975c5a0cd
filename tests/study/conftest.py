"""Studies small enough to be computed in a blink."""

from typing import Any

import pytest

from latentot.study import Study

SMALL: dict[str, Any] = {
    "prior": "normal",
    "dim": 3,
    "methods": ["linear", "cauchy"],
    "metrics": ["norm-wasserstein", "marginal-ks"],
    "t": [0.25, 0.5],
    "pairs": 50,
    "repeats": 2,
    "null_draws": 19,
}


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of a small study, to be changed at will."""
    return dict(SMALL)


@pytest.fixture
def study(settings: dict[str, Any]) -> Study:
    return Study.of(**settings)
