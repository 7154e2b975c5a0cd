"""Verdicts in data space: how often are methods that keep the prior said to drift, once points are decoded?

    python benchmarks/validity/data_space.py [--comparisons 200] [--jobs 2] [--store FILE]

A comparison has three exact methods and linear, on one of two decoders of N(0, I_8): principal components of digits,
and a network with random weights. Judges are a distance of means and covariances, a sliced distance and the share of
data that are near decoded draws. 1 % of false drifts are promised; the bound is Clopper and Pearson's, 95 %.
"""

import argparse
import functools
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import scipy.stats
from measured import Lines

import latentot as lot
from latentot.comparison import ControlWarning
from latentot.data import load_data

EXACT = ("matched", "cauchy", "spherical-cauchy")
JUDGES = ("frechet", "sliced-wasserstein", "precision")
DECODERS = ("components", "network")
SEED = 21_000_000


@functools.cache
def model(decoder: str) -> lot.Model:
    """A decoder of N(0, I_8) to pictures of 8 x 8."""
    if decoder == "network":
        rng = np.random.default_rng(0)
        first, last = rng.standard_normal((8, 64)) / 8**0.5, rng.standard_normal((64, 64)) / 8
        return lot.Model(
            lot.Normal(8), lambda z: np.tanh(np.tanh(2 * z @ first) @ last).reshape(-1, 1, 8, 8), name=decoder
        )
    x = load_data("digits").train.reshape(-1, 64).astype(float)
    _, singular, right = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    loadings, mean = right[:8] * singular[:8, None] / len(x) ** 0.5, x.mean(axis=0)
    return lot.Model(lot.Normal(8), lambda z: (z @ loadings + mean).reshape(-1, 1, 8, 8), name=decoder)


def compared(decoder: str, number: int) -> dict[str, tuple[str, int]]:
    """The verdicts in data space, and the pairs of each, by method."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ControlWarning)
        result = lot.compare(
            model(decoder),
            [*EXACT, "linear"],
            "norm-wasserstein",
            t=0.5,
            judges=JUDGES,
            features="pca",
            max_decoded=2_000,
            seed=SEED + number,
        )
    return {row.method: (row.verdict, int(row.n)) for row in result.verdict(space="data").itertuples()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comparisons", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/data_space.jsonl"))
    asked = parser.parse_args()
    pieces = {f"{number}": (DECODERS[number % 2], number) for number in range(asked.comparisons)}
    false, linear, verdicts = 0, 0, Counter[str]()
    for done, (_, found) in enumerate(Lines(asked.store).complete(compared, pieces, asked.jobs), 1):
        false += any(found[method][0] == "drifts" for method in EXACT)
        linear += found["linear"][0] == "drifts"
        verdicts.update(found[method][0] for method in EXACT)
        if done % 20 == 0 or done == len(pieces):
            bound = scipy.stats.binomtest(false, done).proportion_ci(0.9).high
            print(
                f"false drifts in {false} of {done} comparisons, at most {bound:.1%} (95 %); linear drifts in "
                f"{linear}; exact methods: {dict(verdicts)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
