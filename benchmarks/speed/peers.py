"""The same quantity by latentot and by its peers, in one run: do they agree, and what does each take?

    python benchmarks/speed/peers.py          # measure: docs/figures/peers.json, then the table in docs/comparison.md
    python benchmarks/speed/peers.py sliced exact    # these anew
    python benchmarks/speed/peers.py table    # the table alone, from what was measured

Processor seconds of one thread, the least of three; the ratio is theirs to ours: above 1, we are that many times
faster. Some minutes.
"""

import importlib.metadata
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import latentot as lot

DOCS = Path(__file__).parents[2] / "docs"
FOUND, PAGE = DOCS / "figures" / "peers.json", DOCS / "comparison.md"
RUNS = 3


def least(call: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """Processor seconds, the least of some runs, and what came of it."""
    seconds, found = [], None
    for _ in range(runs):
        start = time.process_time()
        found = call()
        seconds.append(time.process_time() - start)
    return min(seconds), found


def combinations() -> dict[str, Any]:
    from lolatents.lol_numpy import lol_gaussian

    prior, k, m = lot.Normal(128), 8, 20_000
    z, weights = prior.sample(k, rng=0), np.random.default_rng(1).standard_normal((m, k))
    path: Any = lot.interpolation("matched", prior)
    ours, theirs = least(lambda: path.combine(z, weights)), least(lambda: lol_gaussian(w=weights, X=z))
    return row("lolatents", f"{m:,} combinations of {k} latents, d = 128", ours, theirs)


def sliced() -> dict[str, Any]:
    import ot

    x, y = samples(10_000, 64)
    metric = lot.drift("sliced-wasserstein")
    ours = least(lambda: metric(x, y, rng=0))
    theirs = least(lambda: ot.sliced_wasserstein_distance(x, y, n_projections=256, seed=0))
    return row("POT", "sliced Wasserstein-2, 256 directions, n = 10,000, d = 64", ours, theirs)


def exact() -> dict[str, Any]:
    import ot

    from latentot.metrics.emd import squared_emd

    x, y = samples(1_000, 64)
    ours = least(lambda: squared_emd(x, y))
    theirs = least(lambda: ot.emd2([], [], ot.dist(x, y), numItermax=1_000_000))
    return row("POT", "exact earth mover's distance, n = 1,000, d = 64", ours, theirs)


def entropic() -> dict[str, Any]:
    import ot

    from latentot.metrics.sinkhorn import sinkhorn_divergence

    x, y = samples(1_000, 16)
    blur = 2.0
    ours = least(lambda: sinkhorn_divergence(x, y, blur, tolerance=1e-4))

    def plan(a: Any, b: Any) -> float:
        # Its cost is the squared distance, ours half of it; both count the plan's divergence from independence.
        return float(ot.solve_sample(a, b, reg=2 * blur**2, reg_type="KL", tol=1e-6).value) / 2

    theirs = least(lambda: plan(x, y) - plan(x, x) / 2 - plan(y, y) / 2)
    return row("POT", "Sinkhorn divergence, blur 2, n = 1,000, d = 16", ours, theirs)


def frechet() -> dict[str, Any]:
    import scipy.linalg

    x, y = samples(5_000, 512)
    metric = lot.drift("frechet")

    def by_root() -> float:
        mean, cx, cy = x.mean(axis=0) - y.mean(axis=0), np.cov(x, rowvar=False), np.cov(y, rowvar=False)
        return float(mean @ mean + np.trace(cx + cy - 2 * scipy.linalg.sqrtm(cx @ cy).real))

    ours, theirs = least(lambda: metric.against(y, rng=0)(x).raw), least(by_root)
    what = "Fréchet distance, n = 5,000, d = 512 (ours: debiased too)"
    return row("torch-fidelity, by its formula", what, ours, theirs)


def classifier() -> dict[str, Any]:
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.neural_network import MLPClassifier

    x, y = samples(500, 16)
    both = (np.concatenate([x, y]) - y.mean(axis=0)) / y.std(axis=0)
    labels = np.repeat([0, 1], len(x))
    metric = lot.drift("c2st")

    def by_network() -> float:
        network = MLPClassifier(hidden_layer_sizes=(160, 160), max_iter=1000, random_state=0)
        return float(cross_val_score(network, both, labels, cv=KFold(5, shuffle=True, random_state=0)).mean())

    ours, theirs = least(lambda: metric(x, y, rng=0)), least(by_network, 1)
    what = "classifier two-sample test, n = 500, d = 16 (ours: AUC - 1/2; theirs: accuracy)"
    return row("sbi, by its recipe", what, ours, theirs)


def samples(n: int, d: int) -> tuple[Any, Any]:
    """Midpoints of N(0, I), and the prior."""
    prior = lot.Normal(d)
    return (prior.sample(n, rng=0) + prior.sample(n, rng=1)) / 2, prior.sample(n, rng=2)


def row(peer: str, what: str, ours: tuple[float, Any], theirs: tuple[float, Any]) -> dict[str, Any]:
    """One line of the table; of arrays the largest difference is told."""
    found: dict[str, Any] = {"peer": peer, "what": what, "ours s": ours[0], "theirs s": theirs[0]}
    if isinstance(ours[1], np.ndarray):
        return found | {"difference": float(np.abs(ours[1] - theirs[1]).max())}
    print(found, flush=True)
    return found | {"ours": float(ours[1]), "theirs": float(theirs[1])}


def table(measured: dict[str, Any]) -> str:
    """The table of docs/comparison.md."""
    lines = ["| what | beside | ours | theirs | CPU s, ours | theirs | ratio |", "|---|---|---|---|---|---|---|"]
    for one in measured["rows"].values():
        values = (
            [f"within {one['difference']:.0e}", ""]
            if "difference" in one
            else [f"{one[key]:.4g}" for key in ("ours", "theirs")]
        )
        seconds = [f"{one[key]:.3g}" for key in ("ours s", "theirs s")]
        ratio = f"{one['theirs s'] / one['ours s']:.2g}"
        lines.append(f"| {' | '.join([one['what'], one['peer'], *values, *seconds, ratio])} |")
    return "\n".join([*lines, "", f"Versions: {', '.join(f'{k} {v}' for k, v in measured['versions'].items())}."])


def with_table(text: str, made: str) -> str:
    """The page with the table between its marks replaced."""
    marks = r"(<!-- made by benchmarks/speed/peers.py -->\n).*?(\n<!-- end -->)"
    return re.sub(marks, lambda found: f"{found[1]}\n{made}\n{found[2]}", text, flags=re.DOTALL)


if __name__ == "__main__":
    parts = {part.__name__: part for part in (combinations, sliced, exact, entropic, frechet, classifier)}
    known = json.loads(FOUND.read_text("utf-8")) if sys.argv[1:] else {"rows": {}}
    if sys.argv[1:] != ["table"]:
        names = ("latentot", "lolatents", "numpy", "POT", "scikit-learn", "scipy")
        known["versions"] = {name: importlib.metadata.version(name) for name in names}
        with threadpool_limits(1):
            known["rows"] |= {name: parts[name]() for name in sys.argv[1:] or parts}
        FOUND.write_text(json.dumps(known, indent=1) + "\n")
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), table(known)), "utf-8")
