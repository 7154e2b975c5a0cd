"""Modules of torch as functions of NumPy arrays, which is what a model's decoder and encoder are."""

__all__ = ["on_arrays"]

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from latentot.arrays import released
from latentot.errors import InputWarning


def on_arrays(function: Any) -> Any:
    """An nn.Module, or a method of one such as `vae.decode`, as a function of NumPy arrays; all else as it is.

    Args:
        function: what was given.

    Returns:
        A function that takes NumPy arrays, computes in the module's own precision and on its device, without
        gradients, and gives NumPy arrays. Of a tensor it gives what the module gives, through which gradients flow.

    >>> on_arrays(abs)
    <built-in function abs>
    """
    # Whoever has a module has imported torch.
    torch = sys.modules.get("torch")
    module = getattr(function, "__self__", function)
    if torch is None or not isinstance(module, torch.nn.Module) or not callable(function):
        return function
    kinds = {type(part).__name__ for part in module.modules() if part.training}
    unsteady = ", ".join(sorted(kind for kind in kinds if "Dropout" in kind or "BatchNorm" in kind))
    if unsteady:
        warnings.warn(
            f"{type(module).__name__} is in training mode, on which {unsteady} depends: call its eval()",
            InputWarning,
            stacklevel=4,
        )
    return _OnArrays(function, module)


@dataclass(frozen=True, eq=False)
class _OnArrays:
    """f(x) of a module's function f.

    Args:
        function: the module, or a method of it.
        module: whose precision and device count.
    """

    function: Callable[[Any], Any]
    module: Any

    @property
    def __name__(self) -> str:
        name = getattr(self.function, "__name__", "")
        return f"{type(self.module).__name__}{name and '.'}{name}"

    def __repr__(self) -> str:
        return self.__name__

    def __call__(self, x: Any) -> Any:
        import torch

        if isinstance(x, torch.Tensor):
            return self.function(x)
        own = next((one for one in self.module.state_dict().values() if one.is_floating_point()), torch.empty(0))
        with torch.no_grad():
            # torch.tensor copies: what is read-only cannot be shared.
            return _read(self.function(torch.tensor(np.asarray(x), dtype=own.dtype, device=own.device)))


def _read(found: Any) -> Any:
    """Tensors, alone or several, as NumPy arrays, which know no bfloat16."""
    if isinstance(found, tuple | list):
        return tuple(_read(one) for one in found)
    return released(found).cpu().numpy() if hasattr(found, "detach") else found
