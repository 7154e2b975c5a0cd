"""What every interpolation is: a walk from one latent to another."""

__all__ = ["Interpolation"]

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors import Prior
from latentot.special import Array


@dataclass(frozen=True)
class Interpolation(ABC):
    """A way of walking between latents of one prior.

    A path is a pure function of its endpoints: arrays of any library that follows the Python array API go in and
    come back as the same kind, dtype and device.

    Args:
        prior: the law that the endpoints are draws of.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    citation: ClassVar[str]
    needs: ClassVar[frozenset[str]]

    prior: Prior

    @abstractmethod
    def _between(self, z0: Array, z1: Array, t: float) -> Array:
        """Points at 0 < t < 1, for endpoints of shape (n, d)."""

    def __call__(self, z0: Array, z1: Array, t: float | Sequence[float] | NDArray[Any]) -> Array:
        """Points on the way from z0 to z1.

        Args:
            z0: where the paths start, shape (..., *shape).
            z1: where they end, of the same shape, dtype and library.
            t: position between 0 and 1, or a sequence of m positions.

        Returns:
            Points of shape (..., *shape) for one position, (m, ..., *shape) for a sequence. At t = 0 and t = 1 they
            are z0 and z1, bit for bit.

        Raises:
            InputError: shapes or dtypes disagree, t is outside [0, 1], or NumPy values are not finite.

        >>> import latentot as lot
        >>> prior = lot.Normal(8)
        >>> z0, z1 = prior.sample(5, rng=0), prior.sample(5, rng=1)
        >>> lot.interpolation("linear", prior)(z0, z1, [0, 0.5, 1]).shape
        (3, 5, 8)
        """
        xp = self._check_endpoints(z0, z1)
        positions = _checked_positions(t)
        # Half precision overflows in a norm; it is computed in single and given back as it came.
        working = xp.float32 if _is_half(z0) else z0.dtype
        flat0, flat1 = (xp.astype(xp.reshape(z, (-1, self.prior.dim)), working, copy=False) for z in (z0, z1))

        def at(position: float) -> Array:
            if position in {0, 1} or flat0.shape[0] == 0:
                return xp.asarray(z1 if position else z0, copy=True)
            return xp.reshape(xp.astype(self._between(flat0, flat1, position), z0.dtype, copy=False), z0.shape)

        if positions.ndim == 0:
            return at(float(positions))
        return xp.stack([at(float(position)) for position in positions])

    def _check_endpoints(self, z0: Array, z1: Array) -> Any:
        try:
            xp = array_namespace(z0, z1)
        except TypeError as error:
            raise InputError(f"endpoints are arrays of one library, got {type(z0)} and {type(z1)}") from error
        if z0.shape != z1.shape or z0.dtype != z1.dtype:
            raise InputError(f"endpoints must agree, got {tuple(z0.shape)} {z0.dtype} and {tuple(z1.shape)} {z1.dtype}")
        if tuple(z0.shape[max(0, len(z0.shape) - len(self.prior.shape)) :]) != self.prior.shape:
            raise InputError(f"latents of {self.prior!r} have shape (..., *{self.prior.shape}), got {tuple(z0.shape)}")
        if not xp.isdtype(z0.dtype, "real floating") and not _is_half(z0):
            raise InputError(f"latents are real floating-point numbers, got {z0.dtype}")
        if is_numpy_array(z0):
            for which, z in (("z0", z0), ("z1", z1)):
                bad = int((~np.isfinite(z)).sum())
                if bad:
                    raise InputError(f"{which} must be finite: {bad} of its values are NaN or infinite")
        return xp


def _is_half(z: Array) -> bool:
    return str(z.dtype).rsplit(".", maxsplit=1)[-1] in ("float16", "bfloat16")


def _checked_positions(t: float | Sequence[float] | NDArray[Any]) -> NDArray[np.float64]:
    try:
        positions = np.asarray(t, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"t is a number or a sequence of numbers, got {t!r}") from error
    if positions.ndim > 1:
        raise InputError(f"t is a number or a sequence of numbers, got an array of shape {positions.shape}")
    if not ((positions >= 0) & (positions <= 1)).all():
        raise InputError(f"t lies between 0 and 1, got {t!r}")
    return positions
