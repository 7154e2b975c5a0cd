import numpy as np
import pytest

import latentot as lot
from latentot.transport import TRANSPORTS, named_transport
from latentot.transport.judging import Split

EACH = pytest.mark.parametrize("name", TRANSPORTS.names())


@pytest.fixture(name="laws", scope="module")
def midpoints_and_prior():
    rng = np.random.default_rng(0)
    z0, z1, target = rng.gamma(2.0, size=(3, 600, 3))
    return (z0 + z1) / 2, target


@pytest.fixture(name="fitted", scope="module", params=TRANSPORTS.names())
def every_fitted_map(request, laws):
    return named_transport(request.param).fit(*laws, rng=1)


def test_it_serves_points_unseen_in_any_batch_and_changes_none(fitted, laws):
    z = np.random.default_rng(2).gamma(2.0, size=(50, 3))
    before = z.copy()
    carried = fitted(z)
    assert carried.shape == z.shape
    assert np.isfinite(carried).all()
    np.testing.assert_array_equal(z, before)
    # The entropic map's weights are single precision, and sums in blocks are rounded otherwise.
    np.testing.assert_allclose(fitted(z[7:9]), carried[7:9], rtol=1e-6, atol=1e-6)
    assert fitted(z[:0]).shape == (0, 3)


def test_float32_comes_back_as_float32(fitted, laws):
    z = laws[0][:20].astype(np.float32)
    assert fitted(z).dtype == np.float32
    np.testing.assert_allclose(fitted(z), fitted(z.astype(np.float64)), rtol=1e-5, atol=1e-5)


def test_it_reports_drift_and_displacement_in_sample_and_held_out(fitted, laws):
    report = fitted.report
    assert report.held_out.n == 120
    assert report.n_fitted == 480
    for reached in (report.in_sample, report.held_out):
        assert reached.drift > 0 or "0.0000 in sample" in str(report)
        assert 0.1 < reached.displacement < 20
    assert report.chance > 0
    assert f"{report.held_out.drift:.4f} held out" in str(report)


def test_points_of_another_kind_are_one_clear_line(fitted):
    for z, message in [
        (np.zeros((4, 2)), r"shape \(n, 3\)"),
        (np.zeros(3), r"shape \(n, 3\)"),
        (np.zeros((4, 3), dtype=int), "floating-point"),
        (np.full((4, 3), np.nan), "12 values are NaN"),
    ]:
        with pytest.raises(lot.InputError, match=message):
            fitted(z)


@EACH
def test_the_same_seed_gives_the_same_map_and_inputs_are_not_changed(name, laws):
    source, target = (z[:100].copy() for z in laws)
    first, second = (named_transport(name).fit(source, target, rng=5)(laws[0]) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(source, laws[0][:100])


@EACH
def test_float32_samples_samples_of_other_sizes_and_flat_ones_are_served(name, laws):
    source, target = laws[0].astype(np.float32), laws[1][:300].copy()
    target[:, 2] = 1
    assert np.isfinite(named_transport(name).fit(source, target, rng=0)(source)).all()
    source[:, 1] = 0
    assert np.isfinite(named_transport(name).fit(source, target, rng=0)(source)).all()


@EACH
@pytest.mark.parametrize("n", [2, 7, 12])
def test_few_points_are_served(name, n, laws):
    fitted = named_transport(name).fit(laws[0][:n], laws[1][:n], rng=0)
    assert np.isfinite(fitted(laws[0])).all()
    assert np.isnan(fitted.report.held_out.drift) == (n < 10)


@EACH
def test_bad_input_is_one_clear_line(name):
    transport = named_transport(name)
    good = np.random.default_rng(0).standard_normal((20, 2))
    for source, target, message in [
        (good[:1], good, "source of a transport"),
        (good, good[:, 0], "target of a transport"),
        (good, good[:, :1], "2 and 1 coordinates"),
        (good, good * np.nan, "finite"),
        (good, good.astype(int), "floating-point"),
    ]:
        with pytest.raises(lot.InputError, match=message):
            transport.fit(source, target, rng=0)


@pytest.mark.parametrize("name", sorted(set(TRANSPORTS.names()) - {"auto"}))
def test_fewer_than_two_points_to_fit_on_are_refused(name, laws):
    with pytest.raises(lot.InputError, match="max_points=1"):
        type(named_transport(name))(max_points=1).fit(*laws, rng=0)


def test_unknown_transport_names_the_nearest():
    with pytest.raises(lot.InputError, match="did you mean 'gaussian'"):
        named_transport("gausian")


def test_points_held_out_are_never_fitted_on():
    source, target = np.random.default_rng(0).standard_normal((2, 1_000, 2))
    split = Split.of(source, target, np.random.default_rng(1))
    for held, fitted, given in zip(split.held_out, split.fitting(None), (source, target), strict=True):
        assert len(held) == 200
        np.testing.assert_array_equal(np.sort(np.concatenate([held, fitted]), axis=0), np.sort(given, axis=0))


@pytest.mark.parametrize(
    ("n", "held"), [(9, 0), (10, 2), (1_000, 200), (8_000, 1_000), (50_000, 5_000), (200_000, 10_000)]
)
def test_how_many_points_are_held_out(n, held):
    z = np.zeros((n, 1))
    assert len(Split(z, z, 0).held_out[0]) == held
