"""Drift: how far a sample is from a law, and how far by chance."""

from typing import Any

from latentot.catalogue import Catalogue
from latentot.metrics.c2st import c2st
from latentot.metrics.covariance import covariance
from latentot.metrics.emd import emd
from latentot.metrics.energy import energy
from latentot.metrics.frechet import frechet
from latentot.metrics.function import Ready, as_metric
from latentot.metrics.gaussian_kl import gaussian_kl
from latentot.metrics.laws import LAWS, law_p_values
from latentot.metrics.log_density import log_density
from latentot.metrics.marginal import (
    marginal_anderson_darling,
    marginal_anderson_darling_one_sample,
    marginal_ks,
    marginal_ks_one_sample,
    marginal_wasserstein,
)
from latentot.metrics.max_sliced import max_sliced
from latentot.metrics.measurement import Measurement
from latentot.metrics.metric import Judge, Metric, OneSample, TwoSample
from latentot.metrics.mmd import mmd, mmd_multi
from latentot.metrics.neighbours import knn_kl
from latentot.metrics.norm import norm_ks, norm_ks_one_sample, norm_wasserstein, norm_wasserstein_one_sample
from latentot.metrics.null import NullBand
from latentot.metrics.sinkhorn import sinkhorn
from latentot.metrics.sliced import sliced_wasserstein, sliced_wasserstein_1
from latentot.metrics.streaming.partial import Partial
from latentot.metrics.subsampling import BLOCKS, subsampled_sd
from latentot.metrics.tail import tail_p_value

__all__ = [
    "BLOCKS",
    "DEFAULT",
    "LAWS",
    "METRICS",
    "Judge",
    "Measurement",
    "Metric",
    "NullBand",
    "OneSample",
    "Partial",
    "TwoSample",
    "as_metric",
    "drift",
    "drifts",
    "law_p_values",
    "subsampled_sd",
    "tail_p_value",
]

DEFAULT = ("sliced-wasserstein", "norm-wasserstein", "marginal-ks", "mmd", "emd")
"""What a comparison measures if it is not said."""

_OWN = {
    metric.name: Ready(metric)
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

_IMAGES = "it compares features of images; metrics here are of latents: "
_OTHER_WORDS = {
    "sw": "sliced-wasserstein",
    "swd": "sliced-wasserstein",
    "sliced": "sliced-wasserstein",
    "sliced-w2": "sliced-wasserstein",
    "sliced-wasserstein-2": "sliced-wasserstein",
    "sw1": "sliced-wasserstein-1",
    "sliced-w1": "sliced-wasserstein-1",
    "max-sw": "max-sliced",
    "max-swd": "max-sliced",
    "max-sliced-wasserstein": "max-sliced",
    "anderson-darling": "marginal-anderson-darling",
    "cov": "covariance",
    "fd": "frechet",
    "fréchet": "frechet",
    "frechet-distance": "frechet",
    "kl-gaussian": "gaussian-kl",
    "log-prob": "log-density",
    "log-likelihood": "log-density",
    "likelihood": "log-density",
    "nll": "log-density",
    "maximum-mean-discrepancy": "mmd",
    "kernel-mmd": "mmd",
    "rbf-mmd": "mmd",
    "energy-distance": "energy",
    "ot": "emd",
    "optimal-transport": "emd",
    "earth-mover": "emd",
    "earth-movers-distance": "emd",
    "sinkhorn-divergence": "sinkhorn",
    "kl-knn": "knn-kl",
    "classifier": "c2st",
    "classifier-two-sample-test": "c2st",
    "ks": "write 'marginal-ks' for each coordinate, or 'norm-ks' for norms",
    "kolmogorov-smirnov": "write 'marginal-ks' for each coordinate, or 'norm-ks' for norms",
    "kl": "write 'gaussian-kl' for means and covariances, or 'knn-kl' for any law",
    "wasserstein": "write 'emd' in all coordinates, 'sliced-wasserstein', 'norm-wasserstein' or 'marginal-wasserstein'",
    "w1": "write 'sliced-wasserstein-1', 'norm-wasserstein' or 'marginal-wasserstein'",
    "w2": "write 'emd' (squared, in all coordinates), 'sliced-wasserstein', or 'frechet' (between normal laws)",
    "fid": _IMAGES + "'frechet' is the same distance between latents",
    "kid": _IMAGES + "'mmd' is such a discrepancy between latents",
    "inception-score": _IMAGES + "write 'frechet', or another out of latentot list",
    "lpips": _IMAGES + "write 'frechet', or another out of latentot list",
    "prd": _IMAGES + "write 'c2st', or another out of latentot list",
}
"""Other words of the field, for names or with what to write instead."""


METRICS = Catalogue("metric", "latentot.metrics", _OWN, _OTHER_WORDS)
"""Metrics by name: plugins announce factories in this group, factory(**options) gives a `Metric`, or a callable
(z, reference, *, rng) -> float."""


def drift(name: str, **options: Any) -> Metric:
    """The drift metric of a name.

    Args:
        name: a name out of `drifts()`, or another word for it, such as "swd"; case does not matter.
        **options: parameters of that metric.

    Raises:
        InputError: no metric has this name, or it does not take these options.

    >>> drift("swd").name
    'sliced-wasserstein'
    """
    name = METRICS.resolve(name)
    return as_metric(METRICS.make(name, **options), name)


def drifts() -> list[str]:
    """Names of the drift metrics.

    >>> set(DEFAULT) <= set(drifts())
    True
    """
    return METRICS.names()
