"""Small multiples: a panel a method, named by its title, all on the same axes, as wide as one column of a paper."""

__all__ = ["MOST", "multiples"]

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from latentot.reporting.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 12
"""Panels of one figure; of more methods the first are drawn."""
_COLUMNS = 2
_HEIGHT = 1.25  # inches of a panel
_LEFT, _RIGHT, _TOP, _BELOW = 0.58, 0.06, 0.24, 0.42  # inches that labels, and a title, take of the whole figure
_BETWEEN = (0.14, 0.28)  # inches between panels, across and down


def multiples(
    name: str,
    methods: Sequence[str],
    styles: Mapping[str, style.MethodStyle],
    draw: Callable[["Axes", str], None],
    labels: tuple[str, str],
    height: float = _HEIGHT,
) -> str:
    """One figure of panels that share both axes, as SVG.

    Args:
        name: of the figure.
        methods: a panel each.
        styles: how each looks.
        draw: draws one method on its axes.
        labels: of the horizontal and of the vertical axis.
        height: of a panel, in inches.
    """
    columns = min(_COLUMNS, len(methods))
    n_rows = math.ceil(len(methods) / columns)
    with style.styled():
        whole = height * n_rows + 0.35
        figure = style.new_figure(style.TILE_WIDTH, whole)
        wide = (style.TILE_WIDTH - _LEFT - _RIGHT - (columns - 1) * _BETWEEN[0]) / columns
        high = (whole - _TOP - _BELOW - (n_rows - 1) * _BETWEEN[1]) / n_rows
        figure.subplots_adjust(
            left=_LEFT / style.TILE_WIDTH,
            right=1 - _RIGHT / style.TILE_WIDTH,
            top=1 - _TOP / whole,
            bottom=_BELOW / whole,
            wspace=_BETWEEN[0] / wide,
            hspace=_BETWEEN[1] / high,
        )
        grid = figure.subplots(n_rows, columns, squeeze=False, sharex=True, sharey=True)
        for place, axes in enumerate(grid.ravel()):
            if place >= len(methods):
                axes.set_axis_off()
                continue
            draw(axes, methods[place])
            # The dot is the method's colour, in which letters would be too pale; SVG drops spaces before a title.
            axes.plot([0.03], [1.1], marker="o", color=styles[methods[place]].color, markersize=5, clip_on=False,
                      transform=axes.transAxes, zorder=6)  # fmt: skip
            axes.set_title(style.label(methods[place], limit=24), x=0.09, ha="left", loc="center")
            below = place + columns >= len(methods)
            axes.tick_params(labelbottom=below)
            for axis in (axes.xaxis, axes.yaxis):  # has no label; else its place is found by the size of all ticks
                axis.set_label_coords(0.5, 0)
        figure.supxlabel(labels[0], fontsize=8, y=0.02)
        figure.supylabel(labels[1], fontsize=8, x=0.02)
        return style.to_svg(figure, name)
