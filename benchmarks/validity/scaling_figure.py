"""The figure of power: for each metric a panel against n and one against d, a line an alternative."""

__all__ = ["draw"]

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from effects import Effect

from latentot.reporting.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLES = {
    "linear": "half way on a straight line",
    "spherical": "half way on a sphere",
    "shift": "one mean shifted by 0.2",
    "correlation": "one correlation of 0.3",
}
ACROSS = 2
CHANCE = 2.0
TOP = 2_000
"""The largest effect that is drawn: half way on a sphere in two dimensions has tails without a mean."""


@dataclass(frozen=True)
class _Along:
    """What panels go along, n or d, at one value of the other: that of most cells."""

    name: str
    other: str
    fixed: int
    ticks: tuple[int, ...]

    @classmethod
    def of(cls, effects: Sequence[Effect], name: str, other: str) -> "_Along":
        fixed = statistics.mode(getattr(effect, other) for effect in effects)
        ticks = {getattr(effect, name) for effect in effects if getattr(effect, other) == fixed}
        return cls(name, other, fixed, tuple(sorted(ticks)))


def draw(effects: Sequence[Effect]) -> str:
    """The figure as SVG.

    Args:
        effects: rows of the table; metrics are drawn in their order, each in two panels that share a scale.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    metrics = list(dict.fromkeys(effect.metric for effect in effects))
    looks = style.method_styles(list(TITLES))
    sides = _Along.of(effects, "n", "d"), _Along.of(effects, "d", "n")
    rows = math.ceil(len(metrics) / ACROSS)
    with style.styled():
        figure = style.new_figure(style.SHEET_WIDTH, 1.45 * rows + 0.6)
        figure.set_layout_engine("constrained")
        grid = figure.subplots(rows, 2 * ACROSS, sharey=True, squeeze=False)
        panels = [(row[2 * k], row[2 * k + 1]) for row in grid for k in range(ACROSS)]
        for i, (left, right) in enumerate(panels):
            if i >= len(metrics):
                left.set_axis_off()
                right.set_axis_off()
                continue
            own = [effect for effect in effects if effect.metric == metrics[i]]
            for axes, along in zip((left, right), sides, strict=True):
                _panel(axes, own, along, looks)
                if i + ACROSS >= len(metrics):
                    axes.set_xlabel(f"{along.name} ({along.other} = {along.fixed:,})")
            left.set_title(style.label(metrics[i]))
            if i % ACROSS == 0:
                left.set_ylabel("effect, null sd")
        handles = [*(Line2D([], [], **looks[name].line()) for name in TITLES), Patch(facecolor=style.BAND)]
        names = [*TITLES.values(), f"within {CHANCE:g} null sd"]
        figure.legend(handles, names, loc="outside upper left", ncols=3, handlelength=2.6, columnspacing=1.6)
        return style.to_svg(figure, "metric-power")


def _panel(axes: "Axes", own: Sequence[Effect], along: _Along, looks: dict[str, style.MethodStyle]) -> None:
    from matplotlib.ticker import FuncFormatter, NullLocator

    line = [effect for effect in own if getattr(effect, along.other) == along.fixed]
    axes.axhspan(-CHANCE, CHANCE, color=style.BAND, linewidth=0, zorder=1)
    for name, look in looks.items():
        points = sorted((getattr(e, along.name), e.effect) for e in line if e.alternative == name)
        if points:
            axes.plot(*zip(*points, strict=True), **look.line(), zorder=3)
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=CHANCE, linscale=0.5)
    axes.set_ylim(-2 * CHANCE, TOP)
    axes.set_xlim(along.ticks[0] / 1.3, along.ticks[-1] * 1.3)
    axes.set_xticks(along.ticks)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_yticks([0, 10, 100, 1_000], labels=["0", "10", "100", "1000"])
    axes.yaxis.set_minor_locator(NullLocator())


def _short(value: float) -> str:
    return f"{value / 1_000:g}k" if value >= 1_000 else f"{value:g}"
