"""The contract of a model: what it is made of, and what is refused."""

import dataclasses
import pickle
from typing import Any

import numpy as np
import pytest

import latentot as lot

PRIOR = lot.Normal(3)


def decode(z: np.ndarray) -> np.ndarray:
    return z[:, :1]


class TestModel:
    def test_needs_a_prior_and_a_decoder_only(self) -> None:
        model = lot.Model(PRIOR, decode)
        assert (model.encode, model.name, dict(model.provenance)) == (None, "model", {})

    @pytest.mark.parametrize("prior", ["normal", 3, None, lot.Normal, np.zeros(3)])
    def test_prior_must_be_a_prior(self, prior: Any) -> None:
        with pytest.raises(lot.InputError, match=r"a model's prior is a latentot prior such as Normal\(64\), got"):
            lot.Model(prior, decode)

    @pytest.mark.parametrize("given", [None, 3, "decode", np.eye(3)])
    def test_decoder_must_be_callable(self, given: Any) -> None:
        with pytest.raises(lot.InputError, match="a model's decode is a callable"):
            lot.Model(PRIOR, given)

    @pytest.mark.parametrize("given", [3, "encode", np.eye(3)])
    def test_encoder_must_be_callable_where_there_is_one(self, given: Any) -> None:
        with pytest.raises(lot.InputError, match="a model's encode is a callable"):
            lot.Model(PRIOR, decode, encode=given)

    @pytest.mark.parametrize(
        ("part", "given", "message"),
        [
            ("sample", 3, "a model's sample is a callable, got 3"),
            ("gradients", "tensorflow", "a model's gradients are None or one of torch, jax: 'tensorflow'"),
            ("gradients", True, "a model's gradients are None or one of torch, jax: True"),
            ("name", "", "a model's name is a text that reports can show, got ''"),
            ("name", None, "a model's name is a text"),
            ("provenance", [1, 2], "a model's provenance is a mapping of plain facts, got list"),
        ],
    )
    def test_what_else_it_says_of_itself_is_checked(self, part: str, given: Any, message: str) -> None:
        with pytest.raises(lot.InputError, match=message):
            lot.Model(PRIOR, decode, **{part: given})

    def test_claims_what_most_models_hold(self) -> None:
        model = lot.Model(PRIOR, decode)
        assert (model.deterministic, model.gradients, model.sample) == (True, None, None)

    def test_is_frozen(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            lot.Model(PRIOR, decode).name = "other"  # type: ignore[misc]

    def test_provenance_is_no_state_shared_by_models(self) -> None:
        assert lot.Model(PRIOR, decode).provenance is not lot.Model(PRIOR, decode).provenance

    def test_travels_to_workers(self) -> None:
        copy = pickle.loads(pickle.dumps(lot.Model(PRIOR, decode)))  # noqa: S301
        assert copy.prior == PRIOR
        np.testing.assert_array_equal(copy.decode(np.ones((2, 3))), np.ones((2, 1)))


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
