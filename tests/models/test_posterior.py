"""What an encoder says of data: draws follow the law that it names."""

import pickle

import numpy as np
import pytest
from scipy import stats

import latentot as lot


class TestPosterior:
    def test_is_drawn_from_not_averaged(self) -> None:
        # 60,000 draws of N(2, 0.25) and of N(-1, 9): mean and variance are six standard errors wide, a false alarm in
        # 2e-9 for each of four.
        mean, scale = np.tile([2.0, -1.0], (60_000, 1)), np.tile([0.5, 3.0], (60_000, 1))
        z = (lot.Posterior(mean, scale).sample(rng=0) - mean) / scale
        np.testing.assert_allclose(z.mean(axis=0), 0, atol=6 / np.sqrt(60_000))
        np.testing.assert_allclose(z.var(axis=0), 1, atol=6 * np.sqrt(2 / 60_000))

    def test_seed_decides(self) -> None:
        posterior = lot.Posterior(np.zeros((5, 2)), np.ones((5, 2)))
        np.testing.assert_array_equal(posterior.sample(rng=1), posterior.sample(rng=1))
        assert not np.isin(posterior.sample(rng=1), posterior.sample(rng=2)).any()

    def test_no_scale_no_noise(self) -> None:
        mean = np.arange(6.0).reshape(3, 2)
        np.testing.assert_array_equal(lot.Posterior(mean, np.zeros_like(mean)).sample(rng=0), mean)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
    def test_draws_are_double_precision_of_any_shape(self, dtype: type) -> None:
        mean = np.zeros((4, 2, 3, 3), dtype)
        z = lot.Posterior(mean, np.ones_like(mean)).sample(rng=0)
        assert (z.shape, z.dtype) == ((4, 2, 3, 3), np.float64)

    @pytest.mark.parametrize(("mean", "scale"), [((6, 1), (6, 3)), ((1, 3), (6, 3))])
    def test_every_coordinate_of_every_datum_has_noise_of_its_own(
        self, mean: tuple[int, ...], scale: tuple[int, ...]
    ) -> None:
        # Broadcasting would give one number to a whole row or column; to refuse such shapes is as good.
        posterior = lot.Posterior(np.zeros(mean), np.ones(scale))
        try:
            z = posterior.sample(rng=0)
        except lot.InputError:
            return
        assert len(np.unique(z)) == 18

    def test_it_unpacks_as_a_pair_and_travels(self) -> None:
        posterior = lot.Posterior(np.zeros((2, 3)), np.ones((2, 3)), law="cauchy")
        mean, scale = posterior
        assert (mean.shape, scale.shape, posterior.law) == ((2, 3), (2, 3), "cauchy")
        copy = pickle.loads(pickle.dumps(posterior))  # noqa: S301
        assert copy.law == "cauchy"
        np.testing.assert_array_equal(copy.sample(rng=0), posterior.sample(rng=0))

    def test_a_pair_is_normal(self) -> None:
        pair = np.zeros((2, 3)), np.ones((2, 3))
        assert lot.Posterior.of(pair).law == "normal"
        given = lot.Posterior(*pair, law="cauchy")
        assert lot.Posterior.of(given) is given

    def test_an_unknown_law_is_refused(self) -> None:
        with pytest.raises(lot.InputError, match="unknown law of a posterior 'cauhcy': did you mean 'cauchy'"):
            lot.Posterior(np.zeros((2, 3)), np.ones((2, 3)), law="cauhcy")


def test_cauchy_draws_have_their_law() -> None:
    # The Kolmogorov-Smirnov distance of n = 20,000 exceeds 3 / sqrt(n) in 3e-8 of all samples; two coordinates.
    mean, scale = np.tile([2.0, -1.0], (20_000, 1)), np.tile([0.5, 3.0], (20_000, 1))
    z = (lot.Posterior(mean, scale, law="cauchy").sample(rng=0) - mean) / scale
    for column in z.T:
        assert stats.kstest(column, "cauchy").statistic < 3 / np.sqrt(20_000)


class TestPowerSpherical:
    N, D, K = 20_000, 5, 7.0

    def draws(self, mean: np.ndarray) -> np.ndarray:
        shape = (self.N, *mean.shape)
        posterior = lot.Posterior(np.broadcast_to(mean, shape), np.full(shape, self.K**-0.5), law="power-spherical")
        return posterior.sample(rng=0)

    @pytest.mark.parametrize("first", [1.0, -1.0, 0.3])
    def test_the_angle_to_the_mean_has_its_law(self, first: float) -> None:
        mean = np.array([first, 0, np.sqrt(1 - first**2), 0, 0])
        z = self.draws(mean)
        np.testing.assert_allclose(np.linalg.norm(z, axis=1), 1, rtol=1e-12)
        # (1 + <mean, z>) / 2 is Beta(k + (d - 1)/2, (d - 1)/2); 3e-8 of all samples are farther.
        law = stats.beta(self.K + 2, 2)
        assert stats.kstest((1 + z @ mean) / 2, law.cdf).statistic < 3 / np.sqrt(self.N)

    def test_around_the_mean_all_directions_are_alike(self) -> None:
        mean = np.full(5, 5**-0.5)
        z = self.draws(mean)
        across = z - (z @ mean)[:, None] * mean
        # Its second moments are (I - mean mean') E[1 - t^2] / (d - 1), t = 2 Beta - 1; entries of the average have
        # standard errors below 1 / sqrt(N): six of them, a false alarm in 5e-8 for all 25.
        law = stats.beta(self.K + 2, 2)
        square = law.expect(lambda b: 1 - (2 * b - 1) ** 2)
        wanted = (np.eye(5) - np.outer(mean, mean)) * square / 4
        np.testing.assert_allclose(across.T @ across / self.N, wanted, atol=6 / np.sqrt(self.N))

    def test_latents_of_any_shape_and_none(self) -> None:
        mean = np.zeros((2, 2))
        mean[0, 1] = 1
        assert self.draws(mean).shape == (self.N, 2, 2)
        none = np.zeros((0, 3))
        assert lot.Posterior(none, none, law="power-spherical").sample(rng=0).shape == (0, 3)
