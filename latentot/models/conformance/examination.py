"""All checks run on one model, and what came of them."""

__all__ = ["Conformance", "check_model", "examined"]

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, unknown_name
from latentot.models.conformance.case import Case, Recipe
from latentot.models.conformance.catalogue import CHECKS
from latentot.models.conformance.check import FAILED, OUTCOMES, CheckResult
from latentot.models.model import Model
from latentot.reading import plain_paths


@dataclass(frozen=True)
class Conformance:
    """What became of every check of a model.

    Args:
        model: the model's name.
        results: one for each check, in order.
    """

    model: str
    results: tuple[CheckResult, ...]

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The checks that failed, those apart that were expected to."""
        return tuple(result for result in self.results if result.outcome == FAILED)

    def raise_on_failure(self) -> None:
        """Do nothing if all is well.

        Raises:
            InputError: a check failed; the message says which, and what to change.
        """
        if self.failures:
            what = "; ".join(f"{result.check}: {result.message}" for result in self.failures)
            raise InputError(f"{self.model} fails {len(self.failures)} of {len(self.results)} checks: {what}")

    def __repr__(self) -> str:
        counts = Counter(result.outcome for result in self.results)
        said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
        return f"Conformance({self.model!r}, {said})"

    def __str__(self) -> str:
        lines = (f"{result.check:<15} {result.outcome:<17} {result.message}".rstrip() for result in self.results)
        return "\n".join((self.model, *lines))


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
    expected = dict(expected_failures or {})
    for name, reason in expected.items():
        if name not in {check.name for check in CHECKS}:
            raise unknown_name("check", name, (check.name for check in CHECKS))
        if not isinstance(reason, str) or not reason.strip():
            raise InputError(f"an expected failure has a reason in words: that of {name} is {reason!r}")
    if isinstance(model, Model):
        if options:
            raise InputError("options are for a plugin's name or a factory: a model is made already")
        recipe = None
    elif isinstance(model, str) or callable(model):
        recipe = Recipe(model, plain_paths(options or {}))
        model = recipe.make()
    else:
        raise InputError(f"a model, a plugin's name or a factory can be checked, got {type(model).__name__}")
    if data is not None and not len(np.asarray(data)):
        raise InputError("data for the encoder have one row or more, got none")
    return Case(model, recipe, data, seed), expected
