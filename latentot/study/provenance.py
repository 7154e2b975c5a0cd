"""Provenance of a run: what was asked for, what was studied, with which versions, where and when."""

__all__ = ["describe"]

import datetime
import shlex
import sys
from pathlib import Path
from typing import Any

from latentot.paths import Interpolation
from latentot.study.execution.machine import machine, plugins, source, versions
from latentot.study.work.plan import Plan


def describe(plan: Plan, started: datetime.datetime) -> dict[str, Any]:
    """Everything that a reader needs to judge and repeat a run, as plain data."""
    subject, finished = plan.subject(), datetime.datetime.now(datetime.UTC)
    study = (plan.whole or plan).study
    return {
        "title": study.title,
        "study": study.model_dump(mode="json"),
        "subject": subject.facts,
        "methods": {choice.label: _method(plan.path(choice, int(plan.study.pairs))) for choice in study.methods},
        "metrics": {
            label: {key: str(getattr(metric, key)) for key in ("title", "formula", "unit", "cost", "error", "citation")}
            for label, metric in (plan.metrics() | plan.in_data_space().metrics()).items()
        },
        "versions": versions(),
        "plugins": plugins(),
        "source": source(),
        "machine": machine(),
        "seed": study.seed,
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": {"total": round((finished - started).total_seconds(), 1)},
    }


def _method(path: Interpolation) -> dict[str, str]:
    """What a method is, and what it claims on this prior."""
    about = {key: str(getattr(path, key)) for key in ("title", "formula", "citation")}
    return about | {"claims": ", ".join(sorted(path.claims())) or "nothing"}
