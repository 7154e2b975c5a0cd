"""A plan: a study with all that its cells share, made once in each process."""

__all__ = ["Plan"]

import functools
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.metrics import Judge, Measurement, Metric, OneSample, jackknife_size
from latentot.numerics.lengths import lengths
from latentot.paths import METHODS, Interpolation, as_interpolation, interpolation
from latentot.study.spec.own import features_of, judge_of, metric_of
from latentot.study.spec.seeds import stream
from latentot.study.spec.study import AUTO, Choice, Study
from latentot.study.work.batch import PairBatch
from latentot.study.work.decoded import DATA, LATENT, PREDICTED, Judged, Sight, View, judges_points
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit, FittedState
from latentot.study.work.norms import norm_edges
from latentot.study.work.subject import Population, Subject, subject_of

MAX_FITTED = 20_000_000

Latents = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """A study and its subject; workers know two plans for the same by their key.

    Args:
        key: the same for all cells of one run.
        study: the study.
        live: a subject that is not plain data; None where the study names it.
        methods: interpolations that are not plain data, by the names that the study has for them.
        own_metrics: metrics that are not plain data, likewise.
        shared: judges of populations that another process has prepared.
        round: which round of growing n it is, from 0; each draws afresh.
        whole: the plan of the whole study, where this is a round or a part of it: they share its subject.
        space: where points are measured; in data space the metrics of the study are its judges.
        own_judges: judges and features that are not plain data.
        sight: what judges see of data, where another process has fitted it.
    """

    key: str
    study: Study = field(compare=False)
    live: Any = field(compare=False, default=None)
    methods: Mapping[str, Any] = field(compare=False, default_factory=dict)
    own_metrics: Mapping[str, Any] = field(compare=False, default_factory=dict)
    shared: Mapping[Population, dict[str, Judge]] = field(compare=False, default_factory=dict)
    round: int = field(compare=False, default=0)
    whole: "Plan | None" = field(compare=False, default=None)
    space: str = field(compare=False, default=LATENT)
    own_judges: Mapping[str, Any] = field(compare=False, default_factory=dict)
    sight: Sight | None = field(compare=False, default=None)

    @property
    def seed(self) -> int | tuple[int, int]:
        """The seed of all that is drawn: the study's in the first round, and a new one in each further one."""
        return (self.study.seed, self.round) if self.round else self.study.seed

    def subject(self) -> Subject:
        """The subject, made once in each process."""
        return (self.whole or self)._subject()

    @functools.lru_cache(maxsize=2)  # noqa: B019 - a worker keeps the subjects of its last two runs
    def _subject(self) -> Subject:
        return subject_of(self.study, self.live)

    def at_round(self, number: int, pairs: int, null_draws: int, space: str = LATENT) -> "Plan":
        """The plan of one round.

        Args:
            number: of the round, from 0.
            pairs: of each repeat.
            null_draws: of its null band.
            space: where points are measured.
        """
        study = self.study.model_copy(update={"pairs": pairs, "null_draws": null_draws})
        plan = replace(self, key=f"{self.key} {number}", study=study, round=number, whole=self)
        return plan if space == LATENT else plan.in_data_space()

    def in_data_space(self) -> "Plan":
        """This plan with points decoded before they are measured, by the study's judges of points."""
        judges = tuple(choice for choice in self.study.judges if judges_points(judge_of(choice, self.own_judges)))
        study = self.study.model_copy(update={"metrics": judges})
        return replace(self, key=f"{self.key} decoded", study=study, space=DATA)

    @property
    def spaces(self) -> int:
        """In how many spaces the whole study measures points: what it may err is split over them."""
        return 1 + any(judges_points(judge_of(choice, self.own_judges)) for choice in self.study.judges)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def metrics(self) -> dict[str, Metric]:
        """The metrics by their labels, in the order of the study."""
        if self.space == LATENT:
            return {choice.label: metric_of(choice, self.own_metrics) for choice in self.study.metrics}
        classes = self.classes()
        return {choice.label: Judged(judge_of(choice, self.own_judges), classes) for choice in self.study.metrics}

    def classes(self) -> int:
        """Classes whose probabilities stand beside features in data space: 0 where no judge asks for them."""
        if not any(judge_of(choice, self.own_judges).takes in PREDICTED for choice in self.study.judges):
            return 0
        features, data = features_of(self.study.features, self.own_judges), self.subject().data
        labels = getattr(features, "classes", None if data is None else data.train_labels)
        return 0 if labels is None else len(np.unique(labels))

    def view(self) -> View:
        """What judges see of latents in data space, fitted once: by this process, or by the one that sends the plan."""
        return (self.whole or self)._view(self.sight)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def _view(self, sight: Sight | None) -> View:
        subject = self.subject()
        if subject.model is None:
            raise InputError("judges see what latents decode to: give a model, not a prior")
        if sight is not None:
            return View(subject.model, sight)
        features = features_of(self.study.features, self.own_judges)
        rng = stream(self.study.seed, "features")
        return View.of(subject.model, subject.prior, subject.data, features, rng, predicts=self.classes() > 0)

    def seen(self, z: Latents) -> Latents:
        """What metrics are given of latents."""
        return z if self.space == LATENT else self.view()(z)

    def populations(self) -> tuple[Population, ...]:
        """The populations that endpoints are drawn from; where data are few, rounds of growing n have fewer pairs."""
        growing = (self.whole or self).study.pairs == AUTO
        metrics = list(self.metrics().values())
        return self.subject().populations(self.study, metrics, growing=growing, space=self.space)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def measuring(self, metrics: tuple[Choice, ...]) -> "Plan":
        """This plan with some of its metrics, for cells of which the others are known."""
        if metrics == self.study.metrics:
            return self
        study = self.study.model_copy(update={"metrics": metrics})
        key = f"{self.key} {', '.join(choice.label for choice in metrics)}"
        return replace(self, key=key, study=study, whole=self.whole or self)

    @functools.lru_cache(maxsize=1)  # noqa: B019 - cells of a repeat follow each other
    def observed(self, population: Population, repeat: int) -> PairBatch:
        """The pairs of one repeat, shared by all methods: paths are given copies, in case they change them."""
        if population.reference == "posterior":
            return self._split(population, "repeat", repeat)
        z0, z1 = self.subject().pairs(population, self.seed, repeat)
        return PairBatch(z0, z1, self.judges(population), self.seen)

    def null(self, population: Population, number: int) -> PairBatch:
        """Fresh pairs of the law that points are held against, for one null draw."""
        if population.reference == "posterior":
            return self._split(population, "null", number)
        n = population.n
        both = self.fresh(population, "null", number, 2 * n)
        return PairBatch(both[:n], both[n:], self.judges(population), self.seen)

    def fresh(self, population: Population, purpose: str, number: int, n: int) -> Latents:
        """Draws of the prior for one purpose."""
        return self.subject().prior.sample(n, rng=stream(self.seed, purpose, population.endpoints, number))

    def _split(self, population: Population, purpose: str, number: int) -> PairBatch:
        """Held-out data, dealt anew to endpoints and reference.

        There are no fresh data for every null draw, as there are fresh draws of a prior. Given all the data, repeats
        and null draws are dealt alike, as in a permutation test.
        """
        codes = self.subject().encoded(stream(self.seed, purpose, population.stream, number))
        n = population.n
        reference = codes[2 * n : 2 * n + population.n_reference]
        return PairBatch(codes[:n], codes[n : 2 * n], self._judges(population, self.seen(reference)), self.seen)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def reference(self, population: Population) -> Latents:
        """Draws of the prior that points are held against, shared by all that is judged."""
        return self.fresh(population, "reference", 0, population.n_reference)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def judges(self, population: Population) -> dict[str, Judge]:
        """Each metric, prepared with the reference or the prior: once, by this process or the one that shares them."""
        return self.shared.get(population) or self._judges(population, self.seen(self.reference(population)))

    def sharing(self, threads: int = 1) -> "Plan":
        """This plan with its judges, for other processes of this machine.

        Those of a posterior are prepared anew for every deal of the data.

        Args:
            threads: how many metrics are prepared at a time.
        """
        shared = {}
        with ThreadPoolExecutor(threads) as pool:
            for population in self.populations():
                if population.reference == "prior":
                    reference = self.seen(self.reference(population))
                    judge = functools.partial(self._judge, population, reference=reference)
                    judges = pool.map(judge, self.study.metrics)
                    shared[population] = dict(zip(self.metrics(), judges, strict=True))
        return replace(self.seeing(), shared=shared)

    def seeing(self) -> "Plan":
        """This plan with what judges see of data, so that no other process fits it."""
        return replace(self, sight=self.view().of_data) if self.study.judges else self

    def _judges(self, population: Population, reference: Latents) -> dict[str, Judge]:
        return {choice.label: self._judge(population, choice, reference) for choice in self.study.metrics}

    def _judge(self, population: Population, choice: Choice, reference: Latents) -> Judge:
        prior, metric = self.subject().prior, self.metrics()[choice.label]
        one_sample = isinstance(metric, OneSample)
        try:
            if one_sample and population.reference != "prior":
                raise InputError(f"{metric.name} knows the laws of the prior only, not of the {population.reference}")
            metric.check(prior)
            # By the name: where options differ, and nothing else, subsets and directions are the same.
            rng = stream(self.seed, "judge", population.stream, choice.name)
            sizes = [size for size in (population.n, jackknife_size(population.n)) if size]
            return metric.against(prior if one_sample else reference, rng=rng, sizes=sizes)
        except InputError as error:
            return _refusing(error)
        except Exception as error:  # costs what this metric measures, and nothing else
            return _refusing(InputError(one_line(error)))

    @functools.lru_cache(maxsize=2)  # noqa: B019
    def norm_edges(self) -> NDArray[np.float64]:
        """Edges of the histograms of norms."""
        draws = self.subject().prior.sample(10_000, rng=stream(self.study.seed, "norms"))
        return norm_edges(lengths(draws))

    def norm_counts(self, z: Latents | Failure) -> NDArray[np.int64] | Failure:
        """Points in each bin of norms, shape (bins,), or why there are none, as where a prior cannot give bins."""
        if isinstance(z, Failure):
            return z
        try:
            edges = self.norm_edges()
        except Exception as error:  # costs a figure, which says so, and nothing that is measured
            return Failure(one_line(error))
        return np.histogram(lengths(z), edges)[0]

    def path(self, choice: Choice, n: int) -> Interpolation:
        """The interpolation of a choice; one that is fitted to draws of the prior gets 20 for each point judged."""
        return (self.whole or self)._path(choice, n, self.seed)

    @functools.lru_cache(maxsize=64)  # noqa: B019
    def _path(self, choice: Choice, n: int, seed: int | tuple[int, int]) -> Interpolation:
        subject = self.subject()
        if choice.own:
            return as_interpolation(self.methods[choice.name], subject.prior, choice.name)
        parameters, options = METHODS.options(choice.name, beside=1), dict(choice.options)
        if "rng" in parameters:
            options.setdefault("rng", stream(seed, "fit", choice.label))
        if "n_fit" in parameters:
            options.setdefault("n_fit", max(20_000, min(20 * n, MAX_FITTED // subject.prior.dim)))
        return interpolation(choice.name, subject.fit, **options)

    @property
    def fitted(self) -> dict[Fit, FittedState]:
        """States that methods have fitted in this round, for either space, here or in another process."""
        return (self.whole or self)._fitted(self.round)

    @functools.lru_cache(maxsize=2)  # noqa: B019 - a round's cells follow each other, those of both spaces
    def _fitted(self, number: int) -> dict[Fit, FittedState]:  # noqa: ARG002
        return {}

    def fits_at(self, choice: Choice, n: int, times: Iterable[float]) -> tuple[Fit, ...]:
        """What a method fits before it walks to some positions."""
        found = dict.fromkeys(self.path(choice, n).fit_key(float(t)) for t in times)
        return tuple(Fit(choice, n, key) for key in found if key is not None)

    def fit(self, fit: Fit) -> FittedState:
        """The fitted state of a method, fitted once."""
        if fit not in self.fitted:
            start = time.perf_counter()
            state = self.path(fit.choice, fit.n).fit(fit.key)
            self.fitted[fit] = FittedState(state, time.perf_counter() - start)
        return self.fitted[fit]

    def set_fitted(self, states: Mapping[Fit, FittedState]) -> None:
        """Take states that methods have fitted in another process."""
        for fit, fitted in states.items():
            self.fitted[fit] = fitted
            self.path(fit.choice, fit.n).set_fitted(fit.key, fitted.state)


def _refusing(error: InputError) -> Judge:
    def judge(z: NDArray[np.floating[Any]]) -> Measurement:  # noqa: ARG001
        raise error

    return judge
