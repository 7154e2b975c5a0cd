"""Matched interpolation: the straight line, carried back onto the prior by the Monge map in closed form."""

__all__ = ["Matched"]

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.paths.law_table import law_table
from latentot.paths.laws import CONTINUITY, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY, kept_by_laws
from latentot.paths.linear import weighted_sum
from latentot.paths.norm_of_sum import norm_of_sum
from latentot.paths.path import Combination
from latentot.paths.sample_sum import sample_sum
from latentot.paths.spherical import directions
from latentot.paths.weighted_sum import keeps_its_law, weighted_sum_law
from latentot.paths.weights import Weight, Weights, each_weighting
from latentot.priors import Law, MultivariateT, Sphere
from latentot.priors.affine import AffineLaw
from latentot.priors.cauchy import CauchyLaw
from latentot.priors.column_laws import ColumnLaws
from latentot.priors.normal_law import NormalLaw
from latentot.priors.sample_law import SampleLaw
from latentot.priors.uniform import UniformLaw


@dataclass(frozen=True, repr=False)
class Matched(Combination):
    """z = Q(F_y(y)) in each coordinate, y = sum of w_i z_i, F_y the law of y and Q the prior's quantile function.

    The Monge map from the law of y to the prior: of all maps that keep the prior it moves y least, for every additive
    convex cost. In closed form for Normal, y / sqrt(sum w_i^2); for Cauchy, y / sum |w_i|; for Uniform and two points,
    a quadratic; for any other marginal by quadrature, to 1e-6 of the smaller tail, on NumPy arrays only. On an
    isotropic prior without independent coordinates it is radial, z = y / |y| Q_r(F_|y|(|y|)): on a sphere
    R y / |y|.

    Args:
        prior: a prior with a marginal or a radius law.

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
    needs: ClassVar[frozenset[str]] = frozenset({"marginal or radius"})
    in_double: ClassVar[bool] = True
    by_laws: ClassVar[bool] = True

    def claims(self) -> frozenset[str]:
        marginal = self.prior.marginal
        alike = marginal is None or marginal.size is None
        linear = _stability(marginal) == 1 or (isinstance(self.prior, MultivariateT) and self.prior.df == 1)
        round_ = marginal is None or linear or (_stability(marginal) == 2 and self.prior.radius is not None)
        tabulated = _tabulated(marginal)
        keeps = all(map(keeps_its_law, tabulated))
        # Over a gap in the prior's support Q jumps, and on the sphere y / |y| does so at 0.
        jumps = isinstance(self.prior, Sphere) or not keeps or any(law_table(law).has_gap for law in tabulated)
        return frozenset(
            {SYMMETRY}
            | ({PERMUTATION} if alike else set())
            | (kept_by_laws(self.prior) if keeps else set())
            | (set() if jumps else {CONTINUITY})
            | ({ROTATION} if round_ and alike else set())
            | ({SELF_CONSISTENCY} if linear else set())
        )

    def _combine(self, z: Sequence[Array], weights: Weights) -> Array:
        y = weighted_sum(z, weights)
        if self.prior.marginal is not None:
            return _per_coordinate(self.prior.marginal, y, weights)
        if isinstance(self.prior, MultivariateT) and self.prior.df == 1:
            return y / sum(map(abs, weights))
        xp = array_namespace(y)
        norm, direction = directions(xp, y)
        if isinstance(self.prior, Sphere):
            return self.prior.norm * direction
        if self.prior.radius is None:
            raise InputError(f"{self.name} needs a prior with a marginal or a radius law, {self.prior!r} has none")
        radius, dim = self.prior.radius, self.prior.dim
        return direction * _onto(radius, norm, weights, lambda alike: norm_of_sum(radius, dim, alike))


def _standard(marginal: Law | None) -> Law | None:
    """A marginal without its shift and scale."""
    return marginal.law if isinstance(marginal, AffineLaw) else marginal


def _stability(marginal: Law | None) -> float | None:
    """The index of stability of a marginal that is a stable law."""
    return {CauchyLaw: 1, NormalLaw: 2}.get(type(_standard(marginal)))  # type: ignore[arg-type]


def _tabulated(marginal: Law | None) -> tuple[Law, ...]:
    """The laws whose sums of two have no closed form."""
    if isinstance(marginal, ColumnLaws):
        return tuple(dict.fromkeys(law for own in marginal.laws for law in _tabulated(own)))
    standard = _standard(marginal)
    return (
        () if standard is None or isinstance(standard, NormalLaw | CauchyLaw | UniformLaw | SampleLaw) else (standard,)
    )


def _per_coordinate(law: Law, y: Array, weights: Weights) -> Array:  # noqa: PLR0911 - a law a line
    match law:
        case AffineLaw():
            shift, scale = law.parameters(y)
            standard = (y - sum(weights) * shift) / scale
            return shift + scale * _per_coordinate(law.law, standard, weights)
        case ColumnLaws():
            return law.each(lambda own, y: _per_coordinate(own, y, weights), y)
        case NormalLaw():
            return y / _length(weights)
        case CauchyLaw():
            return y / sum(map(abs, weights))
        case SampleLaw():
            return each_weighting(lambda y, alike: law.at_score(_sum_of(law, alike).score(y)), y, weights)
        case UniformLaw() if len(weights) == 2:
            return _uniform(law, y, weights)
        case _:
            _only_numpy(law, y)
            table = law_table(law)
            return each_weighting(
                lambda y, alike: table.point(weighted_sum_law(law, tuple(sorted(alike)))(y)), y, weights
            )


def _sum_of(law: SampleLaw, weights: Sequence[float]) -> SampleLaw:
    return sample_sum(law, tuple(sorted(weight for weight in weights if weight)))


def _length(weights: Weights) -> Weight:
    if all(isinstance(weight, float) for weight in weights):
        return math.hypot(*weights)
    return functools.reduce(array_namespace(weights[0]).hypot, map(abs, weights))


def _uniform(law: UniformLaw, y: Array, weights: Weights) -> Array:
    """On [-1, 1], m the lesser weight's share: y / (1-m) if |y| <= 1-2m, else sign(y) (1 - (1-|y|)^2 / (4m(1-m)))."""
    xp, size, half = array_namespace(y), sum(map(abs, weights)), law.width / 2
    middle = (law.low + law.high) / 2
    numbers = isinstance(size, float)
    m = (min(map(abs, weights)) if numbers else xp.minimum(*map(abs, weights))) / size
    x = (y - sum(weights) * middle) / (half * size)
    flat = x / (1 - m)
    # Where a weight is 0, |x| <= 1 and all is flat, but for rounding.
    positive = (m or 0.5) if numbers else xp.where(m > 0, m, xp.full_like(m, 0.5))
    bent = xp.sign(x) * (1 - (1 - xp.abs(x)) ** 2 / (4 * positive * (1 - positive)))
    return middle + half * xp.where(xp.abs(x) <= 1 - 2 * m, flat, bent)


def _onto(law: Law, y: Array, weights: Weights, law_of_sum: Callable[[tuple[float, ...]], Any]) -> Array:
    """Q(F_y(y)), by the smaller of both tails."""
    _only_numpy(law, y)

    def carried(y: Array, alike: Sequence[float]) -> Array:
        log_cdf, log_sf = law_of_sum(tuple(alike)).log_tails(y)
        in_lower = log_cdf < log_sf
        log_q = np.minimum(np.minimum(log_cdf, log_sf), math.log(0.5))
        return np.where(in_lower, law.quantile_log(log_q), law.isf_log(log_q))

    return each_weighting(carried, y, weights)


def _only_numpy(law: Law, y: Array) -> None:
    if not is_numpy_array(y):
        raise InputError(f"matched on {law!r} is numerical and works on NumPy arrays only")
