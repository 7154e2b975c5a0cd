"""Norms over t: where the points of each method are from the origin, beside the shell that draws lie in."""

__all__ = ["draw_shell"]

from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.multiples import MOST, multiples
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]

_CAPTION = (
    "Norms of the points along the walk: the median, and the middle half and 90 % of all points (shaded), beside the "
    "shell that holds 90 % of {law} (grey, between lines). A walk that leaves the shell has points that the model was "
    "not made for; one that fills only a part of it drifts as well.{heavy}"
)
_SPREAD = 50  # from this ratio on norms need a logarithmic axis


def draw_shell(run: RunFolder, population: Population) -> style.Drawing | None:
    """Draws quantiles of the norm at every position that was followed; nothing where a run has none.

    Args:
        run: the run.
        population: the one whose points are drawn.
    """
    t = run.artefacts.get("profile/t")
    found = {
        name: run.artefacts[key].astype(float)
        for name in run.method_names()
        if (key := f"profile/{population.endpoints}/{name}/norms") in run.artefacts
    }
    law = _law(run, population.endpoints)
    if t is None or not found or law is None:
        return None
    styles = style.method_styles(run.method_names())
    seen = np.concatenate([own.ravel() for own in found.values()])
    seen = seen[np.isfinite(seen)]
    heavy = bool(seen.size and seen.min() > 0 and seen.max() > _SPREAD * seen.min())

    def draw(axes: "Axes", method: str) -> None:
        known = np.isfinite(found[method][:, 2])
        low, lower, middle, upper, high = found[method][known].T
        axes.axhspan(*law, color=style.BAND, linewidth=0, zorder=1)
        for edge in law:
            axes.axhline(edge, color=style.SOFT, linewidth=0.6, zorder=2)
        colour = styles[method].color
        axes.fill_between(t[known], low, high, color=colour, alpha=0.22, linewidth=0, zorder=3)
        axes.fill_between(t[known], lower, upper, color=colour, alpha=0.35, linewidth=0, zorder=3)
        axes.plot(t[known], middle, color=colour, zorder=4)
        axes.set_xlim(-0.03, 1.03)
        axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        if heavy:
            axes.set_yscale("log")

    name = style.figure_name("shell", population.endpoints)
    caption = _CAPTION.format(
        law="the prior", heavy=" The axis is logarithmic, since tails are heavy." if heavy else ""
    )
    if len(found) > MOST:
        caption += f" The first {MOST} of {len(found)} methods."
    data = style.table(
        ["method", "t", "5 %", "25 %", "50 %", "75 %", "95 %"],
        [[own, float(at), *map(float, row)] for own, rows in found.items() for at, row in zip(t, rows, strict=True)],
    )
    svg = multiples(name, list(found)[:MOST], styles, draw, ("t", "norm of the point"))
    return style.Drawing(name, endpoints_title(population.endpoints), caption, svg, (svg,), data)


def _law(run: RunFolder, endpoints: str) -> tuple[float, float] | None:
    """The norms between which 90 % of the law lies."""
    stored = run.artefacts
    if {"radius/grid", "radius/pdf"} <= stored.keys() and stored["radius/grid"].size > 1:
        at, density = stored["radius/grid"].astype(float), np.nan_to_num(stored["radius/pdf"].astype(float))
        mass = np.append(0.0, np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(at)))
    elif {"norms/edges", f"norms/{endpoints}/reference"} <= stored.keys():
        at = stored["norms/edges"].astype(float)
        mass = np.append(0.0, np.cumsum(np.nan_to_num(stored[f"norms/{endpoints}/reference"]) * np.diff(at)))
    else:
        return None
    if not mass[-1] > 0:
        return None
    low, high = np.interp([0.05, 0.95], mass / mass[-1], at)
    return float(low), float(high)
