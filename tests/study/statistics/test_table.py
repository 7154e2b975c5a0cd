"""The table of a population: what verdicts are given beside the numbers."""

from typing import Any

import numpy as np
import pytest

from latentot.metrics import Measurement
from latentot.study import Study
from latentot.study.spec.level import Levels
from latentot.study.statistics.table import Table
from latentot.study.work.failure import Failure
from latentot.study.work.measured import Key
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

METRICS = ["norm-wasserstein", "norm-ks-one-sample", "mmd", "emd"]


def table(population: Population) -> Table:
    unused: Any = None
    plan = Plan("", Study.of(metrics=METRICS, t=[0.25, 0.5]))
    return Table(plan, plan.metrics(), population, Levels(0.05, 0.05), np.zeros((19, 8)), {}, unused, [])


def of(n_used: int) -> Measurement:
    return Measurement(0.0, 0.0, n_used)


@pytest.mark.parametrize(
    ("population", "used", "expected"),
    [
        (Population("prior", 100, 1), (100, 100, 100, 50), (0.1, 0, 0.1, 1)),
        (Population("prior", 1_000, 1), (1_000, 1_000, 1_000, 500), (0.1, 0, 0.5, 1)),
        (Population("prior", 5_000, 1), (5_000, 5_000, 2_000, 1_000), (0.1, 0, 1, 1)),
        (Population("encoded", 100, 1, "posterior", 250), (100, 100, 100, 50), (0.4, 0, 0.4, 1)),
    ],
    ids=["few", "mmd takes 2,000 of the reference", "mmd and emd take a part of both", "few to refer to"],
)
def test_share_is_that_of_points_used(population: Population, used: Any, expected: Any) -> None:
    measured: dict[Key, Any] = {
        (metric, t): of(n) for metric, n in zip(METRICS, used, strict=True) for t in (0.25, 0.5)
    }
    found = table(population)._share(measured)
    np.testing.assert_allclose(found, np.repeat(expected, 2))
    measured |= dict.fromkeys([(METRICS[0], 0.25), (METRICS[0], 0.5)], Failure("out of luck"))
    assert table(population)._share(measured)[:2].tolist() == [0, 0]


def test_metrics_say_where_more_points_make_no_difference() -> None:
    most = table(Population("prior", 100, 1))._max_points
    assert most == {"norm-wasserstein": np.inf, "norm-ks-one-sample": np.inf, "mmd": 2_000, "emd": 2_000}
