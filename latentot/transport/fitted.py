"""A fitted transport map, and the report of how well it does on points that it has and has not seen."""

__all__ = ["Fitted", "Floats", "Reached", "Report", "TransportMap"]

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from array_api_compat import array_namespace, is_numpy_array
from numpy.typing import NDArray

from latentot.arrays import check_plain
from latentot.errors import InputError
from latentot.numerics.special import Array

Floats = NDArray[np.floating[Any]]


class TransportMap(ABC):
    """A map that carries one law onto another."""

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={_in_short(part)}" for name, part in vars(self).items())
        return f"{type(self).__name__}({parts})"

    @abstractmethod
    def __call__(self, z: Array) -> Array:
        """Carry points of any array library, shape (n, d), seen in fitting or not."""


class Reached(NamedTuple):
    """What a map reaches on n points.

    `drift` is the sliced Wasserstein distance of the carried points to n points of the target, in latent units, and
    `displacement` the mean of |T(z) - z|^2, in squared latent units. Both are NaN where there were fewer than 2 points.
    """

    drift: float
    displacement: float
    n: int


@dataclass(frozen=True)
class Report:
    """What a fitted map reaches.

    Args:
        n_fitted: points of the source that the map was fitted on.
        in_sample: on points that it was fitted on, against points of the target that it was fitted on.
        held_out: on points that it has not seen, against points of the target that it has not seen.
        chance: mean drift of other points of the target from these: what a perfect map would reach, held out.
        limit: what limits its error; empty where that is the number of fitted points.
    """

    n_fitted: int
    in_sample: Reached
    held_out: Reached
    chance: float
    limit: str = ""

    def __str__(self) -> str:
        inside, outside = self.in_sample, self.held_out
        return (
            f"fitted on {self.n_fitted:,}; drift {inside.drift:.4f} in sample, {outside.drift:.4f} held out "
            f"(chance {self.chance:.4f}); mean squared displacement {inside.displacement:.4g} in sample, "
            f"{outside.displacement:.4g} held out; limited by {self.limit or f'{self.n_fitted:,} points'}"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Fitted(TransportMap):
    """A fitted map that checks what it is given and says what it reaches.

    Args:
        map: the map as it was fitted, on float64.
        report: its drift and displacement, in sample and held out.
        dim: coordinates of a point.
        last: a map that comes after it, fitted on all points once the map was judged.
    """

    map: TransportMap
    report: Report
    dim: int
    last: TransportMap | None = None

    def __repr__(self) -> str:
        return f"Fitted({self.map!r}, dim={self.dim}; {self.report})"

    def __call__(self, z: Array) -> Array:
        """Carry points, seen in fitting or not.

        NumPy points are carried in double precision; points of other libraries in their own, on their device, and
        gradients flow. Values are checked for NumPy points only, since a look at others would copy them to the host.

        Args:
            z: points of the source's law, shape (n, d).

        Returns:
            Points, shape (n, d), of the library, dtype and device of z.

        Raises:
            InputError: the shape is another, or values are not finite floating-point numbers.
        """
        check_plain("z", z)
        try:
            xp = array_namespace(z)
        except TypeError as error:
            raise InputError(f"this map carries arrays, got {type(z).__name__}: give numpy.asarray(z)") from error
        if z.ndim != 2 or z.shape[1] != self.dim or not xp.isdtype(z.dtype, "real floating"):
            raise InputError(
                f"this map carries floating-point points of shape (n, {self.dim}), got {z.dtype} {tuple(z.shape)}"
            )
        host = is_numpy_array(z)
        if host and not np.isfinite(z).all():
            raise InputError(f"points must be finite: {int((~np.isfinite(z)).sum())} values are NaN or infinite")
        if not z.shape[0]:
            return xp.asarray(z, copy=True)
        working = xp.float64 if host else z.dtype if z.dtype in {xp.float32, xp.float64} else xp.float32
        carried = self.map(xp.astype(z, working, copy=False))
        return xp.astype(self.last(carried) if self.last else carried, z.dtype, copy=False)


def _in_short(part: object) -> str:
    """What a map is made of, without its numbers."""
    if isinstance(part, np.ndarray):
        return f"{part.dtype} {part.shape}"
    return f"<{len(part)} of {type(part[0]).__name__}>" if isinstance(part, tuple) and part else repr(part)
