"""A pipeline as a model: its latents are the initial noise, its decoder the whole of the sampling."""

__all__ = ["noise"]

import functools
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.models import Model, torch_device
from latentot.priors import Normal
from latentot_diffusers.folder import check_pipeline, contents, folder_of, loaded


@dataclass(frozen=True)
class Sampler:
    """Initial noise to images; it pickles as plain data, and loads the pipeline again where it is used."""

    path: str
    call: Mapping[str, Any]
    seed: int
    batch: int
    device: str
    dtype: str
    shape: tuple[int, ...] = field(default=())

    def __hash__(self) -> int:
        return hash((self.path, self.device, self.dtype))

    @functools.cached_property
    def pipeline(self) -> Any:
        """The pipeline, loaded once."""
        from diffusers import DiffusionPipeline

        made = loaded(DiffusionPipeline.from_pretrained, self.path, self.device, self.dtype)
        made.set_progress_bar_config(disable=True)
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "pipeline"}

    def decode(self, z: NDArray[Any]) -> NDArray[np.float32]:
        """Images in [0, 1], shape (n, channels, height, width), of initial noise of shape (n, *shape)."""
        z = np.asarray(z)
        if z.shape[1:] != self.shape or not z.ndim:
            raise InputError(f"noise of shape (n, {', '.join(map(str, self.shape))}) is expected, got {z.shape}")
        if not len(z):
            return self._images(np.zeros((1, *self.shape)))[:0]
        return np.concatenate([self._images(z[i : i + self.batch]) for i in range(0, len(z), self.batch)])

    def _images(self, z: NDArray[Any]) -> NDArray[np.float32]:
        import torch

        pipeline, n = self.pipeline, len(z)
        latents = torch.tensor(np.ascontiguousarray(z), dtype=getattr(torch, self.dtype), device=self.device)
        # A generator for each image: what a sampler adds depends neither on the batch nor on the place in it.
        generators = [torch.Generator().manual_seed(self.seed) for _ in range(n)]
        options = dict(self.call)
        if isinstance(options.get("prompt"), str):
            options["prompt"] = [options["prompt"]] * n
        elif "batch_size" in inspect.signature(pipeline.__call__).parameters:
            options["batch_size"] = n
        images = pipeline(latents=latents, generator=generators, output_type="pt", **options).images
        return images.float().cpu().numpy()


def noise(
    path: str,
    call: Mapping[str, Any] | None = None,
    shape: Sequence[int] | None = None,
    seed: int = 0,
    batch: int = 8,
    device: str = "cpu",
    dtype: str = "float32",
) -> Model:
    """A pipeline of diffusers, with the law of its initial noise, N(0, I).

    Args:
        path: a folder that `save_pretrained` wrote; nothing is downloaded, and no code in it is run.
        call: what the pipeline is called with beside its latents, such as {"prompt": "hen", "num_inference_steps": 9}.
        shape: of the noise of one image; that of its network by default.
        seed: of what the sampler adds on its way; it is the same for every image.
        batch: images at a time.
        device: "cpu", or "cuda", "cuda:0", "mps" ... where there are such.
        dtype: "float32", "float16" or "bfloat16".

    Raises:
        InputError: the folder is missing or damaged, an option is not accepted, or the pipeline takes no latents.

    References:
        J. Ho, A. Jain, P. Abbeel (2020). Denoising Diffusion Probabilistic Models. arXiv:2006.11239.
    """
    torch_device(device)
    root = folder_of(path)
    check_pipeline(root)
    if not isinstance(batch, int) or batch < 1 or not isinstance(seed, int):
        raise InputError(f"batch is a whole number of at least 1 and seed a whole number, got {batch!r} and {seed!r}")
    if not isinstance(call or {}, Mapping):
        raise InputError(f"call is a table such as {{num_inference_steps=20}}, got {call!r}")
    first = Sampler(str(root), dict(call or {}), seed, batch, device, dtype)
    takes = inspect.signature(first.pipeline.__call__).parameters
    for option in ("latents", *first.call):
        if option not in takes:
            raise InputError(f"{path}: {type(first.pipeline).__name__} is not called with {option}")
    sizes = tuple(shape) if shape is not None else _noise_shape(first.pipeline, path)
    sampler = Sampler(str(root), first.call, seed, batch, device, dtype, sizes)
    vars(sampler)["pipeline"] = first.pipeline
    return Model(
        prior=Normal(sizes),
        decode=sampler.decode,
        name=type(first.pipeline).__name__,
        provenance={**contents(root), "call": dict(first.call), "seed": seed, "dtype": dtype},
    )


def _noise_shape(pipeline: Any, path: str) -> tuple[int, ...]:
    network = getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    config = getattr(network, "config", {})
    channels, size = config.get("in_channels"), config.get("sample_size")
    if channels is None or size is None:
        raise InputError(f"{path} does not say the shape of its noise: give the option shape, such as [4, 64, 64]")
    return (channels, size, size) if isinstance(size, int) else (channels, *size)
