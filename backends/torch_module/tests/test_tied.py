"""Weights that share memory, as `safetensors.torch.save_model` writes them and otherwise."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file, save_model

import latentot as lot
from latentot_torch_module import load

NAME = "factories_of_test"
Z = np.random.default_rng(0).standard_normal((5, 12)).astype(np.float32)
KINDS = ("same", "transposed", "layer", "part")


@pytest.fixture(autouse=True)
def factories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shutil.copy(Path(__file__).parent / "factories.py", tmp_path / f"{NAME}.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop(NAME, None)
    yield
    sys.modules.pop(NAME, None)


def made(how: str) -> torch.nn.Module:
    torch.manual_seed(1)
    return importlib.import_module(NAME).tied(how)


def decoded(file: Path | str, how: str) -> np.ndarray:
    torch.manual_seed(2)
    return load(f"{NAME}:tied", 12, file, factory_options={"how": how}).decode(Z)


@pytest.mark.parametrize("how", ["same", "layer", "part"])  # it refuses transposes itself
def test_what_save_model_writes_loads(tmp_path: Path, how: str) -> None:
    module, file = made(how), tmp_path / "m.safetensors"
    save_model(module, str(file))
    assert len(load_file(file)) < len(module.state_dict())
    wanted = module.decode(torch.tensor(Z)).detach()
    np.testing.assert_allclose(decoded(file, how), wanted, atol=1e-6)


@pytest.mark.parametrize("how", KINDS)
def test_whichever_name_was_kept(tmp_path: Path, how: str) -> None:
    """Other versions and programs keep the other one; without a word about it."""
    module, file = made(how), tmp_path / "m.safetensors"
    state = {name: tensor.clone(memory_format=torch.contiguous_format) for name, tensor in module.state_dict().items()}
    for left_out in {"part": ("rows",)}.get(how, ("back.weight", "forth.weight")):
        save_file({name: tensor for name, tensor in state.items() if name != left_out}, file)
        np.testing.assert_allclose(decoded(file, how), module.decode(torch.tensor(Z)).detach(), atol=1e-6)
    save_file(state, file)
    np.testing.assert_allclose(decoded(file, how), module.decode(torch.tensor(Z)).detach(), atol=1e-6)


def test_tied_where_it_was_saved_only(tmp_path: Path) -> None:
    module, file = made("same"), tmp_path / "m.safetensors"
    save_model(module, str(file))
    np.testing.assert_allclose(decoded(file, "apart"), module.decode(torch.tensor(Z)).detach(), atol=1e-6)


@pytest.mark.parametrize(
    ("how", "left_out", "message"),
    [
        ("apart", "forth.weight", "lacks forth.weight; give the weights of this architecture"),
        ("part", "back.weight", "lacks back.weight"),
        ("same", "both", "lacks back.weight, forth.weight"),
    ],
)
def test_what_is_nowhere_is_missing(tmp_path: Path, how: str, left_out: str, message: str) -> None:
    state = {name: tensor.clone() for name, tensor in made(how).state_dict().items()}
    kept = {name: tensor for name, tensor in state.items() if left_out not in (name, "both")}
    save_file(kept, tmp_path / "m.safetensors")
    with pytest.raises(lot.InputError, match=message) as caught:
        decoded(tmp_path / "m.safetensors", how)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("how", ["same", "transposed", "layer"])
def test_two_that_are_one_must_agree(tmp_path: Path, how: str) -> None:
    state = {name: tensor.clone().contiguous() for name, tensor in made(how).state_dict().items()}
    state["forth.weight"][0, 0] += 1
    save_file(state, tmp_path / "m.safetensors")
    with pytest.raises(lot.InputError, match=r"has another \w+.weight than \w+.weight, which are one"):
        decoded(tmp_path / "m.safetensors", how)


def test_where_weights_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    module, file = made("same"), tmp_path / "m, of mine.safetensors"
    save_model(module, str(file))
    wanted = module.decode(torch.tensor(Z)).detach()
    for given in (file, str(file), "~/m, of mine.safetensors", Path("~/m, of mine.safetensors")):
        np.testing.assert_allclose(decoded(given, "same"), wanted, atol=1e-6)
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    with pytest.raises(lot.InputError, match=r"mine.safetensors is a Git LFS pointer"):
        decoded(file, "same")
    (tmp_path / "m.safetensors.index.json").write_text("{}")
    with pytest.raises(lot.InputError, match="says in which files weights are"):
        decoded(tmp_path / "m.safetensors.index.json", "same")


def test_other_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """What torch has is accepted; where it has not, what there is is listed."""
    from latentot.models import torch_device

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    for device in ("cpu", "cuda", "cuda:0", "cuda:1", "mps", "mps:0"):
        assert torch_device(device) == device
    for wrong in ("cuda:2", "gpu", "", 0, None):
        with pytest.raises(lot.InputError, match="choose one of cpu, cuda, cuda:0, cuda:1, mps, mps:0"):
            torch_device(wrong)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(lot.InputError, match="the device 'mps' is not available"):
        torch_device("mps")
