"""The subject of a study: a prior or a model, and the populations that endpoints are drawn from."""

__all__ = ["Population", "Subject", "subject_of"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.data import Data, load_data
from latentot.drift import drift
from latentot.errors import InputError
from latentot.models import Model, Posterior, load_model
from latentot.priors import Empirical, Prior, named_prior
from latentot.study.seeds import stream
from latentot.study.spec import Study

Latents = NDArray[np.float64]

REFERENCE = 10
"""Points of the reference for each point judged: with as many as are judged, power is lost to its noise."""


@dataclass(frozen=True)
class Population:
    """Endpoints of one kind.

    Args:
        endpoints: "prior" (draws of it) or "encoded" (draws of q(z|x) for held-out data).
        n: pairs in one repeat.
        repeats: repeats, which share no endpoint.
    """

    endpoints: str
    n: int
    repeats: int
    reference: str = "prior"

    @property
    def n_reference(self) -> int:
        """Points of the reference."""
        return REFERENCE * self.n


@dataclass(frozen=True, eq=False)
class Subject:
    """What is studied.

    Args:
        prior: the law that points are judged by, which can be drawn from without end.
        fit: the law that paths learn from; it shares no sample with the one that judges.
        model: the generative model, if there is one.
        data: data to encode, if there are any.
    """

    prior: Prior
    fit: Prior
    model: Model | None = None
    data: Data | None = None

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.model.name if self.model else self.prior.name

    def populations(self, study: Study) -> tuple[Population, ...]:
        """The populations that a study draws endpoints from.

        Raises:
            InputError: data cannot be encoded, or no metric can measure anything.
        """
        kinds = study.endpoints or (("prior", "encoded") if self._encodes else ("prior",))
        found = tuple(self._population(kind, study) for kind in kinds)
        for population in found:
            self._check_metrics(population, study)
        return found

    def pairs(self, population: Population, seed: int, repeat: int) -> tuple[Latents, Latents]:
        """The pairs of one repeat: no latent is in two of them."""
        rng = stream(seed, "pairs", population.endpoints, repeat)
        n = population.n
        if population.endpoints == "prior":
            both = self.prior.sample(2 * n, rng=rng)
        else:
            both = self._encoded(stream(seed, "encoded"))[2 * n * repeat : 2 * n * (repeat + 1)]
        return both[:n], both[n:]

    @property
    def _encodes(self) -> bool:
        return self.model is not None and self.model.encode is not None and self.data is not None

    def _population(self, kind: str, study: Study) -> Population:
        if kind == "prior":
            return Population(kind, study.pairs, study.repeats)
        if not self._encodes or self.data is None:
            raise InputError(f"encoded endpoints need a model that encodes and data; {self.name} has not both")
        available = len(self.data.test) // 2
        n = min(study.pairs, available)
        return Population(kind, n, min(study.repeats, available // max(n, 1)))

    def _check_metrics(self, population: Population, study: Study) -> None:
        """One that does not serve is a row that says so; where none does there is nothing to study."""
        refusals = []
        for metric in map(drift, study.metrics):
            try:
                metric.check(self.prior)
            except InputError as error:
                refusals.append(str(error))
                continue
            if population.n < metric.least:
                short = f"got {population.n} pairs of {population.endpoints} endpoints"
                refusals.append(f"{metric.name} needs at least {metric.least} points, {short}")
        if len(refusals) == len(study.metrics):
            raise InputError(refusals[0])

    def _encoded(self, rng: np.random.Generator) -> Latents:
        if self.model is None or self.model.encode is None or self.data is None:
            raise InputError(f"{self.name} cannot encode")
        images = self.data.test[rng.permutation(len(self.data.test))]
        return Posterior(*self.model.encode(images)).sample(rng=rng)


def subject_of(study: Study, given: Prior | Model | None = None) -> Subject:
    """The subject of a study, from its plain data or from a live object given beside it.

    Raises:
        InputError: the study names no subject, or one that cannot be made.
    """
    if given is None:
        if study.model is not None:
            given = load_model(study.model.name, **study.model.options)
        elif study.prior is not None and study.dim is not None:
            given = named_prior(study.prior.name, study.dim, **study.prior.options)
        else:
            raise InputError("a study needs a prior with a dim, or a model: neither is given")
    model = given if isinstance(given, Model) else None
    prior = given.prior if isinstance(given, Model) else given
    if not isinstance(prior, Prior):
        raise InputError(f"compare takes a prior such as Normal(64), or a Model, got {given!r}")
    data = load_data(study.data) if study.data else None
    if isinstance(prior, Empirical):
        fit, judge = prior.split(rng=stream(study.seed, "split"))
        return Subject(Empirical(judge.samples, replace=True), fit, model, data)
    return Subject(prior, prior, model, data)
