"""An interpolation that is a user's function."""

__all__ = ["FunctionPath"]

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array, is_torch_array

from latentot.arrays import on_host, released
from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.paths.path import Interpolation
from latentot.paths.weights import Weights


@dataclass(frozen=True, repr=False, eq=False)
class FunctionPath(Interpolation):
    """z_t = f(z0, z1, t), for any callable f. It claims nothing: what it keeps is measured.

    f is called once for a whole batch, with copies of endpoints of shape (n, *shape) and a number t inside (0, 1); what
    it returns is held to the shape of its endpoints. For NumPy endpoints it may give a tensor of the host.

    Args:
        prior: the law that endpoints are draws of.
        function: takes z0, z1, t.
        label: its name; the function's own by default.

    Raises:
        InputError: in a call, if f gives another shape or numbers that are not finite, or changes its endpoints.

    >>> import latentot as lot, numpy as np
    >>> FunctionPath(lot.Normal(2), lambda z0, z1, t: z0, "stay")(np.zeros(2), np.ones(2), 0.5)
    array([0., 0.])
    """

    title: ClassVar[str] = "a function of the user's own"
    formula: ClassVar[str] = ""
    citation: ClassVar[str] = ""
    needs: ClassVar[frozenset[str]] = frozenset()
    in_one_piece: ClassVar[bool] = True

    function: Callable[..., Any]
    label: str = ""

    @property
    def name(self) -> str:  # type: ignore[override]
        """The label, or what the function is called."""
        return self.label or str(getattr(self.function, "__name__", type(self.function).__name__))

    def claims(self) -> frozenset[str]:
        return frozenset()

    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        t = weights[1]
        if isinstance(t, float | int):
            return self._at_one(z0, z1, float(t))
        xp, points = array_namespace(z0), None
        for position in np.unique(np.asarray(t)):
            here = self._at_one(z0, z1, float(position))
            points = here if points is None else xp.where(t == position, here, points)
        return z0 if points is None else points

    def _at_one(self, z0: Array, z1: Array, t: float) -> Array:
        xp, shape = array_namespace(z0), (z0.shape[0], *self.prior.shape)
        ends = [xp.reshape(xp.asarray(z, copy=True), shape) for z in (z0, z1)]
        points = self.function(*ends, t)
        if is_torch_array(points) and is_numpy_array(z0):
            points = on_host(self.name, released(points))
        if getattr(points, "shape", None) is None or tuple(points.shape) != shape:
            got = tuple(points.shape) if hasattr(points, "shape") else type(points).__name__
            raise InputError(f"{self.name} gives {got} for endpoints of shape {shape}: return one point for each pair")
        if is_numpy_array(z0):
            self._check(points, ends, (z0, z1))
        return xp.reshape(points, z0.shape)

    def _check(self, points: Any, ends: list[Any], given: tuple[Any, Any]) -> None:
        wrong = int((~np.isfinite(points)).sum())
        if wrong:
            raise InputError(f"{self.name} gives {wrong} values that are NaN or infinite for endpoints that are finite")
        if not all(np.array_equal(end.reshape(z.shape), z) for end, z in zip(ends, given, strict=True)):
            raise InputError(f"{self.name} changes its endpoints: work on copies, without +=, *= or out=")
