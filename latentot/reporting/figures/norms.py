"""The soap bubble: how far from the origin the points of each method lie, against the prior's shell."""

__all__ = ["draw_norms"]

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.reporting.figures import style
from latentot.reporting.figures.frame import Box, frame
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = np.ndarray[Any, Any]

_ROW = 1.18  # height of a row, where its tallest curve has height 1
_BUBBLE = "Draws of a prior of many dimensions lie on a thin shell, the soap bubble"
_HEAVY = "The tails are heavy, so densities are those of the logarithm of the norm"
_SEEN = 0.004  # the part of a row's height from which on a curve is visible
_THIN = 0.7
_KEY = 0.2  # inches of the legend


@dataclass(frozen=True)
class _Shells:
    t: float
    edges: Array  # (K+1,)
    methods: dict[str, Array]  # height in each bin, (K,)
    encodings: Array | None  # the same for the endpoints, where these are encoded
    law_at: Array
    law: Array  # height of the prior's own curve
    exact: bool
    logarithmic: bool


def draw_norms(run: RunFolder, population: Population) -> style.Drawing:
    """Draws the densities of the norm at the stored t that is closest to 1/2.

    Args:
        run: the run.
        population: the one whose points are drawn.

    Returns:
        The figure, one row a method.
    """
    name = style.figure_name("norms", population.endpoints)
    heading = endpoints_title(population.endpoints)
    shells = _shells(run, population)
    if shells is None:
        return style.Drawing(name, heading, "No norms are stored for this population: there is nothing to draw.")
    law = "exact density of the norm under the prior" if shells.exact else "reference points"
    caption = (
        f"Distance of the points from the origin at t = {shells.t:g} (lines), against the {law} (grey), each row to "
        f"its own height. {_HEAVY if shells.logarithmic else _BUBBLE}: "
        "a walk that leaves the prior shows as a line beside the grey, or narrower or wider than it."
    )
    if shells.encodings is not None:
        caption += " The thin line is the law of the encodings that walks begin and end with."
    with style.styled():
        figure = _figure(shells, style.method_styles(run.method_names()))
        svg = style.to_svg(figure, name)
    return style.Drawing(name, heading, caption, svg, (svg,))


def _shells(run: RunFolder, population: Population) -> _Shells | None:
    stored, endpoints = run.artefacts, population.endpoints
    if not {"norms/edges", "norms/t"} <= stored.keys() or not stored["norms/t"].size:
        return None
    nearest = int(np.abs(stored["norms/t"] - 0.5).argmin())
    densities = {
        method: np.nan_to_num(stored[f"norms/{endpoints}/{method}"][nearest].astype(float))
        for method in run.method_names()
        if f"norms/{endpoints}/{method}" in stored
    }
    if not densities:
        return None
    fine = stored["norms/edges"].astype(float)
    together = _bins_together(np.mean(list(densities.values()), axis=0) * np.diff(fine), population)
    edges = np.append(fine[:-1:together], fine[-1])
    widths = np.diff(edges)
    # Bins that widen so much (heavy tails) are meant for a logarithmic axis. There, equal areas need the
    # density of the logarithm: the density times the norm.
    logarithmic = bool(fine[0] > 0 and np.diff(fine)[-1] > 20 * np.diff(fine)[0])
    weights = np.sqrt(edges[1:]) * np.sqrt(edges[:-1]) if logarithmic else np.ones_like(widths)

    def heights(density: Array) -> Array:
        mass = np.add.reduceat(np.nan_to_num(density) * np.diff(fine), np.arange(0, len(fine) - 1, together))
        return mass / widths * weights

    exact = {"radius/grid", "radius/pdf"} <= stored.keys() and stored["radius/grid"].size > 1
    if exact:
        law_at = stored["radius/grid"].astype(float)
        law = stored["radius/pdf"] * (law_at if logarithmic else 1.0)
    else:
        # Without a reference the rows have their lines only.
        law_at = np.repeat(edges, 2)[1:-1]
        law = np.repeat(heights(stored.get(f"norms/{endpoints}/reference", np.zeros(len(fine) - 1))), 2)
    encodings = stored.get(f"endpoints/{endpoints}") if endpoints == "encoded" else None
    return _Shells(
        t=float(stored["norms/t"][nearest]),
        edges=edges,
        methods={method: heights(density) for method, density in densities.items()},
        encodings=None if encodings is None else heights(encodings),
        law_at=law_at,
        law=np.nan_to_num(law),
        exact=exact,
        logarithmic=logarithmic,
    )


def _bins_together(mass: Array, population: Population) -> int:
    """How many bins make one that shows the shape of so many points and not their noise: 2 IQR n^(-1/3) wide.

    Freedman, Diaconis: On the histogram as a density estimator. Z. Wahrscheinlichkeitstheorie verw. Gebiete 57 (1981).
    """
    n = (population.n or np.inf) * (population.repeats or 1)
    lower, upper = np.searchsorted(np.cumsum(mass) / (mass.sum() or 1), [0.25, 0.75])
    return max(1, round(2 * (upper - lower) / n ** (1 / 3)))


def _figure(shells: _Shells, styles: dict[str, style.MethodStyle]) -> "Figure":
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    height = 0.36 * len(shells.methods) + 0.8
    figure = style.new_figure(style.TILE_WIDTH, height)
    axes = figure.add_axes((0, 0, 1, 1))
    _draw_rows(axes, shells, styles)
    frame(axes, Box(0, _KEY, style.TILE_WIDTH, height - _KEY))
    handles = [Patch(facecolor=style.BAND), Line2D([], [], color=style.INK)]
    texts = ["prior, exact" if shells.exact else "reference", f"points at t = {shells.t:g}"]
    if shells.encodings is not None:
        handles.append(Line2D([], [], color=style.INK, linewidth=_THIN))
        texts.append("encodings")
    figure.legend(handles, texts, loc="upper left", bbox_to_anchor=(0.02, 1 - 0.06 / height), borderaxespad=0, ncols=3,
                  handlelength=1.4, columnspacing=1.0)  # fmt: skip
    return figure


def _draw_rows(axes: "Axes", shells: _Shells, styles: dict[str, style.MethodStyle]) -> None:
    seen: list[Array] = []
    law, edges, rows = shells.law, shells.edges, list(shells.methods.items())
    for i, (method, heights) in enumerate(rows):
        base = _ROW * (len(rows) - 1 - i)
        curves = [law, heights] if shells.encodings is None else [law, heights, shells.encodings]
        tallest = max(float(curve.max(initial=0.0)) for curve in curves) or 1.0
        axes.fill_between(shells.law_at, base, base + law / tallest, color=style.BAND, linewidth=0, zorder=2)
        if shells.encodings is not None:
            ends = base + shells.encodings / tallest
            axes.stairs(ends, edges, baseline=None, color=style.INK, linewidth=_THIN, zorder=2.5)
        line = base + heights / tallest
        axes.stairs(line, edges, baseline=None, color=styles[method].color, linewidth=1.4, zorder=3)
        axes.axhline(base, color=style.SOFT, linewidth=0.5, zorder=1)
        seen.append(shells.law_at[law > _SEEN * tallest])
        seen += [side[heights > _SEEN * tallest] for side in (edges[:-1], edges[1:])]
    visible = np.concatenate(seen)
    if visible.size:
        gap = 0.0 if shells.logarithmic else 0.03 * float(np.ptp(visible))
        axes.set_xlim(max(float(visible.min()) - gap, float(edges[0])), float(visible.max()) + gap)
    if shells.logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter("")
    axes.set_ylim(-0.05, _ROW * len(rows))
    axes.set_yticks(
        [_ROW * (len(rows) - 1 - i) + 0.3 for i in range(len(rows))], [style.label(method) for method, _ in rows]
    )
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("norm of the point")
