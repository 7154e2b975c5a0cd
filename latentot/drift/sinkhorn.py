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

from latentot.drift.entropic import annealed, self_potential
from latentot.drift.metric import Judge, Measurement, Points, TwoSample, subset
from latentot.drift.pairs import Squares, squared_distances
from latentot.errors import InputError

MOST = 2_000
BLUR = 1 / 3
TOLERANCE = 1e-3
"""Root mean square relative error of the marginals: the cost is then off by blur^2 / 2 times its square."""


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:
    seed = int(rng.integers(2**63))
    centre = reference.mean(axis=0)
    known = (subset(reference, MOST, seed) - centre).astype(np.float32)
    eps = BLUR**2 * 2 * float(known.var(axis=0, dtype=np.float64).sum())
    if not eps > 0:
        raise InputError("all reference points coincide, so a blur that is a third of their distance is 0")
    own, own_barred = _self_cost(known, eps), _self_cost(known, eps, barred=True)

    def judge(z: Points) -> Measurement:
        points = (subset(z, MOST, seed) - centre).astype(np.float32)
        cross = _cross_cost(points, known, eps)
        value = cross - _self_cost(points, eps, barred=True) / 2 - own_barred / 2
        return Measurement(value, cross - _self_cost(points, eps) / 2 - own / 2, len(points))

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
    centre = y.mean(axis=0)
    x, y = (x - centre).astype(np.float32), (y - centre).astype(np.float32)
    return _cross_cost(x, y, blur**2) - _self_cost(x, blur**2) / 2 - _self_cost(y, blur**2) / 2


def _cross_cost(x: Squares, y: Squares, eps: float) -> float:
    costs = squared_distances(x, y)
    costs /= 2
    f, g, error = annealed(costs, eps, tolerance=TOLERANCE)
    return _solved(float(f.mean() + g.mean()), error, eps)


def _self_cost(x: Squares, eps: float, *, barred: bool = False) -> float:
    """OT(x, x); barred, no point is matched to itself, neither in the plan nor in the uniform one beside it."""
    costs = squared_distances(x, x)
    costs /= 2
    np.fill_diagonal(costs, np.inf if barred else 0)
    f, error = self_potential(costs, eps, tolerance=TOLERANCE)
    uniform = eps * float(np.log1p(-1 / len(x))) if barred else 0.0
    return _solved(2 * float(f.mean()) + uniform, error, eps)


def _solved(cost: float, error: float, eps: float) -> float:
    if not error <= TOLERANCE:
        raise InputError(
            f"entropic transport at a blur of {eps**0.5:.3g} has not converged: its marginals are off by {error:.1e}, "
            f"{TOLERANCE:g} is wanted: the samples are too far apart for this blur"
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
    least=3,
    most=MOST,
    moments=2,
    prepare=_prepare,
)
