"""Checks of a call: what it says of itself, what comes back, and what is left alone."""

__all__ = ["DETERMINISTIC", "FACTS", "FEW_POINTS", "FINITE", "INPUTS_KEPT", "PURE", "TRAVELS"]

import math

import cloudpickle
import numpy as np

from latentot.checks.check import Check, Finding, failed
from latentot.checks.metric.case import Case
from latentot.errors import InputError, one_line
from latentot.metrics import Measurement, OneSample


def _facts(case: Case) -> Finding | None:
    metric = case.metric
    for fact in ("name", "title", "formula", "unit", "cost", "error", "citation"):
        if not isinstance(getattr(metric, fact, None), str):
            return failed(f"it has no {fact}, a text: reports and lists show it")
    for fact, least in (("min_points", 1), ("max_points", metric.min_points), ("moments", 0), ("degree", 0)):
        number = getattr(metric, fact)
        if isinstance(number, bool) or not isinstance(number, int | float) or not number >= least:
            return failed(f"its {fact} is {number!r}: give a number of at least {least}")
    if isinstance(metric, OneSample) and getattr(metric, "needs", None) not in (
        "marginal",
        "radius",
        "density",
        "score",
    ):
        return failed('it must say what it needs of a prior: needs = "marginal", "radius", "density" or "score"')
    return None


def _finite(case: Case) -> Finding | None:
    judge = case.judge()
    for what, z in (("a sample", case.points), ("a sample in single precision", case.points.astype(np.float32))):
        found = judge(z)
        if not isinstance(found, Measurement):
            return failed(f"of {what} it gives {type(found).__name__}: return a Measurement(value, raw, n_used)")
        if not (math.isfinite(found.value) and math.isfinite(found.raw)):
            return failed(f"of {what} it gives {found.value} (raw {found.raw}): return finite numbers")
        if not 1 <= found.n_used <= len(z):
            return failed(f"it says that it used {found.n_used} of {len(z)} points: n_used counts points of the sample")
    return None


def _deterministic(case: Case) -> Finding | None:
    first, second = (case.metric(case.points.copy(), case.reference, rng=case.seed) for _ in range(2))
    if first == second:
        return None
    return failed(f"the same seed gives {first!r} and then {second!r}: take random numbers from the rng that is given")


def _pure(case: Case) -> Finding | None:
    judge = case.judge()
    first = judge(case.points.copy()).value
    judge(case.drawn(len(case.points), 3))
    second = judge(case.points.copy()).value
    if first == second:
        return None
    return failed(
        f"a judge gives {first!r}, and {second!r} for the same points after others: it must keep nothing of what it "
        "has judged"
    )


def _inputs_kept(case: Case) -> Finding | None:
    z, reference = case.points.copy(), case.reference
    known = None if case.one_sample else reference.copy()
    case.judge(known)(z)
    if not np.array_equal(z, case.points) or (known is not None and not np.array_equal(known, reference)):
        return failed("points or reference are changed: work on copies, without +=, *= or out=")
    return None


def _few_points(case: Case) -> Finding | None:
    judge, least = case.judge(), case.metric.min_points
    for n in sorted({0, 1, least - 1, least, least + 1}):
        try:
            judge(case.points[:n])
        except InputError as error:
            if "\n" in str(error):
                return failed(f"{n} points are refused in more than a line")
        except Exception as error:
            return failed(
                f"{n} points end with {one_line(error)}: min_points, now {least}, is the fewest that it takes"
            )
        else:
            if n < least:
                return failed(f"{n} points are accepted, and min_points is {least}")
    return None


def _travels(case: Case) -> Finding | None:
    judge = case.judge()
    try:
        sent, metric = cloudpickle.loads(cloudpickle.dumps(judge)), cloudpickle.loads(cloudpickle.dumps(case.metric))
    except Exception as error:
        return failed(f"it cannot be sent to other processes ({one_line(error)}): keep arrays and plain data only")
    here = judge(case.points)
    if sent(case.points) != here or metric.against(case.reference, rng=case.seed)(case.points) != here:
        return failed("in another process it gives other values: all that it needs must be its fields")
    return None


FACTS = Check("facts", "what it says of itself is complete", _facts)
FINITE = Check("finite", "it gives finite numbers, and how many points it used", _finite)
DETERMINISTIC = Check("deterministic", "the same seed gives the same value", _deterministic)
PURE = Check("pure", "a judge keeps nothing of what it has judged", _pure)
INPUTS_KEPT = Check("inputs-kept", "points and reference are not changed", _inputs_kept)
FEW_POINTS = Check("few-points", "too few points are refused in a line", _few_points)
TRAVELS = Check("travels", "it and its judges can be sent to other processes", _travels)
