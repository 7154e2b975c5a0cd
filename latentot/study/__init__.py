"""Studies: a comparison declared as data, computed cell by cell, stored in a folder."""

from latentot.study.engine import Engine
from latentot.study.estimate import Estimate, estimate
from latentot.study.files import prepare, write, write_sweep
from latentot.study.null_cache import NullCache, default_folder
from latentot.study.outcome import Outcome
from latentot.study.own import own_methods
from latentot.study.run import Progress, run
from latentot.study.spec import Choice, Study
from latentot.study.sweep import labels, read_studies, studies_of

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
    "own_methods",
    "prepare",
    "read_studies",
    "run",
    "studies_of",
    "write",
    "write_sweep",
]
