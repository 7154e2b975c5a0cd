"""What is said of walks and of the decoder, as plain data: rows beside the verdicts."""

__all__ = ["decoder_rows", "walk_rows"]

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from latentot.judges import Judgement
from latentot.study.spec.own import judge_of
from latentot.study.work.decoder import DecoderOutcome
from latentot.study.work.failure import Failure
from latentot.study.work.plan import Plan
from latentot.study.work.walks import WalksCell


def walk_rows(
    plan: Plan, cell: WalksCell, outcome: Mapping[str, Judgement | Failure] | Failure
) -> Iterator[dict[str, Any]]:
    """One row a judge of walks.

    Args:
        plan: of the round.
        cell: whose outcome it is.
        outcome: what each judge says, by its label.
    """
    subject, population = plan.subject(), cell.population
    identity = {
        "model": subject.model.name if subject.model else None,
        "prior": subject.prior.name,
        "dim": subject.prior.dim,
        "endpoints": population.endpoints,
        "reference": population.reference,
        "space": "data",
        "method": cell.choice.label,
    }
    if isinstance(outcome, Failure):
        yield identity | _unsaid("every measure", outcome)
        return
    judges = {choice.label: judge_of(choice, plan.own_judges) for choice in plan.study.judges}
    for label, found in outcome.items():
        if isinstance(found, Failure):
            yield identity | _unsaid(label, found)
        else:
            about = {"better": judges[label].better, "unit": judges[label].unit, "status": "ok"}
            numbers = {"value": found.value, "error": found.error, "n": found.n_used}
            yield identity | {"measure": label} | numbers | about


def _unsaid(measure: str, why: Failure) -> dict[str, Any]:
    numbers: dict[str, Any] = dict.fromkeys(("value", "error", "n"))
    return {"measure": measure} | numbers | {"better": "", "unit": "", "status": f"failed: {why.reason}"}


def decoder_rows(plan: Plan, outcome: Mapping[str, DecoderOutcome | Failure] | Failure) -> Iterator[dict[str, Any]]:
    """One row a judge of points: p = (1 + #{null >= decoded}) / (1 + B), values as lower is closer."""
    empty: dict[str, Any] = dict.fromkeys(("value", "null_mean", "null_sd", "n_null", "excess", "p_value", "real", "n"))
    if isinstance(outcome, Failure):
        yield {"judge": "every judge"} | empty | {"unit": "", "status": f"failed: {outcome.reason}"}
        return
    units = {label: metric.unit for label, metric in plan.in_data_space().metrics().items()}
    for label, found in outcome.items():
        if isinstance(found, Failure):
            yield {"judge": label} | empty | {"unit": units[label], "status": f"failed: {found.reason}"}
            continue
        null = np.array([one.value for one in found.null])
        sd = float(null.std(ddof=1))
        yield {
            "judge": label,
            "value": found.decoded.raw,
            "null_mean": float(np.mean([one.raw for one in found.null])),
            "null_sd": sd,
            "n_null": len(null),
            "excess": (found.decoded.value - float(null.mean())) / sd if sd > 0 else None,
            "p_value": (1 + int((null >= found.decoded.value).sum())) / (1 + len(null)),
            "real": found.real.raw,
            "n": found.n,
            "unit": units[label],
            "status": "ok",
        }
