"""The autoencoder of a latent diffusion model: what its noise is turned into, as a model of its own."""

__all__ = ["autoencoder"]

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.data import load_data
from latentot.errors import InputError
from latentot.models import Model, Posterior, torch_device
from latentot.priors import Empirical, Normal, Prior
from latentot_diffusers.folder import config_of, contents, folder_of, loaded
from latentot_diffusers.scaling import Scaling, scaling_of


@dataclass(frozen=True)
class Autoencoder:
    """Images and latents, scaled as the diffusion model has them; it pickles as plain data."""

    path: str
    batch: int
    device: str
    dtype: str

    @functools.cached_property
    def network(self) -> Any:
        """The AutoencoderKL, loaded once."""
        from diffusers import AutoencoderKL

        return loaded(AutoencoderKL.from_pretrained, self.path, self.device, self.precision).eval()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name in self.__dataclass_fields__}

    @functools.cached_property
    def precision(self) -> str:
        """What the network computes in: those that half precision is too narrow for say so, as pipelines heed."""
        upcast = config_of(Path(self.path), "config.json").get("force_upcast", True)
        return "float32" if self.dtype == "float16" and upcast else self.dtype

    @functools.cached_property
    def scaling(self) -> Scaling:
        """What lies between its latents and those of the diffusion model."""
        return scaling_of(self.network.config, self.path)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one latent: each block of the encoder but one halves the image."""
        config = self.network.config
        height, width = (side // 2 ** (len(config.block_out_channels) - 1) for side in self._sides)
        return config.latent_channels, height, width

    def decode(self, z: NDArray[Any]) -> NDArray[np.float32]:
        """Images in [0, 1], shape (n, channels, height, width), of latents of shape (n, *shape)."""
        (images,) = self._batched(
            z, self.shape, "latents", lambda z: (self.network.decode(self.scaling.to_own(z)).sample,)
        )
        return (images / 2 + 0.5).clip(0, 1)

    def encode(self, x: NDArray[Any]) -> Posterior:
        """q(z|x) of images in [0, 1] of shape (n, channels, height, width)."""
        shape = (self.network.config.in_channels, *self._sides)
        return Posterior(*self.scaling.from_own(*self._batched(2 * np.asarray(x) - 1, shape, "images", self._law)))

    def _law(self, x: Any) -> tuple[Any, Any]:
        law = self.network.encode(x).latent_dist
        return law.mean, law.std

    @property
    def _sides(self) -> tuple[int, int]:
        size = self.network.config.sample_size
        height, width = (size, size) if isinstance(size, int) else size
        return height, width

    def _batched(self, rows: NDArray[Any], shape: tuple[int, ...], what: str, function: Any) -> list[NDArray[Any]]:
        import torch

        rows = np.ascontiguousarray(rows)
        if rows.shape[1:] != shape or not rows.ndim:
            raise InputError(f"{what} of shape (n, {', '.join(map(str, shape))}) are expected, got {rows.shape}")
        parts = []
        with torch.inference_mode():
            for first in range(0, max(len(rows), 1), self.batch):
                some = torch.tensor(rows[first : first + self.batch], dtype=getattr(torch, self.precision))
                n = len(some)
                # Convolutions refuse a batch of none.
                made = function((some if n else some.new_zeros(1, *shape)).to(self.device))
                parts.append([part.float().cpu().numpy()[:n] for part in made])
        return [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]


def autoencoder(
    path: str, data: str | None = None, batch: int = 8, device: str = "cpu", dtype: str = "float32"
) -> Model:
    """An AutoencoderKL of diffusers, its latents shifted and scaled as its diffusion model has them.

    Its latents have no law of their own: those of data are scaled to about unit variance, but are not N(0, I).

    Args:
        path: a folder that `AutoencoderKL.save_pretrained` wrote, such as the folder vae of a pipeline's.
        data: a data source such as "images:FOLDER,64", whose encodings are the prior; N(0, I) by default.
        batch: images at a time.
        device: "cpu", or "cuda", "cuda:0", "mps" ... where there are such.
        dtype: "float32", "float16" or "bfloat16"; float32 for float16 where its configuration has force_upcast.

    Raises:
        InputError: the folder is missing, damaged or of another class, or an option is not accepted.

    References:
        R. Rombach et al. (2022). High-Resolution Image Synthesis with Latent Diffusion Models. arXiv:2112.10752.
    """
    torch_device(device)
    root = folder_of(path)
    kind = config_of(root, "config.json").get("_class_name")
    if kind != "AutoencoderKL":
        raise InputError(f"{path} is a {kind}, not an AutoencoderKL")
    if not isinstance(batch, int) or batch < 1:
        raise InputError(f"batch is a whole number of at least 1, got {batch!r}")
    coder = Autoencoder(str(root), batch, device, dtype)
    prior: Prior = Normal(coder.shape)
    facts = {**contents(root), "dtype": coder.precision, "scaling": coder.scaling.facts}
    if data is not None:
        images = load_data(data)
        prior = Empirical(coder.encode(images.train).sample(rng=0))
        facts["data"] = images.facts
    return Model(prior=prior, decode=coder.decode, encode=coder.encode, name="AutoencoderKL", provenance=facts)
