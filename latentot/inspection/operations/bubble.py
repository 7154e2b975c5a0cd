"""The soap bubble: how far from the origin draws, encodings and points half way are."""

__all__ = ["soap_bubble"]

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.inspection.findings import Curve, Figure, Findings, Panel, Table
from latentot.inspection.subject import TEST, Subject
from latentot.numerics.lengths import lengths
from latentot.reporting.formats import listed, number

BINS = 60
HEAVY = 20
"""The norm is drawn as its logarithm where its 99.5 % quantile is so many times the 0.5 % one."""
TELLING = 0.05
"""Where 1 % is expected beyond the shell, such a share is said."""


def soap_bubble(s: Subject, paths: Mapping[str, Callable[..., Any]]) -> Findings:
    """Norms of draws, of encodings and their means, and of points half way between draws, against the prior's."""
    import pandas as pd

    z0, z1 = s.draw(s.sizes.draws, "bubble", 0), s.draw(s.sizes.draws, "bubble", 1)
    points = {"draws of the prior": z0}
    for name, ends in (("encodings, drawn", "draws"), ("encodings, means", "means")):
        try:
            points[name] = s.codes(TEST, ends)
        except InputError:
            break
    points |= {f"half way, {name}": path(z0, z1, 0.5) for name, path in paths.items()}
    found = {name: lengths(z) for name, z in points.items()}
    low, middle, high = s.shell
    slack = 1e-9 * high
    rows = [
        {
            "points": name,
            "n": len(r),
            **dict(zip(("lower_quartile", "median", "upper_quartile"), np.quantile(r, [0.25, 0.5, 0.75]), strict=True)),
            "of_the_prior_s_median": float(np.median(r)) / middle if middle else np.nan,
            "outside": float(((r < low - slack) | (r > high + slack)).mean()),
        }
        for name, r in found.items()
    ]
    table = Table(
        "norms",
        f"Norms, and the share of them outside the shell from {number(low)} to {number(high)} where 99 % of the prior "
        "lies.",
        pd.DataFrame(rows),
    )
    left = [row for row in rows if row["outside"] > TELLING]
    says = [
        f"99 % of the prior lies between the norms {number(low)} and {number(high)}, its median at {number(middle)}."
    ]
    if left:
        told = [f"{row['points']} ({100 * row['outside']:.0f} %)" for row in left]
        says.append(f"Outside of this shell are: {listed(told)}.")
    else:
        says.append("No kind of points is outside of this shell by more than 5 %.")
    return Findings(tuple(says), (table,), *_figure(found, s, low, high))


def _figure(
    found: Mapping[str, NDArray[Any]], s: Subject, low: float, high: float
) -> tuple[tuple[Figure, ...], dict[str, NDArray[Any]]]:
    law, logarithmic = lengths(s.draw(20_000, "shell")), bool(high > HEAVY * low > 0)
    reach = np.concatenate([*found.values(), law])
    start, end = np.quantile(reach, [0.001, 0.999])
    if not end > start:
        caption = f"All norms are {number(float(end))}: there is nothing to draw."
        return (Figure("norms", "Norms", caption),), {}
    ends = (float(np.log10(max(start, 1e-300))), float(np.log10(end))) if logarithmic else (float(start), float(end))

    def seen(r: NDArray[Any]) -> NDArray[Any]:
        return np.log10(np.maximum(r, 1e-300)) if logarithmic else r

    arrays = {"bubble/prior": _density(seen(law), ends, base=True)}
    panels = []
    for i, (name, r) in enumerate(found.items()):
        if name == "draws of the prior":
            continue
        arrays[f"bubble/{i}"] = _density(seen(r), ends)
        curves = Curve("bubble/prior", "area", "prior"), Curve(f"bubble/{i}", "step", name)
        axis = "norm, logarithm to base 10" if logarithmic else "norm"
        panels.append(Panel(name, curves=curves, across=axis, up="density"))
    caption = "Densities of the norm, each beside that of the prior (grey)."
    return (Figure("norms", "Norms", caption, tuple(panels)),), arrays


def _density(r: NDArray[Any], ends: tuple[float, float], *, base: bool = False) -> NDArray[Any]:
    """A histogram with as many bins as so many points can fill: about 3 n^(1/3)."""
    edges = np.linspace(*ends, min(BINS, round(3 * len(r) ** (1 / 3))) + 1)
    heights = np.histogram(r, edges)[0] / len(r) / np.diff(edges)
    middles = (edges[1:] + edges[:-1]) / 2
    return np.stack([middles, np.zeros_like(heights), heights] if base else [middles, heights])
