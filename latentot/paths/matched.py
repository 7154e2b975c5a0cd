"""Matched interpolation: the straight line, carried back onto the prior by the Monge map in closed form."""

__all__ = ["Matched"]

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array

from latentot.errors import InputError
from latentot.paths.interpolation import Combination, marginal_of
from latentot.paths.laws import CONTINUITY, DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY
from latentot.paths.linear import weighted_sum
from latentot.paths.weighted_sum import weighted_sum_law
from latentot.priors import Cauchy, Law, Normal
from latentot.priors.cauchy import CauchyLaw
from latentot.priors.normal import NormalLaw
from latentot.priors.uniform import UniformLaw
from latentot.special import Array


@dataclass(frozen=True)
class Matched(Combination):
    """z = Q(F_y(y)) in each coordinate, y = sum of w_i z_i, F_y the law of y and Q the prior's quantile function.

    The Monge map from the law of y to the prior: of all maps that keep the prior it moves y least, for every additive
    convex cost. In closed form for Normal, y / sqrt(sum w_i^2); for Cauchy, y / sum |w_i|; for Uniform and two points,
    a quadratic; for any other marginal by quadrature, to 1e-6 of the smaller tail, on NumPy arrays only.

    Args:
        prior: a prior with a marginal law.

    >>> import latentot as lot, numpy as np
    >>> Matched(lot.Normal(2))(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5).round(4)
    array([0.7071, 0.7071])
    """

    name: ClassVar[str] = "matched"
    title: ClassVar[str] = "matched (closed-form transport)"
    formula: ClassVar[str] = "z = Q(F_y(y)) per coordinate, y = sum w_i z_i; N(0, I): y / sqrt(sum w_i^2)"
    citation: ClassVar[str] = (
        "Agustsson, Sage, Timofte, Van Gool: Optimal transport maps for distribution preserving operations on latent "
        "spaces of generative models. ICLR 2019"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"marginal"})

    def claims(self) -> frozenset[str]:
        always = {SYMMETRY, CONTINUITY, DISTRIBUTION, PERMUTATION}
        rotates = {ROTATION} if isinstance(self.prior, Normal | Cauchy) else set()
        return frozenset(always | rotates | ({SELF_CONSISTENCY} if isinstance(self.prior, Cauchy) else set()))

    def _combine(self, z: Sequence[Array], weights: Sequence[float]) -> Array:
        law, y = marginal_of(self), weighted_sum(z, weights)
        match law:
            case NormalLaw():
                return y / math.hypot(*weights)
            case CauchyLaw():
                return y / sum(map(abs, weights))
            case UniformLaw() if len(weights) == 2:
                return _uniform(law, y, weights)
            case _:
                return _numerical(law, y, weights)


def _uniform(law: UniformLaw, y: Array, weights: Sequence[float]) -> Array:
    """On [-1, 1], m the lesser weight's share: y / (1-m) if |y| <= 1-2m, else sign(y) (1 - (1-|y|)^2 / (4m(1-m)))."""
    xp, size, half = array_namespace(y), sum(map(abs, weights)), law.width / 2
    middle = (law.low + law.high) / 2
    m = min(map(abs, weights)) / size
    x = (y - sum(weights) * middle) / (half * size)
    flat = x / (1 - m)
    bent = xp.sign(x) * (1 - (1 - xp.abs(x)) ** 2 / (4 * m * (1 - m))) if m > 0 else flat
    return middle + half * xp.where(xp.abs(x) <= 1 - 2 * m, flat, bent)


def _numerical(law: Law, y: Array, weights: Sequence[float]) -> Array:
    if not is_numpy_array(y):
        raise InputError(f"matched on the marginal {law!r} is numerical and works on NumPy arrays only")
    log_cdf, log_sf = weighted_sum_law(law, tuple(weights)).log_tails(y)
    in_lower = log_cdf < log_sf
    q = np.exp(np.minimum(log_cdf, log_sf))
    return np.where(in_lower, law.quantile(np.where(in_lower, q, 0.25)), law.isf(np.where(in_lower, 0.25, q)))
