"""All checks, in the order in which they are run and shown."""

__all__ = ["CHECKS"]

from latentot.models.conformance.check import Check
from latentot.models.conformance.fresh_process import FRESH_PROCESS
from latentot.models.conformance.gradients import GRADIENTS
from latentot.models.conformance.making import PLAIN_OPTIONS, PROVENANCE, SAME_OPTIONS
from latentot.models.conformance.sameness import BATCH_SIZE, DETERMINISTIC, INPUTS_KEPT, ORDER
from latentot.models.conformance.sampling import PRIOR_LAW, PRIOR_SEED
from latentot.models.conformance.shapes import DECODE_SHAPE, ENCODE_SCALE, ENCODE_SHAPE, FINITE

CHECKS: tuple[Check, ...] = (
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
