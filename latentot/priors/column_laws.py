"""Laws of coordinates that are of different kinds."""

__all__ = ["ColumnLaws", "laws_of_coordinates"]

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_numpy_array
from numpy.typing import NDArray

from latentot.numerics.special import Array
from latentot.priors.affine import AffineLaw, affine
from latentot.priors.by_value import ByValue
from latentot.priors.law import Law

Columns = NDArray[np.intp]


@dataclass(frozen=True, eq=False, repr=False)
class ColumnLaws(ByValue, Law):
    """Independent coordinates with different laws: one law for each group of columns.

    Args:
        laws: the law of each group, common to its columns or with parameters for each.
        columns: numbers of the columns of each group, each of the d columns in one of them.

    >>> from latentot.priors.laplace import LaplaceLaw
    >>> from latentot.priors.normal_law import NormalLaw
    >>> law = ColumnLaws((NormalLaw(), LaplaceLaw()), (np.array([0, 2]), np.array([1])))
    >>> law.cdf(np.array([1.0, 1.0, -1.0])).round(2)
    array([0.84, 0.82, 0.16])
    """

    laws: tuple[Law, ...]
    columns: tuple[Columns, ...]

    def __repr__(self) -> str:
        groups = ", ".join(f"{len(own)} of {law!r}" for law, own in zip(self.laws, self.columns, strict=True))
        return f"ColumnLaws({groups})"

    @property
    def size(self) -> int:
        return sum(map(len, self.columns))

    def coordinate(self, j: int) -> Law:
        group = next(i for i, own in enumerate(self.columns) if j in own)
        return self.laws[group].coordinate(int(np.flatnonzero(self.columns[group] == j)[0]))

    def each(self, function: Callable[..., Array], *arrays: Array) -> Array:
        """Apply a function to each group of columns and put the results together.

        Args:
            function: takes the law of a group, and its columns of each array.
            arrays: of shape (..., d), of one library.

        Returns:
            Shape (..., d).
        """
        first = arrays[0]
        if is_numpy_array(first):
            parts = [
                function(law, *(array[..., own] for array in arrays))
                for law, own in zip(self.laws, self.columns, strict=True)
            ]
            whole = np.empty((*parts[0].shape[:-1], self.size), parts[0].dtype)
            for part, own in zip(parts, self.columns, strict=True):
                whole[..., own] = part
            return whole
        xp = array_namespace(*arrays)

        def taken(x: Array, own: Columns) -> Array:
            return xp.take(x, xp.asarray(own.copy(), device=device(x)), axis=-1)

        parts = [
            function(law, *(taken(array, own) for array in arrays))
            for law, own in zip(self.laws, self.columns, strict=True)
        ]
        return taken(xp.concat(parts, axis=-1), np.argsort(np.concatenate(self.columns)))

    @property
    def moments(self) -> float:
        return min(law.moments for law in self.laws)

    @property
    def support(self) -> tuple[Any, Any]:
        return self._ends("support")

    @property
    def quartiles(self) -> tuple[Any, Any]:
        return self._ends("quartiles")

    def _ends(self, name: str) -> tuple[Any, Any]:
        low, high = np.empty(self.size), np.empty(self.size)
        for law, own in zip(self.laws, self.columns, strict=True):
            low[own], high[own] = getattr(law, name)
        return low, high

    def cdf(self, x: Array) -> Array:
        return self.each(lambda law, x: law.cdf(x), x)

    def sf(self, x: Array) -> Array:
        return self.each(lambda law, x: law.sf(x), x)

    def mid(self, x: Array) -> Array:
        return self.each(lambda law, x: law.mid(x), x)

    def log_cdf(self, x: Array) -> Array:
        return self.each(lambda law, x: law.log_cdf(x), x)

    def log_sf(self, x: Array) -> Array:
        return self.each(lambda law, x: law.log_sf(x), x)

    def quantile(self, q: Array) -> Array:
        return self.each(lambda law, q: law.quantile(q), q)

    def isf(self, q: Array) -> Array:
        return self.each(lambda law, q: law.isf(q), q)

    def mid_inverse(self, c: Array) -> Array:
        return self.each(lambda law, c: law.mid_inverse(c), c)

    def quantile_log(self, log_q: Array) -> Array:
        return self.each(lambda law, log_q: law.quantile_log(log_q), log_q)

    def isf_log(self, log_q: Array) -> Array:
        return self.each(lambda law, log_q: law.isf_log(log_q), log_q)

    def log_pdf(self, x: Array) -> Array:
        return self.each(lambda law, x: law.log_pdf(x), x)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        whole = np.empty(size)
        for law, own in zip(self.laws, self.columns, strict=True):
            whole[..., own] = law.sample((*size[:-1], len(own)), rng=rng)
        return whole

    def center(self, x: Array) -> Array:
        return self.each(lambda law, x: law.center(x), x)

    def center_inverse(self, c: Array) -> Array:
        return self.each(lambda law, c: law.center_inverse(c), c)

    def period(self, x: Array, upper: Array) -> Array:
        return self.each(lambda law, x, upper: law.period(x, upper), x, upper)

    def period_inverse(self, w: Array, upper: Array) -> Array:
        return self.each(lambda law, w, upper: law.period_inverse(w, upper), w, upper)


def laws_of_coordinates(laws: Sequence[Law]) -> Law:
    """The law of coordinates with these laws: those that are one law, shifted and scaled, are computed at once.

    Args:
        laws: one a coordinate.

    >>> from latentot.priors.normal_law import NormalLaw
    >>> laws_of_coordinates([NormalLaw(), affine(NormalLaw(), 1.0, 2.0)])
    AffineLaw(law=NormalLaw(), shift=[0, 1], scale=[1, 2])
    """
    parts = [(law.law, law.shift, law.scale) if isinstance(law, AffineLaw) else (law, 0.0, 1.0) for law in laws]
    groups: dict[Law, list[int]] = {}
    for j, (standard, _, _) in enumerate(parts):
        groups.setdefault(standard, []).append(j)
    found = []
    for standard, own in groups.items():
        shift, scale = (np.array([parts[j][which] for j in own], dtype=np.float64) for which in (1, 2))
        alike = (shift == shift[0]).all() and (scale == scale[0]).all()
        found.append(affine(standard, *((float(shift[0]), float(scale[0])) if alike else (shift, scale))))
    if len(found) == 1:
        return found[0]
    return ColumnLaws(tuple(found), tuple(np.array(own, dtype=np.intp) for own in groups.values()))
