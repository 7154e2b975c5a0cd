"""Drift over t: a panel a metric, a line a method, the null band shaded."""

__all__ = ["draw_drift"]

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.frame import width_of
from latentot.reporting.figures.panels import Panels
from latentot.reporting.figures.scale import choose_scale
from latentot.reporting.formats import listed
from latentot.reporting.populations import law, population_title
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_CAPTION = (
    "Lower is closer. {lines} The shaded band is what the metric gives when nothing drifts from {law} "
    "(95 %, for each t alone); its mean is dotted. "
    "A log scale is linear within the band where values can fall below zero."
)


# Methods at the same t stand side by side, over this share of the way to the next t, but no further than _ASIDE.
_SHARE, _ASIDE, _ALONE = 0.3, 0.07, 0.7
_DIRECT = 8  # methods that a panel has room to name beside their lines
_NAME, _LETTER = 15, 7.0  # letters of a name, and points of a letter
_LINE = 0.095  # of an axis' height, from one name to the next
_NAMES = 0.075  # of t, from the ends of lines on
_ACROSS = 2.3 * 72  # points that an axis is wide, at least
_TALL = 28  # letters that an axis is high


@dataclass(frozen=True)
class _Panel:
    metric: str
    unit: str
    band: "pd.DataFrame"  # t, null_mean, null_lo, null_hi
    shade: str  # the band's colour
    lines: Mapping[str, "pd.DataFrame"]  # by method: t, mean, min, max

    def values(self) -> np.ndarray:
        """All that is drawn, to choose a scale by."""
        frames = [self.band[["null_mean", "null_lo", "null_hi"]]]
        frames += [line[["mean", "min", "max"]] for line in self.lines.values()]
        return np.concatenate([frame.to_numpy(dtype=float).ravel() for frame in frames])


def draw_drift(run: RunFolder, population: Population) -> style.Drawing:
    """Draws how the drift of one population goes with t.

    Args:
        run: the run.
        population: the one to draw.

    Returns:
        The figure; its first tile is the legend where there are more lines than a panel can name.
    """
    name = style.figure_name("drift", population.label)
    heading = population_title(population)
    panels, missing, repeats = _panels(run, population)
    if not panels:
        return style.Drawing(name, heading, "No measurement of this population succeeded: there is nothing to draw.")
    lines = f"Markers are means over {repeats} repeats, bars their range." if repeats > 1 else ""
    if repeats == 1 and any((line["min"] < line["max"]).any() for panel in panels for line in panel.lines.values()):
        lines = "Bars are two standard deviations to either side, by the jackknife."
    lines += " Methods at one t stand side by side."
    caption = _CAPTION.format(lines=lines.strip(), law=law(population.reference))
    if len({verdict.round for verdict in run.facts.verdicts if verdict.key == population.key}) > 1:
        caption += " Of the first round, in which every method took part: some verdicts are of later rounds."
    if missing:
        caption += f" Not drawn, without a single value: {listed(missing)}."
    methods = [method for method in run.method_names() if any(method in panel.lines for panel in panels)]
    styles = style.method_styles(run.method_names())
    data = style.table(
        ["metric", "method", "t", "mean", "least", "greatest"],
        [
            [panel.metric, method, *map(float, row)]
            for panel in panels
            for method, line in panel.lines.items()
            for row in line[["t", "mean", "min", "max"]].to_numpy()
        ],
    )
    drawing = Panels(
        draws=[functools.partial(_draw_panel, panel=panel, styles=styles) for panel in panels],
        methods=methods,
        styles=styles,
        shade=panels[0].shade,
        height=2.3,
        direct=len(methods) <= _DIRECT,
        # A sheet leaves the page, and must not be taken for that of another population.
        title=population_title(population, explained=False) if len(run.populations) > 1 else "",
    ).drawing(name, heading, caption)
    return replace(drawing, data=data)


def _panels(run: RunFolder, population: Population) -> tuple[list[_Panel], list[str], int]:
    rows = run.rows_of(population)
    drawn = rows[(rows["status"] == "ok") & np.isfinite(rows["value"]) & np.isfinite(rows["t"])]
    panels = []
    for metric in run.metric_names():
        of_metric = drawn[drawn["metric"] == metric]
        if of_metric.empty:
            continue
        # The curves are means over repeats, so the band beside them is the mean of the repeats' bands.
        band = of_metric.groupby("t")[["null_mean", "null_lo", "null_hi"]].mean().dropna().reset_index()
        lines = {str(method): _line(line) for method, line in of_metric.groupby("method", sort=False)}
        unit = run.facts.metrics[metric].unit if metric in run.facts.metrics else ""
        shade = style.BAND if population.reference == "prior" else style.OTHER_BAND
        panels.append(_Panel(metric, unit, band, shade, lines))
    asked = set(rows["metric"])
    missing = [m for m in run.metric_names() if m in asked and all(m != panel.metric for panel in panels)]
    return panels, missing, int(drawn["repeat"].nunique())


def _line(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Mean and range over repeats of one method; one repeat has two standard deviations to either side, if known."""
    line = rows.groupby("t")["value"].agg(["mean", "min", "max"]).reset_index()
    if rows["repeat"].nunique() == 1:
        spread = 2 * rows.groupby("t")["spread"].mean().fillna(0.0).to_numpy()
        line["min"], line["max"] = line["min"] - spread, line["max"] + spread
    return line


def _draw_panel(axes: "Axes", panel: _Panel, styles: Mapping[str, style.MethodStyle]) -> None:
    times = sorted({float(t) for line in panel.lines.values() for t in line["t"]})
    alone = len(times) == 1
    room = _ALONE if alone else min(_ASIDE, _SHARE * float(np.diff(times).min()))
    band = panel.band
    if len(band):
        # As far as the outermost markers, so that each is seen against the band of its t.
        at = np.pad(band["t"].to_numpy(dtype=float), 1, mode="edge")
        at[[0, -1]] += [-room / 2, room / 2]
        sides = (band[name].to_numpy(dtype=float) for name in ("null_lo", "null_mean", "null_hi"))
        low, middle, high = (np.pad(side, 1, mode="edge") for side in sides)
        axes.fill_between(at, low, high, color=panel.shade, linewidth=0, zorder=1)
        axes.plot(at, middle, color=style.SOFT, linestyle=":", linewidth=1.2, zorder=2)
    for i, (method, line) in enumerate(panel.lines.items()):
        aside = room * ((i + 0.5) / len(panel.lines) - 0.5)
        at = line["t"].to_numpy(dtype=float) + aside
        axes.vlines(at, line["min"], line["max"], color=styles[method].color, linewidth=0.9, zorder=3)
        axes.plot(at, line["mean"], **styles[method].line(), zorder=4)
    if alone:
        axes.set_xlim(times[0] - 0.5, times[0] + 0.5)
        axes.set_xticks(times)
    else:
        axes.set_xlim(-0.05, 1.05)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    threshold = float(np.abs(band[["null_lo", "null_hi"]].to_numpy(dtype=float)).max()) if len(band) else 0.0
    scale = choose_scale(panel.values(), threshold)
    scale.apply(axes, panel.values())
    axes.set_title(style.label(panel.metric))
    axes.set_xlabel("t")
    if len(panel.lines) <= _DIRECT:
        _name_lines(axes, panel, styles, max(times) + room / 2)
    said = [part for part in (style.label(panel.unit), scale.note) if part]
    axes.set_ylabel((",\n" if sum(map(len, said)) > _TALL else ", ").join(said))


def _name_lines(axes: "Axes", panel: _Panel, styles: Mapping[str, style.MethodStyle], end: float) -> None:
    """Names beside the ends of lines, as far apart as letters are high, each with a thin line to its own."""
    names = [style.label(method, _NAME) for method in panel.lines]
    low, high = axes.get_xlim()
    beside = (max(width_of(name, _LETTER) for name in names) + 3) / _ACROSS  # of the axis
    axes.set_xlim(low, max(high, (end + _NAMES - beside * low) / (1 - beside)))
    lasts = [float(line["mean"].iloc[-1]) for line in panel.lines.values()]
    # In parts of the axis' height, which the scale bends.
    transform = axes.transScale.transform
    bottom, top = (transform((1.0, y))[1] for y in axes.get_ylim())
    heights = [min(max((transform((1.0, y))[1] - bottom) / (top - bottom), 0.12), 0.95) for y in lasts]
    places = style.apart(heights, _LINE)
    lift = max(0.0, _LINE / 2 - min(places))  # names stay above the axis
    for method, name, y, at in zip(panel.lines, names, heights, [place + lift for place in places], strict=True):
        place = axes.get_xaxis_transform()
        axes.plot(
            [end + 0.01, end + 0.06], [y, at], transform=place, color=styles[method].color, linewidth=0.8, zorder=2
        )
        axes.text(end + _NAMES, at, name, transform=place, fontsize=_LETTER, va="center", clip_on=False)
