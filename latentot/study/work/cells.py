"""Cells: the independent, seeded pieces that a study is computed in, each a pure function of its description."""

__all__ = ["Cell", "ControlCell", "MethodCell", "MethodOutcome", "NormsCell", "NullCell", "StripsCell"]

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.metrics import Judge, Measurement, law_p_values, subsampled_sd
from latentot.paths import Interpolation, Switch
from latentot.study.spec.seeds import stream
from latentot.study.spec.study import Choice
from latentot.study.work.controls import SHRUNK, Controls
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit
from latentot.study.work.norms import norms_of
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

Latents = NDArray[np.float64]

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
        batch = plan.null(self.population, number)
        rng = stream(plan.study.seed, "switch", self.population.label, number)
        path = Switch(plan.subject().prior, rng=rng)
        return batch.measured(np.stack([path(batch.z0, batch.z1, t) for t in plan.study.t]))


@dataclass(frozen=True)
class MethodOutcome:
    """What a method cell found.

    Args:
        measured: each metric at each t, t varying fastest; a string is the reason why there is none.
        spread: standard deviation of each of them, by subsampling.
        seconds: seconds that the points took, at each t, with those of what the method has fitted for it; NaN where
            it failed.
        norms: histogram counts of the points' norms, shape (t, bins).
        ends: histogram counts of the endpoints' norms, shape (bins,).
    """

    measured: list[Measurement | str]
    spread: list[float]
    seconds: list[float]
    norms: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def failed_at(self) -> list[int]:
        """Numbers of the t at which the walk failed."""
        return np.flatnonzero(np.isnan(self.seconds)).tolist()


@dataclass(frozen=True)
class MethodCell:
    """One method on one repeat of a population's pairs."""

    population: Population
    choice: Choice
    repeat: int

    @property
    def title(self) -> str:
        return f"{self.choice.label}, {self.population.label}, repeat {self.repeat + 1}"

    def fits(self, plan: Plan) -> tuple[Fit, ...]:
        """What the method fits first."""
        return plan.fits_at(self.choice, self.population.n, plan.study.t)

    def compute(self, plan: Plan) -> MethodOutcome | Failure:
        batch = plan.observed(self.population, self.repeat)
        path = plan.path(self.choice, self.population.n)
        path.load(batch.z0.size)
        own = batch.z0.copy(), batch.z1.copy()
        points, seconds = zip(*(self._walk(plan, path, own, t) for t in plan.study.t), strict=True)
        if all(isinstance(z, str) for z in points):
            return Failure(str(points[0]))
        measured = batch.measured(points)
        judged = [(judge, z) for judge in batch.judges.values() for z in points]
        spread = [_spread(judge, z, found) for (judge, z), found in zip(judged, measured, strict=True)]
        *norms, ends = map(plan.norm_counts, [*points, np.concatenate([batch.z0, batch.z1])])
        return MethodOutcome(measured, spread, list(seconds), np.stack(norms), ends)

    def _walk(
        self, plan: Plan, path: Interpolation, ends: tuple[Latents, Latents], t: float
    ) -> tuple[Latents | str, float]:
        """The points at t and the seconds that they took; where they fail, which costs no other t, the reason."""
        try:
            fitting = sum(plan.fit(own).seconds for own in plan.fits_at(self.choice, self.population.n, [t]))
            start = time.perf_counter()
            z = path(*ends, t)
            seconds = fitting + time.perf_counter() - start
        except Exception as error:
            return one_line(error), np.nan
        if np.shape(z) != ends[0].shape:
            return f"the path gives points of shape {np.shape(z)}, not {ends[0].shape}", np.nan
        return z, seconds


def _spread(judge: Judge, z: Latents | str, found: Measurement | str) -> float:
    """The standard deviation of a measurement; NaN where there is none, or where its blocks cannot be measured."""
    if isinstance(found, str) or isinstance(z, str):
        return np.nan
    try:
        return subsampled_sd(judge, z, found)
    except Exception:
        return np.nan


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
        batch = plan.observed(self.population, self.repeat)
        ends = {"t = 0": batch.z0, "t = 1": batch.z1}
        laws = {}
        if self.population.reference == "posterior":
            controls = ends | {SHRUNK: FACTOR * batch.z0}
        elif self.population.endpoints == "prior":
            controls = ends | {SHRUNK: FACTOR * batch.z0}
            laws = {name: law_p_values(plan.subject().prior, z) for name, z in ends.items()}
        else:
            controls = {SHRUNK: FACTOR * plan.fresh(self.population, "control", self.repeat, self.population.n)}
        return Controls({name: batch.measured(z[None]) for name, z in controls.items()}, laws)


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

    def fits(self, plan: Plan) -> tuple[Fit, ...]:
        """What the methods fit first."""
        n, times = self.population.n, np.linspace(0, 1, plan.study.steps)
        return tuple(fit for choice in plan.study.methods for fit in plan.fits_at(choice, n, times))

    def compute(self, plan: Plan) -> NDArray[np.float32]:
        """Decoded points, shape (pairs, methods, steps, *data shape)."""
        study, model = plan.study, plan.subject().model
        if model is None:
            raise InputError("strips need a model")
        batch = plan.observed(self.population, 0)
        t = np.linspace(0, 1, study.steps)
        z0, z1 = batch.z0[: study.strips], batch.z1[: study.strips]
        paths = (plan.path(choice, self.population.n) for choice in study.methods)
        latents = np.stack([path(z0.copy(), z1.copy(), t) for path in paths])
        latents = np.moveaxis(latents, 2, 0)
        leading = latents.shape[:3]
        try:
            decoded = np.asarray(model.decode(latents.reshape(-1, *plan.subject().prior.shape)), dtype=np.float32)
        except Exception as error:
            raise InputError(f"{model.name} cannot decode: {one_line(error)}") from error
        if not np.isfinite(decoded).all():
            raise InputError(f"{model.name} decodes to values that are NaN or infinite")
        return decoded.reshape(*leading, *decoded.shape[1:])


Cell = NullCell | MethodCell | ControlCell | NormsCell | StripsCell
