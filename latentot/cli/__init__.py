"""The command line: flags in, one call of the library, a table and a path out."""

from latentot.cli import check as _check
from latentot.cli import compare as _compare
from latentot.cli import doctor as _doctor
from latentot.cli import inspect as _inspect
from latentot.cli import interpolate as _interpolate
from latentot.cli import models as _models
from latentot.cli import runs as _runs
from latentot.cli.app import app, main

__all__ = ["app", "main"]

_DECLARED = (_check, _compare, _doctor, _inspect, _interpolate, _models, _runs)
"""Commands are declared where they are imported."""
