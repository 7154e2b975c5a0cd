"""Sweeps: a study file with lists is a grid of studies."""

__all__ = ["AXES", "labels", "read_studies", "studies_of"]

import itertools
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from latentot.errors import InputError
from latentot.reading import path_of, refuse_pointer
from latentot.study.spec.study import Choice, Study

AXES = ("model", "prior", "dim", "pairs", "data", "seed")
"""Settings that may be lists: there is a study for every combination of their entries."""


def studies_of(**settings: Any) -> tuple[Study, ...]:
    """The studies of these settings, one for each combination of what the axes list.

    `dim = [2, 8]` is two sizes; a latent of shape (4, 64, 64) is listed as `dim = [[4, 64, 64]]`.

    Raises:
        InputError: a setting does not exist or is not accepted, an axis is empty or lists something twice.

    >>> [(study.prior.name, study.dim) for study in studies_of(prior=["normal", "uniform"], dim=[2, 8])]
    [('normal', 2), ('normal', 8), ('uniform', 2), ('uniform', 8)]
    """
    axes = {name: settings[name] for name in AXES if isinstance(settings.get(name), list | tuple)}
    for name, values in axes.items():
        if not values:
            raise InputError(f"{name} lists nothing: give one value or more")
    studies = tuple(
        Study.of(**settings | dict(zip(axes, values, strict=True))) for values in itertools.product(*axes.values())
    )
    if len({study.model_dump_json() for study in studies}) < len(studies):
        raise InputError(f"{', '.join(axes)}: a value is listed twice")
    return studies


def read_studies(path: Path | str, **changes: Any) -> tuple[Study, ...]:
    """Read a study file.

    Args:
        path: a TOML file whose keys are the fields of `Study`; those of `AXES` may be lists.
        **changes: settings that take the place of those in the file.

    Raises:
        InputError: the file cannot be read, is not TOML, or has a key or a value that is not accepted.
    """
    path = path_of(path, "a study file")
    refuse_pointer(path)
    try:
        # Some editors begin UTF-8 with a mark, which TOML does not know.
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"the study {path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"the study {path} is not TOML: {error}") from error
    try:
        # A file's name may be no UTF-8, a title is.
        title = path.stem.encode(errors="replace").decode()
        return studies_of(**{"title": title, **settings, **changes})
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def labels(studies: Sequence[Study]) -> list[str]:
    """What tells the studies of a grid apart, in words; nothing where there is one.

    Of a model's options those that differ are named, of files the names without their folders, where these are enough.

    >>> labels(studies_of(prior="normal", dim=[2, 8]))
    ['d = 2', 'd = 8']
    >>> labels(studies_of(model=[{"name": "vae", "options": {"file": f"weights/{x}.pt", "size": 8}} for x in "ab"]))
    ['vae (file=a.pt)', 'vae (file=b.pt)']
    """
    models = [study.model for study in studies if study.model]
    subjects = [
        _without_shared(study.model, models) if study.model else (study.prior or Choice(name="")).label
        for study in studies
    ]
    data = _without_folders([str(study.data) for study in studies])
    settings = [
        {
            "": subject,
            "d = ": str(study.dim),
            "n = ": str(study.pairs),
            "data = ": source,
            "seed = ": str(study.seed),
        }
        for study, subject, source in zip(studies, _without_folders(subjects), data, strict=True)
    ]
    varying = [name for name in settings[0] if len({own[name] for own in settings}) > 1]
    return [", ".join(name + own[name] for name in varying) for own in settings]


def _without_shared(choice: Choice, choices: Sequence[Choice]) -> str:
    """The label of a choice without the options that all of the same name share."""
    others = [other.options for other in choices if other.name == choice.name]
    own = {k: v for k, v in choice.options.items() if any(k not in other or other[k] != v for other in others)}
    return choice.model_copy(update={"options": own}).label


def _without_folders(texts: list[str]) -> list[str]:
    """Texts with files by their names only, where that tells apart what was apart."""
    short = [re.sub(r"[^:,=(]*/(?=[^/])", "", text) for text in texts]
    return short if len(set(short)) == len(set(texts)) else texts
