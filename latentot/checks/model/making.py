"""Checks of how a model is made: from plain options, the same each time, with facts that a report can store."""

__all__ = ["PLAIN_OPTIONS", "PROVENANCE", "SAME_OPTIONS"]

import json
import pickle

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.model.case import Case, outputs, within
from latentot.errors import one_line

ALIVE = "a model object was given: give its name, or its factory, with options"


def _same_options(case: Case) -> Finding | None:
    if case.recipe is None:
        return skipped(ALIVE)
    again = case.recipe.make()
    first, other = case.model.prior, again.prior
    if (type(first), first.shape) != (type(other), other.shape):
        return failed(f"the same options make a model of prior {first!r}, then one of {other!r}: fix what is drawn")
    if not case.model.deterministic:
        return None
    before, after = (outputs(model, *case.given) for model in (case.model, again))
    for what, values in before.items():
        if what not in after or not within(values, after[what]):
            return failed(
                f"the same options make two models, {what} of which differs: fix the seed of what the factory draws, "
                "as an option (seed: int = 0)"
            )
    return None


def _plain_options(case: Case) -> Finding | None:
    if case.recipe is None:
        return skipped(ALIVE)
    for name, value in case.recipe.options.items():
        try:
            kept = json.loads(json.dumps(value))
        except (TypeError, ValueError) as error:
            return failed(
                f"the option {name} is {type(value).__name__} ({one_line(error)}): take plain data, such as a path, a "
                "number or a name, and make the object in the factory"
            )
        if kept != (list(value) if isinstance(value, tuple) else value):
            return failed(f"the option {name} is not the same once written to a study file: take text, numbers, lists")
    try:
        pickle.dumps(case.recipe)
    except Exception as error:
        return failed(
            f"the factory cannot be sent to another process ({one_line(error)}): define it at the top of a module"
        )
    return None


def _provenance(case: Case) -> Finding | None:
    for fact, value in case.model.provenance.items():
        try:
            json.dumps({fact: value}, allow_nan=False)
        except (TypeError, ValueError) as error:
            return failed(
                f"the fact {fact!r} of its provenance cannot be stored in a report ({one_line(error)}): make it "
                "text, a finite number, or a list of them, such as int(n) or array.tolist()"
            )
    return None


SAME_OPTIONS = Check("same-options", "the same options make the same model", _same_options)
PLAIN_OPTIONS = Check("plain-options", "options are plain data, and the recipe can be pickled", _plain_options)
PROVENANCE = Check("provenance", "provenance is plain data", _provenance)
