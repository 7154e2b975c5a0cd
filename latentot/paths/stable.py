"""Stable interpolation: linear where weighted sums stay in the family."""

__all__ = ["Stable", "combine_stable", "load_stable"]

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import is_numpy_array

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.paths.laws import CONTINUITY, PERMUTATION, ROTATION, SYMMETRY, kept_by_laws
from latentot.paths.linear import weighted_sum
from latentot.paths.path import Combination, marginal_of
from latentot.paths.stable_law import StableTable, stable_table
from latentot.paths.weights import Weights
from latentot.priors import Law, Normal
from latentot.priors.affine import AffineLaw
from latentot.priors.cauchy import CauchyLaw
from latentot.priors.column_laws import ColumnLaws
from latentot.priors.law import carry, greatest_period
from latentot.priors.normal_law import NormalLaw

CLOSED_FORMS: dict[float, Law] = {1.0: CauchyLaw(), 2.0: NormalLaw()}


@dataclass(frozen=True, repr=False)
class Stable(Combination):
    """z = g^-1(sum of w_i g(z_i) / (sum of |w_i|^alpha)^(1/alpha)), g = S^-1 o F in each coordinate.

    F is the prior's marginal and S the symmetric alpha-stable law: sums of independent numbers of this law, so scaled,
    follow it again, so every point follows the prior. alpha = 1 is `cauchy`, alpha = 2 is the linear combination of
    latent variables (LOL). Other laws are tabulated to 1e-8 and work on NumPy arrays only.

    Args:
        prior: a prior with a marginal law.
        alpha: index of stability, 0.25 to 2.

    Raises:
        InputError: alpha is outside [0.25, 2].

    >>> import latentot as lot, numpy as np
    >>> z = lot.Normal(4).sample(2, rng=0)
    >>> lol = Stable(lot.Normal(4), alpha=2).combine(z, [1, 1])
    >>> np.allclose(lol, z.sum(axis=0) / np.sqrt(2))
    True
    """

    name: ClassVar[str] = "stable"
    title: ClassVar[str] = "alpha-stable"
    formula: ClassVar[str] = "z = g^-1(sum w_i g(z_i) / (sum |w_i|^a)^(1/a)), g = S_a^-1 o F per coordinate"
    citation: ClassVar[str] = (
        "alpha = 1: Lesniak, Sieradzki, Podolak, ICLR 2019; alpha = 2: Bodin, Stere, Margineantu, Ek, Moss: Linear "
        "combinations of latents in generative models. ICLR 2025, arXiv:2408.08558; between: latentot"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"marginal"})
    in_double: ClassVar[bool] = True
    by_laws: ClassVar[bool] = True

    alpha: float = 1.5

    def __post_init__(self) -> None:
        if not 0.25 <= self.alpha <= 2:
            raise InputError(f"alpha lies between 0.25 and 2, got {self.alpha}")

    def claims(self) -> frozenset[str]:
        rotates = self.alpha == 2 and isinstance(self.prior, Normal) and self.prior.radius is not None
        permutes = {PERMUTATION} if marginal_of(self).size is None else set()
        rotation = {ROTATION} if rotates else set()
        return frozenset({SYMMETRY, CONTINUITY} | permutes | rotation) | kept_by_laws(self.prior)

    def load(self, size: int) -> None:  # noqa: ARG002 - whatever the size
        load_stable(marginal_of(self), float(self.alpha))

    def _combine(self, z: Sequence[Array], weights: Weights) -> Array:
        return combine_stable(marginal_of(self), float(self.alpha), z, weights)


def load_stable(marginal: Law, alpha: float) -> None:
    """Load the compiled way, where NumPy latents take it."""
    if alpha == 1 and any(isinstance(law, NormalLaw) for law in _standard(marginal)):
        _compiled()


def _standard(marginal: Law) -> list[Law]:
    """The laws that a marginal is made of, neither shifted nor scaled."""
    laws = marginal.laws if isinstance(marginal, ColumnLaws) else (marginal,)
    return [law.law if isinstance(law, AffineLaw) else law for law in laws]


def combine_stable(marginal: Law, alpha: float, z: Sequence[Array], weights: Weights) -> Array:
    """Combine points through the stable law of index alpha, in closed form where there is one."""
    if isinstance(marginal, ColumnLaws):
        return marginal.each(lambda law, *z: combine_stable(law, alpha, z, weights), *z)
    if isinstance(marginal, AffineLaw):
        return marginal.own(combine_stable(marginal.law, alpha, [marginal.standard(point) for point in z], weights))
    size = sum(abs(weight) ** alpha for weight in weights) ** (1 / alpha)
    scaled = [weight / size for weight in weights]
    on_host = all(is_numpy_array(point) for point in z)
    if alpha == 1 and on_host and isinstance(marginal, NormalLaw) and (compiled := _compiled()):
        return compiled(z, scaled)
    if alpha in CLOSED_FORMS:
        stable = CLOSED_FORMS[alpha]
        return carry(weighted_sum([carry(point, marginal, stable) for point in z], scaled), stable, marginal)
    if not on_host:
        raise InputError(f"stable works on NumPy arrays only, unless alpha is 1 or 2, got alpha = {alpha}")
    return _tabulated(marginal, stable_table(alpha), z, scaled)


@functools.cache
def _compiled() -> Callable[[Sequence[Array], Weights], Array] | None:
    """The compiled way between the normal and the Cauchy law, where numba (the `fast` extra) is installed."""
    try:
        from latentot.paths.compiled import combine
    except ImportError:
        return None
    return combine


def _tabulated(marginal: Law, table: StableTable, z: Sequence[Array], weights: Weights) -> Array:
    """Numbers u of the stable law are kept as sign and log |u|: for small alpha they are beyond any float."""
    signs, logs = zip(*(_to_stable(marginal, table, point) for point in z), strict=True)
    columns = np.stack([np.reshape(weight, (-1, 1)) for weight in weights])
    terms = np.stack(logs) + np.log(np.maximum(np.abs(columns), 1e-300))
    greatest = terms.max(axis=0)
    greatest = np.where(np.isfinite(greatest), greatest, 0)
    shares = np.exp(terms - greatest) * np.stack(signs) * np.sign(columns)
    total = shares.sum(axis=0)
    with np.errstate(divide="ignore"):
        return _from_stable(marginal, table, np.sign(total), greatest + np.log(np.abs(total)))


def _to_stable(marginal: Law, table: StableTable, z: Array) -> tuple[Array, Array]:
    c = marginal.mid(z)
    log_q: Array = np.where(c < 0, marginal.log_cdf(z), marginal.log_sf(z))
    # At an end of the support, where a latent may have been rounded to, u would be infinite.
    log_q = np.where(np.isneginf(log_q), -math.log(greatest_period(z)), log_q)
    with np.errstate(divide="ignore"):
        return np.sign(c), table.log_quantile(np.log(np.abs(c)), log_q)


def _from_stable(marginal: Law, table: StableTable, sign: Array, log_u: Array) -> Array:
    near = log_u < table.log_quartile
    c = sign * np.exp(table.log_mid(np.where(near, log_u, -math.inf)))
    log_q = table.log_tail(np.where(near, table.log_quartile, log_u))
    far = np.where(sign < 0, marginal.quantile_log(log_q), marginal.isf_log(log_q))
    return np.where(near, marginal.mid_inverse(c), far)
