"""Sinkhorn divergence: transport with a blur, its own blur taken off again.

S(z, r) = OT(z, r) - OT(z, z)/2 - OT(r, r)/2, OT the least mean |z_i - r_j|^2 / 2 + blur^2 KL(plan | uniform). The blur
is a third of the root mean square distance of two points of the reference. S itself, the raw value, is far from 0
between samples of one law (0.67 for 2,000 points of N(0, I_64)), and in high dimension it falls as z shrinks, since
each point is its own cheapest match. The value bars those matches in OT(z, z) and OT(r, r), as an unbiased MMD does:
its mean is near 0 where nothing drifts, within half of a standard deviation. Quadratic in the number of points: it uses
2,000 of each.

>>> import latentot as lot
>>> z, reference = lot.Normal(2).sample(500, rng=0) + 3, lot.Normal(2).sample(500, rng=1)
>>> 8 < lot.drift("sinkhorn")(z, reference, rng=0) < 10
True
"""

__all__ = ["sinkhorn", "sinkhorn_divergence"]

import numpy as np

from latentot.errors import InputError
from latentot.metrics.entropic import annealed, self_potential
from latentot.metrics.metric import Judge, Measurement, Points, TwoSample
from latentot.metrics.pairs import squared_distances

MAX_POINTS = 2_000
BLUR = 1 / 3
TOLERANCE = 1e-3
"""Root mean square relative error of the marginals: the cost is then off by blur^2 / 2 times its square."""


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    eps = BLUR**2 * 2 * float(reference.var(axis=0, dtype=np.float64).sum())
    if not eps > 0:
        raise InputError("sinkhorn: all reference points coincide, so a blur that is a third of their distance is 0")
    blur = "a third of the reference's distances"
    own, own_barred = _self_cost(reference, eps, blur), _self_cost(reference, eps, blur, barred=True)

    def judge(z: Points) -> Measurement:
        cross = _cross_cost(z, reference, eps, blur)
        value = cross - _self_cost(z, eps, blur, barred=True) / 2 - own_barred / 2
        return Measurement(value, cross - _self_cost(z, eps, blur) / 2 - own / 2, len(z))

    return judge


def sinkhorn_divergence(x: Points, y: Points, blur: float) -> float:
    """S(x, y) at a blur, as it is usually defined: every point may be matched to itself.

    Args:
        x, y: points, shapes (n, d) and (m, d), each of equal weight.
        blur: the root of the entropy's weight, in latent units.

    Returns:
        The divergence, in squared latent units, never below 0 but for rounding.

    Raises:
        InputError: the scaling did not converge.
    """
    eps, named = blur**2, f"{blur:.3g}"
    return _cross_cost(x, y, eps, named) - _self_cost(x, eps, named) / 2 - _self_cost(y, eps, named) / 2


def _cross_cost(x: Points, y: Points, eps: float, blur: str) -> float:
    """OT(x, y): that of both about their means, for the plan is the same, and the cost of the shift."""
    means = x.mean(axis=0, dtype=np.float64), y.mean(axis=0, dtype=np.float64)
    costs = squared_distances(x - means[0], y - means[1])
    costs /= 2
    f, g, error = annealed(costs, eps, tolerance=TOLERANCE)
    return _solved(float(f.mean() + g.mean()), error, blur) + float(np.square(means[0] - means[1]).sum()) / 2


def _self_cost(x: Points, eps: float, blur: str, *, barred: bool = False) -> float:
    """OT(x, x); barred, no point is matched to itself, neither in the plan nor in the uniform one beside it."""
    costs = squared_distances(x, x)
    costs /= 2
    np.fill_diagonal(costs, np.inf if barred else 0)
    f, error = self_potential(costs, eps, tolerance=TOLERANCE)
    uniform = eps * float(np.log1p(-1 / len(x))) if barred else 0.0
    return _solved(2 * float(f.mean()) + uniform, error, blur)


def _solved(cost: float, error: float, blur: str) -> float:
    if not error <= TOLERANCE:
        raise InputError(
            f"sinkhorn: entropic transport at a blur of {blur} has not converged: its marginals are off by "
            f"{error:.1e}, {TOLERANCE:g} is wanted: the samples are too far apart for this blur"
        )
    return cost


sinkhorn = TwoSample(
    name="sinkhorn",
    title="Sinkhorn divergence, debiased",
    formula="OT(z, r) - OT(z, z')/2 - OT(r, r')/2, OT of cost |x - y|^2 / 2 with entropy blur^2, blur a third of the "
    "reference's root mean square distance, no point matched to itself",
    unit="squared latent units",
    cost="O(k^2 (d + rounds)), k = min(n, 2000)",
    error="2,000 points of each sample, chosen at random; marginals to 0.1 %",
    citation="Feydy, Séjourné, Vialard, Amari, Trouvé, Peyré: Interpolating between optimal transport and MMD using "
    "Sinkhorn divergences. AISTATS 2019, arXiv:1810.08278",
    min_points=3,
    max_points=MAX_POINTS,
    moments=2,
    degree=2,
    precision=np.float64,
    prepare=_prepare,
)
