"""The operations of the lecture on a latent space: each looks at a subject, and tells what it found."""

from latentot.inspection.operations.aggregate import prior_holds
from latentot.inspection.operations.bubble import soap_bubble
from latentot.inspection.operations.encoding import encode_and_decode
from latentot.inspection.operations.samples import JUDGES, prior_samples
from latentot.inspection.operations.slicing import latent_slice
from latentot.inspection.operations.surroundings import around_examples
from latentot.inspection.operations.usage import use_of_coordinates
from latentot.inspection.operations.walking import kinds_of, walks

__all__ = [
    "JUDGES",
    "around_examples",
    "encode_and_decode",
    "kinds_of",
    "latent_slice",
    "prior_holds",
    "prior_samples",
    "soap_bubble",
    "use_of_coordinates",
    "walks",
]
