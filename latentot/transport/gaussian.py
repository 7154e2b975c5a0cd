"""Gaussian transport: the affine map that is optimal between normal laws."""

__all__ = ["Gaussian"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.transport.transport import Floats, Transport, TransportMap


@dataclass(frozen=True, eq=False)
class AffineMap(TransportMap):
    """T(z) = z A + b."""

    matrix: Floats
    shift: Floats

    def __call__(self, z: Floats) -> Floats:
        return z @ self.matrix + self.shift


@dataclass(frozen=True)
class Gaussian(Transport):
    """T(z) = m1 + A (z - m0), A = S0^-1/2 (S0^1/2 S1 S0^1/2)^1/2 S0^-1/2, of the samples' means and covariances.

    The optimal map between normal laws of these moments (Bures); exact where source and target differ by an affine map
    with a symmetric positive matrix, as the points on a straight line between normal draws do.

    Args:
        ridge: added to the diagonal of both covariances, in squared latent units, so that flat samples are served.
    """

    name: ClassVar[str] = "gaussian"
    citation: ClassVar[str] = (
        "Knott, Smith: On the optimal mapping of distributions. JOTA 1984; Flamary, Lounici, Ferrari: "
        "Concentration bounds for linear Monge mapping estimation. 2019, arXiv:1905.10155"
    )

    ridge: float = 1e-9

    def _fit(self, source: Floats, target: Floats, rng: np.random.Generator) -> AffineMap:  # noqa: ARG002
        from ot.gaussian import empirical_bures_wasserstein_mapping

        matrix, shift = empirical_bures_wasserstein_mapping(source, target, reg=self.ridge)
        return AffineMap(matrix, shift)
