"""How to train: plain data that a checkpoint states and that repeats the training."""

__all__ = ["Recipe"]

from dataclasses import dataclass

from latentot.errors import InputError, unknown_name
from latentot_torch_vae.options import positive_number, whole_number

PRECISIONS = ("bfloat16", "float32")


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Args:
        epochs: passes over the training images.
        batch_size: images a step.
        learning_rate: of the first step; it falls to zero along half a cosine.
        seed: of the weights, the order of images, their changes and the draws of q(z|x).
        beta: what the KL is multiplied by.
        patience: epochs without a better held-out objective after which training ends, with the best epoch's weights;
            0 goes through all epochs and chooses nothing.
        augment: whether images are moved, turned, stretched and sheared a little, anew in every epoch.
        precision: of the network, "float32" or "bfloat16" (mixed: weights stay in float32).
        threads: of torch on the CPU.

    Raises:
        InputError: one of them is no positive number (seed, patience: no whole number of at least 0), or not known.

    >>> Recipe(epochs=200, batch_size=64, learning_rate=2e-3, seed=0).beta
    1.0
    """

    epochs: int
    batch_size: int
    learning_rate: float
    seed: int
    beta: float = 1.0
    patience: int = 0
    augment: bool = False
    precision: str = "float32"
    threads: int = 1

    def __post_init__(self) -> None:
        for name, least in (("epochs", 1), ("batch_size", 1), ("seed", 0), ("patience", 0), ("threads", 1)):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), least=least))
        for name in ("learning_rate", "beta"):
            object.__setattr__(self, name, positive_number(name, getattr(self, name)))
        if not isinstance(self.augment, bool):
            raise InputError(f"augment is true or false, got {self.augment!r}")
        if self.precision not in PRECISIONS:
            raise unknown_name("precision", self.precision, PRECISIONS)
