"""Drift of the norms, the soap bubble: the transport cost between the laws of |z|.

W1 = integral |F_z(r) - F_reference(r)| dr over the norms r. For N(0, s I_d) against N(0, I_d) it is
|1 - sqrt(s)| E[chi(d)].

>>> import latentot as lot
>>> reference = lot.Normal(64).sample(20_000, rng=0)
>>> round(lot.drift("norm-wasserstein")(reference / 2**0.5, reference, rng=0), 2)
2.33
"""

__all__ = ["norm_wasserstein"]

import numpy as np

from latentot.drift.metric import Judge, Measurement, Points, TwoSample
from latentot.drift.streaming.norm import NormSketch


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    from scipy.stats import wasserstein_distance

    norms = np.linalg.norm(reference, axis=1)

    def judge(z: Points) -> Measurement:
        value = float(wasserstein_distance(np.linalg.norm(z, axis=1), norms))
        return Measurement(value, value, len(z))

    return judge


norm_wasserstein = TwoSample(
    name="norm-wasserstein",
    title="Wasserstein-1 distance of the norms",
    formula="W1(|z|, |r|)",
    unit="latent units",
    cost="O(n (d + log n))",
    citation="Villani: Topics in Optimal Transportation. AMS 2003, section 2.2",
    least=2,
    moments=1,
    prepare=_prepare,
    sketch=NormSketch.start,
)
