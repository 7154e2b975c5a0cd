"""The spread of a drift from one sample, against that of many samples."""

import numpy as np
import pytest

import latentot as lot
from latentot.metrics import BLOCKS, Measurement, subsampled_sd

PRIOR = lot.Normal(4)


def spreads(name, t, *, n=500, samples=200, of=60, m=2_000):
    """Standard deviation over many samples of a linear path, and the root mean square of those found from one."""
    judge = lot.drift(name).against(PRIOR.sample(m, rng=0), rng=1)
    rng = np.random.default_rng(2)
    values, found = [], []
    for number in range(samples):
        z = (1 - t) * PRIOR.sample(n, rng=rng) + t * PRIOR.sample(n, rng=rng)
        whole = judge(z)
        values.append(whole.value)
        if number < of:
            found.append(subsampled_sd(judge, z, whole))
    return np.std(values, ddof=1), np.sqrt(np.mean(np.square(found)))


SIZES = [
    ("sliced-wasserstein", {}),
    ("norm-wasserstein", {}),
    ("marginal-ks", {}),
    ("mmd", {"n": 240, "samples": 100, "of": 30, "m": 300}),
]


@pytest.mark.parametrize(("name", "sizes"), SIZES)
@pytest.mark.parametrize("t", [0.25, 0.5])
def test_is_that_of_many_samples_where_there_is_drift(name, t, sizes):
    true, found = spreads(name, t, **sizes)
    # 100 samples know their spread within 7 %, 30 times 7 degrees of freedom within 5 %: a factor of 1.5 is more than
    # four of these. mmd, whose noise at this size is in part that of a square, may be above by sqrt(8), as it says.
    assert 1 / 1.5 < found / true < (np.sqrt(BLOCKS) if name == "mmd" else 1.5)


@pytest.mark.parametrize(("name", "sizes"), SIZES)
def test_is_not_too_small_where_there_is_none(name, sizes):
    true, found = spreads(name, 0.0, **sizes)
    # Noise that falls as 1 / n is taken to fall as its root: sqrt(8) = 2.83 too large. 10 % for chance, as above.
    assert 1 / 1.5 < found / true < np.sqrt(BLOCKS) * 1.1


def mean_of_first(most):
    """A judge that takes the mean of at most some points: its spread is known."""

    def judge(z):
        used = z[:most]
        return Measurement(float(used.mean()), float(used.mean()), len(used))

    return judge


@pytest.mark.parametrize(("most", "used"), [(10_000, 4_000), (100, 100), (1_000, 1_000)])
def test_is_that_of_the_points_that_were_used(most, used):
    judge = mean_of_first(most)
    rng = np.random.default_rng(0)
    found = []
    for _ in range(200):
        z = rng.standard_normal((4_000, 1))
        found.append(subsampled_sd(judge, z, judge(z)) ** 2)
    # A mean of n numbers varies as 1 / n. 200 times 7 degrees of freedom: 4 % of the variance; five of these.
    assert np.mean(found) == pytest.approx(1 / used, rel=0.2)


def test_is_that_of_disjoint_blocks():
    z = np.repeat(np.arange(8.0), 5)[:, None]
    judge = mean_of_first(10_000)
    assert subsampled_sd(judge, z, judge(z)) == pytest.approx(np.std(np.arange(8), ddof=1) / np.sqrt(8))
    longer = np.r_[z, np.full((7, 1), 99.0)]
    assert subsampled_sd(judge, longer, judge(longer)) < 99, "what is left over by eight blocks is not in any"


@pytest.mark.parametrize(("name", "n"), [("norm-wasserstein", 7), ("norm-wasserstein", 15), ("emd", 31)])
def test_is_unknown_where_blocks_are_too_small(name, n):
    judge = lot.drift(name).against(PRIOR.sample(50, rng=0), rng=1)
    z = PRIOR.sample(n, rng=2)
    assert np.isnan(subsampled_sd(judge, z, judge(z)))
    z = PRIOR.sample(n + 1, rng=2)
    assert np.isfinite(subsampled_sd(judge, z, judge(z))) == (n + 1 >= BLOCKS * lot.drift(name).min_points)


def test_of_points_of_any_shape():
    judge = lot.drift("norm-wasserstein").against(PRIOR.sample(50, rng=0), rng=1)
    z = PRIOR.sample(80, rng=2)
    assert subsampled_sd(judge, z.reshape(80, 2, 2), judge(z)) == subsampled_sd(judge, z, judge(z))
