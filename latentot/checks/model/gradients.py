"""Check that gradients flow from data to latents, where a model claims so."""

__all__ = ["GRADIENTS"]

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.model.case import Case

STEP = 1e-2
SHARE = 0.2
"""How far a slope may be from the difference over two steps: that of a kinked network in single precision is so."""


def _gradients(case: Case) -> Finding | None:
    library = case.model.gradients
    if library is None:
        return skipped("the model claims no gradients")
    z = case.z[:3].astype(np.float32)
    weights = np.random.default_rng(case.seed).standard_normal(case.decode(z).shape).astype(np.float32)
    try:
        gradient = _LIBRARIES[library](importlib.import_module(library), case.model.decode, z, weights)
    except Exception as error:
        return failed(
            f"decode of {library} arrays ends with {type(error).__name__} ({' '.join(str(error).split())}): compute in "
            f"{library} throughout, without NumPy, detach() or no_grad(), or do not claim gradients={library!r}"
        )
    size = float(np.linalg.norm(gradient))
    if not np.isfinite(size) or size == 0:
        return failed(f"gradients of decode are {'all zero' if size == 0 else 'not finite'}: do not detach latents")
    # Along the gradient itself the slope is its norm; what is detached in part is steeper or flatter than that.
    step = (STEP * gradient / size * np.sqrt(gradient.size)).astype(np.float32)
    ahead, behind = (float((case.decode(z + sign * step) * weights).sum(dtype=np.float64)) for sign in (1, -1))
    slope = (ahead - behind) / (2 * float(np.linalg.norm(step)))
    if abs(slope - size) > SHARE * max(abs(slope), size):
        return failed(
            f"the gradient of decode says a slope of {size:.3g}, data change by {slope:.3g}: a part of decode is "
            "detached, or NumPy and other arrays decode differently"
        )
    return None


def _torch(torch: Any, decode: Callable[[Any], Any], z: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    latents = torch.tensor(z, requires_grad=True)
    data = decode(latents)
    (data * torch.tensor(weights, device=data.device)).sum().backward()
    return np.asarray(latents.grad.cpu())


def _jax(jax: Any, decode: Callable[[Any], Any], z: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(jax.grad(lambda latents: (decode(latents) * weights).sum())(jax.numpy.asarray(z)))


_LIBRARIES = {"torch": _torch, "jax": _jax}

GRADIENTS = Check("gradients", "gradients flow through decode, if the model claims so", _gradients)
