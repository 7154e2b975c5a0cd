"""Two or more batches of latents become one: tensors in, tensors out, on their own device."""

__all__ = ["METHODS", "as_batch", "blended", "like_inputs", "weights_of"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import latentot as lot

if TYPE_CHECKING:
    from torch import Tensor

METHODS = ("matched", "spherical-cauchy", "cauchy", "spherical", "linear")
"""Those that keep N(0, I) first; linear for comparison."""


def weights_of(text: str, k: int) -> list[float]:
    """Weights as they are typed, "1, 1, -0.5"; nothing typed is as much of each.

    Raises:
        InputError: they are not k numbers, or all of them are zero.
    """
    words = text.replace(";", " ").replace(",", " ").split()
    try:
        weights = [float(word) for word in words] or [1.0] * k
    except ValueError:
        raise lot.InputError(f"weights are numbers such as 1, 0.5, got {text!r}") from None
    if len(weights) != k or not any(weights):
        raise lot.InputError(f"{k} inputs need {k} weights that are not all zero, got {text!r}")
    return weights


def as_batch(latents: "Tensor", like: "Tensor") -> "Tensor":
    """As many latents as another batch has, over again from the first where there are fewer.

    Raises:
        InputError: latents are of another size. Noise that is resized is no noise any more.
    """
    if latents.shape[1:] != like.shape[1:]:
        raise lot.InputError(f"inputs are of one size, got {tuple(like.shape[1:])} and {tuple(latents.shape[1:])}")
    n = like.shape[0]
    times = -(-n // latents.shape[0])
    return latents.repeat(times, *[1] * (latents.ndim - 1))[:n].to(like)


def blended(batches: "Sequence[Tensor]", weights: Sequence[float], method: str) -> "Tensor":
    """One batch out of several whose latents are draws of N(0, I).

    Args:
        batches: k of them, each of shape (b, *shape).
        weights: k numbers; only their proportions count.
        method: out of `METHODS`.

    Raises:
        InputError: the method joins two latents, with weights of one sign, and is asked for more.
    """
    path: Any = lot.interpolation(method, lot.Normal(tuple(batches[0].shape[1:])))
    if hasattr(path, "combine"):
        total = sum(weights)
        # Linear alone heeds the scale of weights: as a mean where they have one.
        scale = total if method == "linear" and abs(total) > 1e-9 else 1.0
        stacked = batches[0].new_empty(len(batches), *batches[0].shape)
        for place, batch in enumerate(batches):
            stacked[place] = batch
        combined: Tensor = path.combine(stacked, [weight / scale for weight in weights])
        return combined
    if len(batches) > 2 or min(weights) < 0:
        able = ", ".join(name for name in METHODS if name not in ("spherical", "spherical-cauchy"))
        raise lot.InputError(f"{method} joins two inputs, with weights of one sign: choose {able}")
    walked: Tensor = path(batches[0], batches[1], weights[1] / (weights[0] + weights[1]))
    return walked


def like_inputs(batches: "Sequence[Tensor]", weights: Sequence[float], method: str) -> "Tensor":
    """One batch that has the mean and the spread of its inputs, channel by channel; they need not be noise.

    Args:
        batches: k of them, each of shape (b, channels, ...).
        weights: k numbers; only their proportions count.
        method: out of `METHODS`.
    """
    over = [axis for axis in range(batches[0].ndim) if axis != 1]
    means = [batch.mean(dim=over, keepdim=True) for batch in batches]
    mean = sum(means[1:], means[0]) / len(means)
    squares = [((batch - mean) ** 2).mean(dim=over, keepdim=True) for batch in batches]
    spread = (sum(squares[1:], squares[0]) / len(squares)) ** 0.5
    spread[spread == 0] = 1.0
    standard = blended([(batch - mean) / spread for batch in batches], weights, method)
    return standard * spread + mean
