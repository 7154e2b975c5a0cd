"""Cells: the independent, seeded pieces that a study is computed in, each a pure function of its description."""

__all__ = ["Cell", "MethodCell", "NullCell", "Plan", "StripsCell"]

import functools
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.drift import Judge, Measurement, Metric, OneSample, drift
from latentot.errors import InputError
from latentot.paths import Interpolation, Switch, interpolation, method
from latentot.study.seeds import stream
from latentot.study.spec import Choice, Study
from latentot.study.subject import Population, Subject, subject_of

BINS = 120
HEAVY = 50
MOST_FITTED = 20_000_000


@dataclass(frozen=True)
class Plan:
    """A study and its subject; workers know two plans for the same by their key.

    Args:
        key: the same for all cells of one run.
        study: the study.
        live: a subject that is not plain data; None where the study names it.
    """

    key: str
    study: Study = field(compare=False)
    live: Any = field(compare=False, default=None)

    @functools.lru_cache(maxsize=2)  # noqa: B019 - a worker keeps the subjects of its last two runs
    def subject(self) -> Subject:
        """The subject, made once in each process."""
        return subject_of(self.study, self.live)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def reference(self, population: Population) -> NDArray[np.float64]:
        """Draws of the law that points are judged by, shared by all that is judged."""
        rng = stream(self.study.seed, "reference", population.endpoints)
        return self.subject().prior.sample(population.n_reference, rng=rng)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def judges(self, population: Population) -> dict[str, Judge]:
        """Each metric, prepared with the reference or the prior once in each process."""
        return {name: self._judge(population, drift(name)) for name in self.study.metrics}

    def _judge(self, population: Population, metric: Metric) -> Judge:
        prior = self.subject().prior
        try:
            metric.check(prior)
            known = prior if isinstance(metric, OneSample) else self.reference(population)
            return metric.against(known, rng=stream(self.study.seed, "judge", population.endpoints, metric.name))
        except InputError as error:
            return _refusing(error)

    @functools.lru_cache(maxsize=2)  # noqa: B019
    def norm_edges(self) -> NDArray[np.float64]:
        """Edges of the histograms of norms: wide enough for norms that shrink to half and grow by a third."""
        draws = self.subject().prior.sample(10_000, rng=stream(self.study.seed, "norms"))
        low, high = np.quantile(norms_of(draws), [0.001, 0.999])
        spaced = np.geomspace if high > HEAVY * low else np.linspace
        return spaced(low / 2, high * 4 / 3, BINS + 1)

    @functools.lru_cache(maxsize=64)  # noqa: B019
    def path(self, choice: Choice, n: int) -> Interpolation:
        """The interpolation of a choice; one that learns from draws of the prior gets 20 for each point judged."""
        subject = self.subject()
        parameters, options = method(choice.name).__dataclass_fields__, dict(choice.options)
        if "rng" in parameters:
            options.setdefault("rng", stream(self.study.seed, "fit", choice.label))
        if "n_fit" in parameters:
            options.setdefault("n_fit", max(20_000, min(20 * n, MOST_FITTED // subject.prior.dim)))
        return interpolation(choice.name, subject.fit, **options)


@dataclass(frozen=True)
class NullCell:
    """Null draws first to last - 1 of a population: whole exact paths on fresh pairs."""

    population: Population
    first: int
    last: int

    @property
    def title(self) -> str:
        return f"null band, {self.population.endpoints}, {self.first + 1}-{self.last}"

    def compute(self, plan: Plan) -> list[list[Measurement | str]]:
        """A list for each draw: each metric at each t, t varying fastest."""
        return [self._draw(plan, number) for number in range(self.first, self.last)]

    def _draw(self, plan: Plan, number: int) -> list[Measurement | str]:
        rng = stream(plan.study.seed, "null", self.population.endpoints, number)
        prior, n = plan.subject().prior, self.population.n
        both = prior.sample(2 * n, rng=rng)
        points = Switch(prior, rng=rng)(both[:n], both[n:], plan.study.t)
        return _measured(plan.judges(self.population), points)


@dataclass(frozen=True)
class MethodOutcome:
    """What a method cell found.

    Args:
        measured: each metric at each t, t varying fastest; a string is the reason why there is none.
        seconds: seconds that the points took, at each t.
        norms: histogram counts of the points' norms, shape (t, bins).
    """

    measured: list[Measurement | str]
    seconds: list[float]
    norms: NDArray[np.int64]


@dataclass(frozen=True)
class MethodCell:
    """One method on one repeat of a population's pairs."""

    population: Population
    choice: Choice
    repeat: int

    @property
    def title(self) -> str:
        return f"{self.choice.label}, {self.population.endpoints}, repeat {self.repeat + 1}"

    def compute(self, plan: Plan) -> MethodOutcome:
        z0, z1 = plan.subject().pairs(self.population, plan.study.seed, self.repeat)
        path = plan.path(self.choice, self.population.n)
        points, seconds = [], []
        for t in plan.study.t:
            start = time.perf_counter()
            points.append(path(z0, z1, t))
            seconds.append(time.perf_counter() - start)
        norms = [np.histogram(norms_of(z), plan.norm_edges())[0] for z in points]
        return MethodOutcome(_measured(plan.judges(self.population), np.stack(points)), seconds, np.stack(norms))


@dataclass(frozen=True)
class StripsCell:
    """Decoded walks between the same pairs for every method."""

    population: Population

    @property
    def title(self) -> str:
        return f"strips, {self.population.endpoints}"

    def compute(self, plan: Plan) -> NDArray[np.float32]:
        """Decoded points, shape (pairs, methods, steps, *data shape)."""
        study, model = plan.study, plan.subject().model
        if model is None:
            raise InputError("strips need a model")
        z0, z1 = (z[: study.strips] for z in plan.subject().pairs(self.population, study.seed, 0))
        t = np.linspace(0, 1, study.steps)
        latents = np.stack([plan.path(choice, self.population.n)(z0, z1, t) for choice in study.methods])
        latents = np.moveaxis(latents, 2, 0)
        leading = latents.shape[:3]
        decoded = np.asarray(model.decode(latents.reshape(-1, *plan.subject().prior.shape)), dtype=np.float32)
        if not np.isfinite(decoded).all():
            raise InputError(f"{model.name} decodes to values that are NaN or infinite")
        return decoded.reshape(*leading, *decoded.shape[1:])


Cell = NullCell | MethodCell | StripsCell


def norms_of(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Norms of latents of any shape, shape (n,)."""
    return np.linalg.norm(z.reshape(len(z), -1), axis=1)


def _refusing(error: InputError) -> Judge:
    def judge(z: NDArray[np.floating[Any]]) -> Measurement:  # noqa: ARG001
        raise error

    return judge


def _measured(judges: dict[str, Judge], points: NDArray[np.float64]) -> list[Measurement | str]:
    return [_measurement(judge, z) for judge in judges.values() for z in points]


def _measurement(judge: Judge, z: NDArray[np.float64]) -> Measurement | str:
    try:
        return judge(z)
    except InputError as error:
        return str(error)
