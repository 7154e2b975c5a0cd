"""Decoded strips: what the model makes of each method's walk, the same pairs for all methods."""

__all__ = ["draw_strips"]

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.mosaic import as_pixels, gap_of, mosaic
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]

_PAIRS = 6  # more make no other point


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
            sheet=_svg(strips, range(shown), name),
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


def _svg(strips: _Strips, pairs: Sequence[int], name: str) -> str:
    columns = min(2, len(pairs))
    n_rows = math.ceil(len(pairs) / columns)
    width = style.SHEET_WIDTH if columns == 2 else 1.15 * style.TILE_WIDTH
    names = 0.075 * max(len(style.label(method)) for method in strips.methods) + 0.15
    tall, wide = strips.mosaics[0].shape[:2]
    height = (width / columns - names) * tall / wide + 0.5
    figure = style.new_figure(width, n_rows * height)
    grid = figure.subplots(n_rows, columns, squeeze=False)
    for i, axes in enumerate(grid.ravel()):
        if i >= len(pairs):
            axes.set_axis_off()
            continue
        _draw_pair(axes, strips, pairs[i], named=i % columns == 0)
    return style.to_svg(figure, name)


def _draw_pair(axes: "Axes", strips: _Strips, pair: int, *, named: bool) -> None:
    # "none" embeds the pixels as they are, so that no resampling blurs small images.
    axes.imshow(strips.mosaics[pair], cmap="gray", vmin=0, vmax=1, interpolation="none")
    rows, columns = strips.pitch
    every = math.ceil(len(strips.t) / 5) if len(strips.t) > 5 else 1
    at = range(0, len(strips.t), every)
    axes.set_xticks([(j + 0.5) * columns - 0.5 for j in at], [f"{strips.t[j]:.3g}" for j in at])
    centres = [(i + 0.5) * rows - 0.5 for i in range(len(strips.methods))]
    axes.set_yticks(centres, [style.label(method) for method in strips.methods] if named else [])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(f"pair {pair + 1}")
