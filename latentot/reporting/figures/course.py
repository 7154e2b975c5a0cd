"""Drift over t, at many positions, a panel a method: what is judged is marked, the rest shows how it goes between."""

__all__ = ["draw_courses"]

from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.multiples import MOST, multiples
from latentot.reporting.figures.scale import choose_scale
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]

_CAPTION = (
    "{metric} along the walk, lower is closer: the curve is of one repeat with two standard deviations to either side, "
    "by the jackknife; ringed positions are judged, over all repeats. Grey band: what it gives when nothing drifts "
    "(95 %). Pale lines: the other methods.{gaps}{cut}"
)


def draw_courses(run: RunFolder, population: Population) -> tuple[style.Drawing, ...]:
    """Draws the curves of a population, a figure a metric that was followed; none where nothing was.

    Args:
        run: the run.
        population: the one whose points are drawn, held against the prior.
    """
    own = f"profile/{population.endpoints}/"
    metrics = [
        m for m in run.metric_names() if any(f"{own}{name}/drift/{m}" in run.artefacts for name in run.method_names())
    ]
    return tuple(_course(run, population, metric) for metric in metrics if "profile/t" in run.artefacts)


def _course(run: RunFolder, population: Population, metric: str) -> style.Drawing:
    t = run.artefacts["profile/t"].astype(float)
    curves = {
        name: np.stack(
            [run.artefacts[f"profile/{population.endpoints}/{name}/{kind}/{metric}"] for kind in ("drift", "spread")]
        )
        for name in run.method_names()
        if f"profile/{population.endpoints}/{name}/spread/{metric}" in run.artefacts
    }
    rows = run.rows_of(population)
    rows = rows[(rows["metric"] == metric) & (rows["status"] == "ok")]
    judged = {str(name): at.groupby("t")["value"].mean() for name, at in rows.groupby("method")}
    band = rows[["null_lo", "null_mean", "null_hi"]].mean().to_numpy(dtype=float)
    values = np.concatenate([band, *(curve[0].astype(float) for curve in curves.values())])
    scale = choose_scale(values, float(np.nanmax(np.abs(band[[0, 2]]))) if np.isfinite(band).any() else 0.0)
    styles = style.method_styles(run.method_names())

    def draw(axes: "Axes", method: str) -> None:
        axes.axhspan(band[0], band[2], color=style.BAND, linewidth=0, zorder=1)
        for other, (curve, _) in curves.items():
            if other != method:
                axes.plot(
                    t[known := np.isfinite(curve)], curve[known], color=style.SOFT, linewidth=0.6, alpha=0.45, zorder=2
                )
        curve, spread = curves[method].astype(float)
        known, wide = np.isfinite(curve), 2 * np.nan_to_num(spread)
        colour = styles[method].color
        axes.fill_between(
            t[known], (curve - wide)[known], (curve + wide)[known], color=colour, alpha=0.25, linewidth=0, zorder=3
        )
        axes.plot(t[known], curve[known], color=colour, zorder=4)
        if method in judged:
            axes.plot(judged[method].index, judged[method], linestyle="none", marker="o", markersize=5,
                      markerfacecolor="white", markeredgecolor=colour, markeredgewidth=1.4, zorder=5)  # fmt: skip
        axes.set_xlim(-0.03, 1.03)
        axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        scale.apply(axes, values)

    name = style.figure_name("course", population.endpoints, metric)
    unit = run.facts.metrics[metric].unit if metric in run.facts.metrics else ""
    label = ", ".join(part for part in (style.label(metric), style.label(unit), scale.note) if part)
    shown = list(curves)[:MOST]
    gaps = any(np.isnan(curve[0]).any() for curve in curves.values())
    caption = _CAPTION.format(
        metric=metric,
        gaps=" A method that is fitted anew for each t is followed only where it was fitted." if gaps else "",
        cut=f" The first {MOST} of {len(curves)} methods." if len(curves) > MOST else "",
    )
    data = style.table(
        ["method", "t", metric, "standard deviation"],
        [
            [own, float(at), *map(float, pair)]
            for own, curve in curves.items()
            for at, pair in zip(t, curve.T, strict=True)
        ],
    )
    svg = multiples(name, shown, styles, draw, ("t", label))
    return style.Drawing(name, f"{endpoints_title(population.endpoints)}, {metric}", caption, svg, (svg,), data)
