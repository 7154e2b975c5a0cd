import dataclasses
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from safetensors.torch import save

from latentot.errors import InputError
from latentot_torch_vae.checkpoint import FORMAT, from_bytes, to_bytes
from latentot_torch_vae.container import unpack
from latentot_torch_vae.likelihood import Gaussian
from latentot_torch_vae.network import initial_weights


def tampered(checkpoint, **changes):
    """The checkpoint's bytes with parts of the header exchanged; None deletes one."""
    header = {"format": FORMAT, "version": 2} | checkpoint.header() | changes
    header = {name: part for name, part in header.items() if part is not None}
    return save(dict(checkpoint.weights), metadata={FORMAT: json.dumps(header)})


def test_the_round_trip_loses_nothing(checkpoint):
    for made in (checkpoint, dataclasses.replace(checkpoint, likelihood=Gaussian(0.2))):
        again = from_bytes(to_bytes(made))
        assert again.header() == made.header()
        assert all(torch.equal(again.weights[name], made.weights[name]) for name in made.weights)


def test_the_header_says_what_rebuilds_the_model(checkpoint):
    header = checkpoint.header()
    assert unpack(FORMAT, to_bytes(checkpoint))[0] == {"format": FORMAT, "version": 2} | json.loads(json.dumps(header))
    assert header["architecture"] == {
        "body": "mlp", "shape": (1, 8, 8), "latent": 3, "hidden": (32, 16), "prior": "normal",
    }  # fmt: skip
    assert header["likelihood"] == {"name": "bernoulli"}
    assert header["recipe"] == {
        "epochs": 3, "batch_size": 64, "learning_rate": 2e-3, "seed": 0, "beta": 1.0, "patience": 0, "augment": False,
        "precision": "float32", "threads": 1,
    }  # fmt: skip
    assert (header["data"]["name"], header["data"]["train"], header["data"]["test"]) == ("digits", 256, 64)
    assert header["terms"].keys() == {"reconstruction", "kl", "held-out reconstruction", "held-out kl"}


@pytest.mark.parametrize("part", [0, 5, 100, -1])
def test_a_truncated_file_is_refused(checkpoint, part):
    with pytest.raises(InputError, match="not an intact safetensors file"):
        from_bytes(to_bytes(checkpoint)[:part])


def test_noise_is_refused():
    with pytest.raises(InputError, match="not an intact safetensors file"):
        from_bytes(np.random.default_rng(0).bytes(1000))


@pytest.mark.parametrize("metadata", [None, {"format": "pt"}])
def test_foreign_safetensors_are_refused(metadata):
    raw = safetensors.numpy.save({"weight": np.zeros((2, 2))}, metadata=metadata)
    with pytest.raises(InputError, match=r"of another program.*latentot train torch-vae"):
        from_bytes(raw)


class Bomb:
    def __init__(self, crater: Path) -> None:
        self.crater = crater

    def __reduce__(self):
        return Path.touch, (self.crater,)


def test_nothing_is_ever_unpickled(tmp_path):
    crater, zipped = tmp_path / "crater", tmp_path / "bomb.pt"
    torch.save({"weights": Bomb(crater)}, zipped)
    for raw in (pickle.dumps(Bomb(crater)), zipped.read_bytes()):
        with pytest.raises(InputError, match=r"pickled \.pt, are never opened"):
            from_bytes(raw)
        assert not crater.exists()


def test_the_bomb_would_go_off(tmp_path):
    pickle.loads(pickle.dumps(Bomb(tmp_path / "crater")))  # noqa: S301
    assert (tmp_path / "crater").exists()


@pytest.mark.parametrize("version", [None, 1, "2"])
def test_another_version_is_refused(checkpoint, version):
    with pytest.raises(InputError, match=r"format version .*, this latentot-torch-vae reads version 2"):
        from_bytes(tampered(checkpoint, version=version))


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": None},
        {"architecture": [1, 2]},
        {"architecture": {"shape": [1, 8, 8], "latent": "3", "hidden": [32, 16]}},
        {"architecture": {"shape": [1, 8, 8], "latent": 3, "hidden": [32, 16], "depth": 2}},
        {"architecture": {"shape": [1, 8, 8], "latent": 3, "hidden": [10**30]}},
        {"architecture": {"shape": [1, 8, 8], "latent": 3, "hidden": [32, 16], "body": "unheard-of"}},
        {"likelihood": {"name": "poisson"}},
        {"likelihood": {"name": "gaussian", "sigma": -1}},
        {"likelihood": {"name": ["gaussian"]}},
        {"architecture": {"shape": [1, 8, 8], "latent": 3, "hidden": [32, 16], "prior": "wigner"}},
        {"architecture": {"shape": [1, 8, 8], "latent": 3, "hidden": [32, 16], "prior": ["normal"]}},
        {"data": "digits"},
        {"recipe": {"epochs": 3}},
        {"recipe": {"epochs": 3, "batch_size": 64, "learning_rate": 2e-3, "seed": 0, "augment": "yes"}},
        {"terms": "good"},
        {"terms": {"kl": "small"}},
    ],
)
def test_a_damaged_header_is_refused(checkpoint, changes):
    with pytest.raises(InputError, match="its header is damaged") as caught:
        from_bytes(tampered(checkpoint, **changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000])
def test_a_header_that_is_no_json_object_is_refused(text):
    with pytest.raises(InputError, match="its header is damaged"):
        from_bytes(save({"a": torch.zeros(1)}, metadata={FORMAT: text}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.pop("decoder.0.bias"), r"the file lacks \['decoder.0.bias'\]"),
        (lambda w: w.update(extra=torch.zeros(2)), r"the file has beyond them \['extra'\]"),
        (lambda w: w.update({"decoder.0.bias": torch.zeros(5)}), r"decoder.0.bias is torch.float32 of shape \(5,\)"),
        (lambda w: w.update({"decoder.0.bias": w["decoder.0.bias"].half()}), "decoder.0.bias is torch.float16"),
        (lambda w: w.update({"decoder.0.bias": w["decoder.0.bias"] / 0}), "decoder.0.bias is not finite everywhere"),
    ],
)
def test_weights_that_do_not_fit_are_refused(checkpoint, change, message):
    weights = dict(checkpoint.weights)
    change(weights)
    with pytest.raises(InputError, match=message):
        from_bytes(to_bytes(dataclasses.replace(checkpoint, weights=weights)))


@pytest.mark.parametrize(
    ("prior", "codes", "message"),
    [
        ("none", None, "prior 'none', no codes in the file"),
        ("normal", torch.zeros(9, 3), "prior 'normal', codes in the file"),
        ("none", torch.zeros(9, 2), r"codes are damaged: torch.float32 of shape \(9, 2\)"),
        ("none", torch.zeros(3, 3), "codes are damaged"),
        ("none", torch.zeros(9, 3).double(), "codes are damaged: torch.float64"),
        ("none", torch.full((9, 3), torch.nan), "codes are damaged"),
    ],
)
def test_codes_that_do_not_fit_are_refused(checkpoint, prior, codes, message):
    architecture = dataclasses.replace(checkpoint.architecture, prior=prior)
    weights = initial_weights(architecture, generator=torch.Generator())
    made = dataclasses.replace(checkpoint, architecture=architecture, weights=weights, codes=codes)
    with pytest.raises(InputError, match=message) as caught:
        from_bytes(to_bytes(made))
    assert "\n" not in str(caught.value)


def test_weights_of_another_prior_are_refused(checkpoint):
    sphere = dataclasses.replace(checkpoint.architecture, prior="sphere")
    with pytest.raises(InputError, match=r"encoder.5.weight is torch.float32 of shape \(6, 16\), .*\(4, 16\)"):
        from_bytes(to_bytes(dataclasses.replace(checkpoint, architecture=sphere)))


def test_another_architecture_is_refused(checkpoint):
    wider = dataclasses.replace(checkpoint.architecture, hidden=(64, 16))
    with pytest.raises(InputError, match=r"encoder.1.weight is torch.float32 of shape \(32, 64\)"):
        from_bytes(to_bytes(dataclasses.replace(checkpoint, architecture=wider)))
