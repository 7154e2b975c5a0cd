"""Earth mover interpolation: points of the straight line, carried back onto the prior by optimal transport."""

__all__ = ["EarthMover"]

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
from latentot.transport import Chosen, Fitted, Transport, TransportMap, named_transport
from latentot.transport.atoms import atoms_map
from latentot.transport.calibration import Chain
from latentot.transport.judging import Split
from latentot.transport.sums import coordinate_map, radial_map
from latentot.transport.support import support_map

FitKey = tuple[float, ...]
"""Weights other than 0, falling."""
NUMBERS = 56
"""Draws of one number per point of `n_fit`, where only functions of one number are fitted."""
MAX_NUMBERS = 40_000_000
MAX_JUDGING = 4_000_000
"""Numbers drawn from each law to judge such a map."""
MAX_JUDGED = 8_000
"""Additional points that maps are judged by, where the prior can be sampled at will."""
KS = 0.87
"""Mean of sqrt(n) times the Kolmogorov-Smirnov distance of n draws from their law."""


@dataclass(frozen=True, eq=False, repr=False)
class EarthMover(Combination):
    """z = T(y), y = sum of w_i z_i, T the Monge map from the law of y to the prior; on the way y = (1 - t) z0 + t z1.

    T is fitted, once for each choice of weights, from draws of the prior that are never those it is applied to; where
    it is known by samples without replacement, one half of them is the target, and the other, in several orders, the
    parts of the sums. All choices share these draws, so that maps at nearby t agree; latents are alike in law, so t and
    1 - t share a map.

    What is known of the prior is used. With independent coordinates T is an increasing function of each, on an
    isotropic prior one of the norm, and either is fitted to 56 `n_fit` draws of the numbers concerned: its error is
    then within a tenth of chance for n_fit / 20 points that are judged (KS: a mean of 0.87 / sqrt(56 n_fit) for it, a
    standard deviation of 0.26 / sqrt(n) of chance). Any other transport is fitted to `n_fit` points, and what it
    carries out of the prior's support (a box, a sign, a sphere) goes to the nearest point of it. Where coordinates of
    draws repeat values (atoms), a last increasing map of each such coordinate brings points onto them.

    Args:
        prior: any prior that can be drawn from.
        transport: how the map is fitted: a name, or a `latentot.transport.Transport`. "auto", "marginal" and "radial"
            use the prior's laws where it has them.
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
        (112000, True)
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
            source = weighted_sum(parts, key)
            if self._by:
                self._fitted[key] = self._by_laws(key, source, target, rng)
            else:
                fitted = self._by_points(source, target, rng)
                # Sums of other pairs of the same draws: points that the map was fitted on it carries better.
                others = weighted_sum([part[rng.permutation(len(part))[:MAX_JUDGED]] for part in parts], key)
                onto = support_map(self.prior) or atoms_map(lambda: fitted(others), target)
                if onto is not None:
                    fitted = replace(fitted, last=Chain((fitted.last, onto)) if fitted.last else onto)
                self._fitted[key] = fitted
        return self._fitted[key]

    @property
    def _by(self) -> str | None:
        """What the prior's laws allow a map of: each "coordinate", the "norm", or neither (None)."""
        asked = self.transport if isinstance(self.transport, str) else ""
        if self.prior.marginal is not None and asked in {"auto", "marginal"}:
            return "coordinate"
        return "norm" if self.prior.radius is not None and asked in {"auto", "radial"} else None

    def _by_points(self, source: np.ndarray, target: np.ndarray, rng: np.random.Generator) -> Fitted:
        judging = self._judging if len(target) > self.n_fit else None
        return self._solver().fit(source, target, rng=rng, held_out=judging)

    def _by_laws(self, key: FitKey, source: np.ndarray, target: np.ndarray, rng: np.random.Generator) -> Fitted:
        n = min(NUMBERS * self.n_fit, MAX_NUMBERS)
        marginal, radius = self.prior.marginal, self.prior.radius
        if marginal is not None and self._by == "coordinate":
            carry: TransportMap = coordinate_map(marginal, self.prior.dim, key, n, rng)
        elif radius is not None:
            carry = radial_map(radius, self.prior.dim, key, n, rng)
        name = "marginal" if self._by == "coordinate" else "radial"
        limit = f"{n:,} draws of a {self._by}, KS {KS / n**0.5:.1g}"
        fitted = Split.of(source, target, rng).judged(carry, n, limit)
        if self.transport != "auto":
            return fitted
        reason = f"{name}: the prior's laws allow a map of the {self._by} alone, no other was tried"
        return replace(fitted, map=Chosen(carry, name, reason, {name: fitted.report}))

    def set_fitted(self, key: FitKey, fitted: Fitted) -> None:
        """Use a map that an earth mover of the same settings has fitted."""
        self._fitted[key] = fitted

    def _draws(self, parts: int, rng: np.random.Generator) -> list[np.ndarray]:
        # Where maps are fitted to numbers, points are for judging only: latents may have millions of coordinates.
        n = min(self.n_fit, max(10, MAX_JUDGING // self.prior.dim)) if self._by else self.n_fit
        if isinstance(self.prior, Empirical) and not self.prior.replace:
            # The target shares no row with the sums: a sum that is near a row of its own would be carried to it, and
            # so judged too well. The parts of the sums are one half of the samples, each in an order of its own.
            n = min(n, len(self.prior.samples) // 2)
            target, half = np.split(self.prior.sample(2 * n, rng=rng).reshape(2 * n, -1), 2)
            return [target, *(half[rng.permutation(n)] for _ in range(parts - 1))]
        n += 0 if self._by else self._judging
        return np.split(self.prior.sample(parts * n, rng=rng).reshape(parts * n, -1), parts)

    @property
    def _judging(self) -> int:
        """Points that are held out where more can be drawn: enough to tell one map from another."""
        return min(MAX_JUDGED, self.n_fit // 2)

    def _solver(self) -> Transport:
        return named_transport(self.transport) if isinstance(self.transport, str) else self.transport

    def _combine(self, z: Sequence[Array], weights: Weights) -> Array:
        if not is_numpy_array(z[0]) and not all(isinstance(weight, float) for weight in weights):
            raise InputError("earth-mover with one t a pair works on NumPy arrays only: each t has a map of its own")
        return each_weighting(lambda y, alike: self.fit(_fit_key(alike))(y), weighted_sum(z, weights), weights)


def _fit_key(weights: Sequence[float]) -> FitKey:
    # Rounded, because 1 - t and t must find the same map.
    return tuple(sorted((round(weight, 12) for weight in weights if weight), reverse=True))
