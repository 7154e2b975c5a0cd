"""Drift: how far a sample is from a law, and how far by chance."""

from latentot.drift.c2st import c2st
from latentot.drift.emd import emd
from latentot.drift.energy import energy
from latentot.drift.marginal import marginal_ks
from latentot.drift.max_sliced import max_sliced
from latentot.drift.metric import Judge, Measurement, Metric, OneSample, TwoSample
from latentot.drift.mmd import mmd, mmd_multi
from latentot.drift.neighbours import knn_kl
from latentot.drift.norm import norm_wasserstein
from latentot.drift.null import NullBand
from latentot.drift.sinkhorn import sinkhorn
from latentot.drift.sliced import sliced_wasserstein
from latentot.errors import unknown_name

__all__ = ["DEFAULT", "Judge", "Measurement", "Metric", "NullBand", "OneSample", "TwoSample", "drift", "drifts"]

DEFAULT = ("sliced-wasserstein", "norm-wasserstein", "marginal-ks", "mmd", "emd")
"""What a comparison measures if it is not said."""

_METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *(sliced_wasserstein, norm_wasserstein, marginal_ks, mmd, emd),
        *(energy, mmd_multi, sinkhorn, max_sliced, knn_kl, c2st),
    )
}


def drift(name: str) -> Metric:
    """The drift metric of a name.

    Args:
        name: a name out of `drifts()`.

    Raises:
        InputError: no metric has this name.
    """
    if name not in _METRICS:
        raise unknown_name("metric", name, _METRICS)
    return _METRICS[name]


def drifts() -> list[str]:
    """Names of the drift metrics.

    >>> drifts()
    ['sliced-wasserstein', 'norm-wasserstein', 'marginal-ks', 'mmd', 'emd']
    """
    return list(_METRICS)
