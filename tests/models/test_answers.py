"""What a model answers is read and held to its contract, wherever it is asked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.models import decoded, encoded

Z = np.linspace(-1, 1, 12).reshape(4, 3)


def model(decode: Callable[[Any], Any] = abs, encode: Callable[[Any], Any] | None = None) -> lot.Model:
    return lot.Model(lot.Normal(3), decode, encode, name="mine")


@pytest.mark.parametrize(
    ("decode", "dtype"),
    [
        (lambda z: z.astype(np.float16), np.float16),
        (lambda z: z.astype(np.float32), np.float32),
        (lambda z: z.astype(">f4"), np.float32),
        (lambda z: z > 0, np.float64),
        (lambda z: (100 * abs(z)).astype(np.uint8), np.float64),
        (list, np.float64),
        (lambda z: z[:, 0], np.float64),
    ],
)
def test_numbers_are_read(decode: Callable[[Any], Any], dtype: type) -> None:
    x = decoded(model(decode), Z)
    assert x.dtype == dtype
    np.testing.assert_array_equal(x, np.asarray(decode(Z)).astype(dtype))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_tensors_are_read_whether_or_not_their_gradient_is_kept(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    for keeps in (False, True):
        made = torch.tensor(Z, dtype=getattr(torch, dtype), requires_grad=keeps)
        x = decoded(model(lambda _, made=made: made), Z)
        assert x.dtype == ("float32" if dtype == "bfloat16" else dtype)
        np.testing.assert_array_equal(x, made.detach().double().numpy())


@pytest.mark.parametrize(
    ("decode", "words"),
    [
        (lambda z: {"x": z}, "must decode 4 latents to as many data, numbers of shape (n, *data shape), got {'x'"),
        (lambda z: (z, 0), "cannot decode: InputError: data cannot be read as an array"),
        (lambda _: None, "(n, *data shape), got None"),
        (lambda _: 1.0, "(n, *data shape), got float64 of shape ()"),
        (lambda z: z[:3], "(n, *data shape), got float64 of shape (3, 3)"),
        (lambda z: z + 1j, "(n, *data shape), got complex128 of shape (4, 3)"),
        (lambda z: ["a"] * len(z), "(n, *data shape), got <U1 of shape (4,)"),
        (lambda z: np.where(z > 0.9, np.nan, z), "mine decodes 1 of 4 latents to values that are NaN or infinite"),
        (lambda z: z.tanh(), "give a torch module or a method of it as it is"),
    ],
)
def test_what_are_no_data_is_refused(decode: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(lot.InputError) as refused:
        decoded(model(decode), Z)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_latents_and_data_are_left_as_they_are() -> None:
    def doubled(x: Any) -> Any:
        return np.multiply(x, 2, out=x)

    greedy = model(doubled, lambda x: (doubled(x), np.ones_like(x)))
    z = Z.copy()
    for _ in range(2):
        np.testing.assert_array_equal(decoded(greedy, z), 2 * Z)
        np.testing.assert_array_equal(encoded(greedy, z).mean, 2 * Z)
    np.testing.assert_array_equal(z, Z)


@pytest.mark.filterwarnings("ignore::latentot.ControlWarning")  # so few pairs see little
def test_a_decoder_that_works_in_place_has_the_verdicts_of_one_that_does_not() -> None:
    settings: dict[str, Any] = {"judges": "energy", "features": "pixels", "n": 40, "repeats": 2, "null_draws": 19}
    verdicts = [
        lot.compare(model(decode), methods=["linear", "switch"], t=0.5, seed=0, **settings).verdict(space="data")
        for decode in (lambda z: np.multiply(z, 2, out=z), lambda z: z * 2)
    ]
    assert verdicts[0].drop(columns="seconds").equals(verdicts[1].drop(columns="seconds"))


@pytest.mark.parametrize(
    ("encode", "words"),
    [
        (None, "mine has no encoder"),
        (lambda x: x, "cannot encode the data: TypeError"),
        (lambda x: (x[:, :1], x[:, :1]), "must encode to mean and scale (4, 3), got (4, 1) and (4, 1)"),
        (lambda x: (x * np.nan, x), "encodes data to NaN or infinite values"),
        (
            lambda x: (x, x),
            "scales between -1 and 1: a scale is a standard deviation; of a log-variance v",
        ),
    ],
)
def test_what_is_no_law_of_latents_is_refused(encode: Callable[[Any], Any] | None, words: str) -> None:
    with pytest.raises(lot.InputError) as refused:
        encoded(model(encode=encode), Z)
    assert words in str(refused.value)


def test_a_scale_of_zero_is_a_plain_autoencoder() -> None:
    posterior = encoded(model(encode=lambda x: (x, 0 * x)), Z.astype(np.float32))
    np.testing.assert_array_equal(posterior.sample(rng=0), Z.astype(np.float32))
    assert posterior.mean.dtype == np.float64
