"""The state of a training that is not finished: what going on from there needs, in safetensors like all else."""

__all__ = ["Best", "State", "from_bytes", "to_bytes"]

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from latentot.errors import InputError, one_line
from latentot_torch_vae.checkpoint import check_tensors
from latentot_torch_vae.container import pack, unpack
from latentot_torch_vae.network import Architecture

FORMAT = "latentot-torch-vae-training"
GENERATORS = ("order", "noise", "moves")
MOMENTS = ("step", "exp_avg", "exp_avg_sq")


@dataclass(frozen=True, eq=False)
class Best:
    """The best epoch so far, by the held-out objective."""

    epoch: int
    terms: Mapping[str, float]
    weights: Mapping[str, Tensor]


@dataclass(frozen=True, eq=False)
class State:
    """A training after some epoch.

    Args:
        epoch: how many are done.
        weights: of the network.
        moments: of the optimiser, each of `MOMENTS` for each weight: name/of/moment.
        generators: states of the random number generators, by the names in `GENERATORS`.
        best: the best epoch so far, where training stops early.
    """

    epoch: int
    weights: Mapping[str, Tensor]
    moments: Mapping[str, Tensor]
    generators: Mapping[str, Tensor]
    best: Best | None = None


def to_bytes(plan: Mapping[str, Any], state: State) -> bytes:
    """The state as the content of a safetensors file.

    Args:
        plan: what is being trained, how and on what, as plain data.
        state: how far it has come.
    """
    best = state.best
    groups = {
        "weights": state.weights,
        "moments": state.moments,
        "generators": state.generators,
        "best": best.weights if best else {},
    }
    header = {
        "plan": dict(plan),
        "epoch": state.epoch,
        "best": {"epoch": best.epoch, "terms": dict(best.terms)} if best else None,
    }
    # Copies: safetensors refuses tensors that share memory.
    tensors = {f"{group}:{name}": tensor.clone() for group, them in groups.items() for name, tensor in them.items()}
    return pack(FORMAT, header, tensors)


def from_bytes(raw: bytes, plan: Mapping[str, Any], architecture: Architecture) -> State:
    """Read a state; nothing in it is ever executed.

    Args:
        raw: the content of a safetensors file.
        plan: what is to be trained; it must be what the state is of.
        architecture: the network in it.

    Raises:
        InputError: the bytes are damaged, of another kind, or of a training of something else.
    """
    header, tensors = unpack(FORMAT, raw)
    try:
        for part, wanted in plan.items():
            if header["plan"][part] != wanted:
                raise InputError(
                    f"it is of a training with {part} {header['plan'][part]}, not {wanted}: "
                    "give the same options and data, or train without resume"
                )
        groups: dict[str, dict[str, Tensor]] = {name: {} for name in ("weights", "moments", "generators", "best")}
        for name, tensor in tensors.items():
            group, _, own = name.partition(":")
            groups[group][own] = tensor
        best = header["best"] and Best(int(header["best"]["epoch"]), dict(header["best"]["terms"]), groups["best"])
        state = State(int(header["epoch"]), groups["weights"], groups["moments"], groups["generators"], best or None)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"its header is damaged ({one_line(error)}): train without resume") from error
    check_tensors(architecture, state.weights)
    if state.best:
        check_tensors(architecture, state.best.weights)
    _check_moments(state)
    return state


def _check_moments(state: State) -> None:
    sizes = {
        f"{name}/{moment}": torch.Size() if moment == "step" else like.shape
        for name, like in state.weights.items()
        for moment in MOMENTS
    }
    fit = {name: tensor.shape for name, tensor in state.moments.items()} == sizes
    if not fit or set(state.generators) != set(GENERATORS):
        raise InputError("the optimiser's state does not fit the weights: train without resume")
