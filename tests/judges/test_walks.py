"""Judges of walks."""

import numpy as np
import pytest

import latentot as lot
from latentot.errors import InputError, InputWarning
from latentot.judges import Walk

STEPS = ("path-length", "max-jump", "pdv", "gini-smoothness")


def judged(name, given, reference=None, **options):
    return lot.judge(name, **options)(given, reference, rng=0)


def walks(seed=0, frames=17, n=20, k=6):
    return np.random.default_rng(seed).standard_normal((frames, n, k)).cumsum(axis=0)


def test_steps_by_hand():
    frames = walks()
    d = np.array([[np.linalg.norm(frames[s + 1, i] - frames[s, i]) for i in range(20)] for s in range(16)])
    expected = {
        "path-length": d.sum(axis=0),
        "max-jump": d.max(axis=0) / d.sum(axis=0) - 1 / 16,
        "pdv": np.var(d, axis=0),
        "gini-smoothness": 1 - np.abs(d[:, None] - d).sum(axis=(0, 1)) / (2 * 16**2 * d.mean(axis=0)),
    }
    for name in STEPS:
        found = judged(name, frames)
        np.testing.assert_allclose(found.per_point, expected[name], rtol=1e-10)
        assert found.value == pytest.approx(expected[name].mean())
        assert found.error == pytest.approx(expected[name].std(ddof=1) / 20**0.5)


def test_walks_that_stand_still_and_walks_that_jump():
    still, jump = np.ones((17, 3, 4)), np.repeat(np.eye(2)[[0] * 9 + [1] * 8], 3, axis=0).reshape(17, 3, 2)
    assert [judged(name, still).value for name in STEPS] == [0, 0, 0, 1]
    assert judged("max-jump", jump).value == pytest.approx(1 - 1 / 16)
    assert judged("gini-smoothness", jump).value == pytest.approx(1 / 16)


def test_path_length_is_of_17_frames_unless_it_is_said():
    with pytest.raises(InputError, match=r"over 17 frames, got 9: decode at linspace\(0, 1, 17\), or say frames = 9"):
        judged("path-length", walks(frames=9))
    assert judged("path-length", walks(frames=9), frames=9).n_used == 20


def test_betweenness_of_lines_jumps_and_elsewhere():
    rng, n, k = np.random.default_rng(0), 400, 200
    x0, x1, other = rng.standard_normal((3, n, k))
    t = np.linspace(0, 1, 17)[:, None, None]
    assert judged("betweenness", (1 - t) * x0 + t * x1).value == pytest.approx(0, abs=1e-12)
    moments = rng.random((1, n, 1))
    jumps = np.where(moments < t, x1, x0)
    found = judged("betweenness", jumps)
    # The mean over random moments is 1; four standard errors.
    assert abs(found.value - 1) < 4 * found.error
    elsewhere = np.concatenate([x0[None], np.repeat(other[None], 15, axis=0), x1[None]])
    # a = b = 1 at every t: 15 / (sum of 4 t (1 - t)).
    assert judged("betweenness", elsewhere).value == pytest.approx(15 / (4 * t * (1 - t)).sum(), rel=0.02)


def test_betweenness_leaves_out_walks_without_a_between():
    frames = np.linspace(0, 1, 5)[:, None, None] * np.array([[1.0], [0.0]])
    found = judged("betweenness", frames)
    assert found.n_used == 1
    assert np.isnan(found.per_point[1])
    assert found.value == 0
    with pytest.raises(InputError, match="whose endpoints differ"):
        judged("betweenness", np.zeros((5, 3, 2)))


def test_low_density_is_that_of_real_data_on_average_and_of_what_lies_between():
    rng = np.random.default_rng(0)
    real, held_out = rng.standard_normal((1_000, 6)), rng.standard_normal((10, 200, 6))
    found = judged("low-density", held_out, real)
    # 1600 points: sd 0.0055, and the quantile of 1,000 real ones has 0.007.
    assert 0.02 < found.value < 0.085
    assert found.per_point.shape == (200,)
    apart = np.concatenate([real[:500] - 6, real[500:] + 6])
    t = np.linspace(0, 1, 17)[:, None, None]
    through_nothing = (1 - t) * apart[None, :100] + t * apart[None, -100:]
    assert judged("low-density", through_nothing, apart).value > 0.5


def test_the_local_outlier_factor_by_hand():
    rng = np.random.default_rng(0)
    real, frames = rng.standard_normal((60, 3)), rng.standard_normal((5, 4, 3))
    own = np.linalg.norm(real[:, None] - real, axis=2)
    np.fill_diagonal(own, np.inf)
    mean = np.sort(own, axis=1)[:, :5].mean(axis=1)

    def factor(distances):
        near = np.argsort(distances, axis=1)[:, :5]
        return np.sort(distances, axis=1)[:, :5].mean(axis=1) / mean[near].mean(axis=1)

    limit = np.sort(factor(own))[57]  # 5 % of 60 are 3, and 2 lie above the next higher one
    across = np.linalg.norm(frames[1:-1].reshape(-1, 1, 3) - real, axis=2)
    expected = (factor(across) > limit).reshape(3, 4).mean(axis=0)
    np.testing.assert_array_equal(judged("low-density", frames, real).per_point, expected)


def test_low_density_where_all_real_data_are_copies():
    real = np.ones((40, 3))
    assert judged("low-density", np.ones((4, 5, 3)), real).value == 0
    assert judged("low-density", np.ones((4, 5, 3)) + 1, real).value == 1


def test_class_changes():
    classes = np.array([[0, 0, 0, 1], [0, 1, 2, 1], [0, 1, 0, 1], [1, 1, 0, 1]])  # frames, walks
    found = judged("class-changes", np.eye(3)[classes])
    np.testing.assert_array_equal(found.per_point, [0, 0, 2, 0])
    assert (found.value, found.raw) == (0.5, 1.0)


def test_ppl_of_a_linear_decoder_is_its_squared_length():
    prior = lot.Normal(5)
    z0, z1 = prior.sample(300, rng=0), prior.sample(300, rng=1)
    matrix = np.random.default_rng(2).standard_normal((5, 7))
    walk = Walk.of(
        lot.interpolation("linear", prior),
        z0,
        z1,
        decode=lambda z: z @ matrix,
        features=lot.feature_extractor("pixels"),
    )
    each = np.square((z1 - z0) @ matrix).sum(axis=1)
    low, high = np.percentile(each, [1, 99], method="nearest")
    for name in ("ppl-end", "ppl-full"):
        found = judged(name, walk)
        np.testing.assert_allclose(found.per_point, each, rtol=1e-8)
        assert found.raw == pytest.approx(each.mean())
        assert found.value == pytest.approx(each[(each >= low) & (each <= high)].mean())


def test_ppl_at_the_end_and_along_the_whole_differ_where_speed_does():
    t_squared = Walk(lambda t: np.stack([t**2, 0 * t], axis=1), 2_000)
    # (2 t)^2 at t = 0, and its mean 4/3, less the upper hundredth of it; four standard errors of 1.19 / sqrt(2000).
    with pytest.warns(InputWarning, match="with half of it"):
        assert judged("ppl-end", t_squared).value < 1e-6
    assert judged("ppl-full", t_squared).value == pytest.approx(4 / 3, abs=0.13)


def test_ppl_of_rounded_pixels_is_told():
    rng = np.random.default_rng(0)
    slopes = rng.random((200, 50))
    rounded = Walk(lambda t: np.round(255 * slopes * t[:, None]) / 255, 200)
    with pytest.warns(InputWarning, match="not rounded to 8 bits"):
        judged("ppl-full", rounded)


@pytest.mark.filterwarnings("error")
def test_ppl_of_single_precision_is_not_told_off():
    slopes = np.random.default_rng(0).random((200, 50))
    walk = Walk(lambda t: np.tanh(slopes * t[:, None]).astype(np.float32), 200)
    exact = Walk(lambda t: np.tanh(slopes * t[:, None]), 200)
    assert judged("ppl-full", walk).value == pytest.approx(judged("ppl-full", exact).value, rel=0.02)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("max-jump", np.ones((2, 3, 4)), "3 frames of each walk or more, got 2"),
        ("pdv", np.ones((3, 4)), r"frames, floating-point numbers of shape \(f, n, k\), got float64 \(3, 4\)"),
        ("ppl-end", np.ones((3, 4)), r"takes walks, latentot.judges.Walk.of\(...\), got ndarray"),
        ("ppl-end", Walk(lambda t: t[:5, None], 9), r"shape \(9, k\), got float64 \(5, 1\)"),
        ("ppl-end", Walk(lambda t: t[:, None] * np.nan, 9), "must be finite"),
        ("low-density", np.ones((4, 3, 4)), "compares with real data: give their features"),
    ],
)
def test_what_is_refused(name, given, message):
    with pytest.raises(InputError, match=message):
        judged(name, given)


def test_a_step_too_long():
    with pytest.raises(InputError, match="got epsilon = 1"):
        lot.judge("ppl-full", epsilon=1)
