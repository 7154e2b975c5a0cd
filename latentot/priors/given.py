"""Priors from what users pass as one: accepted where only one law can be meant, else refused with what to write."""

__all__ = ["as_prior"]

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from latentot.errors import InputError
from latentot.priors.empirical import Empirical
from latentot.priors.named import PRIORS
from latentot.priors.prior import Prior
from latentot.priors.scipy_law import ScipyLaw
from latentot.priors.torch_law import prior_of_torch


def as_prior(given: object) -> Prior:
    """The prior that is meant.

    Args:
        given: a prior; or latents as a NumPy array, shape (n, *shape), which are an `Empirical` prior; or a
            distribution of torch.distributions whose coordinates are independent and alike.

    Raises:
        InputError: it is none of these; the line says what to write instead.

    >>> as_prior(np.zeros((5, 8)))
    Empirical(5 samples of shape (8,), replace=False)
    """
    if isinstance(given, Prior):
        return given
    if isinstance(given, np.ndarray) and given.ndim > 1:
        return Empirical(given)
    if any(kind.__module__.startswith("torch.distributions") for kind in type(given).__mro__):
        return prior_of_torch(given)
    shown = " ".join(f"{given!r:.100}".split())
    instead = next((say(given) for meant, say in _INSTEAD if meant(given)), "")
    raise InputError(f"expected a prior such as lot.Normal(64), with the shape of one latent, got {shown}{instead}")


def _call(prior: Callable[..., Prior]) -> str:
    """How a prior of a class is made."""
    needed = [one.name for one in inspect.signature(prior).parameters.values() if one.default is one.empty]
    return f"lot.{prior.__name__}({', '.join('64' if name == 'shape' else f'{name}=...' for name in needed)})"


def _is_shape(given: object) -> bool:
    return isinstance(given, tuple) and bool(given) and all(isinstance(size, int) for size in given)


def _is_numbers(given: object) -> bool:
    return isinstance(given, list) and bool(given) and isinstance(given[0], list | tuple | float | np.ndarray)


def _of_scipy(law: Any) -> str:
    if hasattr(law, "logpdf") and hasattr(law, "dim"):
        return ": for the law of its samples write lot.Empirical(law.rvs(100_000))"
    example = "scipy.stats.gumbel_r()"
    if hasattr(law, "logpdf") and hasattr(law, "isf"):
        example = repr(ScipyLaw(law)) if hasattr(law, "dist") else f"scipy.stats.{law.name}(...)"
    return f": for coordinates of one law write lot.ProductPrior({' '.join(example.split())}, 64)"


_INSTEAD: tuple[tuple[Callable[[Any], bool], Callable[[Any], str]], ...] = (
    (lambda given: isinstance(given, str), lambda name: f": write {_call(PRIORS.find(name))}"),
    (lambda given: isinstance(given, bool), lambda _: ""),
    (lambda given: isinstance(given, int | np.integer) or _is_shape(given), lambda n: f": write lot.Normal({n})"),
    (lambda given: inspect.isclass(given) and issubclass(given, Prior), lambda kind: f": write {_call(kind)}"),
    (lambda given: isinstance(getattr(given, "prior", None), Prior), lambda _: ": use its .prior"),
    (lambda given: type(given).__module__.startswith("scipy.stats"), _of_scipy),
    (
        lambda given: hasattr(given, "__array__") or _is_numbers(given),
        lambda _: ": for the law of samples write lot.Empirical(samples), of a NumPy array of shape (n, *shape)",
    ),
    (callable, lambda _: ": for a decoder write lot.Model(prior=lot.Normal(64), decode=...)"),
)
"""Advice: what may have been meant, and what to write instead."""
