"""The nodes: what ComfyUI shows, and what it calls."""

__all__ = ["BlendLatents", "BlendNoise"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import latentot as lot

from .blending import METHODS, as_batch, blended, like_inputs, weights_of

MOST = 8
"""Inputs that a node shows; nodes in a row take more."""
_METHOD = (list(METHODS), {"default": METHODS[0]})
_WEIGHTS = ("STRING", {"default": "", "tooltip": "A number an input, such as 1, 1, -0.5; nothing is as much of each."})
NOISE, INPUTS = "noise: N(0, 1)", "as the inputs"


def _inputs(kind: str, name: str, **more: Any) -> dict[str, dict[str, Any]]:
    required = {f"{name}_{place}": (kind,) for place in (1, 2)}
    optional = {f"{name}_{place}": (kind,) for place in range(3, MOST + 1)}
    return {"required": required | {"method": _METHOD, "weights": _WEIGHTS} | more, "optional": optional}


def _in_order(given: Mapping[str, Any]) -> list[Any]:
    """Inputs that are connected, by their number."""
    return [
        given[name] for name in sorted(given, key=lambda name: int(name.rpartition("_")[2])) if given[name] is not None
    ]


class BlendLatents:
    """LATENT of two to eight: what LatentBlend does, without the loss of spread.

    Like ComfyUI's own nodes it takes the mask and the batch's indices of the first input.
    """

    RETURN_TYPES = ("LATENT",)
    FUNCTION = "blend"
    CATEGORY = "latent/advanced"
    DESCRIPTION = "Blends latents so that they keep their law: a mean has less spread than what it is the mean of."

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict[str, Any]]:  # noqa: N802 - ComfyUI calls it so
        return _inputs("LATENT", "latents", law=([NOISE, INPUTS], {"default": INPUTS}))

    def blend(self, method: str, weights: str, law: str, **latents: Any) -> tuple[dict[str, Any]]:
        """One LATENT out of all that are connected."""
        given = _in_order(latents)
        first = given[0]["samples"]
        batches = [as_batch(one["samples"], first) for one in given]
        made = (blended if law == NOISE else like_inputs)(batches, weights_of(weights, len(given)), method)
        return (dict(given[0]) | {"samples": made},)


@dataclass(frozen=True)
class BlendedNoise:
    """A NOISE that is made of others when a sampler asks for it.

    Args:
        sources: NOISE of other nodes.
        weights: a number for each.
        method: how they are blended.
    """

    sources: Sequence[Any]
    weights: Sequence[float]
    method: str

    @property
    def seed(self) -> int:
        """Of what samplers draw on their way: that of the first."""
        return int(self.sources[0].seed)

    def generate_noise(self, input_latent: Mapping[str, Any]) -> Any:
        """Noise of the shape of a LATENT."""
        return blended([source.generate_noise(input_latent) for source in self.sources], self.weights, self.method)


class BlendNoise:
    """NOISE of two to eight, for SamplerCustomAdvanced: blends of seeds."""

    RETURN_TYPES = ("NOISE",)
    FUNCTION = "blend"
    CATEGORY = "sampling/custom_sampling/noise"
    DESCRIPTION = "Blends the noise of several seeds so that it stays noise: a mean of k has variance 1/k."
    SEEDED: ClassVar[str] = "a NOISE has a seed and generate_noise, as RandomNoise makes one"

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict[str, Any]]:  # noqa: N802
        return _inputs("NOISE", "noise")

    def blend(self, method: str, weights: str, **noise: Any) -> tuple[BlendedNoise]:
        """One NOISE out of all that are connected."""
        sources = _in_order(noise)
        if not all(hasattr(source, "generate_noise") and hasattr(source, "seed") for source in sources):
            raise lot.InputError(self.SEEDED)
        return (BlendedNoise(tuple(sources), tuple(weights_of(weights, len(sources))), method),)
