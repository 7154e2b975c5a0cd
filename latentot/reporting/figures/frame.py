"""Where axes are in a figure: as far from its sides as the letters beside them are wide, found without drawing."""

__all__ = ["COLUMNS", "RIGHT", "Box", "frame", "grid", "width_of"]

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from latentot.reporting.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

COLUMNS = 2
_POINTS = 72  # an inch
_LINE = 1.2  # heights of letters from one line to the next
_EDGE = 3.0  # points around everything
_OVER = 4.0  # points that a label is from the ticks' labels
_TITLE = 18.0  # points that a line above the axes takes
RIGHT = 0.08  # inches


@dataclass(frozen=True)
class Box:
    """A part of a figure, in inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


def grid(n: int, height: float, *, top: float = 0.0) -> tuple[list[Box], tuple[float, float]]:
    """Panels two abreast, each as wide as a column of a paper, and the sides of the figure, in inches.

    Args:
        n: panels.
        height: of each.
        top: what is above them.

    >>> boxes, sides = grid(3, 2.0)
    >>> boxes[2], sides
    (Box(left=0.0, top=2.0, width=3.35, height=2.0), (6.7, 4.0))
    """
    columns, width = min(COLUMNS, n), style.TILE_WIDTH
    boxes = [Box(i % columns * width, top + i // columns * height, width, height) for i in range(n)]
    return boxes, (columns * width, top + math.ceil(n / columns) * height)


def frame(axes: "Axes", box: Box, *, right: float = RIGHT) -> None:
    """Places axes in a box, with their title and labels in it: matplotlib's layout engines draw everything to know it.

    It is called once everything else is set: limits, ticks, labels.

    Args:
        axes: without axes that they share labels with.
        box: their part of the figure.
        right: inches on the right of the axes.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        return
    across, up = figure.get_size_inches()
    above = _TITLE if axes.get_title() or axes.get_title("left") else _EDGE + 2
    below = _ticks(axes.xaxis, down=True)
    under = _label(axes.xaxis)
    bottom = (below + under + _EDGE) / _POINTS
    height = box.height - above / _POINTS - bottom
    # Ticks are chosen by the height of the axes.
    axes.set_position((box.left / across, 1 - (box.top + box.height - bottom) / up, 0.5, height / up))
    beside = _ticks(axes.yaxis, down=False)
    left = (beside + _label(axes.yaxis) + _EDGE) / _POINTS
    width = box.width - left - right
    axes.set_position((
        (box.left + left) / across, 1 - (box.top + box.height - bottom) / up, width / across, height / up
    ))  # fmt: skip
    # A name that is wider than its axis stays in the box.
    lines, size = axes.get_xlabel().split("\n"), float(axes.xaxis.label.get_fontsize())
    half = min(box.width, max(width_of(line, size) for line in lines) / _POINTS) / 2
    middle = min(max(left + width / 2, half), box.width - half)
    axes.xaxis.set_label_coords((middle - left) / width, -(below + _OVER) / _POINTS / height)
    axes.yaxis.set_label_coords(-(beside + _OVER) / _POINTS / width, 0.5)


def width_of(text: str, size: float) -> float:
    """How wide a line is, in points, its letters side by side.

    >>> round(width_of("0.25", 7.5), 1)
    16.7
    """
    return size * sum(map(_width, text))


@functools.lru_cache(1024)
def _width(letter: str) -> float:
    """Of a letter, as a share of its size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    return float(text_to_path.get_text_width_height_descent(letter, FontProperties(size=100), False)[0]) / 100


def _ticks(axis: "Axis", *, down: bool) -> float:
    """Points that the ticks and their labels take, across their axis."""
    places = axis.get_majorticklocs()
    texts = [text for text in axis.get_major_formatter().format_ticks(list(places)) if text] if len(places) else []
    if not texts:
        return 0.0
    look: dict[str, Any] = axis.get_tick_params()
    marks = float(look.get("length", 3.5)) + float(look.get("pad", 3.5))
    size, turned = style.TICK, math.radians(float(look.get("rotation", look.get("labelrotation", 0.0))))
    lines = [text.split("\n") for text in texts]
    wide = max(width_of(line, size) for own in lines for line in own)
    tall = (1 + _LINE * (max(map(len, lines)) - 1)) * size
    along, over = abs(math.cos(turned)), abs(math.sin(turned))
    return marks + (wide * over + tall * along if down else wide * along + tall * over)


def _label(axis: "Axis") -> float:
    """Points that the name of an axis takes, across it."""
    text = axis.get_label_text()
    return _OVER + (1 + _LINE * text.count("\n")) * float(axis.label.get_fontsize()) if text else 0.0
