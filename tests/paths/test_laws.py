"""The table of claims, both ways: what a method claims on a prior holds, and what it does not claim fails somewhere."""

import functools
import itertools

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.paths import LAWS, method
from latentot.paths.laws import CONTINUITY, DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY

D = 6
PRIORS = {
    "normal": lot.Normal(D),
    "uniform": lot.Uniform(D, low=-1, high=3),
    "cauchy": lot.Cauchy(D),
    "gumbel": lot.ProductPrior(scipy.stats.gumbel_r(), D),
    "student": lot.ProductPrior(scipy.stats.t(3), D),
}
OPTIONS = {
    "earth-mover": [{"rng": 0, "n_fit": 400, "transport": "exact"}],
    "switch": [{"rng": 0}],
    "stable": [{"alpha": alpha} for alpha in (0.5, 1.0, 1.5, 2.0)],
}
CASES = [
    (name, number, prior)
    for name in lot.interpolations()
    for number in range(len(OPTIONS.get(name, [{}])))
    for prior, law in PRIORS.items()
    if all(need == "samples" or getattr(law, need) is not None for need in method(name).needs)
]
SAMPLED = 20_000
# A KS test of each coordinate and of the norm, at three t, of each case that claims: fewer than 1,000 tests in all.
# Each at a level of 1e-6 / 1,000 (Bonferroni), a false alarm anywhere has probability below 1e-6.
LEVEL = 1e-9


@functools.cache
def walk(name, number, prior):
    return lot.interpolation(name, PRIORS[prior], **OPTIONS.get(name, [{}])[number])


def pairs(prior, n=64):
    return PRIORS[prior].sample(n, rng=1), PRIORS[prior].sample(n, rng=2)


def close(a, b, scale):
    return bool((np.abs(a - b) <= 1e-7 * (1 + scale)).all())


def symmetry(path, prior):
    z0, z1 = pairs(prior)
    return close(path(z0, z1, 0.3), path(z1, z0, 0.7), np.abs(z0) + np.abs(z1))


def self_consistency(path, prior):
    z0, z1 = pairs(prior)
    between = path(path(z0, z1, 0.2), path(z0, z1, 0.6), 0.5)
    return close(between, path(z0, z1, 0.4), np.abs(z0) + np.abs(z1))


def permutation_equivariance(path, prior):
    z0, z1 = pairs(prior)
    order = np.random.default_rng(3).permutation(D)
    return close(path(z0[:, order], z1[:, order], 0.3), path(z0, z1, 0.3)[:, order], np.abs(z0) + np.abs(z1))


def rotation_equivariance(path, prior):
    z0, z1 = pairs(prior)
    turn = scipy.stats.ortho_group(D, seed=4).rvs()
    inside = PRIORS[prior].marginal.support
    if np.isfinite(inside).any():
        z0, z1 = (0.1 * z + np.mean(inside) for z in (z0, z1))
    return close(path(z0 @ turn, z1 @ turn, 0.3), path(z0, z1, 0.3) @ turn, np.linalg.norm(z0, axis=1)[:, None])


def distribution_matching(path, prior):
    law, radius = PRIORS[prior].marginal, PRIORS[prior].radius
    z0, z1 = PRIORS[prior].sample(SAMPLED, rng=5), PRIORS[prior].sample(SAMPLED, rng=6)
    for t in (0.1, 0.25, 0.5):
        points = path(z0, z1, t)
        tests = [scipy.stats.kstest(column, law.cdf).pvalue for column in points.T]
        norms = np.linalg.norm(points, axis=1)
        fresh = np.linalg.norm(PRIORS[prior].sample(SAMPLED, rng=7), axis=1)
        tests.append((scipy.stats.kstest(norms, radius.cdf) if radius else scipy.stats.ks_2samp(norms, fresh)).pvalue)
        if min(tests) < LEVEL:
            return False
    return True


def continuity(path, prior):
    """Bisect towards the largest step on three walks through the inputs: where it does not vanish there is a jump."""
    z0, z1 = pairs(prior, 2)
    other = PRIORS[prior].sample(2, rng=8)
    middle = np.clip(0.0, *PRIORS[prior].marginal.support)
    opposite, off = 2 * middle - z0, 0.1 * (other - z1)
    inside = PRIORS[prior].marginal.support
    return all(
        _steps_vanish(walk_at)
        for walk_at in (
            lambda s: path(z0, z1, 0.05 + 0.9 * s),
            lambda s: path(z0, (1 - s) * z1 + s * other, 0.5),
            lambda s: path(z0, np.clip(opposite + (2 * s - 1) * off, *inside), 0.5),
        )
    )


def _steps_vanish(walk_at):
    grid = np.linspace(0, 1, 33)
    values = [walk_at(s) for s in grid]
    steps = [np.abs(b - a).max(axis=1) for a, b in itertools.pairwise(values)]
    for row in range(len(values[0])):
        k = int(np.argmax([step[row] for step in steps]))
        low, high = grid[k], grid[k + 1]
        for _ in range(24):
            half = (low + high) / 2
            left, at, right = (walk_at(s)[row] for s in (low, half, high))
            low, high = (low, half) if np.abs(at - left).max() > np.abs(right - at).max() else (half, high)
        if np.abs(walk_at(high)[row] - walk_at(low)[row]).max() > 1e-4 * (1 + np.abs(walk_at(low)[row]).max()):
            return False
    return True


HOLDS = {
    SYMMETRY: symmetry,
    CONTINUITY: continuity,
    DISTRIBUTION: distribution_matching,
    SELF_CONSISTENCY: self_consistency,
    ROTATION: rotation_equivariance,
    PERMUTATION: permutation_equivariance,
}


@functools.cache
def holds(name, number, prior, law):
    return HOLDS[law](walk(name, number, prior), prior)


def test_every_law_has_a_test():
    assert set(HOLDS) == set(LAWS)
    assert all(walk(*case).claims() <= set(LAWS) for case in CASES)


@pytest.mark.parametrize(
    ("name", "number", "prior", "law"), [(*case, law) for case in CASES for law in walk(*case).claims()]
)
def test_what_is_claimed_holds(name, number, prior, law):
    assert holds(name, number, prior, law)


UNCLAIMED = sorted(
    {(name, law) for name, number, prior in CASES for law in LAWS if law not in walk(name, number, prior).claims()}
)


@pytest.mark.parametrize(("name", "law"), UNCLAIMED)
def test_what_is_not_claimed_fails_somewhere(name, law):
    cases = [case for case in CASES if case[0] == name and law not in walk(*case).claims()]
    assert not all(holds(*case, law) for case in cases)
