"""The picture of the answer, for papers: a method a row, its drift as a share of linear's beside the margin."""

__all__ = ["draw_shares"]

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.frame import Box, frame, width_of
from latentot.reporting.figures.multiples import MOST
from latentot.reporting.populations import baseline, population_title
from latentot.reporting.ranking import rank
from latentot.runformat import Population, RunFolder

_ROW = 0.24  # inches


def draw_shares(run: RunFolder, population: Population) -> style.Drawing | None:
    """Draws what the first screen of the page shows; nothing where a run knows no shares.

    Args:
        run: the run.
        population: the one whose verdicts are drawn.
    """
    ranking = rank(run, population, most=MOST)
    rows = [row for row in ranking.rows if row.at is not None]
    if not rows:
        return None
    styles = style.method_styles(run.method_names())
    with style.styled():
        height = _ROW * len(rows) + 0.55
        figure = style.new_figure(style.TILE_WIDTH, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.axvspan(2 * ranking.zero - ranking.margin, ranking.margin, color=style.BAND, linewidth=0, zorder=1)
        axes.axvline(ranking.zero, color=style.SOFT, linewidth=0.8, zorder=2)
        axes.axvline(ranking.margin, color=style.SOFT, linewidth=0.8, linestyle="--", zorder=2)
        for place, row in enumerate(rows):
            look = styles[row.method]
            low, at, high = (np.nan if x is None else x for x in (row.low, row.at, row.high))
            axes.hlines(place, low, high, color=look.color, linewidth=2.2, zorder=3)
            axes.plot(at, place, marker=look.marker, color=look.color, markersize=6, markeredgecolor="white", zorder=4)
            axes.text(1.02, place, f"{row.symbol} {row.verdict}", transform=axes.get_yaxis_transform(), va="center",
                      fontsize=7.5)  # fmt: skip
        axes.set_yticks(range(len(rows)), [style.label(row.method, 18) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 100)
        # A column has no room for all that a screen has.
        ticks = [tick for tick in ranking.ticks if not tick.minor]
        axes.set_xticks([tick.at for tick in ticks], [tick.text for tick in ticks])
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"drift, share of {baseline(population.space)}")
        beside = max(width_of(f"{row.symbol} {row.verdict}", style.TICK) for row in rows) / 72 + 0.12
        frame(axes, Box(0, 0, style.TILE_WIDTH, height), right=beside)
        name = style.figure_name("shares", population.label)
        svg = style.to_svg(figure, name)
    caption = (
        f"Drift of each method as a share of {baseline(population.space)}, by its worst measurement that has a say, "
        "with its 95 % interval. "
        f"Within the shaded margin ({ranking.margin_text}) a method keeps the law. Beyond it the axis is logarithmic."
    )
    data = style.table(
        ["method", "verdict", "share", "theory"], [[row.method, row.verdict, row.share, row.theory] for row in rows]
    )
    return style.Drawing(name, population_title(population), caption, svg, (), data)
