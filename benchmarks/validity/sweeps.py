"""Sweeps: what splitting errors over all subjects costs, beside the rule of Benjamini and Hochberg.

    python benchmarks/validity/sweeps.py [--sweeps 30] [--jobs 2] [--store FILE]

A sweep has eight subjects, N(0, I_d) of growing d, each with three methods that keep the prior by theorem and two that
have some rows on a straight line, few enough for power to be between none and all at 500 pairs. Of the same p-values,
one a method and subject, three rules decide which drift: Bonferroni over methods and subjects, as sweeps are judged;
over the methods of each subject alone; and Benjamini and Hochberg's over all. Counted are sweeps with any method that
is falsely said to drift, the share of false ones among all that are said to, and the share found of what drifts.
"""

import argparse
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from measured import Lines
from numpy.typing import NDArray

import latentot as lot

DIMS = (2, 3, 4, 6, 8, 12, 16, 24)
EXACT = ("matched", "cauchy", "switch")
LINEAR = {"one row in 12 linear": 12, "one row in 8 linear": 8}
N, T, METRICS, NULL_DRAWS = 500, 0.5, ("norm-wasserstein", "marginal-ks"), 79
"""With 79 null draws the least p-value of three repeats is 1e-5, so that ranks hinder no rule."""
Floats = NDArray[np.float64]


def partly_linear(z0: Floats, z1: Floats, t: float, *, every: int) -> Floats:
    """An exact path, with one row out of so many on a straight line instead."""
    z = np.array(lot.interpolation("matched", lot.Normal(z0.shape[1]))(z0, z1, t))
    z[::every] = (1 - t) * z0[::every] + t * z1[::every]
    return z


def p_values(d: int, seed: int) -> dict[str, float]:
    """The p-value of each method, corrected for its measurements."""
    methods = [*EXACT, *((name, partial(partly_linear, every=every)) for name, every in LINEAR.items())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = lot.compare(
            lot.Normal(d), methods, METRICS, T, n=N, seed=seed, null_draws=NULL_DRAWS, false_drift=1e-3, cache=False
        )
    return {row.method: float(row.p_value) for row in found.verdict().itertuples()}


def bonferroni(p: Floats, level: float) -> NDArray[np.bool_]:
    """Which p-values are below the level, split over all of them, shape (subjects, methods)."""
    return p < level / p.size


def alone(p: Floats, level: float) -> NDArray[np.bool_]:
    """Which are below the level, split over the methods of their subject."""
    return p < level / p.shape[1]


def benjamini_hochberg(p: Floats, level: float) -> NDArray[np.bool_]:
    """Which are drifts where at most this share of drifts is false on average.

    References:
        Benjamini, Hochberg: Controlling the false discovery rate. J. R. Stat. Soc. B 57 (1995).
    """
    ordered = np.sort(p, axis=None)
    below = np.flatnonzero(ordered <= level * np.arange(1, p.size + 1) / p.size)
    return p <= (ordered[below[-1]] if len(below) else -1.0)


RULES: Mapping[str, Callable[[Floats, float], NDArray[np.bool_]]] = {
    "Bonferroni over all subjects": bonferroni,
    "Bonferroni, each subject alone": alone,
    "Benjamini-Hochberg over all": benjamini_hochberg,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="What splitting errors over subjects costs")
    parser.add_argument("--sweeps", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/sweeps.jsonl"))
    asked = parser.parse_args()
    pieces = {f"{sweep} {d}": (d, 41_000_000 + 1_000 * sweep + d) for sweep in range(asked.sweeps) for d in DIMS}
    found = dict(Lines(asked.store).complete(p_values, pieces, asked.jobs))
    order = [*EXACT, *LINEAR]
    p = np.array([[[found[f"{sweep} {d}"][name] for name in order] for d in DIMS] for sweep in range(asked.sweeps)])
    print(f"{asked.sweeps} sweeps of {len(DIMS)} subjects, {len(EXACT)} methods that keep and {len(LINEAR)} that drift")
    print(f"{'rule':<32}{'level':>6}{'any false':>11}{'share false':>13}{'found':>8}")
    for level in (0.01, 0.05):
        for name, rule in RULES.items():
            drifts = np.array([rule(own, level) for own in p])
            false, true = drifts[..., : len(EXACT)].sum(axis=(1, 2)), drifts[..., len(EXACT) :]
            share = np.mean(false / np.maximum(drifts.sum(axis=(1, 2)), 1))
            print(f"{name:<32}{level:>6.0%}{(false > 0).mean():>11.1%}{share:>13.2%}{true.mean():>8.1%}")


if __name__ == "__main__":
    main()
