"""What every model must have, each property a check that says what to change."""

from latentot.checks.model.case import Case, Recipe
from latentot.checks.model.catalogue import CHECKS
from latentot.checks.model.examination import check_model, examined

__all__ = ["CHECKS", "Case", "Recipe", "check_model", "examined"]
