"""Cells: the independent, seeded pieces that a study is computed in, each a pure function of its description."""

__all__ = ["Cell", "ControlCell", "MethodCell", "MethodOutcome", "NormsCell", "NullCell", "StripsCell"]

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.drift import Measurement, law_p_values, subsampled_sd
from latentot.errors import InputError
from latentot.paths import Switch
from latentot.study.controls import SHRUNK, Controls
from latentot.study.lessons import Lesson
from latentot.study.plan import Plan, norms_of
from latentot.study.seeds import stream
from latentot.study.spec import Choice
from latentot.study.subject import Population

FACTOR = 0.5
"""By how much the control that must be seen to drift is shrunk."""


@dataclass(frozen=True)
class NullCell:
    """Null draws first to last - 1 of a population: whole exact paths on fresh pairs."""

    population: Population
    first: int
    last: int

    @property
    def title(self) -> str:
        return f"null band, {self.population.label}, {self.first + 1}-{self.last}"

    def compute(self, plan: Plan) -> list[list[Measurement | str]]:
        """A list for each draw: each metric at each t, t varying fastest."""
        return [self._draw(plan, number) for number in range(self.first, self.last)]

    def _draw(self, plan: Plan, number: int) -> list[Measurement | str]:
        trial = plan.null(self.population, number)
        rng = stream(plan.study.seed, "switch", self.population.label, number)
        path = Switch(plan.subject().prior, rng=rng)
        return trial.measured(np.stack([path(trial.z0, trial.z1, t) for t in plan.study.t]))


@dataclass(frozen=True)
class MethodOutcome:
    """What a method cell found.

    Args:
        measured: each metric at each t, t varying fastest; a string is the reason why there is none.
        spread: standard deviation of each of them, by subsampling.
        seconds: seconds that the points took, at each t, with those of what the method has learned for it.
        norms: histogram counts of the points' norms, shape (t, bins).
        ends: histogram counts of the endpoints' norms, shape (bins,).
    """

    measured: list[Measurement | str]
    spread: list[float]
    seconds: list[float]
    norms: NDArray[np.int64]
    ends: NDArray[np.int64]


@dataclass(frozen=True)
class MethodCell:
    """One method on one repeat of a population's pairs."""

    population: Population
    choice: Choice
    repeat: int

    @property
    def title(self) -> str:
        return f"{self.choice.label}, {self.population.label}, repeat {self.repeat + 1}"

    def lessons(self, plan: Plan) -> tuple[Lesson, ...]:
        """What the method learns first."""
        return plan.lessons_at(self.choice, self.population.n, plan.study.t)

    def compute(self, plan: Plan) -> MethodOutcome:
        trial = plan.observed(self.population, self.repeat)
        path = plan.path(self.choice, self.population.n)
        path.load(trial.z0.size)
        own = trial.z0.copy(), trial.z1.copy()
        points, seconds = [], []
        for t in plan.study.t:
            lessons = plan.lessons_at(self.choice, self.population.n, [t])
            learning = sum(plan.learn(lesson).seconds for lesson in lessons)
            start = time.perf_counter()
            points.append(path(*own, t))
            seconds.append(learning + time.perf_counter() - start)
        measured = trial.measured(np.stack(points))
        judged = [(judge, z) for judge in trial.judges.values() for z in points]
        spread = [
            np.nan if isinstance(found, str) else subsampled_sd(judge, z, found)
            for (judge, z), found in zip(judged, measured, strict=True)
        ]
        *norms, ends = (
            np.histogram(norms_of(z), plan.norm_edges())[0] for z in [*points, np.concatenate([trial.z0, trial.z1])]
        )
        return MethodOutcome(measured, spread, seconds, np.stack(norms), ends)


@dataclass(frozen=True)
class ControlCell:
    """What is known beforehand: endpoints follow the law that they are held against, a shrunk prior does not."""

    population: Population
    repeat: int

    @property
    def title(self) -> str:
        return f"controls, {self.population.label}, repeat {self.repeat + 1}"

    def compute(self, plan: Plan) -> Controls:
        """Each metric on each control, and draws of the prior against its own laws.

        Encoded endpoints need not follow the prior, so against it they are no control.
        """
        trial = plan.observed(self.population, self.repeat)
        ends = {"t = 0": trial.z0, "t = 1": trial.z1}
        laws = {}
        if self.population.reference == "posterior":
            controls = ends | {SHRUNK: FACTOR * trial.z0}
        elif self.population.endpoints == "prior":
            controls = ends | {SHRUNK: FACTOR * trial.z0}
            laws = {name: law_p_values(plan.subject().prior, z) for name, z in ends.items()}
        else:
            controls = {SHRUNK: FACTOR * plan.fresh(self.population, "control", self.repeat, self.population.n)}
        return Controls({name: trial.measured(z[None]) for name, z in controls.items()}, laws)


@dataclass(frozen=True)
class NormsCell:
    """Norms of what a population is held against."""

    population: Population

    @property
    def title(self) -> str:
        return f"norms, {self.population.label}"

    def compute(self, plan: Plan) -> NDArray[np.int64]:
        """Histogram counts, shape (bins,)."""
        return np.histogram(norms_of(plan.reference(self.population)), plan.norm_edges())[0]


@dataclass(frozen=True)
class StripsCell:
    """Decoded walks between the same pairs for every method."""

    population: Population

    @property
    def title(self) -> str:
        return f"strips, {self.population.label}"

    def lessons(self, plan: Plan) -> tuple[Lesson, ...]:
        """What the methods learn first."""
        n, times = self.population.n, np.linspace(0, 1, plan.study.steps)
        return tuple(lesson for choice in plan.study.methods for lesson in plan.lessons_at(choice, n, times))

    def compute(self, plan: Plan) -> NDArray[np.float32]:
        """Decoded points, shape (pairs, methods, steps, *data shape)."""
        study, model = plan.study, plan.subject().model
        if model is None:
            raise InputError("strips need a model")
        trial = plan.observed(self.population, 0)
        t = np.linspace(0, 1, study.steps)
        z0, z1 = trial.z0[: study.strips], trial.z1[: study.strips]
        paths = (plan.path(choice, self.population.n) for choice in study.methods)
        latents = np.stack([path(z0.copy(), z1.copy(), t) for path in paths])
        latents = np.moveaxis(latents, 2, 0)
        leading = latents.shape[:3]
        decoded = np.asarray(model.decode(latents.reshape(-1, *plan.subject().prior.shape)), dtype=np.float32)
        if not np.isfinite(decoded).all():
            raise InputError(f"{model.name} decodes to values that are NaN or infinite")
        return decoded.reshape(*leading, *decoded.shape[1:])


Cell = NullCell | MethodCell | ControlCell | NormsCell | StripsCell
