"""Power of permutation tests by our metrics beside the best published, at the same number of points.

    python benchmarks/validity/power_table.py [--repetitions 2000] [--permutations 199] [--slow 19] [--tests NAME ...]
        [--store FILE] [CASE ...]

All points count: 500 of either sample. The cases are those of MMD-FUSE (Biggs, Schrab, Gretton, NeurIPS 2023): four
modes of a mixture, one of which is narrower or wider; and a uniform law with two perturbations in each coordinate. A
test of level 5 % rejects where the observed value is among the greatest 5 % of it and its permutations. Some tests
reuse what no permutation changes; other metrics are measured anew for each permutation, so they get fewer. Seconds are
those of one core, all permutations included.

The second column is of a known prior: the 500 drifted points alone, held against its laws or ten times as many draws,
with draws of the prior for the null; seconds are those of one judgement.

What was found is kept, a line a case and test, so that a run that was cut off goes on.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from measured import Lines
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.metrics import OneSample, spectral
from latentot.metrics.c2st import C2ST, _kernel, _normal_scores
from latentot.metrics.edges import Edges, NeighbourEdges, counts, nearest
from latentot.metrics.fuse import MMDFuse, gaussian, laplace, soft_maximum, spaced
from latentot.metrics.spectral import SpectralMMD
from latentot.numerics.lengths import lengths
from latentot.numerics.points import location

Floats = NDArray[np.float64]
Draw = Callable[[int, np.random.Generator], Floats]

LEVEL, N = 0.05, 500
SPECTRAL, EDGES = SpectralMMD(), NeighbourEdges()


@dataclass(frozen=True)
class Case:
    """A law and one that differs from it.

    Args:
        prior: the law.
        drifted: draws of the other.
        published: the greatest power published at this n, m = n.
    """

    name: str
    prior: lot.Prior
    drifted: Draw
    published: float


FOUR = 20.0 * np.array(list(product((-1.0, 1.0), repeat=2)))


def modes(n: int, rng: np.random.Generator, *, middles: Floats = FOUR, sd: float = 1.0) -> Floats:
    """Draws of equal modes with standard deviation 1, but for the last of them."""
    chosen = rng.integers(0, len(middles), n)
    return middles[chosen] + rng.standard_normal((n, 2)) * np.where(chosen == len(middles) - 1, sd, 1.0)[:, None]


def perturbed(n: int, rng: np.random.Generator, *, d: int, scale: float, times: int = 2) -> Floats:
    """Draws with the density 1 + scale e^d sum_nu prod_j G(P x_j - nu_j) on the unit cube, nu in {1, ..., P}^d."""
    found = np.empty((0, d))
    while len(found) < n:
        x = rng.random((4 * n, d))
        # The bumps of a coordinate do not overlap, so the sum of products is the product of sums.
        bumps = np.sum([_bump(times * x - place) for place in range(1, times + 1)], axis=0)
        density = 1 + scale * np.exp(d) * np.prod(bumps, axis=1)
        found = np.concatenate([found, x[rng.random(4 * n) * (1 + scale) < density]])
    return found[:n]


def _bump(x: Floats) -> Floats:
    """G(x): exp(-1 / (1 - (4 x + 3)^2)) on (-1, -1/2), and less the same on (-1/2, 0)."""
    inside = (x > -1) & (x < 0)
    place = np.where(x < -0.5, 4 * x + 3, 4 * x + 1)
    room = np.where(inside, 1 - place**2, 1.0)
    with np.errstate(divide="ignore", over="ignore"):
        size = np.where(inside & (room > 0), np.exp(-1 / np.maximum(room, 1e-300)), 0.0)
    return np.where(x < -0.5, size, -size)


MODES = lot.GaussianMixture(FOUR, factors=[np.eye(2)] * 4)
CASES = {
    case.name: case
    for case in (
        Case("mixture-0.7", MODES, partial(modes, sd=0.7), 0.51),
        Case("mixture-1.6", MODES, partial(modes, sd=1.6), 0.675),
        Case("uniform-1d", lot.Uniform(1, low=0, high=1), partial(perturbed, d=1, scale=0.3), 0.605),
        Case("uniform-2d", lot.Uniform(2, low=0, high=1), partial(perturbed, d=2, scale=0.6), 0.485),
    )
}


def permuted(n: int, count: int, folds: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Labels 1 of z and -1 of the reference, as observed and permuted within folds, shape (2 n, 1 + count)."""
    labels = np.repeat(np.array([1, -1], np.float32), n)
    signs = np.repeat(labels[:, None], 1 + count, axis=1)
    for fold in range(folds):
        own = np.flatnonzero(np.arange(2 * n) % n % folds == fold)
        signs[own, 1:] = rng.permuted(signs[own, 1:], axis=0)
    return signs


def squared(kernel: Floats, signs: NDArray[np.float32]) -> Floats:
    """MMD^2, unbiased, for each column of labels; the kernel has a diagonal of 0."""
    n, whole = len(kernel) // 2, kernel.sum(dtype=np.float64)
    along = np.einsum("ib,ib->b", signs, kernel @ signs, dtype=np.float64)
    return (whole + along) / (2 * n * (n - 1)) - (whole - along) / (2 * n**2)


def distances(points: Floats, by: str) -> NDArray[np.float32]:
    return cdist(points, points, by).astype(np.float32)


def by_energy(z: Floats, reference: Floats, signs: NDArray[np.float32]) -> Floats:
    return squared(-distances(np.concatenate([z, reference]), "euclidean"), signs)


def by_fuse(z: Floats, reference: Floats, signs: NDArray[np.float32]) -> Floats:
    n, ratios = len(z), []
    for by, kernel in (("cityblock", laplace), ("euclidean", gaussian)):
        apart = distances(np.concatenate([z, reference]), by)
        for width in spaced(apart[np.triu_indices(2 * n, 1)], MMDFuse().widths):
            known = kernel(apart, width)
            np.fill_diagonal(known, 0)
            normaliser = np.vecdot(known, known).sum(dtype=np.float64) / (n * (n - 1))
            ratios.append(squared(known, signs) / np.sqrt(normaliser))
    sharpness = MMDFuse().sharpness * np.sqrt(n * (n - 1))
    return np.array([soft_maximum(column, sharpness) for column in np.transpose(ratios)])


def by_spectral(z: Floats, reference: Floats, signs: NDArray[np.float32], *, metric: SpectralMMD = SPECTRAL) -> Floats:
    """As mmd-spectral: of fold 0 in both samples are its landmarks, and no label changes what whitens features."""
    both = np.concatenate([z, reference])
    n = len(z)
    chosen = np.arange(2 * n) % n % FOLDS["mmd-spectral"] == 0
    apart = cdist(both, both[chosen], "sqeuclidean")
    own, values = apart[chosen], []
    for width in spectral.spaced(own, metric.widths):
        features = spectral.gaussian(apart, width)
        whitener, chance, sd = spectral.whitening(
            np.cov(features.T, bias=True), spectral.gaussian(own, width), metric.ridge
        )
        means = whitener @ ((features - features.mean(axis=0)).T @ signs / n)
        values.append((np.square(means).sum(axis=0) - 2 / n * chance) / sd)
    return np.max(values, axis=0)


def by_c2st(z: Floats, reference: Floats, signs: NDArray[np.float32]) -> Floats:
    """The classifier of each fold in closed form, y_F - G_FF^-1 (G y)_F, G = (K + ridge I)^-1, of all labels."""
    both, size, folds = np.concatenate([z, reference]), len(signs), C2ST().folds
    radius = lengths(both - location(both))[:, None]
    inverse = np.linalg.inv(_kernel(_normal_scores(both), _normal_scores(radius)) + C2ST().ridge * np.eye(size))
    through, areas = inverse @ signs, []
    for fold in range(folds):
        own = np.flatnonzero(np.arange(size) % (size // 2) % folds == fold)
        ranked = signs[own] - np.linalg.solve(inverse[np.ix_(own, own)], through[own])
        ranks = ranked.argsort(axis=0).argsort(axis=0) + 1
        n = len(own) // 2
        areas.append(((ranks * (signs[own] > 0)).sum(axis=0) - n * (n + 1) / 2) / n**2)
    return np.mean(areas, axis=0) - 0.5


def by_edges(z: Floats, reference: Floats, signs: NDArray[np.float32]) -> Floats:
    """As knn-edges: the neighbours in both samples are found once, and none of what chance gives depends on labels."""
    both, n, inside = np.concatenate([z, reference]), len(z), np.maximum(signs, 0)
    numbers = counts(len(both), EDGES.scales, EDGES.part)
    near, values = nearest(both, numbers), []
    graph = np.zeros((len(both), len(both)), np.float32)
    for k in numbers:
        edges = Edges.of(near[:, :k])
        np.put_along_axis(graph, near[:, :k], 1, axis=1)
        of_z = np.einsum("ib,ib->b", inside, graph @ inside)
        # All pairs, less those that end and those that begin in z, of which those within z are both.
        of_reference = edges.total - graph.sum(axis=0) @ inside - k * n + of_z
        values += [edges.standardised(of_z, n), edges.standardised(of_reference, len(both) - n)]
    return np.max(values, axis=0) * (1 / n + 1 / (len(both) - n))


def by_metric(name: str, z: Floats, reference: Floats, signs: NDArray[np.float32]) -> Floats:
    """A metric measured anew for each column of labels."""
    both, metric = np.concatenate([z, reference]), lot.drift(name)
    return np.array([metric(both[column > 0], both[column < 0], rng=0) for column in signs.T])


FAST = {
    "mmd-spectral": by_spectral,
    "energy": by_energy,
    "mmd-fuse": by_fuse,
    "c2st": by_c2st,
    "knn-edges": by_edges,
}
FOLDS = {"mmd-spectral": 2 * N // SPECTRAL.landmarks, "c2st": C2ST().folds}
"""Folds within which labels are permuted; 1 if not said."""
SLOW = ("mmd-multi", "sliced-wasserstein", "norm-wasserstein", "marginal-ks", "knn-kl")


BATCH = 100
"""Repetitions that are one piece of work."""

Power = tuple[int, int, float]
"""In how many tests a metric rejected, of how many, and the CPU seconds of all."""


def rejects(values: Floats) -> bool:
    """Whether the first is among the greatest 5 % of all, so that the level is exact."""
    return bool((values >= values[0]).sum() <= LEVEL * len(values))


def two_samples(case: Case, name: str, numbers: Sequence[int], permutations: int) -> Power:
    """A permutation test of one metric, of some repetitions; all metrics have the same samples."""
    test, folds = FAST.get(name, partial(by_metric, name)), FOLDS.get(name, 1)
    rejected, start = 0, time.process_time()
    for i in numbers:
        rng = np.random.default_rng([i, 0])
        z, reference = case.drifted(N, rng), case.prior.sample(N, rng=rng)
        rejected += rejects(test(z, reference, permuted(N, permutations, folds, np.random.default_rng([i, 1]))))
    return rejected, len(numbers), time.process_time() - start


def prior_known(case: Case, name: str, numbers: Sequence[int], draws: int = 999) -> Power | None:
    """Power of a metric where this prior is known: drifted points alone, against draws of the prior for the null.

    A metric of one sample takes the prior's laws, one of two samples ten draws of the prior for each point. What it is
    held against and the null are the same for all repetitions, as they would be for a user who tests again and again.
    """
    metric = lot.drift(name)
    try:
        metric.check(case.prior)
        held = case.prior if isinstance(metric, OneSample) else case.prior.sample(10 * N, rng=[0, 3])
        judge = metric.against(held, rng=0)
    except lot.InputError:
        return None
    null = np.array([judge(case.prior.sample(N, rng=[i, 2])).value for i in range(draws)])
    samples = [case.drifted(N, np.random.default_rng([i, 0])) for i in numbers]
    start = time.process_time()
    values = [judge(z).value for z in samples]
    seconds = time.process_time() - start
    return sum(rejects(np.append(value, null)) for value in values), len(numbers), seconds


def table(case: Case, columns: Sequence[Mapping[str, Power]]) -> str:
    """A test a row, the most powerful first: what was found with two samples, and with the prior known."""
    lines = [
        f"{case.name}: best published {case.published:.3f}",
        f"  {'':<38}{'two samples of 500':<36}500 points, prior known",
    ]
    shares = {
        name: max(one[name][0] / one[name][1] for one in columns if name in one) for one in columns for name in one
    }
    for name in sorted(shares, key=lambda name: shares[name], reverse=True):
        cells = [_cell(one[name], case.published) if name in one else "" for one in columns]
        lines.append(f"  {name:<38}{cells[0]:<36}{cells[1]}".rstrip())
    return "\n".join(lines)


def _cell(found: Power, published: float) -> str:
    rejected, times, seconds = found
    share = rejected / times
    error = np.sqrt(share * (1 - share) / times)
    return f"{share:.3f} +- {error:.3f}, {seconds / times:.4f} s{'  ahead' if share > published else ''}"


def main(given: Sequence[str] | None = None) -> None:
    one_sample = [name for name in lot.drifts() if isinstance(lot.drift(name), OneSample)]
    parser = argparse.ArgumentParser(description="Power beside the best published, at the same n")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"out of {', '.join(CASES)}; all if not said")
    parser.add_argument("--repetitions", type=int, default=2_000)
    parser.add_argument("--permutations", type=int, default=199, help="19, 39, 59, ...: 5 %% of one more is a number")
    parser.add_argument("--slow", type=int, default=19, help="permutations of metrics measured anew")
    parser.add_argument("--tests", nargs="+", default=[*FAST, *SLOW], metavar="NAME", help="of two samples")
    parser.add_argument("--known", nargs="*", default=[*one_sample, *FAST], metavar="NAME", help="of a known prior")
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/power_table.jsonl"))
    options = parser.parse_args(given)
    if unknown := set(options.cases) - set(CASES):
        parser.error(f"no case {', '.join(unknown)}: there are {', '.join(CASES)}")
    store, whole = Lines(options.store), range(options.repetitions)
    batches = [whole[first : first + BATCH] for first in range(0, len(whole), BATCH)]
    for case in (CASES[name] for name in options.cases or CASES):
        two = {
            f"{case.name} {name} {batch[0]}-{batch[-1]} {count}": (case, name, batch, count)
            for name in options.tests
            for count in [options.permutations if name in FAST else options.slow]
            for batch in batches
        }
        known = {f"{case.name} {name} known {len(whole)}": (case, name, whole) for name in options.known}
        columns = []
        for work, pieces in ((two_samples, two), (prior_known, known)):
            found: dict[str, Power] = {}
            for key, power in store.complete(work, pieces, jobs=1):
                if power:
                    name = str(pieces[key][1])
                    rejected, times, seconds = (a + b for a, b in zip(found.get(name, (0, 0, 0.0)), power, strict=True))
                    found[name] = rejected, times, seconds
            columns.append(found)
        print(table(case, columns), flush=True)


if __name__ == "__main__":
    main()
