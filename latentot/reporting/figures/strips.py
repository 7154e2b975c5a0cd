"""Decoded strips: what the model makes of each method's walk, the same pairs for all methods."""

__all__ = ["draw_strips"]

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.frame import width_of
from latentot.reporting.figures.mosaic import as_pixels, gap_of, mosaic
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]

_PAIRS = 6  # more make no other point
_TITLE, _TIMES, _EDGE, _BETWEEN = 0.26, 0.2, 0.06, 0.25  # inches above a pair, below it, around it and beside it


@dataclass(frozen=True)
class _Strips:
    mosaics: tuple[Array, ...]  # one a pair: (rows, columns) grey or (rows, columns, 3)
    methods: tuple[str, ...]
    t: tuple[float, ...]
    pitch: tuple[int, int]  # height and width of an image with its gap
    stored: int


def draw_strips(run: RunFolder, population: Population) -> style.Drawing:
    """Draws the decoded walks of one population.

    Args:
        run: the run.
        population: the one whose pairs are drawn.

    Returns:
        The figure, without tiles: a page shows the pictures themselves; without a sheet where nothing that is an image
        is stored.
    """
    name = style.figure_name("strips", population.endpoints)
    heading = endpoints_title(population.endpoints)
    strips = _strips(run, population.endpoints)
    if strips is None:
        why = "its data are no images" if f"strips/{population.endpoints}" in run.artefacts else "none are stored"
        return style.Drawing(name, heading, f"There are no decoded strips for this population: {why}.")
    shown = len(strips.mosaics)
    some = f" {shown} of the {strips.stored} stored pairs." if shown < strips.stored else ""
    caption = f"Decoded walks from t = {strips.t[0]:g} to t = {strips.t[-1]:g}, the same pairs for every method.{some}"
    with style.styled():
        return style.Drawing(
            name=name,
            heading=heading,
            caption=caption,
            sheet=_svg(strips, name),
        )


def _strips(run: RunFolder, endpoints: str) -> _Strips | None:
    stored = run.artefacts
    images = stored.get(f"strips/{endpoints}")
    if images is None or images.ndim < 5 or not images.size:
        return None
    pairs, n_methods, steps = images.shape[:3]
    pixels = as_pixels(images)
    names = tuple(str(name) for name in np.atleast_1d(stored.get("strips/methods", np.array([]))))
    t = tuple(float(at) for at in np.atleast_1d(stored.get("strips/t", np.linspace(0, 1, steps))))
    if pixels is None or len(names) != n_methods or len(t) != steps:
        return None
    height, width = pixels.shape[3:5]
    gap = gap_of(height, width)
    mosaics = tuple(mosaic(pixels[pair], gap) for pair in range(min(pairs, _PAIRS)))
    return _Strips(mosaics, names, t, (height + gap, width + gap), pairs)


def _svg(strips: _Strips, name: str) -> str:
    """All pairs on one pair of axes, whose units are inches: ticks of axes of their own would take most of the time."""
    pairs = len(strips.mosaics)
    columns = min(2, pairs)
    width = style.SHEET_WIDTH if columns == 2 else 1.15 * style.TILE_WIDTH
    beside = max(width_of(style.label(method), style.TICK) for method in strips.methods) / 72 + 2 * _EDGE
    tall, wide = strips.mosaics[0].shape[:2]
    across = (width - beside - _EDGE - (columns - 1) * _BETWEEN) / columns
    scale = across / wide
    each = scale * tall + _TITLE + _TIMES
    height = each * math.ceil(pairs / columns) + _EDGE
    figure = style.new_figure(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    for pair, mosaic_of in enumerate(strips.mosaics):
        left = beside + pair % columns * (across + _BETWEEN)
        top = _TITLE + pair // columns * each
        # "none" embeds the pixels as they are, so that no resampling blurs small images.
        axes.imshow(mosaic_of, cmap="gray", vmin=0, vmax=1, interpolation="none", aspect="auto",
                    extent=(left, left + across, top + scale * tall, top))  # fmt: skip
        axes.text(left, top - _EDGE, f"pair {pair + 1}", fontsize=8.5, weight="bold", va="bottom")
        _label(axes, strips, scale, left, top, named=pair % columns == 0)
    axes.set(xlim=(0, width), ylim=(height, 0))
    return style.to_svg(figure, name)


def _label(axes: "Axes", strips: _Strips, scale: float, left: float, top: float, *, named: bool) -> None:
    """Methods beside a pair, and t below it."""
    rows, columns = (scale * pitch for pitch in strips.pitch)
    under = top + scale * strips.mosaics[0].shape[0] + _EDGE
    look: dict[str, Any] = {"fontsize": style.TICK, "color": style.INK}
    for j in range(0, len(strips.t), math.ceil(len(strips.t) / 5) if len(strips.t) > 5 else 1):
        axes.text(left + (j + 0.5) * columns - scale / 2, under, f"{strips.t[j]:.3g}", **look, ha="center", va="top")
    for i, method in enumerate(strips.methods if named else ()):
        place = top + (i + 0.5) * rows - scale / 2
        axes.text(left - _EDGE, place, style.label(method), **look, ha="right", va="center")
