"""A small run as this version stores it, with shares, profiles and decoded walks, for tests that look at pages."""

__all__ = ["modern"]

from typing import Any

import numpy as np

POSITIONS = np.linspace(0, 1, 9)


def modern(run: Any, share: float = 0.3) -> Any:
    """A synthetic run with what the newest version adds to it; only two metrics, so that it is drawn fast."""
    keep = {"sliced-wasserstein", "norm-ks"}
    run.rows = [row for row in run.rows if row["metric"] in keep]
    run.run["cells"] = [cell for cell in run.run["cells"] if cell["metric"] in keep]
    run.run["metrics"] = {name: own for name, own in run.run["metrics"].items() if name in keep}
    for place, verdict in enumerate(run.run["verdicts"]):
        drifts = verdict["verdict"] == "drifts"
        at = (1.0 if verdict["method"] == "linear" else share / (1 + place)) if drifts else 0.01
        theory = "exact" if verdict["method"] in ("cauchy", "matched") else "not claimed"
        verdict |= {"share": at, "share_low": at - 0.03, "share_high": at + 0.03, "theory": theory, "n": 500}
    rng = np.random.default_rng(0)
    run.artefacts["profile/t"] = POSITIONS
    middle = 1 - np.abs(2 * POSITIONS - 1)
    for endpoints in {own["endpoints"] for own in run.run["populations"]}:
        for place, method in enumerate(run.run["methods"]):
            drop = 1 - 0.3 * middle / (1 + 2 * place)
            norms = 8 * drop[:, None] * np.array([0.8, 0.9, 1.0, 1.1, 1.2])
            own = {
                "norms": norms,
                "walks": 8 * drop * rng.uniform(0.9, 1.1, (4, 1)),
                "drift/sliced-wasserstein": 0.015 + 0.3 * middle / (1 + 5 * place),
                "spread/sliced-wasserstein": np.full(9, 0.004),
                "coordinates": np.stack([rng.normal(0, 0.1, 6), rng.normal(1, 0.1, 6)]),
                "correlations": np.corrcoef(rng.normal(size=(6, 50))),
            }
            run.artefacts |= {f"profile/{endpoints}/{method}/{name}": array for name, array in own.items()}
    return run
