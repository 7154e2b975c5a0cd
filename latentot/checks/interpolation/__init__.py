"""What every interpolation must have, and every law that it claims: each a check that says what to change."""

__all__ = ["CHECKS", "Case", "check_interpolation"]

from collections.abc import Mapping

from latentot.checks.check import Check, Conformance, expectations
from latentot.checks.interpolation.calls import BATCH, DETERMINISTIC, DTYPE, ENDPOINTS, FINITE, INPUTS_KEPT, SHAPE
from latentot.checks.interpolation.case import Case, Walk
from latentot.checks.interpolation.laws import CLAIMS, LAW_CHECKS
from latentot.errors import InputError
from latentot.priors import Prior

CHECKS: tuple[Check[Case], ...] = (
    SHAPE,
    DTYPE,
    ENDPOINTS,
    FINITE,
    INPUTS_KEPT,
    BATCH,
    DETERMINISTIC,
    CLAIMS,
    *LAW_CHECKS,
)
"""Every property that an interpolation must have, and every law that it may claim."""


def check_interpolation(
    path: Walk, prior: Prior, *, expected_failures: Mapping[str, str] | None = None, seed: int = 0
) -> Conformance:
    """Find out whether an interpolation is what it must be and keeps what it claims, and what to change if not.

    Args:
        path: an `Interpolation`, or any callable (z0, z1, t) -> z, which claims nothing.
        prior: the law that endpoints are draws of.
        expected_failures: reasons by the names of checks that are known to fail; one that passes is a failure.
        seed: of the pairs that it is tried on; a law that holds is called broken for one seed in a thousand.

    Raises:
        InputError: it cannot be called, or a check that is expected to fail does not exist.

    >>> import latentot as lot
    >>> report = check_interpolation(lambda z0, z1, t: (1 - t) * z0 + t * z1, lot.Normal(4))
    >>> [result.check for result in report.failures]
    []
    """
    if not callable(path):
        raise InputError(f"an interpolation is called as path(z0, z1, t), got {type(path).__name__}")
    expected, case = expectations(CHECKS, expected_failures), Case(path, prior, seed)
    return Conformance(case.name, tuple(check.result(case, expected.get(check.name)) for check in CHECKS))
