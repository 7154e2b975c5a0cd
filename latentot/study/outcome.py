"""What a run found: one table, one set of facts, whether it is of one subject or of many."""

__all__ = ["Outcome", "merge", "write"]

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from latentot.runformat import write_run
from latentot.study.execution.hosts import hosts_apart
from latentot.study.prepared import Prepared
from latentot.study.provenance import describe
from latentot.study.spec.sweep import labels
from latentot.study.statistics.assemble import Part

if TYPE_CHECKING:
    import pandas as pd

PER_SUBJECT = ("populations", "rounds", "verdicts", "misses", "walks", "decoder", "cells", "controls")


@dataclass(frozen=True)
class Outcome:
    """What a run found, as it is stored.

    Args:
        results: one row a measurement.
        facts: what was run, where, and the verdicts; plain data.
        artefacts: arrays that figures need.
    """

    results: "pd.DataFrame"
    facts: dict[str, Any]
    artefacts: dict[str, NDArray[Any]]

    def __repr__(self) -> str:
        sizes = (
            f"{len(self.results)} measurements, {len(self.facts['verdicts'])} verdicts, {len(self.artefacts)} arrays"
        )
        return f"Outcome({self.facts['subject']['label']}, {sizes})"


def merge(
    prepared: Sequence[Sequence[Prepared]], parts: Sequence[Part], hosts: Collection[str], started: datetime.datetime
) -> Outcome:
    """One outcome of all studies.

    Where there are several, every population, verdict, cell and control says whose it is ("subject"), and the names of
    arrays begin with it.

    Args:
        prepared: the first rounds of each study, in latent space and, if its points are judged there, in data space.
        parts: what each study found.
        hosts: what computed it.
        started: when.
    """
    import pandas as pd

    names = labels([first[0].asked for first in prepared])
    described = [describe(first[0].plan, started) for first in prepared]
    facts = described[0] | {name: [] for name in (*PER_SUBJECT, "failures", "reasons")} | {"null": {}}
    facts["computed"] = hosts_apart(sorted(hosts), facts["machine"])
    facts["studies"] = [{"label": label} | own["study"] for label, own in zip(names, described, strict=True)]
    artefacts: dict[str, NDArray[Any]] = {}
    for label, first, part in zip(names, prepared, parts, strict=True):
        for name in PER_SUBJECT:
            facts[name] += [{"subject": label} | row for row in part.facts[name]]
        prefix = f"{label}: " if label else ""
        facts["failures"] += [prefix + failure for failure in part.facts["failures"]]
        facts["reasons"] += [
            why | {"pieces": [prefix + what for what in why["pieces"]]} for why in part.facts["reasons"]
        ]
        facts["null"] |= {
            prefix + p.label: "cached" if p in one.known else "computed" for one in first for p in one.populations
        }
        artefacts |= {f"{label}/{name}" if label else name: array for name, array in part.artefacts.items()}
    return Outcome(pd.concat([part.results for part in parts], ignore_index=True), facts, artefacts)


def write(outcome: Outcome, folder: Path) -> None:
    """Write results.csv, run.json and artefacts.npz; files that were there are replaced whole.

    Raises:
        InputError: the folder cannot be written to.
    """
    write_run(folder, outcome.results, outcome.facts, outcome.artefacts)
