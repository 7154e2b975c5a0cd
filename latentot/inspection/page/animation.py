"""A walk in motion: an animated GIF, all methods side by side, there and back."""

__all__ = ["animate"]

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

TALL = 96
"""Pixels of a picture, at least: small ones are enlarged, each pixel to a square."""
ACROSS = 4
"""Pictures beside each other."""
CAPTION, GAP = 18, 8
MILLISECONDS, REST = 90, 500
"""Of a frame, and of the first and the last."""


def animate(pixels: np.ndarray[Any, Any], names: Sequence[str]) -> bytes:
    """The GIF.

    Args:
        pixels: shape (methods, frames, height, width) or (..., 3), in [0, 1].
        names: of the methods.

    >>> animate(np.zeros((1, 3, 8, 8)), ["linear"])[:6]
    b'GIF89a'
    """
    from PIL import Image

    times = max(1, -(-TALL // pixels.shape[2]))
    large = (pixels * 255).round().astype(np.uint8).repeat(times, axis=2).repeat(times, axis=3)
    frames = [_frame(large[:, i], names) for i in range(large.shape[1])]
    there_and_back = [*frames, *frames[-2:0:-1]]
    waits = [MILLISECONDS] * len(there_and_back)
    waits[0] = waits[len(frames) - 1] = REST
    if large.ndim == 5:
        # One palette for all frames, so that colours do not flicker.
        some = large[:, :: max(1, large.shape[1] // 4)]
        palette = Image.fromarray(some.reshape(-1, *some.shape[3:])).quantize(256)
        there_and_back = [frame.quantize(palette=palette) for frame in there_and_back]
    file = io.BytesIO()
    first, *rest = there_and_back
    first.save(file, "GIF", save_all=True, append_images=rest, duration=waits, loop=0)
    return file.getvalue()


def _frame(pictures: np.ndarray[Any, Any], names: Sequence[str]) -> Any:
    from PIL import Image, ImageDraw, ImageFont

    height, width = pictures.shape[1:3]
    columns = min(ACROSS, len(names))
    rows = -(-len(names) // columns)
    size = columns * (width + GAP) + GAP, rows * (height + CAPTION + GAP) + GAP
    frame = Image.new("RGB" if pictures.ndim == 4 else "L", size, "white")
    drawing, font = ImageDraw.Draw(frame), ImageFont.load_default(11)
    for i, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        left, top = GAP + (i % columns) * (width + GAP), GAP + (i // columns) * (height + CAPTION + GAP)
        short = name.removeprefix("control: ")
        while drawing.textlength(short, font) > width + GAP:
            short = short[:-1]
        drawing.text((left, top), short, "black", font)
        frame.paste(Image.fromarray(picture), (left, top + CAPTION))
    return frame
