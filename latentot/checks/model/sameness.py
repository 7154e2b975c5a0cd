"""Checks that a datum depends on its latent alone: not on its batch, its place in it, or the call."""

__all__ = ["BATCH_SIZE", "DETERMINISTIC", "INPUTS_KEPT", "ORDER"]

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.model.case import Case, outputs, within

RANDOM = "the model does not claim to be deterministic"


def _batch_size(case: Case) -> Finding | None:
    if not case.model.deterministic:
        return skipped(RANDOM)
    whole = case.decode(case.z)
    for size in (1, 5):
        pieces = [case.decode(case.z[i : i + size]) for i in range(0, len(case.z), size)]
        if not within(whole, np.concatenate(pieces)):
            return failed(
                f"decode gives different data for latents in batches of {size} than in one of {len(case.z)}: a layer "
                "may use statistics of the batch (batch normalisation in training mode: call eval()), or rows are mixed"
            )
    return None


def _order(case: Case) -> Finding | None:
    if not case.model.deterministic:
        return skipped(RANDOM)
    order = np.random.default_rng(case.seed).permutation(len(case.z))
    if not within(case.decode(case.z)[order], case.decode(case.z[order])):
        return failed(
            "decode gives different data when latents come in another order: a datum must depend on its own latent "
            "only, not on its place in the batch"
        )
    return None


def _deterministic(case: Case) -> Finding | None:
    if not case.model.deterministic:
        return skipped(RANDOM)
    first, again = (outputs(case.model, *case.given) for _ in range(2))
    for what, values in first.items():
        if not within(values, again[what]):
            return failed(
                f"{what} differs the second time: fix its noise (dropout: call eval()), or declare "
                "lot.Model(..., deterministic=False)"
            )
    return None


def _inputs_kept(case: Case) -> Finding | None:
    inputs: list[tuple[str, Callable[[NDArray[Any]], Any], NDArray[Any]]] = [("decode", case.model.decode, case.z)]
    if case.model.encode is not None:
        inputs.append(("encode", case.model.encode, case.x))
    for what, function, given in inputs:
        array = given.copy()
        function(array)
        if not np.array_equal(array, given, equal_nan=True):
            return failed(f"{what} changes the array that it is given: work on a copy, without +=, *= or out=")
        array.flags.writeable = False
        try:
            function(array)
        except ValueError as error:
            if "read-only" not in str(error):
                raise
            return failed(f"{what} writes to the array that it is given ({error}): work on a copy")
    return None


BATCH_SIZE = Check("batch-size", "data do not depend on the size of the batch", _batch_size)
ORDER = Check("order", "data do not depend on the order of latents", _order)
DETERMINISTIC = Check("deterministic", "the same latents give the same data, if the model claims so", _deterministic)
INPUTS_KEPT = Check("inputs-kept", "arrays given to the model are not changed", _inputs_kept)
