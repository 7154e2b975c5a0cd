"""Cauchy interpolation: linear where averages change nothing."""

__all__ = ["CauchyLinear"]

from dataclasses import dataclass
from typing import ClassVar

from array_api_compat import array_namespace

from latentot.errors import InputError
from latentot.paths.interpolation import Interpolation
from latentot.priors.cauchy import CauchyLaw
from latentot.priors.law import Law, carry
from latentot.special import Array


@dataclass(frozen=True)
class CauchyLinear(Interpolation):
    """z_t = g^-1((1 - t) g(z0) + t g(z1)), g = C^-1 o F in each coordinate, F the prior's and C the Cauchy law.

    A weighted mean of independent Cauchy numbers is Cauchy again, so every point on the way follows the prior.
    Single precision is computed in double: g overflows it from |z| = 13.1 on.

    Args:
        prior: a prior with a marginal law.

    >>> import latentot as lot, numpy as np
    >>> CauchyLinear(lot.Normal(2))(np.array([1.0, 37.0]), np.array([-1.0, 37.0]), 0.5)
    array([ 0., 37.])
    """

    name: ClassVar[str] = "cauchy"
    title: ClassVar[str] = "Cauchy-linear"
    formula: ClassVar[str] = "z_t = g^-1((1 - t) g(z0) + t g(z1)), g = C^-1 o F per coordinate"
    citation: ClassVar[str] = (
        "Lesniak, Sieradzki, Podolak: Distribution-interpolation trade off in generative models. ICLR 2019"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"marginal"})

    def _between(self, z0: Array, z1: Array, t: float) -> Array:
        xp = array_namespace(z0, z1)
        marginal, cauchy = self._marginal, CauchyLaw()
        g0, g1 = (carry(xp.astype(z, xp.float64, copy=False), marginal, cauchy) for z in (z0, z1))
        return carry((1 - t) * g0 + t * g1, cauchy, marginal)

    @property
    def _marginal(self) -> Law:
        if self.prior.marginal is None:
            raise InputError(f"{self.name} needs a prior with a marginal law, which {self.prior!r} has not")
        return self.prior.marginal
