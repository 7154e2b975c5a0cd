"""Models by name: plugins announce factories in the groups `latentot.models` and `latentot.trainers`.

[project.entry-points."latentot.models"]
my-model = "my_package:load"          # load(**options) -> lot.Model

[project.entry-points."latentot.trainers"]
my-model = "my_package.train:train"   # optional: train(data, out, *, progress, **options)
"""

__all__ = ["MODELS", "TRAINERS", "load_model", "load_trainer"]

from collections.abc import Callable, Mapping
from typing import Any

from latentot.catalogue import Catalogue, check_options
from latentot.errors import InputError
from latentot.models.model import Model
from latentot.reading import plain_paths

MODELS = Catalogue("model", "latentot.models")
TRAINERS = Catalogue("trainer", "latentot.trainers")


def load_model(name: str, /, **options: Any) -> Model:
    """Make the model of an installed plugin.

    Args:
        name: a name out of `MODELS.names()`.
        **options: plain data for the plugin's factory, such as checkpoint="m.safetensors"; a path becomes text.

    Raises:
        InputError: no plugin has this name, two have, it cannot be imported, or it does not take the options.
    """
    model = MODELS.make(name, **plain_paths(options))
    if not isinstance(model, Model):
        raise InputError(f"the plugin of the model {name!r} made {type(model).__name__}, not a latentot.Model")
    return model


def load_trainer(name: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    """The training function of an installed plugin, train(data, out, *, progress, **options).

    Args:
        name: a name out of `TRAINERS.names()`.
        options: the options that it will be called with.

    Raises:
        InputError: no plugin has this name, two have, it cannot be imported, or it does not take the options.
    """
    trainer = TRAINERS.find(name)
    check_options(trainer, f"the trainer {name!r}", options, apart=("data", "out", "progress"))
    return trainer
