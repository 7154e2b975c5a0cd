"""What every metric must have, and what it says of itself: each a check that says what to change."""

__all__ = ["CHECKS", "Case", "check_metric"]

from typing import TYPE_CHECKING, Any

from latentot.checks.check import Check, Conformance, expectations
from latentot.checks.metric.calls import DETERMINISTIC, FACTS, FEW_POINTS, FINITE, INPUTS_KEPT, PURE, TRAVELS
from latentot.checks.metric.case import Case
from latentot.checks.metric.cost import COST
from latentot.checks.metric.laws import CHANCE, ORDER, SCALED, SHIFTED, SHRUNK
from latentot.metrics import as_metric
from latentot.priors import Normal, Prior

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKS: tuple[Check[Case], ...] = (
    FACTS,
    FINITE,
    DETERMINISTIC,
    PURE,
    INPUTS_KEPT,
    FEW_POINTS,
    ORDER,
    SCALED,
    SHIFTED,
    CHANCE,
    SHRUNK,
    TRAVELS,
    COST,
)
"""Every property that a metric must have."""
DIM = 8
"""Coordinates of the normal law that a metric is tried on: enough that it is not of one coordinate, few enough that
distances of neighbours say something."""


def check_metric(
    metric: Any,
    prior: Prior | None = None,
    *,
    expected_failures: "Mapping[str, str] | None" = None,
    seed: int = 0,
) -> Conformance:
    """Find out whether a metric is what it must be and behaves as it says, and what to change if not.

    Args:
        metric: a `Metric`, or any callable (z, reference, *, rng) -> float, which says nothing of itself.
        prior: the law that samples are drawn from; a normal law in 8 dimensions if not said.
        expected_failures: reasons by the names of checks that are known to fail; one that passes is a failure.
        seed: of the samples that it is tried on; a right metric fails for less than one seed in a thousand.

    Raises:
        InputError: it cannot be called, makes no sense for the prior, or a check that is expected to fail does not
            exist.

    >>> import latentot as lot
    >>> check_metric(lot.drift("norm-ks")).failures
    ()
    """
    expected = expectations(CHECKS, expected_failures)
    case = Case(as_metric(metric), Normal(DIM) if prior is None else prior, seed)
    case.metric.check(case.prior)
    return Conformance(case.name, tuple(check.result(case, expected.get(check.name)) for check in CHECKS))
