"""Weights: a state dict in safetensors, put into a module that it must fit."""

__all__ = ["put_into", "read"]

import os
from collections.abc import Collection
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load

from latentot.errors import InputError, one_line

SHOWN = 3


def read(weights: object) -> tuple[Path, bytes]:
    """The path and the content of a safetensors file.

    Raises:
        InputError: it is no path, or cannot be read.
    """
    if not isinstance(weights, str | os.PathLike) or not str(weights):
        raise InputError(f"weights are the path of a .safetensors file, got {weights!r}")
    path = Path(weights)
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the weights {path}: {error.strerror}; give a .safetensors file") from error


def put_into(module: torch.nn.Module, raw: bytes, title: str) -> None:
    """Load a state dict, all of it and nothing else.

    Args:
        module: what it is for.
        raw: the content of a safetensors file.
        title: what the file is called in messages.

    Raises:
        InputError: it is no intact safetensors, does not fit the module, or is not finite.
    """
    try:
        state = load(raw)
    except (SafetensorError, ValueError, KeyError) as error:
        raise InputError(
            f"{title} is no intact safetensors ({one_line(error)}); other formats, such as pickled .pt, are never "
            "opened: save the state dict with safetensors.torch.save_file"
        ) from error
    wanted = module.state_dict()
    for what, names in (("lacks", wanted.keys() - state.keys()), ("has beyond it", state.keys() - wanted.keys())):
        if names:
            raise InputError(
                f"{title} does not fit what the factory makes: it {what} {_some(names)}; give the weights of this "
                "architecture, or a factory of theirs"
            )
    for name, like in wanted.items():
        if state[name].shape != like.shape:
            raise InputError(
                f"{title} does not fit what the factory makes: {name} has shape {tuple(state[name].shape)}, there it "
                f"is {tuple(like.shape)}; give the weights of this architecture, or a factory of theirs"
            )
        if not state[name].isfinite().all():
            raise InputError(f"{title} is damaged: {name} is not finite everywhere")
    module.load_state_dict(state)


def _some(names: Collection[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(sorted(names)[:SHOWN]) + more
