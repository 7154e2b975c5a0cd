"""A module on NumPy arrays, and on tensors."""

__all__ = ["SPREADS", "Coder"]

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentot.errors import InputError, one_line
from latentot.models import Posterior
from latentot_torch_module.making import make
from latentot_torch_module.weights import put_into

BATCH = 256
SPREADS = ("scale", "log-variance", "variance")


class Coder:
    """Decoder and encoder of a module, in batches of bounded size.

    It pickles as the factory's name and the bytes of the weights, and so travels to worker processes without the file.

    Args:
        factory: "module:function", which makes the module.
        options: what it is called with.
        raw: the content of the safetensors file, if there is one.
        title: what that file is called in messages.
        spread: what `encode` gives beside the mean: one of `SPREADS`.
        device: where it computes, as torch names it.
    """

    def __init__(
        self, factory: str, options: Mapping[str, Any], raw: bytes | None, title: str, spread: str, device: str
    ) -> None:
        module = make(factory, options)
        self._made_of = (factory, dict(options), raw, title, spread, device)
        self._factory, self._spread, self._device = factory, spread, device
        if raw is not None:
            put_into(module, raw, title)
        self._module = module.to(device)

        self._decode: Callable[[Tensor], Any] = getattr(self._module, "decode", self._module)
        self._encode: Any = getattr(self._module, "encode", None)

    @property
    def encodes(self) -> bool:
        """Whether the module has an encoder."""
        return callable(self._encode)

    def decode(self, z: Any) -> Any:
        """Data of latents, shape (n, *data shape), for shape (n, *latent shape).

        A tensor gives a tensor, through which gradients flow.

        Raises:
            InputError: the module fails on latents, or gives no tensor.
        """
        if isinstance(z, Tensor):
            # Apple's processors have no double precision.
            narrow = z.float() if self._device.startswith("mps") else z
            return self._called("decode", self._decode, narrow.to(self._device))[0].to(z.device)
        return self._batched("decode", self._decode, z)[0]

    def encode(self, x: NDArray[Any]) -> Posterior:
        """Mean and scale of data of shape (n, *data shape), each of shape (n, *latent shape).

        Raises:
            InputError: the module fails on data, or gives no pair of tensors.
        """
        found = self._batched("encode", self._encode, x)
        if len(found) != 2:
            raise InputError(f"encode of {self._factory} gives {len(found)} tensors: return the mean and the scale")
        mean, second = found
        if self._spread == "log-variance":
            return Posterior(mean, np.exp(second / 2))
        return Posterior(mean, np.sqrt(second) if self._spread == "variance" else second)

    def __reduce__(self) -> tuple[Any, ...]:
        return Coder, self._made_of

    @torch.no_grad()
    def _batched(self, what: str, function: Callable[[Tensor], Any], rows: NDArray[Any]) -> list[NDArray[Any]]:
        starts = range(0, max(len(rows), 1), BATCH)
        # torch.tensor copies: workers get read-only arrays, which torch cannot share.
        batches = (torch.tensor(rows[i : i + BATCH], dtype=torch.float32, device=self._device) for i in starts)
        parts = [[part.cpu().numpy() for part in self._called(what, function, batch)] for batch in batches]
        return [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]

    def _called(self, what: str, function: Callable[[Tensor], Any], rows: Tensor) -> tuple[Tensor, ...]:
        try:
            found = function(rows)
        except Exception as error:
            raise InputError(
                f"{what} of {self._factory} fails on shape {tuple(rows.shape)}: {one_line(error)}"
            ) from error
        tensors = found if isinstance(found, tuple | list) else (found,)
        if not all(isinstance(tensor, Tensor) for tensor in tensors):
            raise InputError(f"{what} of {self._factory} gives {type(found).__name__}: return tensors")
        return tuple(tensors)
