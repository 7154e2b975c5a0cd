"""Pictures in rows and columns, with names beside and above them."""

__all__ = ["draw_pictures"]

from collections.abc import Sequence
from typing import Any

import numpy as np

from latentot.inspection.findings import Figure, Panel
from latentot.reporting.figures import style
from latentot.reporting.figures.cut import cut
from latentot.reporting.figures.frame import Box, frame, width_of
from latentot.reporting.figures.mosaic import as_pixels, gap_of, mosaic

Arrays = Any
LINE, AROUND = 0.22, 0.18
"""Inches of a line of letters, and on both sides of pictures."""
LABELS = 12
"""Columns have names if there are no more, or else every second."""
LARGEST = 0.55
"""Inches of a picture on a tile, at most: a few small ones need no more."""


def draw_pictures(figure: Figure, arrays: Arrays) -> style.Drawing:
    """A tile a panel; without tiles where what is stored are no images.

    Args:
        figure: what is to be drawn.
        arrays: what the folder stores.
    """
    pixels = [as_pixels(arrays[panel.pictures], leading=2) for panel in figure.panels]
    if any(one is None for one in pixels):
        shape = arrays[figure.panels[0].pictures].shape[2:]
        why = f"What is decoded has shape {shape}, which is no picture: nothing is shown."
        return style.Drawing(figure.name, figure.heading, why)
    with style.styled():
        sheet, boxes = _sheet(figure.panels, pixels, figure.name)
    return style.Drawing(figure.name, figure.heading, figure.caption, sheet, cut(sheet, boxes))


def _sheet(panels: Sequence[Panel], pixels: Sequence[Any], name: str) -> tuple[str, list[Box]]:
    """Panels side by side where there is room, and where each is."""
    whole = [mosaic(one, gap_of(*one.shape[2:4])) for one in pixels]
    named = (
        max((width_of(style.label(row), style.TICK) for panel in panels for row in panel.rows), default=0) / 72 + AROUND
    )
    widest = max(one.shape[1] for one in pixels)
    each = min(style.SHEET_WIDTH if widest > 8 else 5.0, widest * LARGEST + named)
    columns = max(1, min(len(panels), int(style.SHEET_WIDTH / each)))
    tall = [(each - named) * one.shape[0] / one.shape[1] + 2 * LINE for one in whole]
    heights = [max(tall[i : i + columns]) for i in range(0, len(panels), columns)]
    boxes = [
        Box(i % columns * each, sum(heights[: i // columns]), each, heights[i // columns]) for i in range(len(panels))
    ]
    drawn = style.new_figure(each * columns, sum(heights))
    for panel, image, box, own in zip(panels, pixels, boxes, whole, strict=True):
        axes = drawn.add_axes((0, 0, 1, 1), anchor="NW")
        _draw(axes, panel, image, own)
        frame(axes, box)
    return style.to_svg(drawn, name), boxes


def _draw(axes: Any, panel: Panel, pixels: Any, whole: Any) -> None:
    axes.imshow(whole, cmap="gray", vmin=0, vmax=1, interpolation="none")
    n_rows, n_columns, height, width = pixels.shape[:4]
    gap = gap_of(height, width)
    columns = panel.columns if len(panel.columns) == n_columns else ()
    every = 1 if len(columns) <= LABELS and max(map(len, columns), default=0) <= 6 else 2
    at = [j for j in range(0, len(columns), every) if columns[j]]
    axes.set_xticks([(j + 0.5) * (width + gap) - 0.5 for j in at], [columns[j] for j in at])
    rows = panel.rows if len(panel.rows) == n_rows else ()
    centres = [(i + 0.5) * (height + gap) - 0.5 for i in range(len(rows))]
    axes.set_yticks(centres, [style.label(row) for row in rows])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(panel.title)


def frames_of(figure: Figure, arrays: Arrays) -> np.ndarray[Any, Any] | None:
    """Pictures of the only panel, shape (rows, frames, height, width) or (..., 3), in [0, 1]; None where they are no
    images."""
    return as_pixels(arrays[figure.panels[0].pictures], leading=2)
