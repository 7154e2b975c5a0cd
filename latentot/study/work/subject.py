"""The subject of a study: a prior or a model, and the populations that endpoints are drawn from."""

__all__ = ["REFERENCE", "Population", "Subject", "subject_of"]

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.brief import brief
from latentot.data import Data, load_data
from latentot.errors import InputError
from latentot.metrics import Metric
from latentot.models import Model, Posterior, encoded, load_model
from latentot.priors import Empirical, Prior, named_prior, prior_in_text, read_latents
from latentot.priors.described import UnknownError, known_facts, plain_facts
from latentot.runformat import population_label
from latentot.study.spec.level import check_reach
from latentot.study.spec.rounds import FIRST
from latentot.study.spec.seeds import stream
from latentot.study.spec.study import Study
from latentot.study.work.decoded import LATENT

Latents = NDArray[np.float64]

REFERENCE = 10
"""Points of the reference for each point judged: with as many as are judged, power is lost to its noise."""


@dataclass(frozen=True)
class Population:
    """Endpoints of one kind, and the law that points between them are held against.

    Args:
        endpoints: "prior" (draws of it) or "encoded" (draws of q(z|x) for held-out data).
        n: pairs in one repeat.
        repeats: repeats; those held against the prior share no endpoint.
        reference: "prior", or "posterior": the aggregate posterior, known by encodings of other held-out data. What
            drifts from the first and keeps the second is not due to the interpolation.
        max_points: points that the reference can have; None where there is no end to them.
        space: "latent", or "data", where points are decoded before they are judged.
    """

    endpoints: str
    n: int
    repeats: int
    reference: str = "prior"
    max_points: int | None = None
    space: str = LATENT

    @property
    def label(self) -> str:
        """Its name in titles."""
        return population_label(self.endpoints, self.reference, self.space)

    @property
    def stream(self) -> str:
        """Its name in streams of random numbers: pairs are the same in both spaces."""
        return population_label(self.endpoints, self.reference)

    @property
    def n_reference(self) -> int:
        """Points of the reference."""
        return REFERENCE * self.n if self.max_points is None else min(self.max_points, REFERENCE * self.n)


@dataclass(frozen=True, eq=False)
class Subject:
    """What is studied.

    Args:
        prior: the law that points are judged by, which can be drawn from without end.
        fit: the law that paths are fitted to; it shares no sample with the one that judges.
        model: the generative model, if there is one.
        data: data to encode, if there are any.
        latents: what data were encoded to elsewhere, shape (n, *shape), in place of data.
        given: the prior as it was given, where `prior` is but a part of it.
    """

    prior: Prior
    fit: Prior
    model: Model | None = None
    data: Data | None = None
    given: Prior | None = None
    latents: Latents | None = None

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.model.name if self.model else self.prior.name

    @functools.cached_property
    def facts(self) -> dict[str, Any]:
        """What is studied, as plain data, with every parameter of its prior."""
        prior, model = self.given or self.prior, self.model
        return {
            "kind": "model" if model else "prior",
            "name": self.name,
            "prior": prior.name,
            "label": brief(prior),
            "shape": list(prior.shape),
            "dim": prior.dim,
            "facts": plain_facts(prior.facts),
            "provenance": plain_facts(model.provenance) if model else {},
            "data": self.data.facts
            if self.data
            else {}
            if self.latents is None
            else {"latents": plain_facts(self.latents)},
        }

    @functools.cached_property
    def known_prior(self) -> Any:
        """All that determines what the prior draws, as plain data; None where it cannot be known."""
        try:
            return [list(self.prior.shape), known_facts(self.prior)]
        except UnknownError:
            return None

    def populations(
        self, study: Study, metrics: Sequence[Metric] = (), *, growing: bool = False, space: str = LATENT
    ) -> tuple[Population, ...]:
        """The populations that a study draws endpoints from.

        Args:
            study: with the number of pairs that is asked for.
            metrics: that will measure points.
            growing: whether this is a round of growing n: where data are few, there are fewer pairs, not fewer repeats.
            space: where.

        Raises:
            InputError: data cannot be encoded, or no metric can measure anything.
        """
        kinds = study.endpoints or (("prior", "encoded") if self._encodes else ("prior",))
        found = [replace(one, space=space) for kind in kinds for one in self._of_kind(kind, study, growing)]
        for population in found:
            self._check_metrics(population, metrics)
        for population in found:
            if population.repeats < study.repeats:
                why = f"the data have no more for {population.n} pairs of {population.label} endpoints"
                check_reach(population.repeats, study.null_draws, why)
        return tuple(found)

    def pairs(self, population: Population, seed: int | tuple[int, int], repeat: int) -> tuple[Latents, Latents]:
        """The pairs of one repeat, held against the prior: no latent is in two of them."""
        n = population.n
        if population.endpoints == "prior":
            both = self.prior.sample(2 * n, rng=stream(seed, "pairs", population.endpoints, repeat))
        else:
            both = self.encoded(stream(seed, "encoded"))[2 * n * repeat : 2 * n * (repeat + 1)]
        return both[:n], both[n:]

    def encoded(self, rng: np.random.Generator) -> Latents:
        """A draw of q(z|x) for every held-out datum, in random order; latents that are given stay what they are."""
        if self.latents is not None:
            return self.latents[rng.permutation(len(self.latents))]
        if isinstance(self._posterior, InputError):
            raise self._posterior
        mean, scale = self._posterior
        order = rng.permutation(len(mean))
        return Posterior(mean[order], scale[order], self._posterior.law).sample(rng=rng)

    @functools.cached_property
    def _posterior(self) -> Posterior | InputError:
        """The encodings, or why there are none: an encoder that fails is not asked again."""
        if self.model is None or self.data is None:
            return InputError(f"{self.name} cannot encode")
        try:
            return encoded(self.model, self.data.test)
        except InputError as error:
            return error

    @property
    def _encodes(self) -> bool:
        return self._available > 0 and (
            self.latents is not None or (self.model is not None and self.model.encode is not None)
        )

    @property
    def _available(self) -> int:
        """Encodings that there are."""
        return len(self.latents) if self.latents is not None else len(self.data.test) if self.data else 0

    def _of_kind(self, kind: str, study: Study, growing: bool) -> Iterator[Population]:
        if kind == "prior":
            n = int(study.pairs)
            if growing and isinstance(self.prior, Empirical):
                n = min(n, max(FIRST, len(self.prior.samples) // REFERENCE))
            yield Population(kind, n, study.repeats)
            return
        if not self._encodes:
            raise InputError(
                f"encoded endpoints need a model with an encoder, and data, or latents; {self.name} has neither"
            )
        available = self._available
        n = min(int(study.pairs), available // (2 * study.repeats if growing else 2))
        yield Population(kind, n, min(study.repeats, available // max(2 * n, 1)))
        # Half of the data are endpoints, the rest the reference; each repeat splits them anew.
        n = min(int(study.pairs), available // 4)
        yield Population(kind, n, study.repeats, "posterior", available - 2 * n)

    def _check_metrics(self, population: Population, metrics: Sequence[Metric]) -> None:
        """One that does not serve is a row that says so; where none does there is nothing to study."""
        refusals = []
        for metric in metrics:
            try:
                metric.check(self.prior)
            except InputError as error:
                refusals.append(str(error))
                continue
            if population.n < metric.min_points:
                short = f"got {population.n} pairs of {population.endpoints} endpoints"
                refusals.append(f"{metric.name} needs at least {metric.min_points} points, {short}")
        if metrics and len(refusals) == len(metrics):
            raise InputError(refusals[0])


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
    latents = _latents(study.latents, prior) if study.latents else None
    if isinstance(prior, Empirical):
        fit, judge = prior.split(rng=stream(study.seed, "split"))
        return Subject(Empirical(judge.samples, replace=True), fit, model, data, prior, latents)
    return Subject(prior, prior, model, data, latents=latents)


def _latents(named: str, prior: Prior) -> Latents:
    """The latents of a file, in which there must be some of this prior's shape."""
    choice = prior_in_text(named)
    options = choice["options"] if choice else {"file": named}
    latents = read_latents(**options)
    if latents.shape[1:] != prior.shape:
        raise InputError(f"{options['file']} has latents of shape {latents.shape[1:]}, the prior {prior.shape}")
    return latents.astype(np.float64)
