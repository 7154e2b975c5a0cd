"""Methods that go by laws estimated from samples, beside earth-mover, on priors that are known by samples only.

    python benchmarks/validity/estimated_laws.py [--keep FILE]

Each prior is 50,000 samples in `lot.compare(lot.Empirical(samples), METHODS)`: laws and maps are fitted on one half,
judged on the other. `--keep` names a file of rows, and a prior that is in it is not measured again;
`docs/make_transport.py` makes a table of `docs/figures/estimated_laws.json`.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from earth_mover import commit, today
from earth_mover_priors import SAMPLES, mixture
from numpy.typing import NDArray

import latentot as lot
from latentot.comparison import ControlWarning

METHODS: tuple[Any, ...] = (
    "linear",
    "cauchy",
    "matched",
    {"name": "stable", "options": {"alpha": 2}},
    "spherical-cauchy",
    "earth-mover",
)


def _normal_copula() -> NDArray[np.float64]:
    """Gamma numbers in 8 coordinates that are correlated by 0.7^|i - j| on the normal scale."""
    import scipy.stats

    correlation = 0.7 ** np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    z = np.random.default_rng(0).multivariate_normal(np.zeros(8), correlation, SAMPLES)
    return scipy.stats.gamma(2).ppf(scipy.stats.norm.cdf(z))


def _digits() -> NDArray[np.float64]:
    """An aggregate posterior: probabilistic principal components of digits, 8 of them, 28 draws of each image."""
    from sklearn.datasets import load_digits
    from sklearn.decomposition import PCA

    x = load_digits().data
    model = PCA(8).fit(x)
    scale = np.sqrt(model.noise_variance_ / model.explained_variance_)
    means = model.transform(x) / np.sqrt(model.explained_variance_)
    draws = np.repeat(means, 28, axis=0)
    return draws + scale * np.random.default_rng(0).standard_normal(draws.shape)


PRIORS: dict[str, Callable[[], NDArray[np.float64]]] = {
    "independent: Laplace, 16 coordinates": lambda: lot.Laplace(16).sample(SAMPLES, rng=0),
    "normal copula: gamma, 8 coordinates": _normal_copula,
    "aggregate posterior: digits, 8 coordinates": _digits,
    "mixture of six normal laws, 16 coordinates": lambda: mixture().sample(SAMPLES, rng=1),
}


def measured(name: str) -> list[dict[str, Any]]:
    """One row a method."""
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ControlWarning)
        verdicts = lot.compare(lot.Empirical(PRIORS[name]()), METHODS, cache=False).verdict()
    return [
        {
            "prior": name,
            "method": row["method"],
            "verdict": row["verdict"],
            "theory": row["theory"],
            "pairs": int(row["n"]),
            "share": round(float(row["share"]), 4),
            "share_high": round(float(row["share_high"]), 4),
            "worst": f"{row['worst_metric']} at t = {row['worst_t']:g}",
            "CPU s": round(time.process_time() - began, 1),
            "date": today(),
            "commit": commit(),
        }
        for row in verdicts.to_dict("records")
    ]


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    commit()
    rows: list[dict[str, Any]] = []
    if asked.keep and asked.keep.exists():
        rows = json.loads(asked.keep.read_text(encoding="utf-8"))
    for name in PRIORS:
        if not any(row["prior"] == name for row in rows):
            rows += measured(name)
            if asked.keep:
                asked.keep.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        for row in rows:
            if row["prior"] == name:
                print(
                    f"{name:<44}{row['method']:<20}{row['verdict']:<14}{row['theory']:<13}{row['pairs']:>7,}"
                    f"{row['share']:>9.1%}{row['share_high']:>9.1%}  {row['worst']}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
