"""A sheet of panels under one legend, for papers, and the same as tiles that a page lays out."""

__all__ = ["Panels"]

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from latentot.reporting.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

COLUMNS = {1: 1, 2: 2, 4: 2}
BAND_LABELS = ("95 % without drift", "mean without drift")


@dataclass(frozen=True)
class Panels:
    """Panels of one size that share a legend of methods.

    Args:
        draws: what draws each panel on its axes.
        methods: in the order of the legend.
        styles: how each method looks.
        shade: the colour of the null band; none where there is no band.
        heights: of a panel on the sheet and of a tile, in inches.
        title: above the legend of the sheet.
        direct: whether panels name their lines themselves, so that the legend is of the band alone.
    """

    draws: Sequence[Callable[["Axes"], None]]
    methods: Sequence[str]
    styles: Mapping[str, style.MethodStyle]
    shade: str | None
    heights: tuple[float, float]
    title: str = ""
    direct: bool = False

    def drawing(self, name: str, heading: str, caption: str) -> style.Drawing:
        """The figure; its first tile is the legend, where panels do not name their lines."""
        with style.styled():
            legend = [] if self.direct else [self._legend_tile()]
            tiles = [*legend, *map(self._tile, self.draws)]
            return style.Drawing(
                name=name,
                heading=heading,
                caption=caption,
                sheet=style.to_svg(self._sheet(), name),
                tiles=tuple(style.to_svg(tile, f"{name}-{i}") for i, tile in enumerate(tiles)),
            )

    def _sheet(self) -> "Figure":
        columns = COLUMNS.get(len(self.draws), 3)
        n_rows = math.ceil(len(self.draws) / columns)
        widest = max(len(style.label(label)) for label in [*self.methods, *BAND_LABELS])
        across = max(1, int(style.SHEET_WIDTH / (0.55 + 0.075 * widest)))
        above = 0.19 * math.ceil((2 if self.direct else len(self.methods) + 2) / across) + (0.22 if self.title else 0.0)
        figure = style.new_figure(style.SHEET_WIDTH, self.heights[0] * n_rows + above + 0.1)
        grid = figure.subplots(n_rows, columns, squeeze=False).ravel()
        for axes, draw in zip(grid, self.draws, strict=False):
            draw(axes)
        for axes in grid[: max(0, len(self.draws) - columns)]:
            axes.set_xlabel("")
        for axes in grid[len(self.draws) :]:
            axes.set_axis_off()
        key = self._legend(figure, "outside upper left", across)
        if self.title:
            key.set_alignment("left")
            key.set_title(style.label(self.title, limit=90))
            key.get_title().set(size=9, weight="bold")
        return figure

    def _tile(self, draw: Callable[["Axes"], None]) -> "Figure":
        figure = style.new_figure(style.TILE_WIDTH, self.heights[1])
        draw(figure.subplots())
        return figure

    def _legend_tile(self) -> "Figure":
        across = 2 if max(len(style.label(method)) for method in self.methods) <= 18 else 1
        figure = style.new_figure(style.TILE_WIDTH, 0.2 * math.ceil((len(self.methods) + 2) / across) + 0.1)
        self._legend(figure, "center left", across)
        return figure

    def _legend(self, figure: "Figure", loc: Literal["outside upper left", "center left"], ncols: int) -> "Legend":
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        named = () if self.direct else self.methods
        handles: list[Line2D | Patch] = [Line2D([], [], **self.styles[method].line()) for method in named]
        texts = [style.label(method) for method in named]
        if self.shade is not None:
            handles += [Patch(facecolor=self.shade), Line2D([], [], color=style.SOFT, linestyle=":", linewidth=1.2)]
            texts += BAND_LABELS
        # Legends take labels that begin with "_" for hidden ones, so the names are set afterwards.
        drawn = figure.legend(handles, ["x"] * len(texts), loc=loc, ncols=ncols, handlelength=2.6, columnspacing=1.6)
        for text, content in zip(drawn.get_texts(), texts, strict=True):
            text.set_text(content)
        return drawn
