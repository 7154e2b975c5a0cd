"""The script that judges earth-mover on each prior, on a small one, and the priors that it is judged on."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import latentot as lot

ROWS = Path(__file__).parents[2] / "docs" / "figures" / "earth_mover.json"


@pytest.fixture(name="judging")
def _judging(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("earth_mover")


def test_a_small_prior_is_judged(judging: ModuleType) -> None:
    row = judging.judged("normal", lambda: lot.Normal(16), metrics=["norm-wasserstein", "marginal-ks"], t=[0.5])
    assert (row["prior"], row["verdict"], row["map"]) == ("normal", "keeps", "marginal")
    head, line = judging.lines([row])
    assert len(head) > 60
    assert line.startswith("normal ")


def test_every_prior_can_be_drawn_from(judging: ModuleType) -> None:
    for make in judging.PRIORS.values():
        z = make().sample(20, rng=0)
        assert z.shape == (20, 16)
        assert np.isfinite(z).all()


def test_the_page_has_rows_of_known_priors(judging: ModuleType) -> None:
    rows = json.loads(ROWS.read_text(encoding="utf-8"))
    assert {row["prior"] for row in rows} <= set(judging.PRIORS)
    assert all(row["verdict"] in {"keeps", "drifts", "inconclusive"} for row in rows)
