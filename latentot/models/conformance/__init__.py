"""The conformance kit: properties that every model must have, each a check that says what to change."""

from latentot.models.conformance.case import Case, Recipe
from latentot.models.conformance.catalogue import CHECKS
from latentot.models.conformance.check import OUTCOMES, Check, CheckResult
from latentot.models.conformance.examination import Conformance, check_model, examined

__all__ = ["CHECKS", "OUTCOMES", "Case", "Check", "CheckResult", "Conformance", "Recipe", "check_model", "examined"]
