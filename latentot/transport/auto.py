"""Automatic transport: every candidate is fitted, the one that drifts least on points it has not seen is kept."""

__all__ = ["Auto", "Chosen"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from latentot.drift import drift
from latentot.transport.exact import Exact
from latentot.transport.gaussian import Gaussian
from latentot.transport.transport import Floats, Transport, TransportMap

HELD_OUT = 1 / 5
MOST_HELD_OUT = 10_000


@dataclass(frozen=True, eq=False)
class Chosen(TransportMap):
    """The map of the candidate that was chosen, with what every candidate reached.

    Args:
        map: the chosen map.
        choice: the name of the chosen candidate.
        held_out: sliced Wasserstein drift of each candidate on points held out of its fit, in latent units.
    """

    map: TransportMap
    choice: str
    held_out: Mapping[str, float]

    def __call__(self, z: Floats) -> Floats:
        return self.map(z)


@dataclass(frozen=True)
class Auto(Transport):
    """Fits each candidate on most samples, judges it on the last fifth (at most 10,000), keeps the best.

    Args:
        candidates: transports to choose from.
    """

    name: ClassVar[str] = "auto"
    citation: ClassVar[str] = "latentot"

    candidates: tuple[Transport, ...] = field(default=(Gaussian(), Exact()))

    def _fit(self, source: Floats, target: Floats, rng: np.random.Generator) -> Chosen:
        n_source, n_target = (len(z) - min(MOST_HELD_OUT, round(len(z) * HELD_OUT)) for z in (source, target))
        judge = drift("sliced-wasserstein").against(target[n_target:], rng=rng)
        maps = {c.name: c.fit(source[:n_source], target[:n_target], rng=rng) for c in self.candidates}
        held_out = {name: judge(fitted(source[n_source:])).value for name, fitted in maps.items()}
        choice = min(held_out, key=held_out.__getitem__)
        return Chosen(maps[choice], choice, held_out)
