"""Studies: a comparison declared as data, computed cell by cell, stored in a folder."""

from latentot.study.null_cache import NullCache, default_folder
from latentot.study.run import Outcome, Progress, run
from latentot.study.spec import Choice, Study, read_study
from latentot.study.store import prepare, write

__all__ = [
    "Choice",
    "NullCache",
    "Outcome",
    "Progress",
    "Study",
    "default_folder",
    "prepare",
    "read_study",
    "run",
    "write",
]
