"""A sweep: the runs of one study file, each in a folder of its own, read together."""

__all__ = ["Axis", "Subject", "Sweep"]

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentot.reading import path_of
from latentot.runformat import Population, RunFolder, read_sweep


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
        path = path_of(folder, "the folder of a study")
        facts = read_sweep(path)
        runs = (Subject(run.label, run.folder, RunFolder.read(path / run.folder)) for run in facts.runs)
        return cls(path, facts.title, tuple(runs))

    @property
    def axis(self) -> Axis:
        """Dimensions or pairs, where these alone tell the subjects apart; else the order given."""
        settings: list[dict[str, Any]] = [subject.run.facts.study for subject in self.subjects]
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
