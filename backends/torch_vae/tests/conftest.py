"""A tiny model, trained once for all tests."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import latentot as lot
from latentot.data import Data
from latentot_torch_vae import train
from latentot_torch_vae.checkpoint import Checkpoint, from_bytes


def silent(epoch: int, epochs: int, terms: Mapping[str, float]) -> None:
    pass


@pytest.fixture(scope="session")
def digits() -> Data:
    data = lot.load_data("digits")
    return Data("digits", data.train[:256], data.test[:64])


@pytest.fixture(scope="session")
def checkpoint_file(digits: Data, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained") / "tiny.safetensors"
    train(digits, out, progress=silent, latent=3, hidden=(32, 16), epochs=3)
    return out


@pytest.fixture(scope="session")
def checkpoint(checkpoint_file: Path) -> Checkpoint:
    return from_bytes(checkpoint_file.read_bytes())
