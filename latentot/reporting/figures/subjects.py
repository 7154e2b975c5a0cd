"""Figures of a sweep: drift, and how often it is seen, against what the subjects differ by."""

__all__ = ["DRIFT", "SEEN", "Quantity", "draw_over_subjects"]

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.panels import Panels
from latentot.reporting.figures.scale import choose_scale
from latentot.reporting.populations import population_title
from latentot.reporting.sweep import Axis, Sweep
from latentot.runformat import Population

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MIDDLE = 0.5
_MOST_WORDS = 12  # labels on an axis, beyond which they would touch


@dataclass(frozen=True)
class Quantity:
    """What is drawn over the subjects: a column of the results, and the colour of its null band, if it has one."""

    kind: str
    column: str
    shade: str | None
    caption: str


DRIFT = Quantity(
    "over",
    "value",
    style.BAND,
    "Lower is closer. Markers are means over repeats at t = {t:g}, bars their range. The shaded band is what the "
    "metric gives when nothing drifts (95 %); its mean is dotted.",
)
SEEN = Quantity(
    "seen",
    "drifts",
    None,
    "The share of repeats whose drift at t = {t:g} this metric shows beyond chance, each repeat judged alone "
    "(p < 0.05, corrected for all metrics and positions). Dotted: 5 %.",
)


def draw_over_subjects(sweep: Sweep, population: Population, quantity: Quantity) -> style.Drawing:
    """Draws a quantity of one population against what the subjects differ by.

    Args:
        sweep: the runs.
        population: the one to draw.
        quantity: `DRIFT` or `SEEN`.

    Returns:
        The figure: a panel a metric, a line a method; its first tile is the legend.
    """
    name = style.figure_name(quantity.kind, population.label)
    heading = population_title(population)
    rows = _rows(sweep, population)
    if rows.empty:
        return style.Drawing(name, heading, "No measurement of this population succeeded: there is nothing to draw.")
    t = min(set(rows["t"]), key=lambda t: (abs(t - MIDDLE), t))
    rows = rows[rows["t"] == t]
    metrics = [metric for metric in sweep.metric_names() if (rows["metric"] == metric).any()]
    methods = [method for method in sweep.method_names() if (rows["method"] == method).any()]
    styles = style.method_styles(sweep.method_names())
    panels = {metric: rows[rows["metric"] == metric] for metric in metrics}
    return Panels(
        draws=[
            functools.partial(_draw, sweep=sweep, rows=own, metric=metric, quantity=quantity, styles=styles)
            for metric, own in panels.items()
        ],
        methods=methods,
        styles=styles,
        shade=quantity.shade,
        height=2.5,
    ).drawing(name, heading, quantity.caption.format(t=t))


def _rows(sweep: Sweep, population: Population) -> "pd.DataFrame":
    """The measurements of a population in every run, each with its place on the axis."""
    import pandas as pd

    frames = []
    for at, subject in zip(sweep.axis.values, sweep.subjects, strict=True):
        own = subject.run.rows_of(population)
        own = own[(own["status"] == "ok") & np.isfinite(own["value"])]
        frames.append(own.assign(at=at, drifts=(own["drifts"].astype(str).str.lower() == "true").astype(float)))
    return pd.concat(frames, ignore_index=True)


def _draw(
    axes: "Axes",
    sweep: Sweep,
    rows: "pd.DataFrame",
    metric: str,
    quantity: Quantity,
    styles: Mapping[str, style.MethodStyle],
) -> None:
    lines = {
        str(m): own.groupby("at")[quantity.column].agg(["mean", "min", "max"])
        for m, own in rows.groupby("method", sort=False)
    }
    band = rows.groupby("at")[["null_lo", "null_mean", "null_hi"]].mean()
    ordered = bool(sweep.axis.name)
    for i, (method, line) in enumerate(lines.items()):
        at = _aside(line.index.to_numpy(dtype=float), i, len(lines), ordered)
        look = styles[method].line() | ({} if ordered else {"linestyle": "none"})
        if quantity.shade:
            axes.vlines(at, line["min"], line["max"], color=styles[method].color, linewidth=0.9, zorder=3)
        axes.plot(at, line["mean"], **look, zorder=4)
    if quantity.shade:
        _draw_band(axes, band, quantity.shade, ordered)
        values = np.concatenate([band.to_numpy().ravel(), *(line.to_numpy().ravel() for line in lines.values())])
        scale = choose_scale(values, float(np.abs(band[["null_lo", "null_hi"]].to_numpy()).max()))
        scale.apply(axes, values)
        unit = next((s.run.facts.metrics[metric].unit for s in sweep.subjects if metric in s.run.facts.metrics), "")
        axes.set_ylabel(",\n".join(part for part in (style.label(unit), scale.note) if part))
    else:
        axes.axhline(0.05, color=style.SOFT, linestyle=":", linewidth=1.2, zorder=2)
        axes.set_ylim(-0.05, 1.05)
        axes.set_ylabel("share of repeats")
    axes.set_title(style.label(metric))
    _label_axis(axes, sweep.axis, [subject.label for subject in sweep.subjects])


def _aside(at: np.ndarray, i: int, n: int, ordered: bool) -> np.ndarray:
    """Where a method's markers stand: beside those of the others."""
    place = (i + 0.5) / n - 0.5
    return at * 1.12**place if ordered else at + 0.6 * place


def _draw_band(axes: "Axes", band: "pd.DataFrame", shade: str, ordered: bool) -> None:
    at, (low, middle, high) = band.index.to_numpy(dtype=float), band.to_numpy(dtype=float).T
    if ordered:
        axes.fill_between(at, low, high, color=shade, linewidth=0, zorder=1)
        axes.plot(at, middle, color=style.SOFT, linestyle=":", linewidth=1.2, zorder=2)
    else:
        axes.bar(at, high - low, bottom=low, width=0.8, color=shade, zorder=1)
        axes.hlines(middle, at - 0.4, at + 0.4, color=style.SOFT, linestyle=":", linewidth=1.2, zorder=2)


def _label_axis(axes: "Axes", axis: Axis, labels: Sequence[str]) -> None:
    if axis.name:
        axes.set_xscale("log")
        axes.set_xticks(axis.values, [f"{value:,.0f}" for value in axis.values])
        axes.set_xticks([], minor=True)
        axes.set_xlabel(axis.name)
        return
    axes.set_xlim(-0.6, len(labels) - 0.4)
    short = ["\n".join(style.label(part, limit=24) for part in label.split(", ")) for label in labels]
    if len(labels) <= _MOST_WORDS and len(set(short)) == len(labels):
        axes.set_xticks(axis.values, short, ha="right", linespacing=1)
        axes.tick_params(axis="x", labelrotation=60)
    else:
        axes.set_xticks(axis.values, [str(i) for i in range(1, len(labels) + 1)])
        axes.set_xlabel("subject, in the order of the table")
