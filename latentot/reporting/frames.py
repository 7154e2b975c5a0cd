"""Decoded walks as pictures of a page: one image a pair and method, its positions side by side."""

__all__ = ["Strip", "Strips", "animation", "strips_of"]

import base64
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from latentot.reporting.figures.mosaic import as_pixels
from latentot.runformat import Population, RunFolder

Array = np.ndarray[Any, Any]

_PAIRS = 6  # more make no other point
_SIDE = 96  # pixels of an image, beyond which a page shows no more of it
_PIXELS = 4_000_000  # of all images of one population: about a megabyte
_PHOTO = 48  # sides from which on colour images are photographs, and JPEG is a tenth of PNG
_SHOWN = 128  # pixels that an animation is high, at least
_MILLISECONDS = 180


@dataclass(frozen=True)
class Strip:
    """The walk of one method between one pair, as a data URI."""

    pair: int
    method: str
    source: str


@dataclass(frozen=True)
class Strips:
    """Decoded walks of one population.

    Args:
        t: positions.
        methods: their names.
        images: in [0, 1], shape (pairs, methods, t, height, width) or with 3 colours last.
        stored: how many pairs the run has.
    """

    t: tuple[float, ...]
    methods: tuple[str, ...]
    images: Array
    stored: int

    @property
    def small(self) -> bool:
        """Whether pixels are to be seen as squares, not blurred."""
        return max(self.images.shape[3:5]) < _PHOTO

    def strips(self) -> Iterator[Strip]:
        """One a pair and method."""
        for pair, own in enumerate(self.images):
            for method, walk in zip(self.methods, own, strict=True):
                yield Strip(pair, method, _uri(np.concatenate(list(walk), axis=1)))


def strips_of(run: RunFolder, population: Population) -> Strips | None:
    """The decoded walks of a population; None where none are stored, or their data are no images.

    Args:
        run: the run.
        population: the one whose pairs are shown; they do not depend on what it is held against.
    """
    stored = run.artefacts
    images = stored.get(f"strips/{population.endpoints}")
    if images is None or images.ndim < 5 or not images.size:
        return None
    pairs, n_methods, steps = images.shape[:3]
    pixels = as_pixels(images)
    names = tuple(str(name) for name in np.atleast_1d(stored.get("strips/methods", np.array([]))))
    t = tuple(float(at) for at in np.atleast_1d(stored.get("strips/t", np.linspace(0, 1, steps))))
    if pixels is None or len(names) != n_methods or len(t) != steps:
        return None
    height, width = pixels.shape[3:5]
    shrunk = min(1.0, _SIDE / max(height, width))
    size = n_methods * steps * height * width * shrunk**2
    shown = max(1, min(pairs, _PAIRS, int(_PIXELS / size)))
    shrunk *= min(1.0, math.sqrt(_PIXELS / (shown * size)))
    return Strips(t, names, _resized(pixels[:shown], shrunk), pairs)


def animation(strips: Strips, method: str) -> bytes:
    """The walks of one method as an animated PNG, all pairs side by side, to t = 1 and back."""
    import PIL.Image

    walks = strips.images[:, strips.methods.index(method)]
    scale = max(1, math.ceil(_SHOWN / walks.shape[2]))
    frames = [_image(np.concatenate(list(walks[:, at]), axis=1)) for at in range(len(strips.t))]
    large = [one.resize((one.width * scale, one.height * scale), PIL.Image.Resampling.NEAREST) for one in frames]
    there_and_back = [*large, *large[-2:0:-1]]
    stream = io.BytesIO()
    large[0].save(
        stream, "PNG", save_all=True, append_images=there_and_back[1:], duration=_MILLISECONDS, loop=0,
    )  # fmt: skip
    return stream.getvalue()


def _resized(pixels: Array, scale: float) -> Array:
    if scale >= 1:
        return pixels
    import PIL.Image

    height, width = (max(1, round(side * scale)) for side in pixels.shape[3:5])
    flat = pixels.reshape(-1, *pixels.shape[3:])
    small = [np.asarray(_image(one).resize((width, height), PIL.Image.Resampling.LANCZOS)) / 255.0 for one in flat]
    return np.array(small).reshape(*pixels.shape[:3], height, width, *pixels.shape[5:])


def _image(pixels: Array) -> Any:
    import PIL.Image

    return PIL.Image.fromarray(np.round(255 * pixels).astype(np.uint8))


def _uri(pixels: Array) -> str:
    stream = io.BytesIO()
    photo = pixels.ndim == 3 and pixels.shape[0] >= _PHOTO
    if photo:
        _image(pixels).save(stream, "JPEG", quality=82)
    else:
        _image(pixels).save(stream, "PNG", optimize=True)
    kind = "jpeg" if photo else "png"
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode()}"
