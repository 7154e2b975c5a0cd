"""Gradients that are claimed must flow, whole, in the library that they are claimed in."""

from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.checks.check import CheckResult

WEIGHTS = np.random.default_rng(0).standard_normal((3, 8)).astype(np.float32)


def gradients(decode: Any, library: str) -> CheckResult:
    pytest.importorskip(library)
    report = lot.check_model(lot.Model(lot.Normal(3), decode, gradients=library))
    return next(result for result in report.results if result.check == "gradients")


def torch_decoder(change: Any = lambda z: z, after: Any = lambda x: x) -> Any:
    def decode(z: Any) -> Any:
        import torch

        if not isinstance(z, torch.Tensor):
            return decode(torch.tensor(z, dtype=torch.float32)).detach().numpy()
        return after(torch.sigmoid(change(z) @ torch.tensor(WEIGHTS)))

    return decode


def test_torch() -> None:
    assert gradients(torch_decoder(), "torch").outcome == "passed"


def test_jax() -> None:
    def decode(z: Any) -> Any:
        import jax.numpy as jnp

        data = jnp.tanh(jnp.asarray(z) @ WEIGHTS)
        return np.asarray(data) if isinstance(z, np.ndarray) else data

    assert gradients(decode, "jax").outcome == "passed"


@pytest.mark.parametrize(
    ("decode", "words"),
    [
        (torch_decoder(after=lambda x: x.detach()), "without NumPy, detach() or no_grad()"),
        (torch_decoder(after=lambda x: 0 * x), "all zero: do not detach latents"),
        (torch_decoder(change=lambda z: z + 2 * z.detach()), "a part of decode is detached"),
        (lambda z: np.asarray(z, dtype=np.float32) @ WEIGHTS, "compute in torch throughout"),
    ],
    ids=["detached", "zero", "detached in part", "NumPy only"],
)
def test_those_that_do_not_flow_are_seen(decode: Any, words: str) -> None:
    found = gradients(decode, "torch")
    assert found.outcome == "failed"
    assert words in found.message
