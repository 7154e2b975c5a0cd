"""Finding models: plugins announce factories through entry points; nothing is imported until it is used.

A plugin is any installed distribution whose metadata has

    [project.entry-points."latentot.models"]
    my-model = "my_package:load"          # load(**options) -> lot.Model

    [project.entry-points."latentot.trainers"]
    my-model = "my_package.train:train"   # optional: train(data, out, *, progress, **options)
"""

__all__ = ["MissingOptionError", "load_model", "load_trainer", "model_names", "trainer_names"]

import importlib.metadata
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from latentot.errors import InputError, one_line, unknown_name
from latentot.models.model import Model
from latentot.reading import plain_paths

MODELS = "latentot.models"
TRAINERS = "latentot.trainers"


class MissingOptionError(InputError):
    """A plugin cannot be used without an option that was not given."""


def model_names() -> dict[str, str]:
    """Names of the installed models, each with the distribution that brings it; none is imported."""
    return _announced(MODELS)


def trainer_names() -> dict[str, str]:
    """Names of the models that can be trained, each with the distribution that brings it; none is imported."""
    return _announced(TRAINERS)


def load_model(name: str, /, **options: Any) -> Model:
    """Make the model of an installed plugin.

    Args:
        name: a name out of `model_names()`.
        **options: plain data for the plugin's factory, such as checkpoint="m.safetensors"; a path becomes text.

    Raises:
        InputError: no plugin has this name, two have, it cannot be imported, or it does not take the options.
    """
    factory, options = _load(MODELS, "model", name), plain_paths(options)
    _check_options(factory, f"the model {name!r}", options)
    try:
        model = factory(**options)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"the model {name!r} could not be made: {one_line(error)}") from error
    if not isinstance(model, Model):
        raise InputError(f"the plugin of the model {name!r} made {type(model).__name__}, not a latentot.Model")
    return model


def load_trainer(name: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    """The training function of an installed plugin, train(data, out, *, progress, **options).

    Args:
        name: a name out of `trainer_names()`.
        options: the options that it will be called with.

    Raises:
        InputError: no plugin has this name, two have, it cannot be imported, or it does not take the options.
    """
    trainer = _load(TRAINERS, "trainer", name)
    _check_options(trainer, f"the trainer {name!r}", options, beside=("data", "out", "progress"))
    return trainer


def _check_options(
    function: Callable[..., Any], what: str, options: Mapping[str, Any], beside: tuple[str, ...] = ()
) -> None:
    """Refuse options that a plugin's function does not take, by name."""
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name not in beside]
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return
    known = [p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)]
    for option in options:
        if option not in known:
            raise unknown_name(f"option of {what}", option, known)
    missing = [p.name for p in parameters if p.name in known and p.default is p.empty and p.name not in options]
    if missing:
        raise MissingOptionError(f"{what} needs the option{'s' * (len(missing) > 1)} {', '.join(missing)}")


def _entry_points(group: str) -> list[importlib.metadata.EntryPoint]:
    return sorted(importlib.metadata.entry_points(group=group), key=lambda point: point.name)


def _announced(group: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for point in _entry_points(group):
        found.setdefault(point.name, []).append(
            f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        )
    return {name: " and ".join(sorted(who)) for name, who in found.items()}


def _load(group: str, kind: str, name: str) -> Callable[..., Any]:
    found = [point for point in _entry_points(group) if point.name == name]
    if not found:
        raise unknown_name(kind, name, _announced(group))
    if len({point.value for point in found}) > 1:
        who = " and ".join(sorted(p.dist.name if p.dist else p.value for p in found))
        raise InputError(f"the {kind} {name!r} is brought by {who}: uninstall one of them")
    try:
        loaded: Callable[..., Any] = found[0].load()
    except (Exception, SystemExit) as error:
        raise InputError(
            f"the plugin of the {kind} {name!r} ({_announced(group)[name]}) cannot be imported: {one_line(error)}"
        ) from error
    return loaded
