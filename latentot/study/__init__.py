"""Studies: a comparison declared as data, computed cell by cell, stored in a folder."""

from latentot.study.estimate import Estimate, estimate
from latentot.study.execution.engine import Engine
from latentot.study.outcome import Outcome, write
from latentot.study.run import Progress, run
from latentot.study.spec.own import own_features, own_judges, own_methods, own_metrics
from latentot.study.spec.study import Choice, Study
from latentot.study.spec.sweep import labels, read_studies, studies_of
from latentot.study.storage.null_cache import NullCache, default_folder

__all__ = [
    "Choice",
    "Engine",
    "Estimate",
    "NullCache",
    "Outcome",
    "Progress",
    "Study",
    "default_folder",
    "estimate",
    "labels",
    "own_features",
    "own_judges",
    "own_methods",
    "own_metrics",
    "read_studies",
    "run",
    "studies_of",
    "write",
]
