"""Unfinished training: what is kept of it, and what is refused to go on with."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save
from typer.testing import CliRunner

import latentot as lot
from latentot.cli import app
from latentot_torch_vae import train, training
from latentot_torch_vae.container import unpack
from latentot_torch_vae.state import FORMAT

OPTIONS = {"latent": 3, "hidden": 16, "epochs": 4}


def silent(epoch, epochs, terms):
    pass


def stumble(epoch, epochs, terms):
    if epoch == 3:
        raise KeyboardInterrupt


@pytest.fixture
def begun(digits, tmp_path, monkeypatch):
    """A training that was interrupted in its third epoch."""
    monkeypatch.setattr(training, "KEEP_SECONDS", 0)
    out = tmp_path / "m.safetensors"
    with pytest.raises(KeyboardInterrupt):
        train(digits, out, progress=stumble, **OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["m.training.safetensors"]
    return out


def kept(out):
    return out.with_name("m.training.safetensors")


def test_it_goes_on_where_it_was_and_ends_alike(digits, begun, tmp_path):
    told = []
    train(digits, begun, progress=lambda epoch, *_: told.append(epoch), resume=True, **OPTIONS)
    assert told == [3, 4]
    train(digits, tmp_path / "whole.safetensors", progress=silent, **OPTIONS)
    assert begun.read_bytes() == (tmp_path / "whole.safetensors").read_bytes()
    assert not kept(begun).exists()


def test_the_command_line_resumes(digits, begun, monkeypatch):
    asked = []

    def trainer(name, options):
        asked.append(options)
        return lambda *_, **__: None

    monkeypatch.setattr("latentot.models.load_trainer", trainer)
    monkeypatch.setattr("latentot.data.load_data", lambda _: digits)
    for flags in (["--resume"], []):
        done = CliRunner().invoke(app, ["train", "torch-vae", "--data", "digits", "--out", str(begun), *flags])
        assert done.exit_code == 0
    assert asked == [{"resume": True}, {}]


def test_without_resume_it_begins_anew(digits, begun):
    told = []
    train(digits, begun, progress=lambda epoch, *_: told.append(epoch), **OPTIONS)
    assert told == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("other", "part"),
    [({"epochs": 5}, "recipe"), ({"latent": 2}, "architecture"), ({"likelihood": "gaussian"}, "likelihood")],
)
def test_another_training_is_refused(digits, begun, other, part):
    with pytest.raises(lot.InputError, match=f"it is of a training with {part} .*without resume") as caught:
        train(digits, begun, progress=silent, resume=True, **OPTIONS | other)
    assert "\n" not in str(caught.value)


def test_other_data_are_refused(digits, begun):
    other = type(digits)("digits", digits.train[::-1], digits.test)
    with pytest.raises(lot.InputError, match="it is of a training with data"):
        train(other, begun, progress=silent, resume=True, **OPTIONS)


class Bomb:
    def __init__(self, crater: Path) -> None:
        self.crater = crater

    def __reduce__(self):
        return Path.touch, (self.crater,)


def without(raw, name):
    """The file less a tensor."""
    header, _ = unpack(FORMAT, raw)
    return save({key: t for key, t in load(raw).items() if key != name}, metadata={FORMAT: json.dumps(header)})


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda raw: raw[:-5], "not an intact safetensors file"),
        (lambda raw: raw[:0], "not an intact safetensors file"),
        (lambda raw: save({"a": torch.zeros(len(raw))}), "safetensors of another program"),
        (lambda raw: without(raw, "weights:encoder.1.bias"), r"the file lacks \['encoder.1.bias'\]"),
        (lambda raw: without(raw, "moments:encoder.1.bias/step"), "the optimiser's state does not fit"),
        (lambda raw: without(raw, "generators:noise"), "the optimiser's state does not fit"),
    ],
)
def test_a_damaged_state_is_refused(digits, begun, damage, message):
    kept(begun).write_bytes(damage(kept(begun).read_bytes()))
    with pytest.raises(lot.InputError, match=rf"m\.training\.safetensors cannot be resumed: .*{message}") as caught:
        train(digits, begun, progress=silent, resume=True, **OPTIONS)
    assert "\n" not in str(caught.value)
    assert not begun.exists()


def test_nothing_is_unpickled(digits, begun, tmp_path):
    crater = tmp_path / "crater"
    kept(begun).write_bytes(pickle.dumps(Bomb(crater)))
    with pytest.raises(lot.InputError, match="not an intact safetensors file"):
        train(digits, begun, progress=silent, resume=True, **OPTIONS)
    assert not crater.exists()
    pickle.loads(pickle.dumps(Bomb(crater)))  # noqa: S301
    assert crater.exists(), "the bomb would go off"
