"""Drift against time: what a method costs, and which methods no other beats in both."""

__all__ = ["draw_price", "pareto"]

import math
from collections.abc import Sequence

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.populations import baseline, population_title
from latentot.reporting.ranking import MARGIN
from latentot.runformat import Population, RunFolder

_PER = 1000  # points that a price is for


def pareto(points: Sequence[tuple[float, float]]) -> list[int]:
    """Which points no other beats in both coordinates, smaller being better, from left to right.

    >>> pareto([(1, 5), (2, 6), (3, 1), (4, 2)])
    [0, 2]
    """
    front: list[int] = []
    for place in sorted(range(len(points)), key=lambda i: points[i]):
        if not front or points[place][1] < points[front[-1]][1]:
            front.append(place)
    return front


def draw_price(run: RunFolder, population: Population) -> style.Drawing | None:
    """Draws drift as a share of linear's against seconds; nothing where a run knows neither of two methods.

    Args:
        run: the run.
        population: the one whose verdicts are drawn.
    """
    known = [
        (own, own.seconds / size * _PER, own.share)
        for own in run.facts.verdicts
        if own.key == population.key and own.seconds and own.share is not None and (size := own.n or population.n)
    ]
    if len(known) < 2:
        return None
    styles = style.method_styles(run.method_names())
    margin = run.facts.study.get("margin")
    margin = float(margin) if isinstance(margin, int | float) and 0 < margin < 1 else MARGIN
    with style.styled():
        figure = style.new_figure(style.TILE_WIDTH, 2.5)
        axes = figure.subplots()
        axes.axhspan(-margin, margin, color=style.BAND, linewidth=0, zorder=1)
        # Within the margin differences of drift do not matter, nor do those of methods that keep.
        worth = [(seconds, 0.0 if own.verdict == "keeps" else share) for own, seconds, share in known]
        front = pareto(worth)
        axes.step([known[i][1] for i in front], [known[i][2] for i in front], where="post", color=style.SOFT,
                  linestyle="--", linewidth=0.9, zorder=2)  # fmt: skip
        for own, seconds, share in known:
            low, high = own.share_low, own.share_high
            look = styles[own.method]
            if low is not None and high is not None:
                axes.vlines(seconds, low, high, color=look.color, linewidth=1.2, zorder=3)
            axes.plot(seconds, share, marker=look.marker, color=look.color, markersize=6, markeredgecolor="white",
                      markeredgewidth=0.5, linestyle="none", zorder=4)  # fmt: skip
        axes.set_xscale("log")
        axes.set_yscale("symlog", linthresh=margin, linscale=0.8)
        highest = max(1.0, *(high for own, *_ in known if (high := own.share_high) is not None))
        ticks = [0.0, *(x for x in (margin, 0.25, 1.0, 4.0, 20.0) if margin <= x <= 1.1 * highest)]
        axes.set_yticks(ticks, [f"{100 * tick:g} %" for tick in ticks])
        axes.set_yticks([], minor=True)
        times = np.log10([seconds for _, seconds, _ in known])
        axes.set_xlim(10 ** (times.min() - 0.3), 10 ** (times.max() + max(0.6, 0.35 * float(np.ptp(times)))))
        decades = range(math.ceil(times.min() - 0.3), math.floor(times.max() + 0.6) + 1)
        axes.set_xticks([10.0**k for k in decades], [f"{10.0**k:g}" for k in decades])
        axes.set_xticks([], minor=True)
        lows = [low for own, *_ in known if (low := own.share_low) is not None]
        axes.set_ylim(min([-1.3 * margin, *(1.2 * low for low in lows)]), 1.6 * highest)
        figure.draw_without_rendering()
        points = axes.transData.transform([(seconds, share) for _, seconds, share in known])
        for (own, seconds, share), at, (_, y) in zip(
            known, style.apart([y for _, y in points], 11.0), points, strict=True
        ):
            axes.annotate(style.label(own.method, 18), (seconds, share), (6, 72 / figure.dpi * (at - y) - 2.5),
                          textcoords="offset points", fontsize=7.5)  # fmt: skip
        axes.set_xlabel("seconds for 1,000 points, what is fitted included")
        axes.set_ylabel(f"drift, share of {baseline(population.space)}")
        name = style.figure_name("price", population.label)
        svg = style.to_svg(figure, name)
    caption = (
        "Lower and further left is better. Dashed: the front, methods that no other beats in both; all that keep count "
        "as equally close. Grey: the margin. Times are of one run on one machine."
    )
    data = style.table(
        ["method", "seconds for 1000 points", "share", "low", "high", "verdict"],
        [[own.method, seconds, share, own.share_low, own.share_high, own.verdict] for own, seconds, share in known],
    )
    return style.Drawing(name, population_title(population), caption, svg, (svg,), data)
