"""EfficientNet-Lite0, up to its last convolution, in double precision: sixteen inverted residual blocks.

A block widens its channels by a convolution of 1 x 1, filters each of them, and narrows them again; its input is added
where it has the same shape. Batch normalisation is an affine map once a network is trained, so it is folded into the
convolution before it: w' = w g / sqrt(v + eps), b' = b - m g / sqrt(v + eps).
"""

__all__ = ["Layer", "features", "layers_of"]

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch.nn.functional import conv2d, pad, relu6

STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
"""Of the filters of each block: Tan and Le's table 1."""
EPSILON = 1e-3
"""Of batch normalisation, as it was trained."""


class Layer(NamedTuple):
    """A convolution, shapes (out, in / groups, k, k) and (out,), with what follows it."""

    weight: torch.Tensor
    bias: torch.Tensor
    stride: int = 1
    groups: int = 1
    clipped: bool = True

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Shape (n, in, h, w) to (n, out, ceil(h / stride), ceil(w / stride)), padded by more at the end than at the
        beginning where it must be, as TensorFlow does.
        """
        k = self.weight.shape[-1]
        missing = [max((-(-side // self.stride) - 1) * self.stride + k - side, 0) for side in x.shape[:1:-1]]
        padded = pad(x, [half for whole in missing for half in (whole // 2, whole - whole // 2)])
        found = conv2d(padded, self.weight, self.bias, self.stride, groups=self.groups)
        return relu6(found) if self.clipped else found


Block = tuple[Layer, ...]


def layers_of(state: Mapping[str, torch.Tensor]) -> tuple[Layer, tuple[Block, ...], Layer]:
    """The first convolution, the blocks, and the last convolution.

    Args:
        state: parameters by the names that PyTorch's port of the network has for them.
    """

    def layer(convolution: str, normalisation: str, stride: int = 1, *, clipped: bool = True) -> Layer:
        weight = state[f"{convolution}.weight"].double()
        gain, shift, mean, variance = (
            state[f"{normalisation}.{name}"].double() for name in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gain / torch.sqrt(variance + EPSILON)
        groups = len(weight) if weight.shape[1] == 1 else 1
        return Layer(weight * scale[:, None, None, None], shift - mean * scale, stride, groups, clipped)

    blocks = []
    for number, stride in enumerate(STRIDES):
        name = f"_blocks.{number}"
        widening = f"{name}._expand_conv"
        first = (layer(widening, f"{name}._bn0"),) if f"{widening}.weight" in state else ()
        filters = layer(f"{name}._depthwise_conv", f"{name}._bn1", stride)
        blocks.append((*first, filters, layer(f"{name}._project_conv", f"{name}._bn2", clipped=False)))
    return layer("_conv_stem", "_bn0", 2), tuple(blocks), layer("_conv_head", "_bn1")


def features(layers: tuple[Layer, Sequence[Block], Layer], x: torch.Tensor) -> torch.Tensor:
    """Channels of the last convolution, averaged over the image, shape (n, 3, h, w) to (n, 1280).

    Args:
        layers: as `layers_of` gives them.
        x: images from -1 to 1, in double precision.
    """
    first, blocks, last = layers
    x = first(x)
    for block in blocks:
        found = x
        for layer in block:
            found = layer(found)
        x = x + found if x.shape == found.shape else found
    return last(x).mean((2, 3))
