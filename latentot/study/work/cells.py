"""Cells: the independent, seeded pieces that a study is computed in, each a pure function of its description."""

__all__ = [
    "Cell",
    "ControlCell",
    "MethodCell",
    "MethodOutcome",
    "NormsCell",
    "NullCell",
    "ProfileCell",
    "SensitivityCell",
    "StripsCell",
]

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.metrics import Judge, Measurement, jackknife_sd, law_p_values
from latentot.models import decoded, drawn
from latentot.numerics.lengths import lengths
from latentot.paths import Interpolation, Switch
from latentot.study.spec.seeds import stream
from latentot.study.spec.study import Choice, Study
from latentot.study.work.batch import PairBatch
from latentot.study.work.controls import CONSTANT, CROSS_FADE, SHRUNK, Controls
from latentot.study.work.decoded import LATENT
from latentot.study.work.decoder import DecoderCell
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit
from latentot.study.work.measured import Key, Measured, averaged, keys_of
from latentot.study.work.plan import Plan
from latentot.study.work.profile import ProfileCell
from latentot.study.work.spoiled import MISSES, sizes_of, spoiled, widths_of
from latentot.study.work.subject import Population
from latentot.study.work.walks import WalksCell

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

    def compute(self, plan: Plan) -> list[Measured]:
        """Each metric at each t, for each draw."""
        return [self._draw(plan, number) for number in range(self.first, self.last)]

    def _draw(self, plan: Plan, number: int) -> Measured:
        batch = plan.null(self.population, number)
        rng = stream(plan.seed, "switch", self.population.stream, number)
        path = Switch(plan.subject().prior, rng=rng)
        return batch.measured(batch.seen({t: path(batch.z0, batch.z1, t) for t in plan.study.t}))


@dataclass(frozen=True)
class MethodOutcome:
    """What a method cell found; a failure says why there is none.

    Args:
        measured: each metric at each t.
        spread: standard deviation of each of them, by the jackknife; NaN where too few points are left for the metric.
        seconds: seconds that the points took, at each t, with those of what the method has fitted for it.
        norms: histogram counts of the points' norms at each t, shape (bins,).
        ends: histogram counts of the endpoints' norms, shape (bins,).
    """

    measured: Measured
    spread: Mapping[Key, float | Failure]
    seconds: Mapping[float, float | Failure]
    norms: Mapping[float, NDArray[np.int64] | Failure]
    ends: NDArray[np.int64] | Failure

    @classmethod
    def failed(cls, study: Study, why: Failure) -> "MethodOutcome":
        """What is known of a cell that has failed."""
        by_key, by_t = dict.fromkeys(keys_of(study), why), dict.fromkeys(study.t, why)
        return cls(by_key, by_key, by_t, by_t, why)

    def failed_at(self) -> dict[float, Failure]:
        """Where the walk failed, and why."""
        return {t: seconds for t, seconds in self.seconds.items() if isinstance(seconds, Failure)}


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
        walks = {t: self._walk(plan, path, own, t) for t in plan.study.t}
        failed = [z for z, _ in walks.values() if isinstance(z, Failure)]
        if len(failed) == len(walks):
            return failed[0]
        points = {t: z for t, (z, _) in walks.items()}
        seen = batch.seen(points)
        measured = batch.measured(seen)
        return MethodOutcome(
            measured,
            {(metric, t): _spread(batch.judges[metric], seen[t], found) for (metric, t), found in measured.items()},
            {t: seconds for t, (_, seconds) in walks.items()},
            {t: plan.norm_counts(z) for t, z in points.items()},
            plan.norm_counts(np.concatenate([batch.z0, batch.z1])),
        )

    def _walk(
        self, plan: Plan, path: Interpolation, ends: tuple[Latents, Latents], t: float
    ) -> tuple[Latents | Failure, float | Failure]:
        """The points at t and the seconds that they took; where they fail, which costs no other t, why."""
        try:
            fitting = sum(plan.fit(own).seconds for own in plan.fits_at(self.choice, self.population.n, [t]))
            start = time.perf_counter()
            z = path(*ends, t)
            seconds = fitting + time.perf_counter() - start
        except Exception as error:
            why = Failure(one_line(error))
            return why, why
        if np.shape(z) != ends[0].shape:
            why = Failure(f"the path gives points of shape {np.shape(z)}, not {ends[0].shape}")
            return why, why
        return z, seconds


def _spread(judge: Judge, z: Latents | Failure, found: Measurement | Failure) -> float | Failure:
    """The standard deviation of a measurement, or why there is none."""
    if isinstance(z, Failure):
        return z
    if isinstance(found, Failure):
        return found
    try:
        return jackknife_sd(judge, z, found)
    except Exception as error:
        return Failure(one_line(error))


@dataclass(frozen=True)
class ControlCell:
    """What is known beforehand: endpoints follow the law that they are held against, a shrunk prior does not, nor data
    that are cross-faded, or all the same.
    """

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
        ends, laws = {"t = 0": batch.z0, "t = 1": batch.z1}, {}
        if self.population.endpoints == "encoded" and self.population.reference == "prior":
            both = plan.fresh(self.population, "control", self.repeat, 2 * self.population.n)
            controls = self._seen_to_drift(plan, *np.split(both, 2))
        else:
            controls = {name: plan.seen(z) for name, z in ends.items()}
            controls |= self._seen_to_drift(plan, batch.z0, batch.z1)
        if self.population.endpoints == "prior" and plan.space == LATENT:
            laws = {name: law_p_values(plan.subject().prior, z) for name, z in ends.items()}
        return Controls({name: batch.judged(seen) for name, seen in controls.items()}, laws)

    def _seen_to_drift(self, plan: Plan, z0: Latents, z1: Latents) -> dict[str, Latents]:
        """Half of a sample; of data the mean of two, and one for all."""
        if plan.space == LATENT:
            return {SHRUNK: FACTOR * z0}
        view = plan.view()
        x0, x1 = view.decoded(z0), view.decoded(z1)
        return {CROSS_FADE: view.of_data((x0 + x1) / 2), CONSTANT: view.of_data(np.repeat(x0[:1], len(x0), axis=0))}


SPOILED = 3
"""Samples of which the mean tells what a miss adds to a metric; of data one, since each must be decoded."""


@dataclass(frozen=True)
class SensitivityCell:
    """What metrics give of draws that miss the prior by known amounts, and of the same draws as they are."""

    population: Population

    @property
    def title(self) -> str:
        return f"sensitivity, {self.population.label}"

    def compute(self, plan: Plan) -> dict[tuple[str, float], Mapping[str, Measurement | Failure]]:
        """Each metric, by the miss and its size; with size 0 nothing is missed."""
        widths = widths_of(plan.reference(self.population), plan.subject().prior.moments)
        count = SPOILED if plan.space == LATENT else 1
        samples = [self._measured(plan, widths, number) for number in range(count)]
        return {miss: averaged([sample[miss] for sample in samples]) for miss in samples[0]}

    def _measured(
        self, plan: Plan, widths: NDArray[np.float64], number: int
    ) -> dict[tuple[str, float], Mapping[str, Measurement | Failure]]:
        """What metrics give of one sample, whose spoiled coordinates are its own."""
        z = plan.fresh(self.population, "sensitivity", number, self.population.n)
        batch = PairBatch(z, z, plan.judges(self.population), plan.seen)
        found: dict[tuple[str, float], Mapping[str, Measurement | Failure]] = {("", 0.0): batch.judged(plan.seen(z))}
        for miss in MISSES:
            for size in sizes_of(len(z), len(widths), miss):
                # The same coordinates whatever the size: differences are then of the miss, not of the draws.
                rng = stream(plan.seed, "misses", self.population.stream, miss, number)
                missing = spoiled(z, miss, size, widths, rng)
                if missing is not None:
                    found[miss, size] = batch.judged(plan.seen(missing))
        return found


@dataclass(frozen=True)
class NormsCell:
    """Norms of what a population is held against."""

    population: Population

    @property
    def title(self) -> str:
        return f"norms, {self.population.label}"

    def compute(self, plan: Plan) -> NDArray[np.int64]:
        """Histogram counts, shape (bins,)."""
        return np.histogram(lengths(plan.reference(self.population)), plan.norm_edges())[0]


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

    def compute(self, plan: Plan) -> NDArray[Any]:
        """Decoded points, shape (pairs, methods, steps, *data shape), or pictures that the model draws of them."""
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
        x = decoded(model, latents.reshape(-1, *plan.subject().prior.shape)).astype(np.float32)
        return drawn(model, x.reshape(*leading, *x.shape[1:]), len(leading))


Cell = (
    NullCell
    | MethodCell
    | ControlCell
    | SensitivityCell
    | NormsCell
    | StripsCell
    | ProfileCell
    | WalksCell
    | DecoderCell
)
