"""A folder as `save_pretrained` writes it: looked at before diffusers loads it, offline, and without running code."""

__all__ = ["check_pipeline", "config_of", "contents", "folder_of", "loaded"]

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from latentot.errors import InputError, one_line, unknown_name
from latentot.models import torch_device
from latentot.reading import path_of, refuse_pointer

LIBRARIES = ("diffusers", "transformers")
DTYPES = ("bfloat16", "float16", "float32")


def folder_of(path: object) -> Path:
    """The folder, if it is there.

    Raises:
        InputError: it is not.
    """
    there = path_of(path, "path") if isinstance(path, str | os.PathLike) and str(path) else None
    if there is None or not os.path.isdir(there):  # noqa: PTH112 - a long text is no folder
        raise InputError(f"path is a folder that save_pretrained wrote (nothing is downloaded), got {path!r}")
    return there


def config_of(path: Path, file: str) -> dict[str, Any]:
    """A JSON file of the folder.

    Raises:
        InputError: there is no such file, or it is not a JSON object.
    """
    refuse_pointer(path / file)
    try:
        config = json.loads((path / file).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} has no readable {file} ({error.strerror}); see save_pretrained") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}/{file} is not JSON ({one_line(error)})") from error
    if not isinstance(config, dict):
        raise InputError(f"{path}/{file} is not a JSON object")
    return config


def check_pipeline(path: Path) -> None:
    """Refuse pipelines that bring their own code: diffusers would import it.

    Raises:
        InputError: a class of the pipeline is not of diffusers or transformers.
    """
    for part, given in config_of(path, "model_index.json").items():
        if part == "_class_name":
            own = not isinstance(given, str)
        else:
            own = isinstance(given, list) and given[:1] not in ([None], *([library] for library in LIBRARIES))
        if own:
            raise InputError(f"{path}: {part} {given} is code of the folder's own, which is not run")


def contents(path: Path) -> dict[str, Any]:
    """What was loaded, as plain data: the folder's name, and the SHA-256 of all file names, sizes and configurations.

    Weights of gigabytes count by their sizes.
    """
    digest = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        digest.update(os.fsencode(f"{file.relative_to(path).as_posix()} {file.stat().st_size}\n"))
        if file.suffix == ".json":
            digest.update(file.read_bytes())
    return {"folder": path.name, "sha256": digest.hexdigest()}


def loaded(loader: Callable[..., Any], path: str, device: object, dtype: object) -> Any:
    """What diffusers makes of a folder: offline, from safetensors only, on a device in a type.

    Raises:
        InputError: the device or the type is not available, or diffusers cannot load the folder.
    """
    import torch

    if dtype not in DTYPES:
        raise unknown_name("dtype", dtype, DTYPES)
    try:
        made = loader(path, local_files_only=True, use_safetensors=True, dtype=getattr(torch, str(dtype)))
    # Damaged weights, configurations of other versions, absent libraries: each has its own exception.
    except Exception as error:
        # Only now: of a checkout, what is not needed may have been left where it was.
        for file in sorted(Path(path).rglob("*.safetensors")):
            refuse_pointer(file)
        raise InputError(f"diffusers cannot load {path} ({one_line(error)}); weights are safetensors") from error
    return made.to(torch_device(device))
