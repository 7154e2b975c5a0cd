"""Judges: data seen through their features, by themselves and beside real data; never latents."""

from typing import Any

from latentot.catalogue import Catalogue
from latentot.errors import InputError
from latentot.judges.clipped import ClippedCoverage, ClippedDensity
from latentot.judges.copying import DataCopying
from latentot.judges.drift import Drift, as_judge
from latentot.judges.frechet import Frechet
from latentot.judges.judgement import Judge, Judgement
from latentot.judges.kid import Kid
from latentot.judges.manifold import Coverage, Density, Precision, Recall, coverage_by_chance, prdc
from latentot.judges.membership import Membership
from latentot.judges.memorisation import Authenticity, NearestTraining
from latentot.judges.predictions import Diversity, InceptionScore, Quality
from latentot.judges.walks.betweenness import Betweenness
from latentot.judges.walks.class_changes import ClassChanges
from latentot.judges.walks.low_density import LowDensity
from latentot.judges.walks.ppl import PplEnd, PplFull, Walk
from latentot.judges.walks.steps import GiniSmoothness, MaxJump, PathLength, StepVariance
from latentot.metrics import METRICS, TwoSample, drift

__all__ = [
    "JUDGES",
    "Drift",
    "Judge",
    "Judgement",
    "Walk",
    "as_judge",
    "coverage_by_chance",
    "judge",
    "list_judges",
    "prdc",
]

JUDGES = Catalogue(
    "judge",
    "latentot.judges",
    {
        one.name: one
        for one in (
            Frechet,
            Kid,
            Precision,
            Recall,
            Density,
            Coverage,
            ClippedDensity,
            ClippedCoverage,
            Membership,
            Quality,
            Diversity,
            InceptionScore,
            NearestTraining,
            Authenticity,
            DataCopying,
            PplEnd,
            PplFull,
            PathLength,
            MaxJump,
            StepVariance,
            GiniSmoothness,
            LowDensity,
            Betweenness,
            ClassChanges,
        )
    },
    {
        "fid": "frechet",
        "fréchet": "frechet",
        "frechet-distance": "frechet",
        "frechet-inception-distance": "frechet",
        "kernel-inception-distance": "kid",
        "improved-precision": "precision",
        "improved-recall": "recall",
        "is": "inception-score",
        "inception": "inception-score",
        "data-copying": "c-t",
        "smoothness": "write 'gini-smoothness', 'max-jump' or 'pdv'",
        "ppl": "write 'ppl-full' or 'ppl-end' for StyleGAN's, 'path-length' for MorphBench's sum over 17 frames",
        "perceptual-path-length": "write 'ppl-full' or 'ppl-end'",
        "memorisation": "write 'authenticity', 'nearest-training' or 'c-t'",
        "lpips": "give its network as features, and write 'path-length' or 'ppl-full'",
        "prdc": "write 'precision', 'recall', 'density' or 'coverage'",
    },
)
"""Judges by name: plugins announce factories in this group, factory(**options) gives a `Judge`, or a callable
(features, reference, *, rng) -> float. Drift metrics of two samples are judges of features under their own names."""


def judge(name: str, **options: Any) -> Judge:
    """The judge of a name.

    Args:
        name: a name out of `list_judges()`, or another word for it, such as "fid"; case does not matter.
        **options: parameters of that judge.

    Raises:
        InputError: no judge has this name, or it does not take these options.

    >>> judge("precision", k=3), judge("sliced-wasserstein")
    (precision(k=3), Drift(sliced-wasserstein))
    """
    try:
        found = JUDGES.resolve(name)
    except InputError:
        if not isinstance(name, str) or not _is_metric(name):
            raise
        return Drift(drift(name, **options))
    return as_judge(JUDGES.make(found, **options), found)


def list_judges() -> list[str]:
    """Names of the judges, then of the drift metrics that judge features.

    >>> list_judges()[:3], "c2st" in list_judges()
    (['frechet', 'kid', 'precision'], True)
    """
    own = JUDGES.names()
    return [*own, *(name for name in METRICS.own if name not in own and isinstance(drift(name), TwoSample))]


def _is_metric(name: str) -> bool:
    try:
        METRICS.resolve(name)
    except InputError:
        return False
    return True
