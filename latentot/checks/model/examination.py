"""All checks run on one model, and what came of them."""

__all__ = ["check_model", "examined"]

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Conformance, expectations
from latentot.checks.model.case import Case, Recipe
from latentot.checks.model.catalogue import CHECKS
from latentot.errors import InputError
from latentot.models import Model
from latentot.reading import plain_paths


def check_model(
    model: Model | str | Callable[..., Model],
    *,
    options: Mapping[str, Any] | None = None,
    data: NDArray[Any] | None = None,
    expected_failures: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Conformance:
    """Find out whether a model is what it must be, and what to change if it is not.

    Args:
        model: a model, the name of an installed plugin, or a factory; of a model alone it cannot be said whether it can
            be made again, and those checks are skipped.
        options: of the plugin or the factory.
        data: data for the encoder, shape (n, *data shape); without them it is given what the model itself decodes.
        expected_failures: reasons by the names of checks that are known to fail; one that passes is a failure.
        seed: of the latents that the model is tried on.

    Raises:
        InputError: the model cannot be made, or a check that is expected to fail does not exist.

    >>> import latentot as lot
    >>> report = lot.check_model(lot.Model(lot.Normal(2), decode=lambda z: z @ [[1.0], [2.0]]))
    >>> report.failures, report.results[0].check
    ((), 'decode-shape')
    """
    case, expected = examined(model, options=options, data=data, expected_failures=expected_failures, seed=seed)
    return Conformance(case.model.name, tuple(check.result(case, expected.get(check.name)) for check in CHECKS))


def examined(
    model: Model | str | Callable[..., Model],
    *,
    options: Mapping[str, Any] | None = None,
    data: NDArray[Any] | None = None,
    expected_failures: Mapping[str, str] | None = None,
    seed: int = 0,
) -> tuple[Case, dict[str, str]]:
    """The case that checks are run on, and the reasons for those that are expected to fail; see `check_model`."""
    expected = expectations(CHECKS, expected_failures)
    if isinstance(model, Model):
        if options:
            raise InputError("options are for a plugin's name or a factory: a model object is made already")
        recipe = None
    elif isinstance(model, str) or callable(model):
        recipe = Recipe(model, plain_paths(options or {}))
        model = recipe.make()
    else:
        raise InputError(f"a model, a plugin's name or a factory can be checked, got {type(model).__name__}")
    if data is not None and not len(np.asarray(data)):
        raise InputError("data for the encoder have one row or more, got none")
    return Case(model, recipe, data, seed), expected
