"""Bodies of networks: an encoder of images and a decoder of latents, fully connected or convolutional."""

__all__ = ["BODIES", "default_body", "default_hidden"]

import itertools
import math
from collections.abc import Callable, Sequence

from torch import Tensor, nn

Body = Callable[[Sequence[int], Sequence[int], int, int], tuple[nn.Sequential, nn.Sequential]]
"""Of an image's shape, hidden sizes, encoder outputs and decoder inputs."""


def default_body(shape: Sequence[int]) -> str:
    """A body for images of a shape: convolutions for colour and for more than 32 pixels a side.

    >>> default_body((1, 28, 28)), default_body((3, 64, 64))
    ('mlp', 'conv')
    """
    return "conv" if len(shape) == 3 and (shape[0] > 1 or max(shape) > 32) else "mlp"


def default_hidden(body: str, shape: Sequence[int]) -> tuple[int, ...]:
    """Hidden sizes of a body for images of a shape.

    >>> default_hidden("mlp", (1, 8, 8)), default_hidden("mlp", (1, 28, 28)), default_hidden("conv", (3, 64, 64))
    ((256, 256), (512, 512), (32, 64, 128))
    """
    if body == "conv":
        return 32, 64, 128
    return (256, 256) if math.prod(shape) <= 256 else (512, 512)


class Crop(nn.Module):
    """Cuts images down to a height and a width."""

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.height, self.width = height, width

    def forward(self, x: Tensor) -> Tensor:
        """Images of shape (n, channels, height, width)."""
        return x[..., : self.height, : self.width]


def _mlp(shape: Sequence[int], hidden: Sequence[int], n_out: int, n_in: int) -> tuple[nn.Sequential, nn.Sequential]:
    pixels = math.prod(shape)
    return (
        nn.Sequential(nn.Flatten(), *_dense(pixels, *hidden, n_out)),
        nn.Sequential(*_dense(n_in, *reversed(hidden), pixels), nn.Unflatten(1, tuple(shape))),
    )


def _dense(*widths: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(widths):
        layers += [nn.SiLU(), nn.Linear(before, after)]
    return layers[1:]


def _conv(shape: Sequence[int], hidden: Sequence[int], n_out: int, n_in: int) -> tuple[nn.Sequential, nn.Sequential]:
    """Each stage halves height and width; images are padded so that they can be halved, and cropped again."""
    channels, height, width = shape
    step = 2 ** len(hidden)
    small = (hidden[-1], math.ceil(height / step), math.ceil(width / step))
    down: list[nn.Module] = [nn.ZeroPad2d((0, small[2] * step - width, 0, small[1] * step - height))]
    for before, after in itertools.pairwise((channels, *hidden)):
        down += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.SiLU()]
    up: list[nn.Module] = [nn.Linear(n_in, math.prod(small)), nn.Unflatten(1, small)]
    for before, after in itertools.pairwise((*reversed(hidden), channels)):
        up += [nn.SiLU(), nn.ConvTranspose2d(before, after, 4, stride=2, padding=1)]
    return (
        nn.Sequential(*down, nn.Flatten(), nn.Linear(math.prod(small), n_out)),
        nn.Sequential(*up, Crop(height, width)),
    )


BODIES: dict[str, Body] = {"mlp": _mlp, "conv": _conv}
