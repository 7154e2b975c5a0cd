"""A trained VAE on NumPy arrays: what latentot calls to decode and encode."""

__all__ = ["Coder", "codes_of"]

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentot.errors import InputError
from latentot.models import Posterior
from latentot_torch_vae.checkpoint import Checkpoint, from_bytes, to_bytes
from latentot_torch_vae.network import VAE, assemble

BATCH = 1024


class Coder:
    """Decoder and encoder of a checkpoint, in batches of bounded size.

    It pickles as the checkpoint's bytes and its device, and so travels to worker processes without the file.

    Args:
        checkpoint: the trained model.
        device: where it computes, as torch names it.
    """

    def __init__(self, checkpoint: Checkpoint, device: str) -> None:
        self._checkpoint = checkpoint
        self._device = device
        self._vae = assemble(checkpoint.architecture, checkpoint.weights).to(device).eval()

    def decode(self, z: NDArray[Any]) -> NDArray[np.float32]:
        """E[x|z].

        Args:
            z: latents, shape (n, d).

        Returns:
            Images in [0, 1], float32, shape (n, *shape).

        Raises:
            InputError: the latents have another shape.
        """
        latent = (self._checkpoint.architecture.latent,)
        likelihood = self._checkpoint.likelihood
        (images,) = self._batched("latents", z, latent, lambda z: (likelihood.mean(self._vae.decode(z)),))
        return images

    def encode(self, x: NDArray[Any]) -> Posterior:
        """q(z|x), by its mean and its scale, in the law of the model's prior.

        Args:
            x: images in [0, 1], shape (n, *shape).

        Returns:
            Mean and scale, float32, each of shape (n, d).

        Raises:
            InputError: the images have another shape.
        """
        architecture = self._checkpoint.architecture
        family = architecture.family
        mean, scale = self._batched(
            "images", x, architecture.shape, lambda x: family.mean_and_scale(*self._vae.encode(x))
        )
        return Posterior(mean, scale, family.law)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (to_bytes(self._checkpoint), self._device)

    @torch.inference_mode()
    def _batched(
        self,
        what: str,
        rows: NDArray[Any],
        shape: tuple[int, ...],
        function: Callable[[Tensor], tuple[Tensor, ...]],
    ) -> list[NDArray[np.float32]]:
        rows = np.asarray(rows)
        if rows.shape[1:] != shape or rows.ndim == 0:
            wanted = ", ".join(map(str, ("n", *shape)))
            raise InputError(f"{what} of shape ({wanted}) are expected, got {rows.shape}")
        starts = range(0, max(len(rows), 1), BATCH)
        # torch.tensor copies: workers get read-only arrays, which torch cannot share.
        batches = (torch.tensor(np.ascontiguousarray(rows[i : i + BATCH]), dtype=torch.float32) for i in starts)
        parts = [[part.cpu().numpy() for part in function(batch.to(self._device))] for batch in batches]
        return [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]


@torch.inference_mode()
def codes_of(vae: VAE, x: Tensor) -> Tensor:
    """Where images are encoded to, shape (n, d), for images of shape (n, *shape)."""
    return torch.cat([vae.encode(some)[0] for some in torch.split(x, BATCH)]).clone()


def _restore(raw: bytes, device: str) -> Coder:
    return Coder(from_bytes(raw), device)
