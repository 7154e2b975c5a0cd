"""The spread of a drift from one sample, against that of many samples."""

import numpy as np
import pytest

import latentot as lot
from latentot.metrics import GROUPS, Measurement, jackknife_sd, jackknife_size, max_sliced
from latentot.metrics.measurement import nearby

PRIOR = lot.Normal(4)


def spreads(name, change, *, n=500, samples=200, of=60, m=2_000):
    """Standard deviation over many changed samples of the prior, and the root mean square of those found from one."""
    judge = lot.drift(name).against(PRIOR.sample(m, rng=0), rng=1)
    rng = np.random.default_rng(2)
    values, found = [], []
    for number in range(samples):
        z = change(PRIOR.sample(n, rng=rng))
        whole = judge(z)
        values.append(whole.value)
        if number < of:
            found.append(jackknife_sd(judge, z, whole))
    return np.std(values, ddof=1), np.sqrt(np.mean(np.square(found)))


def half_way(z):
    """Points as those of linear in the middle."""
    return z * np.sqrt(0.5)


def shrunk(z):
    """A miss as small as the margin: to the norms' distance from the prior, chance adds about a third of it."""
    return z * 0.96


def shifted(z):
    """As small a miss, in one coordinate."""
    return z + 0.15 * np.eye(4)[0]


SIZES = [
    ("sliced-wasserstein", {}),
    ("norm-wasserstein", {}),
    ("marginal-ks", {}),
    ("max-sliced", {"n": 240, "samples": 100, "of": 30, "m": 300}),
    ("mmd", {"n": 240, "samples": 100, "of": 30, "m": 300}),
]


@pytest.mark.parametrize(("name", "sizes"), SIZES)
@pytest.mark.parametrize("change", [half_way, shrunk, shifted])
def test_is_that_of_many_samples_where_there_is_drift(name, change, sizes):
    true, found = spreads(name, change, **sizes)
    # 100 samples know their spread within 7 %, 30 times 7 degrees of freedom within 5 %: a factor of 1.3 is more than
    # three of these. It must not be too small: a bound would be too low. It may be larger as far as a drift is noise.
    assert 1 / 1.3 < found / true < 2


@pytest.mark.parametrize(("name", "sizes"), SIZES)
def test_is_not_too_small_where_there_is_none(name, sizes):
    true, found = spreads(name, lambda z: z, **sizes)
    # Of |x|, x normal with mean 0, it finds the spread of x: 1 / sqrt(1 - 2 / pi) = 1.66 too large; 15 % for chance.
    assert 1 / 1.3 < found / true < 1.9


def mean_of_first(most):
    """A judge that takes the mean of at most some points: its spread is known."""

    def judge(z):
        used = z[:most]
        return Measurement(float(used.mean()), float(used.mean()), len(used))

    return judge


@pytest.mark.parametrize(("most", "used"), [(10_000, 4_000), (100, 100), (1_000, 1_000)])
@pytest.mark.parametrize("left_out", [GROUPS, 4])
def test_is_that_of_the_points_that_were_used(most, used, left_out):
    judge = mean_of_first(most)
    rng = np.random.default_rng(0)
    found = []
    for _ in range(400):
        z = rng.standard_normal((4_000, 1))
        found.append(jackknife_sd(judge, z, judge(z), left_out) ** 2)
    # A mean of n numbers varies as 1 / n. 400 times 7 degrees of freedom: 2.7 % of the variance, and
    # 400 times 3 of them 4 %; five of these.
    assert np.mean(found) == pytest.approx(1 / used, rel=0.2)


def test_of_a_mean_it_is_that_of_the_means_of_groups():
    z = np.repeat(np.arange(GROUPS, dtype=float), 5)[:, None]
    judge = mean_of_first(10_000)
    assert jackknife_sd(judge, z, judge(z)) == pytest.approx(np.std(np.arange(GROUPS), ddof=1) / np.sqrt(GROUPS))
    longer = np.r_[z, np.full((3, 1), 99.0)]
    assert jackknife_sd(judge, longer, judge(longer)) < 99, "what is left over by eight groups is not in any"


@pytest.mark.parametrize(("name", "n"), [("norm-wasserstein", 1), ("norm-wasserstein", 3), ("emd", 4), ("frechet", 3)])
def test_is_unknown_where_too_few_points_are_left(name, n):
    judge = lot.drift(name).against(PRIOR.sample(50, rng=0), rng=1)
    whole = judge(PRIOR.sample(40, rng=2))
    for points in (n, n + 1):
        z = PRIOR.sample(points, rng=3)
        enough = points >= GROUPS and jackknife_size(points) >= lot.drift(name).min_points
        assert np.isfinite(jackknife_sd(judge, z, whole)) == enough


def test_of_points_of_any_shape():
    judge = lot.drift("norm-wasserstein").against(PRIOR.sample(50, rng=0), rng=1)
    z = PRIOR.sample(80, rng=2)
    assert jackknife_sd(judge, z.reshape(80, 2, 2), judge(z)) == jackknife_sd(judge, z, judge(z))


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_what_is_searched_for_is_searched_for_once(offset, monkeypatch):
    searches, climbed = [], max_sliced._climbed
    monkeypatch.setattr(max_sliced, "_climbed", lambda *given: searches.append(1) or climbed(*given))
    judge = lot.drift("max-sliced").against(PRIOR.sample(300, rng=0) + offset, rng=1)
    z = PRIOR.sample(240, rng=2) * [2, 1, 1, 1] + offset
    whole, near = judge(z), nearby(judge, z)
    assert near(z).value == pytest.approx(whole.value, rel=1e-6)
    searches.clear()
    assert 0 < jackknife_sd(judge, z, whole) < whole.value
    assert len(searches) == 1
    # What is found in z is measured of others too, of which another direction is the farthest.
    other = PRIOR.sample(240, rng=3) * [1, 3, 1, 1] + offset
    assert near(other).value < judge(other).value / 2


@pytest.mark.parametrize("far", [1.0, 1e30])
def test_of_a_reference_without_spread(far):
    """The unit is that of the sample then, however far its points are in that of the reference."""
    judge = lot.drift("max-sliced").against(np.full((50, 4), 1e-9), rng=1)
    z = PRIOR.sample(80, rng=2) * far
    assert 0 < jackknife_sd(judge, z, judge(z)) / far < 1
