"""Write what the page of pictures shows: its numbers, docs/assets/pictures-data.js, and still pictures of them.

All of it is computed by latentot itself; the page's own JavaScript only draws. About a minute.

python docs/make_pictures.py
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import latentot as lot
from latentot.paths.weighted_sum import weighted_sum_law

DOCS = Path(__file__).parent
DATA = DOCS / "assets" / "pictures-data.js"
Floats = NDArray[np.float64]

T = np.linspace(0, 1, 11)
DIMENSIONS = (2, 8, 32, 128, 512)
WALKS = {"linear": "linear", "spherical": "spherical", "cauchy": "cauchy", "matched": "matched"}
PAIRS = 40_000
LAWS = {"normal": lot.Normal(1), "uniform": lot.Uniform(1), "Laplace": lot.Laplace(1), "Cauchy": lot.Cauchy(1)}
COLOURS = {"linear": "#D55E00", "spherical": "#0072B2", "cauchy": "#009E73", "matched": "#CC79A7"}
"""Of Okabe and Ito's palette, and those of reports."""


def soap_bubble() -> dict[str, Any]:
    """Densities of the norm at every t, of each method on N(0, I), by dimension; of the prior it is exact."""
    found: dict[str, Any] = {}
    for d in DIMENSIONS:
        prior = lot.Normal(d)
        high = float(prior.radius.quantile(np.array([1 - 1e-5]))[0])
        edges = np.linspace(0, high, 61)
        walks = {}
        pairs = PAIRS if d <= 128 else PAIRS // 4
        z0, z1 = prior.sample(pairs, rng=0), prior.sample(pairs, rng=1)
        for name in WALKS:
            path = lot.interpolation(name, prior)
            norms = (np.linalg.norm(path(z0, z1, float(t)), axis=1) for t in T)
            walks[name] = [
                rounded(np.histogram(each, edges)[0] / pairs / (edges[1] - edges[0]), 4).tolist() for each in norms
            ]
        exact = np.diff(prior.radius.cdf(edges)) / np.diff(edges)
        found[str(d)] = {"high": round(high, 3), "prior": rounded(exact, 4).tolist(), "walks": walks}
    return found


def midpoints() -> dict[str, Any]:
    """Densities of (1 - t) z0 + t z1, exact, of one coordinate by law and t."""
    edges = np.linspace(-4, 4, 161)
    found: dict[str, Any] = {}
    for name, prior in LAWS.items():
        law = prior.marginal
        rows = [density(cdf_of(law, t), edges) for t in T.tolist()]
        found[name] = [rounded(row, 4).tolist() for row in rows]
    return found


def cdf_of(law: Any, t: float) -> Callable[[Floats], Floats]:
    """Of (1 - t) x0 + t x1, both of this law."""
    if not 0 < t < 1:
        return lambda x: np.asarray(law.cdf(x))
    table = weighted_sum_law(law, (1 - t, t))
    return lambda x: np.exp(table.log_tails(x)[0])


def density(cdf: Callable[[Floats], Floats], edges: Floats) -> Floats:
    """The mean density between edges."""
    return np.diff(np.asarray(cdf(edges))) / np.diff(edges)


def cauchy_chart() -> dict[str, Any]:
    """Where each z of N(0, 1) lies on the Cauchy line, g = C^-1 o F, by which the page interpolates."""
    z = np.linspace(-5, 5, 401)
    normal, cauchy = lot.Normal(1).marginal, lot.Cauchy(1).marginal
    # By the upper tail on the right, where F rounds to 1.
    g = np.where(z < 0, cauchy.quantile(normal.cdf(z)), cauchy.isf(normal.sf(z)))
    return {"low": -5, "high": 5, "g": [float(f"{value:.9g}") for value in g]}


def earth_mover() -> dict[str, Any]:
    """Midpoints of a law that has no name, and where earth moving carries them; both seen by no map before."""
    samples = two_moons(6_000, 0)
    prior = lot.Empirical(samples[:5_000])
    path = lot.interpolation("earth-mover", prior, transport="sinkhorn", rng=0)
    z0, z1 = samples[5_000:5_500], samples[5_500:]
    middle = (z0 + z1) / 2
    shown = 250
    return {
        "prior": rounded(samples[:shown], 3).tolist(),
        "from": rounded(middle[:shown], 3).tolist(),
        "to": rounded(path(z0, z1, 0.5)[:shown], 3).tolist(),
    }


def two_moons(n: int, seed: int) -> Floats:
    """Two half circles that hold one another, as latents of a model that knows two kinds."""
    rng = np.random.default_rng(seed)
    angle, second = np.pi * rng.random(n), rng.random(n) < 0.5
    x = np.where(second, 1 - np.cos(angle), np.cos(angle)) - 0.5
    y = np.where(second, 0.35 - np.sin(angle), np.sin(angle) - 0.1)
    return np.column_stack([x, y]) * 1.4 + 0.09 * rng.standard_normal((n, 2))


def rounded(values: Any, digits: int) -> Any:
    """Rounded, and without the sign of zero."""
    return np.round(np.asarray(values, dtype=np.float64), digits) + 0.0


def data() -> dict[str, Any]:
    """All that the page draws."""
    return {
        "t": T.round(2).tolist(),
        "soapBubble": soap_bubble(),
        "midpoints": midpoints(),
        "cauchy": cauchy_chart(),
        "earthMover": earth_mover(),
        "colours": COLOURS,
    }


def draw(known: dict[str, Any]) -> None:
    """Still pictures, for pages that run no script."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "pictures", "font.size": 9, "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False, "legend.frameon": False, "svg.fonttype": "path"})

    def save(figure: Any, name: str) -> None:
        figure.savefig(DOCS / "figures" / f"idea-{name}.svg", metadata={"Date": None})
        plt.close(figure)

    half = len(T) // 2
    figure, panels = plt.subplots(1, len(DIMENSIONS), figsize=(9, 2.2), layout="constrained")
    for axes, d in zip(panels, DIMENSIONS, strict=True):
        one = known["soapBubble"][str(d)]
        at = (np.arange(60) + 0.5) * one["high"] / 60
        axes.fill_between(at, one["prior"], color="0.85", linewidth=0)
        for name in WALKS:
            axes.plot(at, one["walks"][name][half], color=COLOURS[name], linewidth=1.2, label=name)
        axes.set(title=f"d = {d}", xlabel="norm", yticks=[], ylim=(0, None))
    panels[0].legend(fontsize=7, loc="upper right", handlelength=1)
    save(figure, "soap-bubble")

    figure, panels = plt.subplots(1, len(LAWS), figsize=(9, 2.2), layout="constrained")
    at = np.linspace(-4, 4, 161)[:-1] + 0.025
    for axes, name in zip(panels, LAWS, strict=True):
        rows = known["midpoints"][name]
        axes.fill_between(at, rows[0], color="0.85", linewidth=0)
        axes.plot(at, rows[half], color=COLOURS["linear"], linewidth=1.2)
        axes.set(title=name, yticks=[], ylim=(0, None))
    save(figure, "midpoints")

    prior = lot.Normal(2)
    ends = np.array([[1.8, 0.3]]), np.array([[-0.4, 1.5]])
    figure, axes = plt.subplots(figsize=(4, 4), layout="constrained")
    for radius in (1, 2, 3):
        axes.add_patch(plt.Circle((0, 0), radius, fill=False, color="0.85"))
    for name in WALKS:
        line = lot.interpolation(name, prior)(*ends, np.linspace(0, 1, 61))[:, 0]
        axes.plot(*line.T, color=COLOURS[name], label=name)
    axes.plot(*np.concatenate(ends).T, "o", color="black")
    axes.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal")
    axes.legend(fontsize=8)
    save(figure, "paths")

    figure, panels = plt.subplots(1, 2, figsize=(7, 2.6), layout="constrained", sharex=True, sharey=True)
    for axes, (title, which) in zip(panels, {"midpoints": "from", "carried": "to"}.items(), strict=True):
        axes.plot(*np.transpose(known["earthMover"]["prior"]), ".", color="0.8", markersize=3)
        axes.plot(*np.transpose(known["earthMover"][which]), ".", color=COLOURS["linear"], markersize=3)
        axes.set(title=title, aspect="equal", xticks=[], yticks=[])
    save(figure, "earth-mover")


if __name__ == "__main__":
    made = data()
    DATA.write_text(
        f"// Written by docs/make_pictures.py.\nwindow.latentotPictures = {json.dumps(made, separators=(',', ':'))};\n",
        encoding="utf-8",
    )
    draw(made)
