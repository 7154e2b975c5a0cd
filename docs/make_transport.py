"""Write docs/transport.md: what the transports are, and what benchmarks/transport.py measured of them.

python docs/make_transport.py
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from latentot.transport import TRANSPORTS, named_transport

PAGE = Path(__file__).with_name("transport.md")
ROWS = Path(__file__).parent / "figures" / "transport.json"
ESTIMATED = Path(__file__).parent / "figures" / "estimated_laws.json"
SPEED = Path(__file__).parent / "figures" / "transport_speed.json"
PROGRESSIVE = Path(__file__).parent / "figures" / "progressive.json"
FIGURE = Path(__file__).parent / "figures" / "transport.svg"

PUBLISHED = {
    "linear": [14.1, 14.9, 41.6, 55.3, 63.9],
    "LS": [5.0, 11.6, 31.7, 42.1, 40.1],
    "MM-B": [0.1, 0.7, 6.4, 12.0, 13.9],
    "W2": [0.1, 0.7, 3.3, 6.0, 7.2],
    "MM": [0.1, 0.3, 2.2, 4.2, 3.2],
}
"""L2-UVP (%) in table 2 of arXiv:2106.01954; neural solvers, about 10^7 draws and hours of a GPU each."""
DIMENSIONS = [2, 4, 16, 32, 64]
GOALS = {"sinkhorn": ([0.5, 0.8, 5.5, 10.5, 12.0], 120), "fresh": ([0.2, 0.5, 3.3, 6.0, 7.2], 300)}
"""L2-UVP (%) that was aimed at, and seconds on two cores: of 20,000 points of each law, and of draws at will."""
OURS = {
    "gaussian": "C7",
    "sinkhorn": "C0",
    "fresh": "C3",
    "POT EMDTransport": "C2",
    "POT SinkhornTransport": "C1",
    "OTT sinkhorn": "C4",
}


def page() -> str:
    """The whole page."""
    rows = measured()
    lines = [
        "# Transports",
        "",
        "Made by `python docs/make_transport.py` from what `benchmarks/transport.py` measured",
        "(`docs/figures/transport.json`).",
        "",
        "## What there is",
        "",
        "| name | what it is | source |",
        "|---|---|---|",
    ]
    for name in TRANSPORTS.names():
        transport = named_transport(name)
        first = (type(transport).__doc__ or "").strip().split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        lines.append(f"| `{name}` | {' '.join(first.split())} | {transport.citation} |")
    lines += [
        "",
        "`earth-mover` uses what is known of its prior: with independent coordinates or an isotropic law it fits",
        "functions of one number to 56 `n_fit` draws, against the exact quantile function, and tries nothing else",
        "(`latentot.transport.sums`).",
        "",
        "## Distance to the optimal map",
        "",
        "Mix3toMix10 of Korotin et al. (NeurIPS 2021, arXiv:2106.01954), where the optimal map T* is known:",
        "L2-UVP = 100 E|T(x) - T*(x)|^2 / (sum of the target's variances), %, on 4,096 points that no map has seen.",
        "",
        "![L2-UVP against dimension](figures/transport.svg)",
        "",
        *_uvp_table(rows),
        "",
        "Ours have 20,000 points of each law, 2,000 of them held out; `fresh` has as many draws as its maps take",
        "(12,000 a sample and map, see `points`). POT's have the first 2,000 (its linear map all), OTT's 4,000: as",
        "many as take about as long. POT's Brenier potentials of 100 points took over ten minutes at d = 4.",
        "Published solvers are neural, with about 10^7 draws and hours of a GPU each. Ours choose epsilon and the",
        "number of maps by one rule in all dimensions.",
        "",
        "What was aimed at, and what is reached:",
        "",
        *_goals_table(rows),
        "",
        *_progressive(),
        "## Time of applying a map",
        "",
        "Asked were 5 times the time of `linear` for affine, marginal and radial maps",
        "(`benchmarks/speed/transport.py`):",
        "",
        *_speed_table(),
        "",
        "## Laws estimated from samples",
        "",
        "On a prior that is known by samples only, `cauchy`, `matched`, `stable`, `cdf-linear` and `spherical-cauchy`",
        "go by laws that are estimated (`latentot.priors.estimated`): smooth quantiles inside, tails that go on beyond",
        "them. What they keep they keep approximately, and the laws of coordinates or of the norm only:",
        "",
        "- Independent coordinates: `cauchy`, `matched` and `stable` all make sense.",
        "- Coordinates that depend on each other as those of a normal law do, whatever each one's own law is (a normal",
        "  copula): `stable` with alpha = 2 keeps the dependence, since sums of normal vectors are normal; `cauchy`",
        "  and `matched` keep each coordinate's law and change how they go together.",
        "- Clusters, rings, curves: no theorem holds for any of them; `earth-mover` alone fits how coordinates go",
        "  together.",
        "- `spherical-cauchy` keeps the law of the norm; directions only where they are uniform.",
        "",
        "Measured by `benchmarks/validity/estimated_laws.py` on 50,000 samples of each, half of them for fitting:",
        "",
        *_estimated_table(),
        "",
        "## All that was measured",
        "",
        "Seconds of fitting are the wall's and the processor's; the machine was shared by many: upper bounds.",
        "MiB is the peak above what the data take. Drift is in units of chance, displacement the mean of |T(z) - z|^2",
        "(of the optimal map in brackets).",
        "",
        *_cost_table(rows),
        "",
    ]
    return "\n".join(lines)


def measured() -> list[dict[str, Any]]:
    """Rows of the benchmark, in the order of problems and solvers."""
    rows: list[dict[str, Any]] = json.loads(ROWS.read_text(encoding="utf-8"))
    return rows


def _estimated_table() -> list[str]:
    lines = ["| prior | method | verdict | share of linear's drift | at most | worst | pairs | measured |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for row in json.loads(ESTIMATED.read_text(encoding="utf-8")):
        cells = [row["prior"], f"`{row['method']}`", row["verdict"], f"{row['share']:.1%}", f"{row['share_high']:.1%}"]
        lines.append(
            "| " + " | ".join([*cells, row["worst"], f"{row['pairs']:,}", f"{row['date']}, `{row['commit']}`"]) + " |"
        )
    return lines


def _solver(row: dict[str, Any]) -> str:
    return "fresh" if row["problem"].endswith("-fresh") else row["solver"]


def _dimension(row: dict[str, Any]) -> int:
    return int(row["problem"].split("-")[1])


def _measured(rows: Sequence[dict[str, Any]]) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for row in rows:
        if row["problem"].startswith("w2-") and "L2-UVP" in row:
            found.setdefault(_solver(row), {})[_dimension(row)] = row["L2-UVP"]
    return found


def _uvp_table(rows: Sequence[dict[str, Any]]) -> list[str]:
    lines = ["| | " + " | ".join(f"d = {d}" for d in DIMENSIONS) + " |", "|---|" + "---|" * len(DIMENSIONS)]
    for name, values in _measured(rows).items():
        lines.append(
            f"| `{name}` | " + " | ".join(f"{values[d]:.2f}" if d in values else "" for d in DIMENSIONS) + " |"
        )
    for name, published in PUBLISHED.items():
        lines.append(f"| {name} (published) | " + " | ".join(map(str, published)) + " |")
    return lines


def _goals_table(rows: Sequence[dict[str, Any]]) -> list[str]:
    lines = [
        "| points | d | L2-UVP, % | aimed at | reached | fit CPU s | aimed at, s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, (goals, seconds) in GOALS.items():
        for d, goal in zip(DIMENSIONS, goals, strict=True):
            # Of several rows the last: the table above has it, too.
            of_benchmark = [row for row in rows if row["problem"].startswith("w2-") and "L2-UVP" in row]
            found = [row for row in of_benchmark if (_solver(row), _dimension(row)) == (name, d)]
            if not found:
                continue
            row = found[-1]
            reached = "yes" if row["L2-UVP"] <= goal and row["fit CPU s"] <= seconds else "no"
            cells = [f"{row['points']:,}", str(d), f"{row['L2-UVP']:.2f}", f"{goal:g}", reached]
            lines.append("| " + " | ".join([*cells, f"{row['fit CPU s']:.0f}", str(seconds)]) + " |")
    return lines


def _progressive() -> list[str]:
    rows = json.loads(PROGRESSIVE.read_text(encoding="utf-8"))
    least = {key: min(row["L2-UVP"] for row in rows if (row["d"], row["kind"]) == key) for key in map(_kind, rows)}
    said = [
        f"{least[d, 'progressive']:.1f} % at d = {d} where means of debiased ones reach "
        f"{least[d, 'mean of debiased maps']:.1f} %"
        for d in sorted({row["d"] for row in rows})
    ]
    return [
        "Progressive entropic maps (arXiv:2406.05061) were tried beside and left out: of",
        f"{rows[0]['points']:,} points a map and in the same time they reach",
        f"{' and '.join(said)}",
        "(`benchmarks/validity/progressive.py`).",
        "",
    ]


def _speed_table() -> list[str]:
    lines = ["| map | points | d | CPU s | times linear |", "|---|---|---|---|---|"]
    for row in json.loads(SPEED.read_text(encoding="utf-8")):
        cells = [row["map"], f"{row['points']:,}", str(row["d"]), f"{row['CPU s']:.3f}", f"{row['times linear']:.1f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _kind(row: dict[str, Any]) -> tuple[int, str]:
    return row["d"], row["kind"]


def _cost_table(rows: Sequence[dict[str, Any]]) -> list[str]:
    facts = [
        "problem",
        "solver",
        "points",
        "L2-UVP",
        "drift / chance",
        "displacement",
        "fit s",
        "fit CPU s",
        "carry s",
        "MiB",
    ]
    lines = ["| " + " | ".join(facts) + " |", "|" + "---|" * len(facts)]
    for row in rows:
        if "error" in row:
            lines.append(f"| {row['problem']} | {row['solver']} | {row['points']:,} | {row['error']}" + " |" * 7)
            continue
        known = f" ({row['displacement of T*']:.4g})" if "displacement of T*" in row else ""
        cells = [row["problem"], row["solver"], f"{row['points']:,}", f"{row['L2-UVP']:.2f}" if "L2-UVP" in row else ""]
        cells += [f"{row['drift / chance']:.2f}", f"{row['displacement']:.4g}{known}"]
        cells += [f"{row['fit s']:.1f}", f"{row['fit CPU s']:.1f}", f"{row['carry s']:.1f}", f"{row['MiB']:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def draw(rows: Sequence[dict[str, Any]]) -> None:
    """L2-UVP against dimension, ours, POT's and published."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "transport"
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for name, values in PUBLISHED.items():
        axes.plot(DIMENSIONS, values, "--", color="0.7", linewidth=1)
        axes.annotate(
            name, (DIMENSIONS[-1], values[-1]), xytext=(4, 0), textcoords="offset points", color="0.5", va="center"
        )
    for name, values in _measured(rows).items():
        if name in OURS:
            at = sorted(values)
            axes.plot(at, [values[d] for d in at], "o-", color=OURS[name], label=name)
    axes.set(xscale="log", yscale="log", xlabel="d", ylabel="L2-UVP, %", xticks=DIMENSIONS, xticklabels=DIMENSIONS)
    axes.minorticks_off()
    axes.legend(frameon=False)
    figure.savefig(FIGURE, metadata={"Date": None})


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    draw(measured())
