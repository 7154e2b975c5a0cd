"""Methods, metrics, judges and features given as objects: by name if a catalogue makes them, else beside the study."""

__all__ = ["features_of", "judge_of", "metric_of", "own_features", "own_judges", "own_methods", "own_metrics"]

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from latentot.catalogue import Catalogue
from latentot.errors import InputError
from latentot.features import FEATURES, Features, Learned, as_features, feature_extractor
from latentot.judges import JUDGES, Judge, as_judge, judge
from latentot.metrics import METRICS, Metric, as_metric, drift
from latentot.metrics.function import FunctionMetric
from latentot.paths import METHODS, Interpolation
from latentot.priors import Prior
from latentot.study.spec.identity import identity
from latentot.study.spec.study import Choice

PLAIN = (bool, int, float, str, type(None))


def own_methods(methods: Any, prior: Prior) -> tuple[Any, dict[str, Any]]:
    """Methods as a study has them, and those of them that it has by name only.

    An `Interpolation` of latentot's becomes its name and its options; any other, and any callable (z0, z1, t) -> z,
    stays what it is, by its `__name__`, or by the name in a pair ("name", f).

    Args:
        methods: names, tables, interpolations, callables or pairs; or one of them.
        prior: the law that endpoints are draws of.

    Raises:
        InputError: an interpolation is of another prior, two have one name, or one has the name of latentot's own.
    """

    def check(path: Any) -> None:
        if isinstance(path, Interpolation) and path.prior != prior:
            raise InputError(f"{path!r} was made for another prior than {prior!r}: make it for that one")

    return _choices(methods, METHODS, check)


def own_metrics(metrics: Any) -> tuple[Any, dict[str, Any]]:
    """Metrics as a study has them, and those of them that it has by name only.

    A `Metric` of latentot's becomes its name and its options; any other, and any callable (z, reference, *, rng) ->
    float, stays what it is, by its `__name__`, or by the name in a pair ("name", f).

    Args:
        metrics: names, tables, metrics, callables or pairs; or one of them.

    Raises:
        InputError: two have one name, or one has the name of latentot's own.

    >>> own_metrics(["norm-ks", drift("mmd", width=2.0)])
    (['norm-ks', Choice('mmd (width=2.0)')], {})
    """
    return _choices(metrics, METRICS, lambda _: None)


def metric_of(choice: Choice, own: Mapping[str, Any]) -> Metric:
    """The metric of a choice.

    Args:
        choice: one that a study has.
        own: what the study has by name only.
    """
    return as_metric(own[choice.name], choice.name) if choice.own else drift(choice.name, **choice.options)


def own_judges(judges: Any) -> tuple[Any, dict[str, Any]]:
    """Judges as a study has them, and those of them that it has by name only: as `own_metrics`.

    Args:
        judges: names, tables, judges, metrics, callables (features, reference, *, rng) -> float, or pairs; or one.

    Raises:
        InputError: two have one name, or one has the name of latentot's own.
    """
    return _choices(judges, JUDGES, lambda _: None)


def judge_of(choice: Choice, own: Mapping[str, Any]) -> Judge:
    """The judge of a choice, as `metric_of`."""
    return as_judge(own[choice.name], choice.name) if choice.own else judge(choice.name, **choice.options)


def own_features(features: Any) -> tuple[Any, Any]:
    """Features as a study has them, and the object itself, if it has no more than a name of it.

    Args:
        features: a name, a table, `Features`, fitted or not, a callable from data to (n, k), or a pair ("name", f).
    """
    if isinstance(features, Learned):  # has the name of what was fitted, and is more than that
        features = (f"fitted {features.name}", features)
    (choice,), own = _choices([features], FEATURES, lambda _: None)
    return choice, own


def features_of(choice: Choice, own: Mapping[str, Any]) -> Features:
    """The features of a choice, as `metric_of`."""
    return (
        as_features(own[choice.name], choice.name) if choice.own else feature_extractor(choice.name, **choice.options)
    )


def _choices(given: Any, catalogue: Catalogue, check: Callable[[Any], None]) -> tuple[list[Any], dict[str, Any]]:
    if isinstance(given, str | Mapping) or _is_pair(given) or not isinstance(given, Iterable):
        given = [given]
    own: dict[str, Any] = {}
    return [_choice(one, catalogue, check, own) for one in given], own


def _is_pair(given: Any) -> bool:
    return isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], str) and callable(given[1])


def _choice(given: Any, catalogue: Catalogue, check: Callable[[Any], None], own: dict[str, Any]) -> Any:
    name, made = given if _is_pair(given) else ("", given)
    if not callable(made) or isinstance(made, type):
        return given
    check(made)
    called = str(getattr(made, "name", "") or getattr(made, "__name__", type(made).__name__))
    of_ours = called in catalogue.own and type(made) is catalogue.find(called)
    if not name and of_ours and (options := _changed_options(made)) is not None:
        return Choice(name=called, options=options)
    if isinstance(made, FunctionMetric):
        made = made.function  # whose code tells it from others
    name = name or ("function" if called == "<lambda>" else called)
    if name in own or name in catalogue.own:
        whose = "latentot's own" if name in catalogue.own else f"another {catalogue.kind}'s"
        raise InputError(f'the name {name!r} is {whose}: give a pair, ("another name", function)')
    own[name] = made
    return Choice(name=name, own=identity(made))


def _changed_options(made: Any) -> dict[str, Any] | None:
    """Options that are not as they would be anyway; None where one is no plain data."""
    given = {
        field.name: getattr(made, field.name)
        for field in dataclasses.fields(made)
        if field.init and field.name != "prior" and getattr(made, field.name) != field.default
    }
    return given if all(isinstance(value, PLAIN) for value in given.values()) else None
