"""What a reader can move: positions, norms and drift of single walks, as data of the page's own script."""

__all__ = ["play_data"]

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from latentot.reporting.frames import Strips
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Population, RunFolder

Array = np.ndarray[Any, Any]

_POINTS = 80  # of a density: as fine as it is seen
_DIGITS = 4
_STEPS = 17  # positions of the slider where nothing is decoded


def play_data(run: RunFolder, populations: Iterable[Population], shown: Mapping[str, Strips]) -> dict[str, Any]:
    """Walks by their endpoints; without any there is nothing to play.

    Args:
        run: the run.
        populations: of distinct endpoints.
        shown: the decoded walks, by their endpoints.

    Returns:
        Plain data: `worlds`, each with `t` of the slider, `law` (density of the norm), `methods`.
    """
    looks = {name: place for place, name in enumerate(run.method_names())}
    worlds = [_world(run, population, looks, shown.get(population.endpoints)) for population in populations]
    return {"worlds": [world for world in worlds if world is not None and world["methods"]]}


def _world(
    run: RunFolder, population: Population, looks: Mapping[str, int], shown: Strips | None
) -> dict[str, Any] | None:
    law = _law(run, population.endpoints)
    if law is None:
        return None
    metric, unit, curves, band = _drift(run, population)
    methods: list[dict[str, Any]] = []
    for name, look in looks.items():
        norms = _norms(run, population.endpoints, name)
        if norms is not None:
            at, middle, walks = norms
            methods.append({
                "name": name, "look": look, "at": _plain(at), "middle": _plain(middle),
                "walks": [_plain(walk) for walk in walks], "drift": curves.get(name, []),
            })  # fmt: skip
    return {
        "endpoints": population.endpoints,
        "title": endpoints_title(population.endpoints),
        "t": _plain(np.linspace(0, 1, _STEPS) if shown is None else np.array(shown.t)),
        "decoded": shown is not None,
        "law": {"at": _plain(law[0]), "density": _plain(law[1]), "exact": "radius/pdf" in run.artefacts},
        "pairs": min((len(method["walks"]) for method in methods), default=0) if shown is None else len(shown.images),
        "metric": metric,
        "unit": unit,
        "band": band,
        "methods": methods,
    }


def _law(run: RunFolder, endpoints: str) -> tuple[Array, Array] | None:
    """Where the norms of the law lie, and their density there."""
    stored = run.artefacts
    if {"radius/grid", "radius/pdf"} <= stored.keys() and stored["radius/grid"].size > 1:
        at, density = stored["radius/grid"], stored["radius/pdf"]
    elif {"norms/edges", f"norms/{endpoints}/reference"} <= stored.keys():
        edges = stored["norms/edges"].astype(float)
        at, density = (edges[1:] + edges[:-1]) / 2, stored[f"norms/{endpoints}/reference"]
    else:
        return None
    grid = np.linspace(float(at[0]), float(at[-1]), _POINTS)
    return grid, np.interp(grid, at.astype(float), np.nan_to_num(density.astype(float)))


def _norms(run: RunFolder, endpoints: str, method: str) -> tuple[Array, Array, Array] | None:
    """Positions, the middle of all norms there, and the norms of single walks, none where a run has none."""
    stored, name = run.artefacts, f"profile/{endpoints}/{method}"
    t, quantiles, walks = stored.get("profile/t"), stored.get(f"{name}/norms"), stored.get(f"{name}/walks")
    if t is not None and quantiles is not None and walks is not None and quantiles.shape[:1] == t.shape:
        known = np.isfinite(quantiles[:, 2])
        return t[known], quantiles[known, 2], walks[:, known]
    density = stored.get(f"norms/{endpoints}/{method}")
    if density is None or not {"norms/edges", "norms/t"} <= stored.keys():
        return None
    edges = stored["norms/edges"].astype(float)
    mass = np.nan_to_num(density.astype(float)) * np.diff(edges)
    total = mass.sum(axis=1)
    known = total > 0
    middle = mass[known] @ ((edges[1:] + edges[:-1]) / 2) / total[known]
    return stored["norms/t"][known], middle, np.empty((0, len(middle)))


def _drift(run: RunFolder, population: Population) -> tuple[str, str, dict[str, list[list[float]]], list[float]]:
    """The metric that is drawn, its unit, its curve by the method as [t, value], and the null's range."""
    rows = run.rows_of(population)
    rows = rows[(rows["status"] == "ok") & np.isfinite(rows["value"]) & np.isfinite(rows["t"])]
    stored, t = run.artefacts, run.artefacts.get("profile/t")
    followed = [m for m in run.metric_names() if any(key.endswith(f"/drift/{m}") for key in stored)]
    names = [name for name in (*followed, *run.metric_names()) if (rows["metric"] == name).any()]
    if not names:
        return "", "", {}, []
    metric = names[0]
    rows = rows[rows["metric"] == metric]
    curves = {}
    for method in run.method_names():
        curve = stored.get(f"profile/{population.endpoints}/{method}/drift/{metric}")
        own = rows[rows["method"] == method].groupby("t")["value"].mean()
        pairs = zip(t, curve, strict=True) if curve is not None and t is not None else own.items()
        curves[method] = [[round(float(a), 5), _digits(float(b))] for a, b in pairs if math.isfinite(b)]
    band = rows[["null_lo", "null_mean", "null_hi"]].mean().to_numpy(dtype=float)
    unit = run.facts.metrics[metric].unit if metric in run.facts.metrics else ""
    return metric, unit, curves, [_digits(x) for x in band] if np.isfinite(band).all() else []


def _plain(values: Array) -> list[float]:
    return [_digits(float(value)) for value in values]


def _digits(value: float) -> float:
    """As many digits as can be seen."""
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else 0.0
