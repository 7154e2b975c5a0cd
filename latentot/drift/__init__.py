"""Drift: how far a sample is from a law, and how far by chance."""

from latentot.drift.c2st import c2st
from latentot.drift.covariance import covariance
from latentot.drift.emd import emd
from latentot.drift.energy import energy
from latentot.drift.frechet import frechet
from latentot.drift.gaussian_kl import gaussian_kl
from latentot.drift.laws import LAWS, law_p_values
from latentot.drift.log_density import log_density
from latentot.drift.marginal import (
    marginal_anderson_darling,
    marginal_anderson_darling_one_sample,
    marginal_ks,
    marginal_ks_one_sample,
    marginal_wasserstein,
)
from latentot.drift.max_sliced import max_sliced
from latentot.drift.measurement import Measurement
from latentot.drift.metric import Judge, Metric, OneSample, TwoSample
from latentot.drift.mmd import mmd, mmd_multi
from latentot.drift.neighbours import knn_kl
from latentot.drift.norm import norm_ks, norm_ks_one_sample, norm_wasserstein, norm_wasserstein_one_sample
from latentot.drift.null import NullBand
from latentot.drift.sinkhorn import sinkhorn
from latentot.drift.sliced import sliced_wasserstein, sliced_wasserstein_1
from latentot.drift.streaming.partial import Partial
from latentot.drift.subsampling import BLOCKS, subsampled_sd
from latentot.drift.tail import tail_p_value
from latentot.errors import unknown_name

__all__ = [
    "BLOCKS",
    "DEFAULT",
    "LAWS",
    "Judge",
    "Measurement",
    "Metric",
    "NullBand",
    "OneSample",
    "Partial",
    "TwoSample",
    "drift",
    "drifts",
    "law_p_values",
    "subsampled_sd",
    "tail_p_value",
]

DEFAULT = ("sliced-wasserstein", "norm-wasserstein", "marginal-ks", "mmd", "emd")
"""What a comparison measures if it is not said."""

_METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        sliced_wasserstein,
        sliced_wasserstein_1,
        max_sliced,
        norm_wasserstein,
        norm_wasserstein_one_sample,
        norm_ks,
        norm_ks_one_sample,
        marginal_ks,
        marginal_ks_one_sample,
        marginal_wasserstein,
        marginal_anderson_darling,
        marginal_anderson_darling_one_sample,
        covariance,
        frechet,
        gaussian_kl,
        log_density,
        mmd,
        mmd_multi,
        energy,
        emd,
        sinkhorn,
        knn_kl,
        c2st,
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

    >>> set(DEFAULT) <= set(drifts())
    True
    """
    return list(_METRICS)
