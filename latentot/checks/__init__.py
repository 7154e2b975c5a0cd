"""Conformance kits: properties that plugins must have, each a check that says what to change."""

from latentot.checks.check import OUTCOMES, Check, CheckResult, Conformance
from latentot.checks.interpolation import check_interpolation
from latentot.checks.metric import check_metric
from latentot.checks.model import check_model

__all__ = ["OUTCOMES", "Check", "CheckResult", "Conformance", "check_interpolation", "check_metric", "check_model"]
