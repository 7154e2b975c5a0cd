"""Sinkhorn divergence: transport with a blur, its own blur taken off again."""

__all__ = ["SinkhornDivergence", "sinkhorn_divergence"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.options import at_least, positive
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.entropic import annealed, self_potential
from latentot.numerics.pairs import squared_distances
from latentot.numerics.points import Points


@dataclass(frozen=True, repr=False)
class SinkhornDivergence(TwoSample):
    """Sinkhorn divergence, S(z, r) = OT(z, r) - OT(z, z)/2 - OT(r, r)/2, debiased.

    OT is the least mean |z_i - r_j|^2 / 2 + b^2 KL(plan | uniform) over plans. S itself, the raw value, is far from 0
    between samples of one law (0.67 for 2,000 points of N(0, I_64)), and in high dimension it falls as z shrinks, since
    each point is its own cheapest match. The value bars those matches in OT(z, z) and OT(r, r), as an unbiased MMD
    does: its mean is near 0 where nothing drifts, within half of a standard deviation. Quadratic in the number of
    points.

    Args:
        blur: b, in root mean square distances of two points of the reference.
        tolerance: root mean square relative error of the marginals of a plan: the cost is then off by b^2 / 2 times its
            square.
        max_points: points of each sample that are used, chosen at random.

    References:
        Feydy, Séjourné, Vialard, Amari, Trouvé, Peyré: Interpolating between optimal transport and MMD using Sinkhorn
        divergences. AISTATS 2019, arXiv:1810.08278

    >>> import latentot as lot
    >>> z, reference = lot.Normal(2).sample(500, rng=0) + 3, lot.Normal(2).sample(500, rng=1)
    >>> 8 < lot.drift("sinkhorn")(z, reference, rng=0) < 10
    True
    """

    name = "sinkhorn"
    title = "Sinkhorn divergence, debiased"
    formula = (
        "OT(z, r) - OT(z, z')/2 - OT(r, r')/2, OT of cost |x - y|^2 / 2 with entropy b^2, b in proportion to the "
        "reference's root mean square distance, no point matched to itself"
    )
    unit = "squared latent units"
    citation = (
        "Feydy, Séjourné, Vialard, Amari, Trouvé, Peyré: Interpolating between optimal transport and MMD using "
        "Sinkhorn divergences. AISTATS 2019, arXiv:1810.08278"
    )
    moments = 2
    degree = 2
    precision = np.float64
    min_points = 3

    blur: float = 1 / 3
    tolerance: float = 1e-3
    max_points: int = 2_000

    def __post_init__(self) -> None:
        positive(self, "blur", "tolerance")
        at_least(self, max_points=3)

    @property
    def cost(self) -> str:
        return f"O(k^2 (d + rounds)), k = min(n, {self.max_points})"

    @property
    def error(self) -> str:
        return f"{self.max_points:,} points of each sample, chosen at random; marginals to {100 * self.tolerance:g} %"

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        eps = self.blur**2 * 2 * float(reference.var(axis=0, dtype=np.float64).sum())
        if not eps > 0:
            raise InputError("sinkhorn: all reference points coincide, so a blur in proportion to their distance is 0")
        costs = _Costs(eps, self.tolerance, f"{self.blur:.3g} of the reference's distances")
        own, own_barred = costs.within(reference), costs.within(reference, barred=True)

        def judge(z: Points) -> Measurement:
            cross = costs.between(z, reference)
            value = cross - costs.within(z, barred=True) / 2 - own_barred / 2
            return Measurement(value, cross - costs.within(z) / 2 - own / 2, len(z))

        return judge


def sinkhorn_divergence(x: Points, y: Points, blur: float, *, tolerance: float = 1e-3) -> float:
    """S(x, y) at a blur, as it is usually defined: every point may be matched to itself.

    Args:
        x, y: points, shapes (n, d) and (m, d), each of equal weight.
        blur: the root of the entropy's weight, in latent units.
        tolerance: root mean square relative error of the marginals of a plan.

    Returns:
        The divergence, in squared latent units, never below 0 but for rounding.

    Raises:
        InputError: the scaling did not converge.
    """
    costs = _Costs(blur**2, tolerance, f"{blur:.3g}")
    return costs.between(x, y) - costs.within(x) / 2 - costs.within(y) / 2


@dataclass(frozen=True)
class _Costs:
    """Costs of entropic transport.

    Args:
        eps: the weight of the entropy, blur^2.
        tolerance: of the marginals.
        blur: the blur, as messages name it.
    """

    eps: float
    tolerance: float
    blur: str

    def between(self, x: Points, y: Points) -> float:
        """OT(x, y): that of both about their means, for the plan is the same, and the cost of the shift."""
        means = x.mean(axis=0, dtype=np.float64), y.mean(axis=0, dtype=np.float64)
        costs = squared_distances(x - means[0], y - means[1])
        costs /= 2
        f, g, error = annealed(costs, self.eps, tolerance=self.tolerance)
        return self._solved(float(f.mean() + g.mean()), error) + float(np.square(means[0] - means[1]).sum()) / 2

    def within(self, x: Points, *, barred: bool = False) -> float:
        """OT(x, x); barred, no point is matched to itself, neither in the plan nor in the uniform one beside it."""
        costs = squared_distances(x, x)
        costs /= 2
        np.fill_diagonal(costs, np.inf if barred else 0)
        f, error = self_potential(costs, self.eps, tolerance=self.tolerance)
        uniform = self.eps * float(np.log1p(-1 / len(x))) if barred else 0.0
        return self._solved(2 * float(f.mean()) + uniform, error)

    def _solved(self, cost: float, error: float) -> float:
        if not error <= self.tolerance:
            raise InputError(
                f"sinkhorn: entropic transport at a blur of {self.blur} has not converged: its marginals are off by "
                f"{error:.1e}, {self.tolerance:g} is wanted: the samples are too far apart for this blur"
            )
        return cost
