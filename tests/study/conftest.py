"""Studies small enough to be computed in a blink."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.priors import Prior
from latentot.study import Engine, NullCache, Outcome, Study, run

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


@pytest.fixture(scope="session")
def two_processes() -> Iterator[Engine]:
    """Two processes, which start once for all tests that neither end nor count them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("latentot.study.execution.engine.ALONE", 0.0)
        with Engine(2).lasting() as engine:
            yield engine


@pytest.fixture(autouse=True)
def runs_without_figures(without_figures: None) -> None:
    """Figures are tested where they are drawn."""


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of a small study, to be changed at will."""
    return dict(SMALL)


@pytest.fixture
def study(settings: dict[str, Any]) -> Study:
    return Study.of(**settings)


class Ran:
    """What a run with a folder of null bands found, and how many null cells it computed."""

    def __init__(self, folder: Path, subject: Prior | lot.Model | None = None, **changes: Any) -> None:
        titles: list[str] = []
        self.outcome: Outcome = run(
            Study.of(
                **SMALL | {"prior": None, "dim": None, "methods": ["linear"], "repeats": 1, "null_draws": 20} | changes
            ),
            live=lot.Normal(3) if subject is None else subject,
            null_cache=NullCache(folder),
            progress=lambda _done, _of, what, _seconds: titles.append(what),
        )
        self.null_cells = sum(title.startswith("null band") for title in titles)

    @property
    def draws(self) -> np.ndarray:
        """Those of the prior's own pairs."""
        return np.asarray(self.outcome.artefacts["null/prior"])


@pytest.fixture
def ran() -> Callable[..., Ran]:
    return Ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where null bands may be kept."""
    return tmp_path / "not yet" / "made"


@pytest.fixture
def kept(folder: Path) -> Ran:
    """A first run, with its band in the folder."""
    return Ran(folder)
