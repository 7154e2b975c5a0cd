"""Drift against its price: time, displacement, how decoded walks look; which methods no other beats in both."""

__all__ = ["draw_price", "pareto"]

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.cut import cut
from latentot.reporting.figures.frame import RIGHT, Box, frame, grid, width_of
from latentot.reporting.formats import listed, number
from latentot.reporting.headline import headline
from latentot.reporting.populations import baseline, population_title
from latentot.reporting.ranking import MARGIN
from latentot.runformat import Population, RunFolder, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PER = 1000  # points that a price is for
_HIGH = 2.5  # inches
_WIDE = 50  # letters that a panel is wide
_EDGE = 0.05  # inches
_NAME, _ASIDE = 18, 6  # letters of a name, and points from its mark
_DISPLACEMENT = "displacement half way, share of the endpoints' distance, lower is better"
_BETTER = ("lower", "higher")


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


@dataclass(frozen=True)
class _Price:
    """What a method costs: `of` has its name, value and standard error; `sign` is -1 where more is better."""

    name: str
    label: str
    of: Mapping[str, tuple[float, float]]
    sign: int = 1
    log: bool = False


def draw_price(run: RunFolder, population: Population) -> style.Drawing | None:
    """Draws drift as a share of linear's against seconds, the displacement of latents from the straight line, and each
    measure of decoded walks, such as their length and smoothness; nothing where a run knows none of two methods.

    Args:
        run: the run.
        population: the one whose verdicts are drawn.

    Returns:
        The figure, a tile a price; its caption says which method is recommended, and why.
    """
    known = [own for own in run.facts.verdicts if own.key == population.key and own.share is not None]
    prices = _prices(run, population, known)
    if not prices:
        return None
    margin = run.facts.study.get("margin")
    margin = float(margin) if isinstance(margin, int | float) and 0 < margin < 1 else MARGIN
    name, styles = style.figure_name("price", population.label), style.method_styles(run.method_names())
    with style.styled():
        figure, boxes = _figure(prices, known, styles, margin, baseline(population.space))
        sheet = style.to_svg(figure, name)
    caption = (
        f"{_advice(run, population, known, prices)} Dashed: the front, methods that no other beats in both; all that "
        "keep count as equally close. Grey: the margin. Times are of one run on one machine."
    )
    if any(price.label == _DISPLACEMENT for price in prices):
        caption += " Displacement is from the straight line, half way."
    nothing = (math.nan, math.nan)
    data = style.table(
        ["method", *(price.label for price in prices), "share", "low", "high", "verdict"],
        [
            [own.method, *(price.of.get(own.method, nothing)[0] for price in prices), own.share, own.share_low,
             own.share_high, own.verdict]
            for own in known
        ],
    )  # fmt: skip
    return style.Drawing(name, population_title(population), caption, sheet, cut(sheet, boxes), data)


def _prices(run: RunFolder, population: Population, known: Sequence[Verdict]) -> list[_Price]:
    """What is known of two methods or more."""
    seconds = {
        own.method: (own.seconds / size * _PER, 0.0) for own in known if own.seconds and (size := own.n or population.n)
    }
    found = [_Price("time", "seconds for 1,000 points, what is fitted included", seconds, log=True)]
    found.append(_Price("displacement", _DISPLACEMENT, _displacements(run, population)))
    judged = [
        walk
        for walk in run.facts.walks
        if walk.endpoints == population.endpoints and walk.better in _BETTER and walk.value is not None
    ]
    for measure in dict.fromkeys(walk.measure for walk in judged):
        own = [walk for walk in judged if walk.measure == measure]
        of = {walk.method: (walk.value or 0.0, walk.error or 0.0) for walk in own}
        unit = f", {own[0].unit}" if own[0].unit else ""
        label = f"{measure}{unit}, {own[0].better} is better"
        found.append(_Price(measure, label, of, 1 if own[0].better == "lower" else -1))
    methods = {own.method for own in known}
    return [price for price in found if len(methods & price.of.keys()) > 1]


def _displacements(run: RunFolder, population: Population) -> dict[str, tuple[float, float]]:
    """How far the points of each method are from the straight line half way; older runs do not know it."""
    found = {
        name: run.artefacts.get(f"profile/{population.endpoints}/{name}/displacement") for name in run.method_names()
    }
    middle = {name: float(own[len(own) // 2]) for name, own in found.items() if own is not None}
    return {name: (own, 0.0) for name, own in middle.items() if math.isfinite(own)}


def _worth(own: Verdict, price: _Price) -> tuple[float, float]:
    """Price and drift, smaller being better: those of methods that keep do not matter."""
    return price.sign * price.of[own.method][0], 0.0 if own.verdict == "keeps" else own.share or 0.0


def _advice(run: RunFolder, population: Population, known: Sequence[Verdict], prices: Sequence[_Price]) -> str:
    """Which method to use here, and why, in a sentence."""
    keeping = [own.method for own in known if own.verdict == "keeps"]
    if not keeping or run.control_failed(population):
        return "No method is recommended here, for none is shown to keep."
    dear = prices[0]
    cheapest = min(keeping, key=lambda method: dear.sign * dear.of[method][0] if method in dear.of else math.inf)
    best = recommended if (recommended := headline(run).recommended) in keeping else cheapest
    if len(keeping) == 1:
        return f"Recommended: {best}, the only one that keeps."
    least, more = [], []
    for price in prices:
        of = {method: price.of[method][0] for method in keeping if method in price.of}
        if best not in of or len(of) < 2:
            continue
        first = min(of, key=lambda method, of=of, price=price: price.sign * of[method])  # type: ignore[misc]
        if of[first] == of[best]:
            least.append(price.name)
        else:
            more.append(f"{price.name} {number(of[best])}, where {first} has {number(of[first])}")
    reasons = ([f"the best {listed(least)}"] if least else []) + more
    return f"Recommended: {best}, of the {len(keeping)} that keep{': ' if reasons else ''}{'; '.join(reasons)}."


def _figure(
    prices: Sequence[_Price],
    known: Sequence[Verdict],
    styles: Mapping[str, style.MethodStyle],
    margin: float,
    whose: str,
) -> tuple["Figure", list[Box]]:
    """One panel a price, and where it is."""
    boxes, sides = grid(len(prices), _HIGH)
    figure = style.new_figure(*sides)
    for price, box in zip(prices, boxes, strict=True):
        axes = figure.add_axes((0, 0, 1, 1))
        _draw(axes, price, known, styles, margin, whose)
        frame(axes, box)
        frame(axes, box, right=_beyond(axes, price, known))
        _name(axes, price, known)
    return figure, boxes


def _draw(
    axes: "Axes",
    price: _Price,
    verdicts: Sequence[Verdict],
    styles: Mapping[str, style.MethodStyle],
    margin: float,
    whose: str,
) -> None:
    known = [own for own in verdicts if own.method in price.of]
    at = {own.method: (price.of[own.method][0], own.share or 0.0) for own in known}
    axes.axhspan(-margin, margin, color=style.BAND, linewidth=0, zorder=1)
    front = [at[known[i].method] for i in pareto([_worth(own, price) for own in known])]
    axes.step([x for x, _ in front], [y for _, y in front], where="post", color=style.SOFT, linestyle="--",
              linewidth=0.9, zorder=2)  # fmt: skip
    for own in known:
        (x, share), error, look = at[own.method], price.of[own.method][1], styles[own.method]
        if own.share_low is not None and own.share_high is not None:
            axes.vlines(x, own.share_low, own.share_high, color=look.color, linewidth=1.2, zorder=3)
        if error:
            axes.hlines(share, x - 2 * error, x + 2 * error, color=look.color, linewidth=1.2, zorder=3)
        axes.plot(x, share, marker=look.marker, color=look.color, markersize=6, markeredgecolor="white",
                  markeredgewidth=0.5, linestyle="none", zorder=4)  # fmt: skip
    axes.set_yscale("symlog", linthresh=margin, linscale=0.8)
    highest = max(1.0, *(own.share_high for own in known if own.share_high is not None), 0.0)
    ticks = [0.0, *(x for x in (margin, 0.25, 1.0, 4.0, 20.0) if margin <= x <= 1.1 * highest)]
    axes.set_yticks(ticks, [f"{100 * tick:g} %" for tick in ticks])
    axes.set_yticks([], minor=True)
    lows = [own.share_low for own in known if own.share_low is not None]
    axes.set_ylim(min([-1.3 * margin, *(1.2 * low for low in lows)]), 1.6 * highest)
    ends = [(x - 2 * error, x + 2 * error) for x, error in (price.of[method] for method in at)]
    _set_prices(axes, np.array(ends).ravel(), log=price.log)
    axes.set_xlabel(price.label.replace(", ", ",\n", 1) if len(price.label) > _WIDE else price.label)
    axes.set_ylabel(f"drift, share of {whose}")


def _beyond(axes: "Axes", price: _Price, known: Sequence[Verdict]) -> float:
    """Inches on the right of the axes that names beside marks need: where marks are goes with the axes' width."""
    of = [own.method for own in known if own.method in price.of]
    places = axes.transData + axes.transAxes.inverted()
    at = places.transform([(price.of[method][0], 0.0) for method in of])[:, 0]
    whole = axes.get_window_extent().width / axes.figure.dpi + RIGHT
    wide = [(_ASIDE + width_of(style.label(method, _NAME), style.TICK)) / 72 + _EDGE for method in of]
    return max(RIGHT, *((own - (1 - x) * whole) / x for x, own in zip(at, wide, strict=True)))


def _name(axes: "Axes", price: _Price, known: Sequence[Verdict]) -> None:
    """Names beside marks, now that it is known where these are."""
    at = {own.method: (price.of[own.method][0], own.share or 0.0) for own in known if own.method in price.of}
    points = axes.transData.transform(list(at.values()))
    heights = style.apart([y for _, y in points], 11.0)
    for (method, place), height, (_, y) in zip(at.items(), heights, points, strict=True):
        lift = 2.5 if price.of[method][1] else -2.5  # beside marks, and above lines
        axes.annotate(style.label(method, _NAME), place, (_ASIDE, 72 / axes.figure.dpi * (height - y) + lift),
                      textcoords="offset points", fontsize=style.TICK)  # fmt: skip


def _set_prices(axes: "Axes", values: np.ndarray, *, log: bool) -> None:
    """The axis of prices, with room for names on its right."""
    if not log:
        room = float(np.ptp(values)) or abs(float(values[0])) or 1.0
        axes.set_xlim(values.min() - 0.15 * room, values.max() + 0.5 * room)
        return
    axes.set_xscale("log")
    times = np.log10(values)
    axes.set_xlim(10 ** (times.min() - 0.3), 10 ** (times.max() + max(0.6, 0.35 * float(np.ptp(times)))))
    decades = range(math.ceil(times.min() - 0.3), math.floor(times.max() + 0.6) + 1)
    axes.set_xticks([10.0**k for k in decades], [f"{10.0**k:g}" for k in decades])
    axes.set_xticks([], minor=True)
