"""A prior that is known by samples, with laws that are estimated from them."""

__all__ = ["Estimated", "estimated"]

import functools
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors.column_laws import ColumnLaws
from latentot.priors.empirical import Empirical
from latentot.priors.law import Law
from latentot.priors.prior import Prior
from latentot.priors.sample_law import SampleLaw


@dataclass(frozen=True, eq=False)
class Estimated(Prior):
    """The law of given latents, with the laws of its coordinates, or of its norm, estimated (`SampleLaw`).

    What follows from these laws holds approximately: their own error is that of the samples, and coordinates are taken
    as independent, or directions as uniform, which the samples need not be. Draws are samples.

    Args:
        known: the samples.
        by: "coordinate" or "norm": which laws are estimated.

    Raises:
        InputError: the samples are too few, or a coordinate does not vary.

    >>> codes = np.random.default_rng(0).standard_normal((1_000, 2))
    >>> norm = Estimated(Empirical(codes), "norm").radius
    >>> bool(abs(norm.cdf(np.array(1.0)) - (1 - np.exp(-0.5))) < 0.03)
    True
    """

    name: ClassVar[str] = "estimated"
    estimated: ClassVar[bool] = True

    known: Empirical
    by: str
    shape: tuple[int, ...] = field(init=False)
    _law: Law = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", self.known.shape)
        flat = self.known.samples.reshape(len(self.known.samples), -1)
        if self.by == "norm":
            law: Law = SampleLaw.of(np.linalg.norm(flat, axis=1), positive=True)
        else:
            laws = tuple(_law_of(column, j) for j, column in enumerate(flat.T))
            law = laws[0] if len(laws) == 1 else ColumnLaws(laws, tuple(np.array([j]) for j in range(len(laws))))
        object.__setattr__(self, "_law", law)

    def __repr__(self) -> str:
        laws = self._law.laws if isinstance(self._law, ColumnLaws) else (self._law,)
        others = f" and {len(laws) - 1} others" if len(laws) > 1 else ""
        return f"Estimated({len(self.known.samples)} samples of shape {self.shape}, {self.by}: {laws[0]!r}{others})"

    @property
    def marginal(self) -> Law | None:
        return self._law if self.by == "coordinate" else None

    @property
    def radius(self) -> Law | None:
        return self._law if self.by == "norm" else None

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.known.sample(n, rng=rng)


def _law_of(column: NDArray[np.float64], j: int) -> SampleLaw:
    try:
        return SampleLaw.of(column)
    except InputError as error:
        raise InputError(f"coordinate {j} of the samples: {error}") from None


@functools.lru_cache(maxsize=4)
def estimated(known: Empirical, by: str) -> Estimated:
    """The same samples with estimated laws, which are cached for all methods that need them.

    Args:
        known: the samples.
        by: "coordinate" or "norm".
    """
    return Estimated(known, by)
