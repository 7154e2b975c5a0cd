"""A sweep: the runs of one study file, each in a folder of its own, read together."""

__all__ = ["NAME", "Axis", "Subject", "Sweep"]

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentot.errors import InputError
from latentot.reading import path_of, refuse_pointer
from latentot.report.records import Population
from latentot.report.run_folder import RunFolder

NAME = "sweep.json"
SCHEMA = 1
_AGAIN = "run the study again, which computes only what is missing"


@dataclass(frozen=True)
class Subject:
    """One run of a sweep.

    Args:
        label: what tells it from the others.
        folder: its folder's name.
        run: what it stores.
    """

    label: str
    folder: str
    run: RunFolder


@dataclass(frozen=True)
class Axis:
    """What a sweep goes along.

    Args:
        name: what the numbers are; empty where subjects have no order.
        values: one a subject: a number, or its place in the order given.
    """

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Sweep:
    """Runs that are compared with each other.

    Args:
        path: the folder.
        title: of the study.
        subjects: in the order of the study.
    """

    path: Path
    title: str
    subjects: tuple[Subject, ...]

    @classmethod
    def read(cls, folder: Path | str) -> "Sweep":
        """Read a folder that holds a sweep.

        Raises:
            InputError: sweep.json is missing or damaged, or one of its runs cannot be read.
        """
        path = path_of(folder, "the folder of a study") / NAME
        refuse_pointer(path)
        try:
            stored = json.loads(path.read_text(encoding="utf-8-sig"))
            if stored["schema"] != SCHEMA:
                raise InputError(f"{path} has schema {stored['schema']!r}, this latentot reads {SCHEMA}: {_AGAIN}")
            title, runs = str(stored["title"]), [(str(run["label"]), str(run["folder"])) for run in stored["runs"]]
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror}): {_AGAIN}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is damaged ({type(error).__name__} {error}): {_AGAIN}") from error
        outside = [name for _, name in runs if Path(name).name != name or name in {"", ".", ".."}]
        if outside or not runs:
            raise InputError(f"{path} is damaged (it names {outside or 'no runs'}): {_AGAIN}")
        return cls(
            path.parent,
            title,
            tuple(Subject(label, name, RunFolder.read(path.parent / name)) for label, name in runs),
        )

    @property
    def axis(self) -> Axis:
        """Dimensions or pairs, where these alone tell the subjects apart; else the order given."""
        settings: list[dict[str, Any]] = [subject.run.run["study"] for subject in self.subjects]
        varying = {key for own in settings for key in own if any(other.get(key) != own[key] for other in settings)}
        for key, name in (("dim", "dimensions"), ("pairs", "pairs")):
            values = [own.get(key) for own in settings]
            if varying == {key} and all(isinstance(value, int) for value in values):
                return Axis(name, tuple(float(value) for value in values if value))
        return Axis("", tuple(map(float, range(len(self.subjects)))))

    def populations(self) -> tuple[Population, ...]:
        """Endpoints and reference of every population that a subject has."""
        found = {population.key: population for subject in self.subjects for population in subject.run.populations}
        return tuple(Population(*key) for key in found)

    def method_names(self) -> tuple[str, ...]:
        """Every method of any subject, in the order of the first that has it."""
        return tuple(dict.fromkeys(name for subject in self.subjects for name in subject.run.method_names()))

    def metric_names(self) -> tuple[str, ...]:
        """Every metric of any subject, in the order of the first that has it."""
        return tuple(dict.fromkeys(name for subject in self.subjects for name in subject.run.metric_names()))
