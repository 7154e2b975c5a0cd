"""Several runs on one page: read together as a sweep is, with what changed from the first to each of the others."""

__all__ = ["Together", "gather"]

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from latentot.errors import InputError
from latentot.reporting.answer import subject_name
from latentot.reporting.diff import diff
from latentot.reporting.sweep import Subject, Sweep
from latentot.runformat import RunFolder


@dataclass(frozen=True)
class Together:
    """Runs of anyone's choice.

    Args:
        sweep: the runs, by labels that tell them apart.
        changes: what differs between the first and each of the others, by both labels, a line each.
    """

    sweep: Sweep
    changes: tuple[tuple[str, tuple[str, ...]], ...]


def gather(folders: Sequence[Path | str], out: Path) -> Together:
    """Read several runs.

    Args:
        folders: of the runs.
        out: the folder that the page is to lie in: it links the runs' own.

    Raises:
        InputError: there are fewer than two, two are the same, or one cannot be read.
    """
    if len(folders) < 2:
        raise InputError(f"a page over several runs needs two folders or more, got {len(folders)}")
    runs = [RunFolder.read(folder) for folder in folders]
    if len({run.path.resolve() for run in runs}) < len(runs):
        raise InputError(f"a folder is given twice: {', '.join(str(run.path) for run in runs)}")
    labels = _labels(runs)
    subjects = [Subject(label, os.path.relpath(run.path, out), run) for label, run in zip(labels, runs, strict=True)]
    changes = tuple(
        (f"From {labels[0]} to {label}", tuple(diff(runs[0].path, run.path).lines()))
        for label, run in zip(labels[1:], runs[1:], strict=True)
    )
    return Together(Sweep(out, f"{len(runs)} runs beside each other", tuple(subjects)), changes)


def _labels(runs: Sequence[RunFolder]) -> list[str]:
    """Titles, or names of subjects, where these tell runs apart; else with as much of the folders' paths as does."""
    titles = [run.facts.title or subject_name(run) for run in runs]
    if len(set(titles)) == len(titles):
        return titles
    paths = [run.path.resolve().parts for run in runs]
    deep = next(n for n in range(1, max(map(len, paths)) + 1) if len({path[-n:] for path in paths}) == len(paths))
    return [f"{title}, {'/'.join(path[-deep:])}" for title, path in zip(titles, paths, strict=True)]
