"""Curves, areas, bars and dots, with a legend on every panel."""

__all__ = ["draw_curves"]

import math
from collections.abc import Sequence
from typing import Any

from latentot.inspection.findings import Figure, Panel
from latentot.reporting.figures import style

HEIGHT = 2.1
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7")


def draw_curves(figure: Figure, arrays: Any) -> style.Drawing:
    """A tile a panel.

    Args:
        figure: what is to be drawn.
        arrays: what the folder stores.
    """
    with style.styled():
        tiles = tuple(_svg([panel], arrays, f"{figure.name}-{i}", 1) for i, panel in enumerate(figure.panels))
        sheet = tiles[0] if len(tiles) == 1 else _svg(figure.panels, arrays, figure.name, 2)
    return style.Drawing(figure.name, figure.heading, figure.caption, sheet, tiles)


def _svg(panels: Sequence[Panel], arrays: Any, name: str, columns: int) -> str:
    rows = math.ceil(len(panels) / columns)
    drawn = style.new_figure(style.TILE_WIDTH * columns, HEIGHT * rows)
    for i, axes in enumerate(drawn.subplots(rows, columns, squeeze=False).ravel()):
        if i < len(panels):
            _draw(axes, panels[i], arrays)
        else:
            axes.set_axis_off()
    return style.to_svg(drawn, name)


def _draw(axes: Any, panel: Panel, arrays: Any) -> None:
    drawn = 0
    for curve in panel.curves:
        points = arrays[curve.array].astype(float)
        label = style.label(curve.label, limit=40) or None
        colour = COLOURS[drawn % len(COLOURS)]
        match curve.look:
            case "area":
                axes.fill_between(*points, color=style.BAND, linewidth=0, label=label)
                continue
            case "bars":
                axes.bar(*points, color=colour, label=label)
            case "faint-bars":
                axes.bar(*points, color=style.BAND, label=label)
            case "dots":
                axes.plot(*points, "o", color=colour, label=label)
            case "level":
                # It is the level of the curve before it.
                axes.plot(*points, ":", color=COLOURS[(drawn - 1) % len(COLOURS)], label=label)
                continue
            case "step":
                axes.plot(*points, color=colour, label=label, drawstyle="steps-mid")
            case _:
                axes.plot(*points, "o-", color=colour, label=label)
        drawn += 1
    axes.set_title(panel.title)
    axes.set_xlabel(panel.across)
    axes.set_ylabel(panel.up)
    if any(curve.look in ("area", "bars", "step", "faint-bars") for curve in panel.curves):
        axes.margins(x=0.02)
    if any(curve.label for curve in panel.curves):
        axes.legend(loc="best", handlelength=1.4, fontsize=7, frameon=True, framealpha=0.8, edgecolor="none")
