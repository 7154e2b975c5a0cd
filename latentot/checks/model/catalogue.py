"""All checks, in the order in which they are run and shown."""

__all__ = ["CHECKS"]

from latentot.checks.check import Check
from latentot.checks.model.case import Case
from latentot.checks.model.fresh_process import FRESH_PROCESS
from latentot.checks.model.gradients import GRADIENTS
from latentot.checks.model.making import PLAIN_OPTIONS, PROVENANCE, SAME_OPTIONS
from latentot.checks.model.sameness import BATCH_SIZE, DETERMINISTIC, INPUTS_KEPT, ORDER
from latentot.checks.model.sampling import PRIOR_LAW, PRIOR_SEED
from latentot.checks.model.shapes import DECODE_SHAPE, ENCODE_SCALE, ENCODE_SHAPE, FINITE

CHECKS: tuple[Check[Case], ...] = (
    DECODE_SHAPE,
    FINITE,
    DETERMINISTIC,
    BATCH_SIZE,
    ORDER,
    INPUTS_KEPT,
    PRIOR_LAW,
    PRIOR_SEED,
    ENCODE_SHAPE,
    ENCODE_SCALE,
    GRADIENTS,
    PROVENANCE,
    PLAIN_OPTIONS,
    SAME_OPTIONS,
    FRESH_PROCESS,
)
"""Every property that a model must have."""
