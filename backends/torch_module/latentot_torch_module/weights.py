"""Weights: a state dict in safetensors, put into a module that it must fit."""

__all__ = ["put_into", "read"]

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load

from latentot.errors import InputError, one_line
from latentot.reading import path_of, refuse_pointer

SHOWN = 3


def read(weights: object) -> tuple[Path, bytes]:
    """The path and the content of a safetensors file.

    Raises:
        InputError: it is no path, or cannot be read.
    """
    if not isinstance(weights, str | os.PathLike) or not str(weights):
        raise InputError(f"weights are the path of a .safetensors file, got {weights!r}")
    path = path_of(weights, "weights")
    refuse_pointer(path)
    if path.name.endswith(".index.json"):
        raise InputError(f"{path} says in which files weights are: put them into one with safetensors.torch.save_file")
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the weights {path}: {error.strerror}; give a .safetensors file") from error


def put_into(module: torch.nn.Module, raw: bytes, title: str) -> None:
    """Load a state dict, all of it and nothing else.

    Of tensors that share memory one is enough, as `safetensors.torch.save_model` writes them, and several must agree.

    Args:
        module: what it is for.
        raw: the content of a safetensors file.
        title: what the file is called in messages.

    Raises:
        InputError: it is not an intact safetensors file, does not fit the module, or is not finite.
    """
    try:
        state = load(raw)
    except (SafetensorError, ValueError, KeyError) as error:
        raise InputError(
            f"{title} is not an intact safetensors file ({one_line(error)}); other formats, such as pickled .pt, are "
            "never opened: save the state dict with safetensors.torch.save_file"
        ) from error
    wanted = module.state_dict()
    shared = _shared(wanted)
    told = _told(raw)
    for name in wanted.keys() - state.keys():
        # Tied where they were saved, if not here.
        if name not in shared and told.get(name) in state:
            state[name] = state[told[name]]
    lacking = {name for name in wanted.keys() - state.keys() if not shared.get(name, set()) & state.keys()}
    for what, names in (("lacks", lacking), ("has beyond it", state.keys() - wanted.keys())):
        if names:
            raise InputError(
                f"{title} does not fit what the factory makes: it {what} {_some(names)}; give the weights of this "
                "architecture, or a factory of theirs"
            )
    for name, like in wanted.items():
        tensor = state.get(name, like)
        if tensor.shape != like.shape:
            raise InputError(
                f"{title} does not fit what the factory makes: {name} has shape {tuple(tensor.shape)}, there it "
                f"is {tuple(like.shape)}; give the weights of this architecture, or a factory of theirs"
            )
        if not tensor.isfinite().all():
            raise InputError(f"{title} is damaged: {name} is not finite everywhere")
    module.load_state_dict(state, strict=False)
    for name in shared.keys() & state.keys():
        if not torch.equal(wanted[name], state[name].to(wanted[name])):
            others = _some(shared[name] & state.keys())
            raise InputError(f"{title} has another {name} than {others}, which are one in what the factory makes")


def _shared(state: Mapping[str, torch.Tensor]) -> dict[str, set[str]]:
    """The other names of what each name is, or is a part of: tensors in the same memory that fill all of it."""
    whole: dict[int, set[str]] = {}
    memory = {name: tensor.untyped_storage() for name, tensor in state.items() if tensor.numel()}
    for name, storage in memory.items():
        if state[name].nbytes == storage.nbytes():
            whole.setdefault(storage.data_ptr(), set()).add(name)
    found = {name: whole.get(storage.data_ptr(), set()) - {name} for name, storage in memory.items()}
    return {name: others for name, others in found.items() if others}


def _told(raw: bytes) -> dict[str, str]:
    """What an intact file says of names that were left out: the name under which their tensor is in it."""
    length = int.from_bytes(raw[:8], "little")
    return json.loads(raw[8 : 8 + length]).get("__metadata__") or {}


def _some(names: Collection[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(sorted(names)[:SHOWN]) + more
