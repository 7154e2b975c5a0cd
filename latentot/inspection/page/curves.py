"""Curves, areas, bars and dots, with a legend on every panel."""

__all__ = ["draw_curves"]

from typing import Any

from latentot.inspection.findings import Figure, Panel
from latentot.reporting.figures import style
from latentot.reporting.figures.cut import cut
from latentot.reporting.figures.frame import frame, grid

HEIGHT = 2.1
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7")


def draw_curves(figure: Figure, arrays: Any) -> style.Drawing:
    """A tile a panel.

    Args:
        figure: what is to be drawn.
        arrays: what the folder stores.
    """
    boxes, sides = grid(len(figure.panels), HEIGHT)
    with style.styled():
        drawn = style.new_figure(*sides)
        for panel, box in zip(figure.panels, boxes, strict=True):
            axes = drawn.add_axes((0, 0, 1, 1))
            _draw(axes, panel, arrays)
            frame(axes, box)
        sheet = style.to_svg(drawn, figure.name)
    return style.Drawing(figure.name, figure.heading, figure.caption, sheet, cut(sheet, boxes))


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
