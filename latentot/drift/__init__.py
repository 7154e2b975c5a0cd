"""Drift: how far a sample is from a law, and how far by chance."""

from latentot.drift.emd import emd
from latentot.drift.marginal import marginal_ks
from latentot.drift.measurement import Measurement
from latentot.drift.metric import Judge, Metric, OneSample, TwoSample
from latentot.drift.mmd import mmd
from latentot.drift.norm import norm_wasserstein
from latentot.drift.null import NullBand
from latentot.drift.sliced import sliced_wasserstein
from latentot.drift.streaming.partial import Partial
from latentot.errors import unknown_name

__all__ = [
    "DEFAULT",
    "Judge",
    "Measurement",
    "Metric",
    "NullBand",
    "OneSample",
    "Partial",
    "TwoSample",
    "drift",
    "drifts",
]

DEFAULT = ("sliced-wasserstein", "norm-wasserstein", "marginal-ks", "mmd", "emd")
"""What a comparison measures if it is not said."""

_METRICS: dict[str, Metric] = {
    metric.name: metric for metric in (sliced_wasserstein, norm_wasserstein, marginal_ks, mmd, emd)
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
