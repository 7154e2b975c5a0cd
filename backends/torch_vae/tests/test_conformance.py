"""Every kind of model that torch-vae trains is plugged in right."""

from pathlib import Path

import pytest

import latentot as lot
from latentot.data import Data
from latentot_torch_vae import train


@pytest.mark.parametrize("prior", ["normal", "cauchy", "sphere", "none"])
def test_it_conforms(digits: Data, tmp_path: Path, prior: str, request: pytest.FixtureRequest) -> None:
    if prior != "sphere":  # one prior, whose draws are the least like others, is drawn in another process
        request.getfixturevalue("fresh_process_is_this_one")
    out = tmp_path / "m.safetensors"
    train(digits, out, progress=lambda *_: None, prior=prior, latent=3, hidden=(16,), epochs=1)
    known = {"encode-scale": "a plain autoencoder encodes to points, of no width"} if prior == "none" else {}
    options = {"checkpoint": str(out)}
    report = lot.check_model("torch-vae", options=options, data=digits.test, expected_failures=known)
    report.raise_on_failure()
