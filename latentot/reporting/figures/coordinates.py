"""Single coordinates, and pairs of them, at t = 1/2: what sums over all of them may hide."""

__all__ = ["draw_coordinates", "draw_correlations"]

from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.multiples import MOST, multiples
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]

_CHANCE = 3.0
"""Standard errors beyond which a coordinate is drawn as more than chance."""
_MEDIAN, _QUARTILES = 1.2533, 1.1664
"""Standard errors of the median, and of the width between quartiles as a share, of n normal points, times sqrt(n)."""
_WIDTH = 1.349
"""Standard deviations between the quartiles of a normal law."""


def draw_coordinates(run: RunFolder, population: Population) -> style.Drawing | None:
    """Draws each coordinate as a dot: how far its median is from the law's, and how wide it is beside it.

    Args:
        run: the run.
        population: the one whose points are drawn.
    """
    found = _stored(run, population, "coordinates")
    if not found:
        return None
    n = _points(run, population)
    shift, width = _CHANCE * _MEDIAN / _WIDTH / np.sqrt(n), _CHANCE * _QUARTILES / np.sqrt(n)
    styles = style.method_styles(run.method_names())

    def draw(axes: "Axes", method: str) -> None:
        axes.axvspan(-shift, shift, color=style.BAND, linewidth=0, alpha=0.6, zorder=1)
        axes.axhspan(1 - width, 1 + width, color=style.BAND, linewidth=0, alpha=0.6, zorder=1)
        axes.plot(
            *found[method], linestyle="none", marker="o", markersize=3, alpha=0.75, color=styles[method].color, zorder=3
        )

    name = style.figure_name("coordinates", population.endpoints)
    caption = (
        "Every dot is a coordinate at t = 1/2: how far its median is from that of the prior, and how wide it is beside "
        f"it (between quartiles, {next(iter(found.values())).shape[1]} coordinates). Grey: three standard errors of as "
        "many normal points."
    )
    data = style.table(
        ["method", "coordinate", "shift", "width"],
        [[own, place, *map(float, pair)] for own, both in found.items() for place, pair in enumerate(both.T)],
    )
    svg = multiples(name, list(found), styles, draw, ("shift, in widths of the prior", "width, as a share"))
    return style.Drawing(name, endpoints_title(population.endpoints), caption, svg, (svg,), data)


def draw_correlations(run: RunFolder, population: Population) -> style.Drawing | None:
    """Draws the correlation of every two coordinates.

    Args:
        run: the run.
        population: the one whose points are drawn.
    """
    found = _stored(run, population, "correlations")
    found = {name: own for name, own in found.items() if own.ndim == 2 and len(own) > 1}
    if not found:
        return None
    off = {name: own - np.diag(np.diag(own)) for name, own in found.items()}
    n = _points(run, population)
    largest = max(float(np.nanmax(np.abs(own))) for own in off.values())
    reach = max(largest, 3 / np.sqrt(n))

    def draw(axes: "Axes", method: str) -> None:
        axes.imshow(off[method], cmap="PuOr", vmin=-reach, vmax=reach, interpolation="none", aspect="auto")
        said = f"|r| ≤ {np.nanmax(np.abs(off[method])):.2f}"
        # On a ground of its own: a heatmap has the same colours on light pages and on dark ones.
        ground = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.5}
        axes.text(0.97, 0.05, said, transform=axes.transAxes, ha="right", fontsize=7, bbox=ground)
        axes.tick_params(length=0)
        axes.set_xticks([])
        axes.set_yticks([])

    name = style.figure_name("correlations", population.endpoints)
    caption = (
        f"Rank correlation of every two coordinates at t = 1/2, from {-reach:.2f} (brown) to {reach:.2f} (purple), the "
        f"diagonal left out. Chance alone gives about {1 / np.sqrt(n):.2f} either way, and a few of three times that."
    )
    svg = multiples(name, list(found), style.method_styles(run.method_names()), draw, ("coordinate", "coordinate"))
    return style.Drawing(name, endpoints_title(population.endpoints), caption, svg, (svg,))


def _points(run: RunFolder, population: Population) -> float:
    """Points of one repeat of the first round."""
    sizes = run.rows_of(population)["n"].dropna()
    return float(sizes.min()) if len(sizes) else population.n or 1.0


def _stored(run: RunFolder, population: Population, kind: str) -> dict[str, Array]:
    found = {
        name: run.artefacts[key].astype(float)
        for name in run.method_names()
        if (key := f"profile/{population.endpoints}/{name}/{kind}") in run.artefacts
    }
    return dict(list({name: own for name, own in found.items() if np.isfinite(own).any()}.items())[:MOST])
