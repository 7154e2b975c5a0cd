"""Earth mover interpolation: points of the straight line, carried back onto the prior by optimal transport."""

__all__ = ["EarthMover"]

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from array_api_compat import is_numpy_array

from latentot.errors import InputError
from latentot.paths.interpolation import Interpolation
from latentot.priors import Empirical
from latentot.special import Array
from latentot.transport import Transport, TransportMap, named_transport


@dataclass(frozen=True, eq=False)
class EarthMover(Interpolation):
    """z_t = T_t(y_t), y_t = (1 - t) z0 + t z1, T_t the Monge map from the law of y_t to the prior.

    T_t is learned, once for each t, from draws of the prior that are never those it is applied to. All t share these
    draws, so that maps at nearby t agree; endpoints are alike in law, so t and 1 - t share a map.

    Args:
        prior: any prior that can be drawn from.
        transport: how the map is learned: a name, or a `latentot.transport.Transport`.
        n_fit: draws that each map is fitted on.
        rng: a seed or a Generator (None: fresh entropy), for those draws.

    Raises:
        InputError: the transport does not exist, or the prior has not enough samples.
    """

    name: ClassVar[str] = "earth-mover"
    title: ClassVar[str] = "earth mover"
    formula: ClassVar[str] = "z_t = T_t((1 - t) z0 + t z1), T_t the optimal transport from the law of y_t to the prior"
    citation: ClassVar[str] = (
        "Agustsson, Sage, Timofte, Van Gool: Optimal transport maps for distribution preserving operations on latent "
        "spaces of generative models. ICLR 2019; here T_t is learned from samples"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"samples"})

    transport: str | Transport = "auto"
    n_fit: int = 20_000
    rng: int | np.random.Generator | None = None
    _fitted: dict[float, TransportMap] = field(default_factory=dict, init=False, repr=False)
    _seed: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.n_fit < 10:
            raise InputError(f"a transport is fitted on at least 10 points, got n_fit={self.n_fit}")
        if isinstance(self.prior, Empirical) and not self.prior.replace and len(self.prior.samples) < 6:
            raise InputError(f"{self.prior!r} has too few samples to fit a transport")
        object.__setattr__(self, "_seed", int(np.random.default_rng(self.rng).integers(2**63)))
        self._solver()

    def map_at(self, t: float) -> TransportMap:
        """The map that carries the points at t onto the prior; fitted at its first use.

        Args:
            t: position, 0 < t < 1.
        """
        nearer = min(t, 1 - t)
        if nearer not in self._fitted:
            rng = np.random.default_rng(self._seed)
            z0, z1, target = self._draws(rng)
            self._fitted[nearer] = self._solver().fit((1 - nearer) * z0 + nearer * z1, target, rng=rng)
        return self._fitted[nearer]

    def _draws(self, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        n = self.n_fit
        if isinstance(self.prior, Empirical) and not self.prior.replace:
            n = min(n, len(self.prior.samples) // 3)
        return tuple(np.split(self.prior.sample(3 * n, rng=rng).reshape(3 * n, -1), 3))

    def _solver(self) -> Transport:
        return named_transport(self.transport) if isinstance(self.transport, str) else self.transport

    def _between(self, z0: Array, z1: Array, t: float) -> Array:
        if not is_numpy_array(z0):
            raise InputError("earth-mover works on NumPy arrays: its map is fitted on the host")
        return self.map_at(t)((1 - t) * z0 + t * z1)
