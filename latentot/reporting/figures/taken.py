"""A figure of a report as matplotlib has it, to go on with."""

__all__ = ["figure_of"]

from collections.abc import Callable
from typing import TYPE_CHECKING

from latentot.errors import InputError
from latentot.reporting.figures import style
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FEW = "this picture takes two methods or more whose drift, as a share, and whose time are known"


def figure_of(
    draw: Callable[[RunFolder, Population], style.Drawing | None], run: RunFolder, population: Population
) -> "Figure":
    """The sheet of a drawing, before it became SVG.

    Args:
        draw: draws it.
        run: the run.
        population: the one that is drawn.

    Raises:
        InputError: there is nothing to draw, and why.
    """
    with style.collecting() as drawn:
        drawing = draw(run, population)
    if drawing is None or not drawing.sheet:
        raise InputError(_FEW if drawing is None else drawing.caption)
    return drawn[drawing.name]
