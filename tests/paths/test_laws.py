"""The table of claims, both ways: what a method claims on a prior holds, and what it does not claim fails somewhere."""

import functools
import itertools

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.paths import LAWS
from latentot.paths.laws import CONTINUITY, DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY
from latentot.priors import (
    Cauchy,
    GammaNorm,
    Laplace,
    MultivariateT,
    Normal,
    ProductPrior,
    Sphere,
    StudentT,
    Uniform,
)

D = 6
PRIORS = {
    "normal": Normal(D),
    "normal-shifted": Normal(D, mean=1.0, scale=2.0),
    "uniform": Uniform(D, low=-1, high=3),
    "cauchy": Cauchy(D),
    "laplace": Laplace(D),
    "student": StudentT(D, df=3),
    "gumbel": ProductPrior(scipy.stats.gumbel_r(), D),
    "sphere": Sphere(D),
    "multivariate-cauchy": MultivariateT(D, df=1),
    "multivariate-t": MultivariateT(D, df=5),
    "gamma-norm": GammaNorm(D),
}
OPTIONS = {
    "earth-mover": [{"rng": 0, "n_fit": 400, "transport": "exact"}],
    "switch": [{"rng": 2}],
    "stable": [{"alpha": alpha} for alpha in (0.5, 1.0, 1.5, 2.0)],
}
# Continuity takes a new table for each t, a second or more each: the normal and the Gumbel law show it.
DEAR = {("matched", prior) for prior in ("laplace", "student", "multivariate-t")}
CASES = [
    (name, number, prior)
    for name in lot.interpolations()
    for number in range(len(OPTIONS.get(name, [{}])))
    for prior, law in PRIORS.items()
    if name in lot.interpolations(law)
]
# Of each coordinate and of the norm a KS test, at three t, of each case that claims: fewer than 1,000 tests in all.
# Each at a level of 1e-6 / 1,000 (Bonferroni), a false alarm anywhere has probability below 1e-6.
LEVEL = 1e-9
# A defect is seen from 0.033 on in a sample of 20,000 beside as many; where coordinates are independent and of one
# known law, from 0.015 on in all 48,000 numbers of 8,000 points.
SAMPLED, INDEPENDENT = 20_000, 8_000
# An optimiser walks slowly, and drifts so far that fewer points show it.
FEW = {"nao": 1_000}


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
    try:
        between = path(path(z0, z1, 0.2), path(z0, z1, 0.6), 0.5)
    except lot.InputError:  # points of a path that leave the prior's support are no endpoints
        return False
    return close(between, path(z0, z1, 0.4), np.abs(z0) + np.abs(z1))


def permutation_equivariance(path, prior):
    z0, z1 = pairs(prior)
    order = np.random.default_rng(3).permutation(D)
    return close(path(z0[:, order], z1[:, order], 0.3), path(z0, z1, 0.3)[:, order], np.abs(z0) + np.abs(z1))


def rotation_equivariance(path, prior):
    z0, z1 = pairs(prior)
    turn = scipy.stats.ortho_group(D, seed=4).rvs()
    if prior == "uniform":
        z0, z1 = (0.1 * (z - 1) + 1 for z in (z0, z1))
    return close(path(z0 @ turn, z1 @ turn, 0.3), path(z0, z1, 0.3) @ turn, np.linalg.norm(z0, axis=1)[:, None])


def distribution_matching(path, prior):
    law = PRIORS[prior]
    n = FEW.get(path.name, INDEPENDENT if law.marginal else SAMPLED)
    z0, z1, fresh = (law.sample(n, rng=seed) for seed in (5, 6, 7))
    for t in (0.5, 0.1, 0.25):  # what drifts does so the most in the middle
        points = path(z0, z1, t)
        if law.marginal:
            tests = [scipy.stats.kstest(numbers, law.marginal.cdf).pvalue for numbers in (*points.T, points.ravel())]
        else:
            tests = [scipy.stats.ks_2samp(a, b).pvalue for a, b in zip(points.T, fresh.T, strict=True)]
        if prior != "sphere":
            tests.append(scipy.stats.ks_2samp(*(np.linalg.norm(z, axis=1) for z in (points, fresh))).pvalue)
        elif not np.allclose(np.linalg.norm(points, axis=1), 1):
            return False
        if min(tests) < LEVEL:
            return False
    return True


def continuity(path, prior):
    """Bisect towards the largest step on three walks through the inputs: where it does not vanish there is a jump."""
    z0, z1 = pairs(prior, 1)
    other = PRIORS[prior].sample(1, rng=8)
    centre = 1.0 if prior in ("uniform", "normal-shifted") else 0.0
    opposite, off = 2 * centre - z0, 0.1 * (other - z1)
    if prior == "sphere":
        # Walks through inputs stay on the sphere, and one of them passes through the antipodal point.
        def between(s):
            return lot.interpolation("spherical", PRIORS[prior])(z1, other, s)

        def past(s):
            beside = opposite + (2 * s - 1) * off
            return beside / np.linalg.norm(beside, axis=1, keepdims=True)
    else:
        low, high = PRIORS[prior].marginal.support if PRIORS[prior].marginal else (-np.inf, np.inf)

        def between(s):
            return (1 - s) * z1 + s * other

        def past(s):
            # Not to the very end of a support, where a law's tail is carried to infinity.
            return np.clip(opposite + (2 * s - 1) * off, low + 0.05, high - 0.05)

    walks = (
        lambda s: path(z0, z1, 0.05 + 0.9 * s),
        lambda s: path(z0, between(s), 0.5),
        lambda s: path(z0, past(s), 0.5),
    )
    return all(map(_steps_vanish, walks))


def _steps_vanish(walk_at):
    grid = np.linspace(0, 1, 9)
    values = [walk_at(s) for s in grid]
    for row in range(len(values[0])):
        k = int(np.argmax([np.abs(b[row] - a[row]).max() for a, b in itertools.pairwise(values)]))
        ends = [(grid[k], values[k][row]), (grid[k + 1], values[k + 1][row])]
        # A step of 3e-5 of the walk, or one before, moves a point by less than this, unless it jumps.
        small = 1e-2 * (1 + np.abs(ends[0][1]).max())
        for _ in range(13):
            if np.abs(ends[1][1] - ends[0][1]).max() <= small:
                break
            middle = (ends[0][0] + ends[1][0]) / 2, walk_at((ends[0][0] + ends[1][0]) / 2)[row]
            left, right = (np.abs(middle[1] - end[1]).max() for end in ends)
            ends = [ends[0], middle] if left > right else [middle, ends[1]]
        else:
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


@pytest.mark.parametrize(("name", "number", "prior"), CASES)
def test_what_is_claimed_holds(name, number, prior):
    claimed = walk(name, number, prior).claims() - ({CONTINUITY} if (name, prior) in DEAR else set())
    assert [law for law in sorted(claimed) if not holds(name, number, prior, law)] == []


# Claims are looked up in tests: some take a table, which whoever collects them would make in vain.
@pytest.mark.parametrize("name", dict.fromkeys(name for name, *_ in CASES))
def test_what_is_not_claimed_fails_somewhere(name):
    cases = [case for case in CASES if case[0] == name]
    for law in LAWS:
        without = [case for case in cases if law not in walk(*case).claims()]
        assert not without or not all(holds(*case, law) for case in without), law
