"""A sheet of panels under one legend, for papers, and its parts as tiles that a page lays out."""

__all__ = ["Panels"]

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latentot.reporting.figures import style
from latentot.reporting.figures.cut import cut
from latentot.reporting.figures.frame import COLUMNS, Box, frame, grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

BAND_LABELS = ("95 % without drift", "mean without drift")
_LINE, _TITLE_LINE, _EDGE = 0.19, 0.16, 0.06  # inches of a line of the legend and of its title, and above them
_LETTERS_AN_INCH = 13  # of the title


@dataclass(frozen=True)
class Panels:
    """Panels of one size that share a legend of methods.

    Args:
        draws: what draws each panel on its axes.
        methods: in the order of the legend.
        styles: how each method looks.
        shade: the colour of the null band; none where there is no band.
        height: of a panel, in inches.
        title: above the legend of the sheet.
        direct: whether panels name their lines themselves, so that the legend is of the band alone.
    """

    draws: Sequence[Callable[["Axes"], None]]
    methods: Sequence[str]
    styles: Mapping[str, style.MethodStyle]
    shade: str | None
    height: float
    title: str = ""
    direct: bool = False

    def drawing(self, name: str, heading: str, caption: str) -> style.Drawing:
        """The figure; its first tile is the legend, where panels do not name their lines."""
        with style.styled():
            figure, boxes = self._sheet()
            sheet = style.to_svg(figure, name)
            legend = [] if self.direct else [style.to_svg(self._legend_tile(), f"{name}-0")]
            return style.Drawing(name, heading, caption, sheet, (*legend, *cut(sheet, boxes)))

    def _sheet(self) -> tuple["Figure", list[Box]]:
        width = min(COLUMNS, len(self.draws)) * style.TILE_WIDTH
        title = textwrap.wrap(style.label(self.title, limit=90), int(width * _LETTERS_AN_INCH))
        across = 2 if self.direct else max(1, int(width / (0.55 + 0.075 * self._widest())))
        above = _LINE * math.ceil(self._entries() / across) + _TITLE_LINE * len(title) + _EDGE
        boxes, (width, height) = grid(len(self.draws), self.height, top=above)
        figure = style.new_figure(width, height)
        for box, draw in zip(boxes, self.draws, strict=True):
            axes = figure.add_axes((0, 0, 1, 1))
            draw(axes)
            frame(axes, box)
        key = self._legend(figure, across, (_EDGE / width, 1 - _EDGE / height))
        if title:
            key.set_alignment("left")
            key.set_title("\n".join(title))
            key.get_title().set(size=9, weight="bold")
        return figure, boxes

    def _entries(self) -> int:
        return 2 if self.direct else len(self.methods) + 2

    def _widest(self) -> int:
        return max(len(style.label(label)) for label in (*(() if self.direct else self.methods), *BAND_LABELS))

    def _legend_tile(self) -> "Figure":
        across = 2 if self._widest() <= 18 else 1
        figure = style.new_figure(style.TILE_WIDTH, 0.2 * math.ceil(self._entries() / across) + 0.1)
        self._legend(figure, across, (_EDGE / style.TILE_WIDTH, 0.95))
        return figure

    def _legend(self, figure: "Figure", ncols: int, corner: tuple[float, float]) -> "Legend":
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        named = () if self.direct else self.methods
        handles: list[Line2D | Patch] = [Line2D([], [], **self.styles[method].line()) for method in named]
        texts = [style.label(method) for method in named]
        if self.shade is not None:
            handles += [Patch(facecolor=self.shade), Line2D([], [], color=style.SOFT, linestyle=":", linewidth=1.2)]
            texts += BAND_LABELS
        # Legends take labels that begin with "_" for hidden ones, so the names are set afterwards.
        drawn = figure.legend(handles, ["x"] * len(texts), loc="upper left", bbox_to_anchor=corner, borderaxespad=0,
                              ncols=ncols, handlelength=2.6, columnspacing=1.6)  # fmt: skip
        for text, content in zip(drawn.get_texts(), texts, strict=True):
            text.set_text(content)
        return drawn
