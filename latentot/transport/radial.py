"""Radial transport: a point keeps its direction, its norm is carried by an increasing map."""

__all__ = ["Radial", "RadialMap", "norms"]

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array

from latentot.numerics.special import Array
from latentot.transport.fitted import Fitted, TransportMap
from latentot.transport.grid import Gridded
from latentot.transport.judging import Split
from latentot.transport.monotone import Monotone
from latentot.transport.transport import Transport


@dataclass(frozen=True, eq=False, repr=False)
class RadialMap(TransportMap):
    """T(z) = z / |z| * T_r(|z|), and the origin stays."""

    norm: Gridded | Monotone

    def __call__(self, z: Array) -> Array:
        xp = array_namespace(z)
        r = norms(z)
        return z * (self.norm(r) / xp.where(r > 0, r, xp.ones_like(r)))


@dataclass(frozen=True)
class Radial(Transport):
    """T(z) = z / |z| * Q_target(F_source(|z|)), F and Q those of the norm, about the origin.

    The optimal map where source and target depend on the norm alone. Its noise is that of one increasing function,
    whatever d. Above the samples the norm goes on in the ratio of the two tails (`Monotone`), below in proportion.

    Args:
        max_points: points of each sample that are fitted on (None: all).
        knots: order statistics that are kept; of more points, means of as many blocks.

    >>> source, target = np.random.default_rng(0).standard_normal((2, 5_000, 3))
    >>> Radial().fit(source, 2 * target, rng=1)(np.array([[0.0, 0.0, 1.0]])).round(1)
    array([[0., 0., 2.]])
    """

    name: ClassVar[str] = "radial"
    citation: ClassVar[str] = (
        "Cuesta-Albertos, Rüschendorf, Tuero-Díaz: Optimal coupling of multivariate distributions and stochastic "
        "processes. J. Multivariate Analysis 1993"
    )

    max_points: int | None = None
    knots: int = 4_096

    def _fit(self, split: Split, rng: np.random.Generator) -> Fitted:  # noqa: ARG002
        source, target = (np.linalg.norm(z, axis=1) for z in split.fitting(self.max_points))
        norm = Monotone.between(source, target, knots=self.knots)
        if norm.source[0] > 0:
            norm = replace(norm, source=np.append(0.0, norm.source), target=np.append(0.0, norm.target))
        return split.judged(RadialMap(norm), len(source))


def norms(z: Array) -> Array:
    """|z| of each row, shape (n, 1); its gradient is 0 at the origin, where that of a plain norm is NaN."""
    xp = array_namespace(z)
    if is_numpy_array(z):
        return np.linalg.norm(z, axis=1, keepdims=True)
    square = xp.sum(z * z, axis=1, keepdims=True)
    return xp.where(square > 0, xp.sqrt(xp.where(square > 0, square, xp.ones_like(square))), xp.zeros_like(square))
