"""Drift: how far a sample is from a law, and how far by chance."""

from typing import Any

from latentot.catalogue import Catalogue
from latentot.metrics.function import as_metric
from latentot.metrics.jackknife import GROUPS, jackknife_sd, jackknife_size
from latentot.metrics.laws import LAWS, law_p_values
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.metric import Metric
from latentot.metrics.null import NullBand
from latentot.metrics.one_sample import OneSample
from latentot.metrics.streaming.partial import OnePass, Partial
from latentot.metrics.tail import tail_p_value
from latentot.metrics.two_sample import TwoSample

__all__ = [
    "DEFAULT",
    "GROUPS",
    "LAWS",
    "METRICS",
    "Judge",
    "Measurement",
    "Metric",
    "NullBand",
    "OnePass",
    "OneSample",
    "Partial",
    "TwoSample",
    "as_metric",
    "drift",
    "drifts",
    "jackknife_sd",
    "jackknife_size",
    "law_p_values",
    "tail_p_value",
]

DEFAULT = ("sliced-wasserstein", "norm-wasserstein", "marginal-ks", "max-sliced")
"""What a comparison measures if it is not said."""

_OWN = {
    name: f"latentot.metrics.{place}"
    for name, place in {
        "sliced-wasserstein": "sliced:SlicedWasserstein",
        "sliced-wasserstein-1": "sliced:SlicedWasserstein1",
        "max-sliced": "max_sliced:MaxSliced",
        "norm-wasserstein": "norm_wasserstein:NormWasserstein",
        "norm-wasserstein-one-sample": "norm_wasserstein:NormWassersteinOneSample",
        "norm-ks": "norm_ks:NormKS",
        "norm-ks-one-sample": "norm_ks:NormKSOneSample",
        "marginal-ks": "marginal_ks:MarginalKS",
        "marginal-ks-one-sample": "marginal_ks:MarginalKSOneSample",
        "marginal-wasserstein": "marginal_wasserstein:MarginalWasserstein",
        "marginal-anderson-darling": "marginal_anderson_darling:MarginalAndersonDarling",
        "marginal-anderson-darling-one-sample": "marginal_anderson_darling:MarginalAndersonDarlingOneSample",
        "covariance": "covariance:Covariance",
        "frechet": "frechet:Frechet",
        "gaussian-kl": "gaussian_kl:GaussianKL",
        "log-density": "log_density:LogDensity",
        "ksd": "stein:KSD",
        "mmd": "mmd:MMD",
        "mmd-multi": "mmd:MultiMMD",
        "mmd-fuse": "fuse:MMDFuse",
        "mmd-spectral": "spectral:SpectralMMD",
        "energy": "energy:Energy",
        "emd": "emd:EMD",
        "sinkhorn": "sinkhorn:SinkhornDivergence",
        "knn-kl": "neighbours:NeighbourKL",
        "knn-edges": "edges:NeighbourEdges",
        "c2st": "c2st:C2ST",
    }.items()
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
    "kernel-stein-discrepancy": "ksd",
    "stein": "ksd",
    "maximum-mean-discrepancy": "mmd",
    "kernel-mmd": "mmd",
    "rbf-mmd": "mmd",
    "fuse": "mmd-fuse",
    "kernel-fisher-discriminant": "mmd-spectral",
    "kfda": "mmd-spectral",
    "spectral-mmd": "mmd-spectral",
    "energy-distance": "energy",
    "ot": "emd",
    "optimal-transport": "emd",
    "earth-mover": "emd",
    "earth-movers-distance": "emd",
    "sinkhorn-divergence": "sinkhorn",
    "kl-knn": "knn-kl",
    "edge-count": "knn-edges",
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
        **options: those of that metric; `help(drift(name))` is its page.

    Raises:
        InputError: no metric has this name, or it does not take these options.

    >>> drift("swd").name, drift("mmd", width=2.0).width
    ('sliced-wasserstein', 2.0)
    """
    name = METRICS.resolve(name)
    return as_metric(METRICS.make(name, **options), name)


def drifts() -> list[str]:
    """Names of the drift metrics.

    >>> set(DEFAULT) <= set(drifts())
    True
    """
    return METRICS.names()
