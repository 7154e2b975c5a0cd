"""Small random affine changes of images: more images than there are."""

__all__ = ["moved"]

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

TURN, STRETCH, SHEAR, SHIFT = 0.15, 0.1, 0.1, 0.08
"""Largest angle in radians, relative change of size, shear, and shift in halves of the image's side."""


def moved(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each image turned, stretched, sheared and shifted a little, with zeros where it was not.

    Args:
        x: images in [0, 1], shape (n, channels, height, width).
        generator: source of all randomness, on the CPU.

    Returns:
        Images of the same shape in [0, 1].

    >>> moved(torch.ones(2, 1, 8, 8), torch.Generator()).shape
    torch.Size([2, 1, 8, 8])
    """
    n = len(x)
    turn, wide, high, shear, right, down = (2 * torch.rand(6, n, generator=generator) - 1).to(x.device)
    cos, sin = torch.cos(TURN * turn), torch.sin(TURN * turn)
    wide, high = 1 + STRETCH * wide, 1 + STRETCH * high
    rows = (
        torch.stack([wide * cos, SHEAR * shear - high * sin, SHIFT * right], dim=1),
        torch.stack([wide * sin, high * cos, SHIFT * down], dim=1),
    )
    grid = affine_grid(torch.stack(rows, dim=1), list(x.shape), align_corners=False)
    # Weights of bilinear interpolation add up to one, but for rounding.
    return grid_sample(x, grid, align_corners=False).clamp(0, 1)
