import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.paths import CauchyLinear

N = 10_000
PRIORS = {
    "normal": lot.Normal(4),
    "shaped": lot.Normal((2, 2)),
    "uniform": lot.Uniform(4),
    "cauchy": lot.Cauchy(4),
    "gumbel": lot.ProductPrior(scipy.stats.gumbel_r(), 4),
    "empirical": lot.Empirical(np.random.default_rng(0).standard_normal((3_000, 4)) ** 3),
}
SERVED = [
    (name, prior) for name in lot.interpolations() for prior, law in PRIORS.items() if name in lot.interpolations(law)
]
KEEPS = [
    (name, prior)
    for name, prior in SERVED
    if name in ("cauchy", "spherical-cauchy", "matched", "stable", "switch") and prior != "empirical"
]


def walk(name, prior):
    options = {"earth-mover": {"rng": 0, "n_fit": 500}, "switch": {"rng": 0}}
    return lot.interpolation(name, PRIORS[prior], **options.get(name, {}))


@pytest.fixture(name="ends")
def endpoints():
    return lambda prior, n=6: (PRIORS[prior].sample(n, rng=1), PRIORS[prior].sample(n, rng=2))


@pytest.mark.parametrize(("name", "prior"), SERVED)
def test_endpoints_shapes_dtypes_and_no_mutation(name, prior, ends):
    path = walk(name, prior)
    for dtype in (np.float64, np.float32, np.float16):
        z0, z1 = (z.astype(dtype) for z in ends(prior))
        before = z0.copy(), z1.copy()
        points = path(z0, z1, [0, 0.3, 1])
        assert points.shape == (3, *z0.shape)
        assert points.dtype == dtype
        np.testing.assert_array_equal(points[0], z0)
        np.testing.assert_array_equal(points[2], z1)
        np.testing.assert_array_equal(path(z0, z1, 0.3), points[1])
        assert not np.shares_memory(path(z0, z1, 0), z0)
        np.testing.assert_array_equal((z0, z1), before)


@pytest.mark.parametrize(("name", "prior"), SERVED)
def test_any_leading_shape_and_each_row_as_alone(name, prior, ends):
    if name == "switch":
        pytest.skip("switch draws a moment for each row of a batch")
    path, (z0, z1) = walk(name, prior), ends(prior)
    shape = PRIORS[prior].shape
    batch = path(z0, z1, 0.3)
    np.testing.assert_allclose(path(z0.reshape(2, 3, *shape), z1.reshape(2, 3, *shape), 0.3).reshape(z0.shape), batch)
    for row, point in enumerate(batch):
        np.testing.assert_allclose(path(z0[row], z1[row], 0.3), point, rtol=1e-12)
    assert path(z0[:0], z1[:0], 0.3).shape == (0, *shape)


@pytest.mark.parametrize(("name", "prior"), [case for case in SERVED if case[0] != "switch"])
def test_walking_back_visits_the_same_points(name, prior, ends):
    path, (z0, z1) = walk(name, prior), ends(prior)
    # The norm-aware path is found by iteration.
    tolerance = 1e-6 if name == "nao" else 1e-10
    np.testing.assert_allclose(path(z0, z1, 0.25), path(z1, z0, 0.75), rtol=tolerance, atol=1e-12)


@pytest.mark.parametrize(("name", "prior"), KEEPS)
@pytest.mark.parametrize("t", [0.1, 0.25, 0.5])
def test_exact_methods_keep_the_prior(name, prior, t):
    z0, z1 = PRIORS[prior].sample(N, rng=11), PRIORS[prior].sample(N, rng=12)
    points = walk(name, prior)(z0, z1, t).reshape(N, -1)
    law = PRIORS[prior].marginal
    # 66 cases, each coordinate and all four, which are independent, at level 1e-6: a false alarm has a probability
    # below 3.3e-4.
    for numbers in (*points.T, points.ravel()):
        assert scipy.stats.kstest(numbers, law.cdf).pvalue > 1e-6


@pytest.mark.parametrize(("name", "prior"), [("linear", "normal"), ("linear", "uniform"), ("linear", "gumbel")])
def test_the_straight_line_does_not(name, prior):
    z0, z1 = PRIORS[prior].sample(N, rng=11), PRIORS[prior].sample(N, rng=12)
    column = walk(name, prior)(z0, z1, 0.5)[:, 0]
    assert scipy.stats.kstest(column, PRIORS[prior].marginal.cdf).pvalue < 1e-12


def bad_inputs():
    prior = PRIORS["normal"]
    z = prior.sample(3, rng=0)
    path = lot.interpolation("linear", prior)
    nan = np.where(np.eye(3, 4), np.nan, z)
    return [
        (lambda: path(z, z[:2], 0.5), r"must agree, got \(3, 4\) float64 and \(2, 4\) float64"),
        (lambda: path(z, z.astype(np.float32), 0.5), "must agree"),
        (lambda: path(z[:, :3], z[:, :3], 0.5), r"have shape \(\.\.\., \*\(4,\)\), got \(3, 3\)"),
        (lambda: path(z, z, 1.5), "between 0 and 1, got 1.5"),
        (lambda: path(z, z, [0, -0.1]), "between 0 and 1"),
        (lambda: path(z, z, float("nan")), "between 0 and 1"),
        (lambda: path(z, z, "half"), "number or a sequence"),
        (lambda: path(z, z, [[0.5, 0.5]]), "number or a sequence"),
        (lambda: path(nan, z, 0.5), "z0 must be finite: 3 of its values"),
        (lambda: path(z, nan * np.inf, 0.5), "z1 must be finite"),
        (lambda: path(z.astype(int), z.astype(int), 0.5), "floating-point"),
        (lambda: path(z.tolist(), z.tolist(), 0.5), "arrays of one library"),
        (
            lambda: lot.interpolation("linear", lot.Uniform(4))(z / 9, 9 + z, 0.5),
            r"z1 must be in the support.*row 0 is not",
        ),
        (lambda: lot.interpolation("spherical", lot.Sphere(4))(z, z, 0.5), "z0 must be in the support"),
        (lambda: lot.interpolation("liner", prior), "did you mean 'linear'"),
        (lambda: lot.interpolation("linear", prior, alpha=1), "unknown option of the method 'linear' 'alpha'"),
        (lambda: lot.interpolation("earth-mover", prior, n_fits=100), "did you mean 'n_fit'"),
        (lambda: lot.interpolation("earth-mover", prior, transport="exakt"), "did you mean 'exact'"),
        (lambda: lot.interpolation("earth-mover", prior, n_fit=1), "at least 10"),
        (lambda: lot.interpolation("nao", PRIORS["empirical"]), "needs a prior with a radius density law.*use linear"),
        (lambda: CauchyLinear(PRIORS["empirical"])(z, z, 0.5), "needs a prior with a marginal law"),
    ]


@pytest.mark.parametrize("case", range(len(bad_inputs())))
def test_bad_input_is_one_clear_line(case):
    call, message = bad_inputs()[case]
    with pytest.raises(lot.InputError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_each_method_carries_its_facts():
    for name in lot.interpolations():
        path = walk(name, "normal")
        assert path.name == name
        assert path.formula
        assert path.citation
