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
        with pytest.raises(lot.InputError, match=r"expected a prior such as lot.Normal\(64\), .* got"):
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
            ("draw", "dots", "a model's draw is a callable, got 'dots'"),
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
