"""Truth: what metrics read on linear paths of N(0, I_d), beside the distance in closed form and their stated error.

    python benchmarks/validity/truth.py [RUNS]

Every run has fresh pairs and a fresh reference. With s = t^2 + (1 - t)^2 the points are N(0, s I_d). The earth
mover's distance of 1,000 points sees a share c of the squared W2 of a change of scale, c = 1 - EMD(r', r'') / 2d from
the reference alone, and the sliced Wasserstein distance of n points reads sqrt(true^2 + null^2): these are stated,
not corrected, and `expected` is what they should read. `stated` is two standard deviations of one value, and what
bias is left. A row is within where the mean over runs is within four standard errors, and that bias, of what is
expected.
"""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.stats

import latentot as lot
from latentot.metrics import drift

METRICS = ("sliced-wasserstein", "norm-wasserstein", "frechet", "gaussian-kl", "emd")
K = 1_000
"""Points that the earth mover's distance takes."""


@dataclass(frozen=True)
class Case:
    """n points of N(0, s I_d) held against m points of N(0, I_d).

    Args:
        null_raw: what the metric reads raw where s = 1.
        null_sd: standard deviation of its value there.
        taken_off: what debiasing takes off.
    """

    d: int
    s: float
    n: int
    m: int
    null_raw: float
    null_sd: float
    taken_off: float

    @property
    def root(self) -> float:
        return math.sqrt(self.s)


@dataclass(frozen=True)
class Error:
    """What a metric should read, the standard deviation of one value, and what bias may be left."""

    expected: float
    sd: float
    bias: float = 0.0


def true_distance(metric: str, d: int, s: float) -> float:
    """The distance of N(0, s I_d) from N(0, I_d)."""
    root = math.sqrt(s)
    return {
        "sliced-wasserstein": 1 - root,
        "norm-wasserstein": (1 - root) * scipy.stats.chi(d).mean(),
        "frechet": d * (1 - root) ** 2,
        "gaussian-kl": d / 2 * (s - 1 - math.log(s)),
        "emd": d * (1 - root) ** 2,
    }[metric]


def sliced_error(case: Case) -> Error:
    """Scales err by 1 / sqrt(2 n d); the mean square of 256 directions by as much again where d is small."""
    expected = math.hypot(1 - case.root, case.null_raw)
    return Error(expected, math.sqrt((case.s / case.n + 1 / case.m) / (2 * case.d)), 0.1 * (expected - 1 + case.root))


def norm_error(case: Case) -> Error:
    """A difference of means, as one quantile function lies below the other."""
    sd = scipy.stats.chi(case.d).std()
    return Error(true_distance("norm-wasserstein", case.d, case.s), sd * math.sqrt(case.s / case.n + 1 / case.m))


def frechet_error(case: Case) -> Error:
    """First order: the derivatives by the variances; second order: what is stated where nothing drifts."""
    first = (1 - case.root) * math.sqrt(2 * case.d * (case.s / case.n + 1 / case.m))
    second = math.sqrt(case.d * (case.d + 9)) * case.root * (1 / case.n + 1 / case.m) / 2
    left = case.d / (7 * case.n) * case.taken_off
    return Error(true_distance("frechet", case.d, case.s), math.hypot(first, second), left)


def kl_error(case: Case) -> Error:
    """First order: the derivatives by the variances; second order: what is stated where nothing drifts."""
    first = (1 - case.s) / 2 * math.sqrt(2 * case.d * (1 / case.n + 1 / case.m))
    second = math.sqrt(case.d * (case.d + 3)) * (1 / case.n + 1 / case.m) / 2
    return Error(true_distance("gaussian-kl", case.d, case.s), math.hypot(first, second))


def emd_error(case: Case) -> Error:
    """Mean squares of the four parts err by their value times sqrt(2 / (k d)), and count with their derivatives.

    In few dimensions the shapes of the samples count more: the noise is no less than where nothing drifts.
    """
    k = min(K, case.n // 2)
    share = 1 - case.null_raw / (2 * case.d)
    own = (0.5 + share * (0.5 - 1 / case.root), (share - 1) / 2)
    known = (0.5 + share * (0.5 - case.root), (share - 1) / 2)
    sd = math.sqrt(2 * case.d / k) * math.hypot(*(case.s * slope for slope in own), *known)
    return Error(share * true_distance("emd", case.d, case.s), max(sd, case.null_sd))


ERRORS: dict[str, Callable[[Case], Error]] = dict(
    zip(METRICS, (sliced_error, norm_error, frechet_error, kl_error, emd_error), strict=True)
)


@dataclass(frozen=True)
class Row:
    """One metric on one path: the truth, what it should read, and what it read."""

    metric: str
    d: int
    t: float
    m: int
    true: float
    error: Error
    values: tuple[float, ...]
    raw: float

    @property
    def mean(self) -> float:
        return float(np.mean(self.values))

    @property
    def stated(self) -> float:
        """Two standard deviations of one value, and the bias left."""
        return 2 * self.error.sd + self.error.bias

    @property
    def within(self) -> bool:
        """Four standard errors: false alarm 6e-5."""
        allowed = 4 * self.error.sd / math.sqrt(len(self.values)) + self.error.bias
        return abs(self.mean - self.error.expected) < allowed


def truth(
    metrics: Sequence[str], dims: Sequence[int], positions: Sequence[float], n: int, m: int, runs: int, seed: int
) -> list[Row]:
    """Rows of the table: every metric in every dimension at every t, from n points and m of the reference."""
    rows = []
    for d in dims:
        prior, rng = lot.Normal(d), np.random.default_rng([seed, d])
        path = lot.interpolation("linear", prior)
        read: dict[tuple[str, float], list[tuple[float, float]]] = {
            (k, t): [] for k in metrics for t in (*positions, 0.0)
        }
        for _ in range(runs):
            reference = prior.sample(m, rng=rng)
            judges = {metric: drift(metric).against(reference, rng=rng) for metric in metrics}
            for t in (*positions, 0.0):
                z = path(prior.sample(n, rng=rng), prior.sample(n, rng=rng), t)
                for metric, judge in judges.items():
                    read[metric, t].append(judge(z)[:2])
        for metric in metrics:
            null, null_raw = np.array(read[metric, 0.0]).T
            for t in positions:
                s = t**2 + (1 - t) ** 2
                values, raw = np.array(read[metric, t]).T
                by_chance = float(null_raw.mean()), float(null.std(ddof=1))
                case = Case(d, s, n, m, *by_chance, float(raw.mean() - values.mean()))
                error = ERRORS[metric](case)
                rows.append(Row(metric, d, t, m, true_distance(metric, d, s), error, tuple(values), float(raw.mean())))
    return rows


def table(rows: Sequence[Row]) -> str:
    """The rows as text."""
    lines = [
        f"{'metric':18} {'d':>3} {'t':>4} {'m':>7}  {'true':>8} {'expected':>8} {'mean':>8}  {'stated':>7}  "
        f"{'sd':>7} {'raw':>8}  within"
    ]
    lines += [
        f"{row.metric:18} {row.d:3} {row.t:4} {row.m:7}  {row.true:8.4f} {row.error.expected:8.4f} {row.mean:8.4f}  "
        f"{row.stated:7.4f}  {np.std(row.values, ddof=1):7.4f} {row.raw:8.4f}  {'yes' if row.within else 'NO'}"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for metrics, m in ((METRICS, 100_000), (("frechet", "gaussian-kl"), 10_000)):
        found = truth(metrics, (2, 8, 64, 256), (0.1, 0.25, 0.5), n=10_000, m=m, runs=RUNS, seed=0)
        print(f"\n{RUNS} runs, 10,000 points, a reference of {m:,}\n{table(found)}", flush=True)
