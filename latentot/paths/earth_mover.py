"""Earth mover interpolation: points of the straight line, carried back onto the prior by optimal transport."""

__all__ = ["EarthMover"]

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from array_api_compat import is_numpy_array

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.paths.laws import SYMMETRY
from latentot.paths.linear import weighted_sum
from latentot.paths.path import Combination
from latentot.paths.weights import Weights, each_weighting
from latentot.priors import Empirical
from latentot.transport import Fitted, Transport, named_transport

FitKey = tuple[float, ...]
"""Weights other than 0, falling."""


@dataclass(frozen=True, eq=False, repr=False)
class EarthMover(Combination):
    """z = T(y), y = sum of w_i z_i, T the Monge map from the law of y to the prior; on the way y = (1 - t) z0 + t z1.

    T is fitted, once for each choice of weights, from draws of the prior that are never those it is applied to. All
    choices share these draws, so that maps at nearby t agree; latents are alike in law, so t and 1 - t share a map.

    Args:
        prior: any prior that can be drawn from.
        transport: how the map is fitted: a name, or a `latentot.transport.Transport`.
        n_fit: draws that each map is fitted on.
        rng: a seed or a Generator (None: fresh entropy), for those draws.

    Raises:
        InputError: the transport does not exist, or the prior has too few samples.
    """

    name: ClassVar[str] = "earth-mover"
    title: ClassVar[str] = "earth mover"
    formula: ClassVar[str] = "z_t = T_t((1 - t) z0 + t z1), T_t the optimal transport from the law of y_t to the prior"
    citation: ClassVar[str] = (
        "Agustsson, Sage, Timofte, Van Gool: Optimal transport maps for distribution preserving operations on latent "
        "spaces of generative models. ICLR 2019; here T_t is fitted to samples"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"samples"})

    transport: str | Transport = "auto"
    n_fit: int = 20_000
    rng: int | np.random.Generator | None = None
    _fitted: dict[FitKey, Fitted] = field(default_factory=dict, init=False, repr=False)
    _seed: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.n_fit < 10:
            raise InputError(f"a transport is fitted on at least 10 points, got n_fit={self.n_fit}")
        if isinstance(self.prior, Empirical) and not self.prior.replace and len(self.prior.samples) < 6:
            raise InputError(f"{self.prior!r} has too few samples to fit a transport")
        object.__setattr__(self, "_seed", int(np.random.default_rng(self.rng).integers(2**63)))
        self._solver()

    def claims(self) -> frozenset[str]:
        return frozenset({SYMMETRY})

    def map_at(self, t: float) -> Fitted:
        """The map that carries the points at t onto the prior; fitted at its first use.

        Args:
            t: position, 0 < t < 1.

        Returns:
            The map; its `report` has drift and displacement, in sample and held out, and under "auto" its `map` the
            `choice` and the `reason`.

        Raises:
            InputError: t is not inside (0, 1).

        >>> import latentot as lot
        >>> path = lot.interpolation("earth-mover", lot.Normal(8), n_fit=2_000, rng=0)
        >>> path.map_at(0.5).report.n_fitted, path.map_at(0.25) is path.map_at(0.75)
        (1600, True)
        """
        if not 0 < t < 1:
            raise InputError(f"a map is fitted at 0 < t < 1, got t={t!r}: endpoints need none")
        return self.fit(_fit_key((1 - t, t)))

    def fit_key(self, t: float) -> FitKey | None:
        """The weights of the sum whose law is carried; endpoints need no map."""
        return _fit_key((1 - t, t)) if 0 < t < 1 else None

    def fit(self, key: FitKey) -> Fitted:
        """The map from the law of a weighted sum to the prior."""
        if key not in self._fitted:
            rng = np.random.default_rng(self._seed)
            target, *parts = self._draws(1 + len(key), rng)
            self._fitted[key] = self._solver().fit(weighted_sum(parts, key), target, rng=rng)
        return self._fitted[key]

    def set_fitted(self, key: FitKey, fitted: Fitted) -> None:
        """Take a map that an earth mover of the same settings has fitted."""
        self._fitted[key] = fitted

    def _draws(self, parts: int, rng: np.random.Generator) -> list[np.ndarray]:
        n = self.n_fit
        if isinstance(self.prior, Empirical) and not self.prior.replace:
            n = min(n, len(self.prior.samples) // parts)
        return np.split(self.prior.sample(parts * n, rng=rng).reshape(parts * n, -1), parts)

    def _solver(self) -> Transport:
        return named_transport(self.transport) if isinstance(self.transport, str) else self.transport

    def _combine(self, z: Sequence[Array], weights: Weights) -> Array:
        if not is_numpy_array(z[0]) and not all(isinstance(weight, float) for weight in weights):
            raise InputError("earth-mover takes one t a pair on NumPy arrays only: each t has a map of its own")
        return each_weighting(lambda y, alike: self.fit(_fit_key(alike))(y), weighted_sum(z, weights), weights)


def _fit_key(weights: Sequence[float]) -> FitKey:
    # Rounded, because 1 - t and t must find the same map.
    return tuple(sorted((round(weight, 12) for weight in weights if weight), reverse=True))
