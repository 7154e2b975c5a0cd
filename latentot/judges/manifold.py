"""Precision, recall, density and coverage: which data lie within reach of real ones, and the other way round.

A ball about each real r_j reaches to its k-th neighbour among the real, at R_j; one about each generated x_i to its
k-th neighbour among the generated, at S_i. Both precision and recall see outliers as large balls; density and coverage
use the balls of real data only. A point on the surface of a ball is in it: copies are at distance 0 from each other,
within a radius of 0 too. With n generated and m real points of one law, whatever it is, coverage is 1 - prod_{i=1..k}
(m - i) / (n + m - i) on average, and density 1.

>>> import latentot as lot
>>> real, constant = lot.Normal(4).sample(500, rng=0), np.zeros((500, 4))
>>> [round(lot.judge(name)(constant, real, rng=0).value, 2) for name in ("precision", "recall")]
[1.0, 0.0]
"""

__all__ = ["Coverage", "Density", "Precision", "Recall", "coverage_by_chance", "prdc"]

import functools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.judges.judgement import Floats, Judge, Judgement, Judging
from latentot.judges.neighbours import Cloud, overlap, radii, within

KYNKAANNIEMI = (
    "Kynkäänniemi et al.: Improved precision and recall metric for assessing generative models. NeurIPS 2019, "
    "arXiv:1904.06991"
)
NAEEM = "Naeem et al.: Reliable fidelity and diversity metrics for generative models. ICML 2020, arXiv:2002.09797"


@dataclass(frozen=True, repr=False)
class _Balls(Judge):
    """What the four have in common.

    Args:
        k: a ball reaches to this neighbour.
    """

    k: int = 5

    def __post_init__(self) -> None:
        if self.k < 1:
            raise InputError(f"{self.name} looks for the k-th neighbour, k = 1 or more, got {self.k}")

    def _cloud(self, reference: Floats) -> tuple[Cloud, Floats]:
        cloud = Cloud.of(reference)
        return cloud, radii(cloud, self.k)


@dataclass(frozen=True, repr=False)
class Precision(_Balls):
    """Share of the data that lie in the ball of a real one: how many could be real.

    Args:
        k: a ball reaches to the k-th neighbour of its middle.

    References:
        Kynkäänniemi et al.: Improved precision and recall metric. NeurIPS 2019, arXiv:1904.06991
    """

    name: ClassVar[str] = "precision"
    title: ClassVar[str] = "precision, the share of data within reach of real ones"
    formula: ClassVar[str] = "(1/n) sum_i 1[some j: |x_i - r_j| <= R_j], R_j the distance of r_j to its k-th neighbour"
    unit: ClassVar[str] = "share"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = KYNKAANNIEMI
    points: ClassVar[str] = "data"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud, reach = self._cloud(reference)

        def judging(data: Floats) -> Judgement:
            return _share(_any(within(Cloud.of(data, cloud), cloud, reach)[0]))

        return judging


@dataclass(frozen=True, repr=False)
class Recall(_Balls):
    """Share of the real data that lie in the ball of a generated one: how much of reality could be generated.

    Args:
        k: a ball reaches to the k-th neighbour of its middle.

    References:
        Kynkäänniemi et al.: Improved precision and recall metric. NeurIPS 2019, arXiv:1904.06991
    """

    name: ClassVar[str] = "recall"
    title: ClassVar[str] = "recall, the share of real data within reach of generated ones"
    formula: ClassVar[str] = "(1/m) sum_j 1[some i: |x_i - r_j| <= S_i], S_i the distance of x_i to its k-th neighbour"
    unit: ClassVar[str] = "share"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = KYNKAANNIEMI
    points: ClassVar[str] = "reference"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud = Cloud.of(reference)

        def judging(data: Floats) -> Judgement:
            other = Cloud.of(data, cloud)
            return _share(_any(within(cloud, other, radii(other, self.k))[0]), len(data))

        return judging


@dataclass(frozen=True, repr=False)
class Density(_Balls):
    """How many balls of real data a generated one lies in, over k: 1 on average where both have one law; not bounded.

    Data on the surface of a ball share the places that it has left of k, so that a sample beside itself has density 1.

    Args:
        k: a ball reaches to the k-th neighbour of its middle.

    References:
        Naeem et al.: Reliable fidelity and diversity metrics. ICML 2020, arXiv:2002.09797
    """

    name: ClassVar[str] = "density"
    title: ClassVar[str] = "density, the number of real data within whose reach the data are"
    formula: ClassVar[str] = "(1/(k n)) sum_ij 1[|x_i - r_j| <= R_j], R_j the distance of r_j to its k-th neighbour"
    unit: ClassVar[str] = "that of real data"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = NAEEM
    points: ClassVar[str] = "data"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud, reach = self._cloud(reference)
        return lambda data: _share(overlap(Cloud.of(data, cloud), cloud, reach, self.k).in_balls / self.k)


@dataclass(frozen=True, repr=False)
class Coverage(_Balls):
    """Share of the real data whose ball holds a generated one: how much of reality is generated.

    Args:
        k: a ball reaches to the k-th neighbour of its middle.

    References:
        Naeem et al.: Reliable fidelity and diversity metrics. ICML 2020, arXiv:2002.09797
    """

    name: ClassVar[str] = "coverage"
    title: ClassVar[str] = "coverage, the share of real data that have generated ones within their reach"
    formula: ClassVar[str] = "(1/m) sum_j 1[some i: |x_i - r_j| <= R_j], R_j the distance of r_j to its k-th neighbour"
    unit: ClassVar[str] = "share"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = NAEEM
    points: ClassVar[str] = "reference"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud, reach = self._cloud(reference)

        def judging(data: Floats) -> Judgement:
            return _share(_any(within(Cloud.of(data, cloud), cloud, reach)[1]), len(data))

        return judging


def prdc(data: Floats, reference: Floats, k: int = 5) -> dict[str, Judgement]:
    """Precision, recall, density and coverage at once, by three products where one at a time they take eight.

    Args:
        data: features of the data to be judged, shape (n, k).
        reference: features of real data, shape (m, k).
        k: a ball reaches to the k-th neighbour of its middle.

    Raises:
        InputError: as the four judges themselves.

    >>> list(prdc(np.zeros((9, 2)), np.ones((9, 2))))
    ['precision', 'recall', 'density', 'coverage']
    """
    judge = Precision(k)
    x, r = judge.checked(data, "data"), judge.checked(reference, "reference")
    if x.shape[1] != r.shape[1]:
        raise InputError(f"data have {x.shape[1]} features and the reference {r.shape[1]}: they must agree")
    cloud = Cloud.of(r)
    other = Cloud.of(x, cloud)
    found = overlap(other, cloud, radii(cloud, k), k, radii(other, k))
    n = len(x)
    return {
        "precision": _share(_any(found.in_balls)),
        "recall": _share(_any(found.covered), n),
        "density": _share(found.in_balls / k),
        "coverage": _share(_any(found.holding), n),
    }


def coverage_by_chance(n: int, m: int, k: int = 5) -> float:
    """Mean coverage where n generated and m real points are of one law: 1 - prod_{i=1..k} (m - i) / (n + m - i).

    >>> round(coverage_by_chance(1_000, 1_000), 3)
    0.969
    """
    return 1 - functools.reduce(lambda product, i: product * (m - i) / (n + m - i), range(1, k + 1), 1.0)


def _share(per_point: Floats, n_used: int | None = None) -> Judgement:
    value = float(per_point.mean())
    return Judgement(value, value, len(per_point) if n_used is None else n_used, per_point)


def _any(counts: NDArray[Any]) -> Floats:
    return (counts > 0).astype(np.float64)
