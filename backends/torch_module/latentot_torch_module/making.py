"""The network that a user's own factory makes."""

__all__ = ["make"]

import importlib
from collections.abc import Mapping
from typing import Any

import torch

from latentot.errors import InputError, one_line


def make(factory: object, options: Mapping[str, Any]) -> torch.nn.Module:
    """Call a factory by its name.

    Args:
        factory: "module:function", of the user's own code.
        options: what it is called with.

    Returns:
        The module, in evaluation mode, its parameters fixed; of a torch.export program, its module.

    Raises:
        InputError: it cannot be found, or does not make a module.
    """
    if not isinstance(factory, str) or not all(factory.partition(":")):
        raise InputError(f"factory is module:function, such as my_module:make, got {factory!r}")
    if not isinstance(options, Mapping):
        raise InputError(f"factory_options are a table, such as {{width = 64}}, got {options!r}")
    where, _, name = factory.partition(":")
    try:
        function = getattr(importlib.import_module(where), name)
    except Exception as error:
        raise InputError(
            f"the factory {factory} cannot be imported ({one_line(error)}): install its module, or set PYTHONPATH to "
            "the folder that it is in"
        ) from error
    try:
        made = function(**options)
    except Exception as error:
        raise InputError(f"the factory {factory} failed: {one_line(error)}") from error
    if isinstance(made, torch.export.ExportedProgram):
        # An exported program has its mode fixed, and refuses eval().
        module: torch.nn.Module = made.module()
    elif isinstance(made, torch.nn.Module):
        module = made.eval()
    else:
        raise InputError(f"the factory {factory} made {type(made).__name__}: return a torch.nn.Module")
    return module.requires_grad_(False)
