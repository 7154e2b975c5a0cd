"""Files of ours: safetensors whose metadata hold a JSON header; nothing in them is ever executed."""

__all__ = ["pack", "unpack"]

import json
from collections.abc import Mapping
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from latentot.errors import InputError, one_line

VERSION = 2


def pack(kind: str, header: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> bytes:
    """The content of a file.

    Args:
        kind: what it is; the name of its header.
        header: plain data for JSON.
        tensors: by name.
    """
    content = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(content, metadata={kind: json.dumps({"format": kind, "version": VERSION, **header})})


def unpack(kind: str, raw: bytes) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Header and tensors of a file's content.

    Raises:
        InputError: the bytes are no safetensors, come from elsewhere or from another version, or are damaged.
    """
    try:
        tensors = load(raw)
    except (SafetensorError, ValueError, KeyError) as error:
        raise InputError(
            f"not an intact safetensors file ({error}); other formats, such as pickled .pt, are never opened: "
            "give a file that `latentot train torch-vae` wrote"
        ) from error
    # `load` has found the file intact: 8 bytes of length, JSON, tensors.
    length = int.from_bytes(raw[:8], "little")
    metadata = json.loads(raw[8 : 8 + length]).get("__metadata__") or {}
    if kind not in metadata:
        raise InputError(
            "safetensors of another program, without our header: give a file that `latentot train torch-vae` wrote"
        )
    try:
        header = json.loads(metadata[kind])
    except (ValueError, RecursionError) as error:
        raise InputError(f"its header is damaged ({one_line(error)}): train again") from error
    if not isinstance(header, dict):
        raise InputError(f"its header is damaged (a JSON object is expected, got {type(header).__name__}): train again")
    if header.get("version") != VERSION:
        raise InputError(
            f"format version {header.get('version')!r}, this latentot-torch-vae reads version {VERSION}: "
            "install one that reads it, or train again"
        )
    return header, tensors
