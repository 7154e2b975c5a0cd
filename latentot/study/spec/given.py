"""Settings as they are given: made plain, or refused in one line that says what is accepted."""

__all__ = ["plain_setting", "problem_of"]

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from latentot.errors import InputError, unknown_name

_WHOLE = "a whole number"
_CHOICE = "a name such as {0}, or its name and options: {{'name': {0}, 'options': {{...}}}}"
_OR_A_PATH = "; in Python also an Interpolation, or a callable (z0, z1, t) -> z"
_OR_A_METRIC = "; in Python also a Metric, or a callable (z, reference, *, rng) -> float"
_ACCEPTED = {
    "title": "a text",
    "prior": _CHOICE.format("'normal'"),
    "dim": "a number of coordinates such as 64, or the shape of a latent such as [4, 64, 64]",
    "model": _CHOICE.format("'torch-vae'"),
    "data": "the name of a data source, such as 'digits' or 'npz:images.npz'",
    "latents": "a file of NumPy with the latents of data, such as 'npz:codes.npy'",
    "endpoints": "'prior' or 'encoded', or both in a list",
    "methods": "a list of which each is " + _CHOICE.format("'linear'") + _OR_A_PATH,
    "metrics": "a list of which each is " + _CHOICE.format("'mmd'") + _OR_A_METRIC,
    "t": "a list of positions between 0 and 1, such as [0.25, 0.5]",
    "pairs": "'auto', or the number of pairs of one round (n in Python): a whole number",
    "max_pairs": _WHOLE,
    "budget": "a number of seconds",
    "false_drift": "a chance such as 0.01",
    "false_keep": "a chance such as 0.05",
    "repeats": _WHOLE,
    "null_draws": _WHOLE,
    "seed": _WHOLE,
    "margin": "a number such as 0.05",
    "strips": _WHOLE,
    "steps": _WHOLE,
}
_LISTS = ("methods", "metrics", "t", "endpoints")
_ALSO = {
    "n": "pairs",
    "n_pairs": "pairs",
    "samples": "pairs",
    "positions": "t",
    "times": "t",
    "random_state": "seed",
    "rng": "seed",
    "dimension": "dim",
    "dimensions": "dim",
    "latent": "dim",
    "shape": "dim",
    "dataset": "data",
    "interpolations": "methods",
    "paths": "methods",
    "drifts": "metrics",
}
"""Other words for settings."""
_FLAGS = ("jobs", "out", "scheduler", "cluster", "expect", "cache", "quiet", "retry_failed")


def plain_setting(name: str, given: Any) -> Any:
    """A setting as plain data: arrays as lists, and one value where there may be several as a list of it.

    Raises:
        InputError: it is true or false where a number is wanted.

    >>> plain_setting("methods", "linear, cauchy"), plain_setting("t", 0.5)
    (['linear', 'cauchy'], [0.5])
    """
    given = _of_python(given)
    if name in _LISTS and given is not None:
        single = isinstance(given, str | Mapping) or not isinstance(given, Iterable)
        given = [part for one in ([given] if single else given) for part in _parts(name, _of_python(one))]
    if name in _ACCEPTED and any(isinstance(one, bool) for one in (given if isinstance(given, list) else [given])):
        raise _refused(name, given)
    return given


def problem_of(error: ValidationError, fields: Mapping[str, Iterable[str]]) -> InputError:
    """The first thing that is wrong, in one line of our words.

    Args:
        error: what validation found.
        fields: names of settings: of the study ("study") and of a choice in it ("choice").
    """
    problem: Mapping[str, Any] = error.errors()[0]
    setting, *inside = problem["loc"] or ("",)
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        return cause
    if problem["type"] != "extra_forbidden":
        return _refused(str(setting), problem["input"])
    if inside:
        unknown = unknown_name("setting", str(inside[-1]), fields["choice"])
        return InputError(f"{unknown}; what {setting} has options for is in options")
    if setting in _FLAGS:
        flag = str(setting).replace("_", "-")
        return InputError(f"{setting} is not a setting of a study but a flag of the command: --{flag}")
    return unknown_name("setting", str(setting), fields["study"], _ALSO)


def _of_python(given: Any) -> Any:
    """Numbers and lists of Python for those of NumPy, pandas or torch."""
    return given.tolist() if hasattr(given, "tolist") else given


def _parts(name: str, given: Any) -> list[Any]:
    """Names may be joined by commas."""
    if not isinstance(given, str):
        return [given]
    return [part.strip().casefold() if name == "endpoints" else part.strip() for part in given.split(",")]


def _refused(name: str, given: object) -> InputError:
    own = getattr(given, "name", None)
    instead = f": write {own!r}" if isinstance(own, str) and name in _LISTS else ""
    if isinstance(given, str) and any("\ud800" <= letter <= "\udfff" for letter in given):
        instead = ": a name of a study is in UTF-8"
    shown = " ".join(f"{given!r:.100}".split())
    return InputError(f"the setting {name} is {_ACCEPTED.get(name, 'not accepted')}, got {shown}{instead}")
