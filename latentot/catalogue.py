"""Everything that has a name: latentot's own, and what installed packages announce; one look-up for all kinds.

A plugin is any installed distribution whose metadata has, for one or more of the groups `latentot.interpolations`,
`.metrics`, `.transports`, `.priors`, `.models`, `.trainers` and `.data`,

    [project.entry-points."latentot.models"]
    my-model = "my_package:load"

An entry point is a factory: what it is called with, and what it makes, is said where each kind is looked up. Names are
listed without importing anything.
"""

__all__ = ["Catalogue", "MissingOptionError", "check_options", "refresh"]

import functools
import importlib.metadata
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from typing import Any

from latentot.errors import InputError, one_line, unknown_name

Factory = Callable[..., Any]
OWN = "latentot"


class MissingOptionError(InputError):
    """Something cannot be made without an option that was not given."""


@dataclass(frozen=True)
class Catalogue:
    """Factories of one kind, by name.

    Args:
        kind: what they make, in a sentence: "metric".
        group: the entry-point group that plugins announce them in.
        own: latentot's own.
        aliases: other names that they are known by.

    >>> metrics = Catalogue("metric", "latentot.metrics", {"mmd": dict, "frechet": dict}, aliases={"fid": "frechet"})
    >>> metrics.resolve("FID"), metrics.origins()["mmd"]
    ('frechet', 'latentot')
    """

    kind: str
    group: str
    own: Mapping[str, Factory] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """All names, latentot's own first; nothing is imported."""
        return list(dict.fromkeys([*self.own, *self._announced()]))

    def origins(self) -> dict[str, str]:
        """Each name with the distribution that brings it; nothing is imported."""
        announced = {name: " and ".join(map(_distribution, points)) for name, points in self._announced().items()}
        return dict.fromkeys(self.own, OWN) | {
            name: f"{OWN} and {who}" if name in self.own else who for name, who in announced.items()
        }

    def resolve(self, name: str) -> str:
        """The name by which something is known here: aliases, capitals and underscores are seen through.

        Raises:
            InputError: nothing has this name; the nearest is suggested.
        """
        known = self.names()
        if name in known:
            return name
        plain = str(name).strip().lower().replace("_", "-").replace(" ", "-")
        found = plain if plain in known else self.aliases.get(plain)
        if found not in known:
            raise unknown_name(self.kind, name, known)
        return str(found)

    def find(self, name: str) -> Factory:
        """The factory of a name.

        Raises:
            InputError: nothing has this name, two distributions bring it, or it cannot be imported.
        """
        resolved = self.resolve(name)
        points = self._announced().get(resolved, [])
        if len({point.value for point in points}) + (resolved in self.own) > 1:
            who = [OWN] * (resolved in self.own) + [point.dist.name if point.dist else point.value for point in points]
            raise InputError(f"the {self.kind} {resolved!r} is brought by {' and '.join(who)}: uninstall one of them")
        return self.own[resolved] if resolved in self.own else self._loaded(points[0])

    def make(self, name: str, /, *given: Any, **options: Any) -> Any:
        """What a factory makes.

        Args:
            name: of the factory.
            *given: what every factory of this kind is called with.
            **options: plain data that this one takes.

        Raises:
            InputError: nothing has this name, the factory does not take these options, or it fails.
        """
        factory, what = self.find(name), f"the {self.kind} {self.resolve(name)!r}"
        check_options(factory, what, options, beside=len(given))
        try:
            return factory(*given, **options)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"{what} could not be made: {one_line(error)}") from error

    def check_options(self, name: str, options: Iterable[str], beside: int = 0) -> None:
        """Refuse options that a factory does not take.

        Args:
            name: of the factory.
            options: their names.
            beside: how many arguments every factory of this kind is called with.
        """
        check_options(self.find(name), f"the {self.kind} {self.resolve(name)!r}", options, beside)

    def _announced(self) -> dict[str, list[EntryPoint]]:
        return _announced(self.group, tuple(sys.path))

    def _loaded(self, point: EntryPoint) -> Factory:
        try:
            loaded: Factory = point.load()
        except (Exception, SystemExit) as error:
            raise InputError(
                f"the plugin of the {self.kind} {point.name!r} ({_distribution(point)}) cannot be imported: "
                f"{one_line(error)}"
            ) from error
        return loaded


def refresh() -> None:
    """Look for plugins again, where a distribution was installed since they were first looked for.

    >>> refresh()
    """
    _announced.cache_clear()


def check_options(
    factory: Factory, what: str, options: Iterable[str], beside: int = 0, apart: tuple[str, ...] = ()
) -> None:
    """Refuse options that a factory does not take, and miss those that it needs.

    Args:
        factory: a function or a class.
        what: what it makes, in a sentence.
        options: names of what is given.
        beside: how many arguments it is called with before them.
        apart: names of what it is called with too, and which is no option.

    Raises:
        InputError: an option does not exist; the nearest is suggested.
        MissingOptionError: one is needed that is not given.

    >>> check_options(lambda prior, *, alpha=1.5: None, "stable", ["alhpa"], beside=1)
    Traceback (most recent call last):
    ...
    latentot.errors.InputError: unknown option of stable 'alhpa': did you mean 'alpha'? There are alpha
    """
    given, (known, needed, anything) = list(options), _parameters(factory, beside, apart)
    if anything:
        return
    for option in given:
        if option not in known:
            raise unknown_name(f"option of {what}", option, known)
    if missing := [name for name in needed if name not in given]:
        raise MissingOptionError(f"{what} needs the option{'s' * (len(missing) > 1)} {', '.join(missing)}")


@functools.lru_cache(maxsize=256)
def _parameters(factory: Factory, beside: int, apart: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """What a factory takes by name after its first arguments, what of it must be given, and whether it takes all."""
    parameters = [p for p in list(inspect.signature(factory).parameters.values())[beside:] if p.name not in apart]
    known = [p for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = tuple(p.name for p in known if p.default is p.empty)
    return tuple(p.name for p in known), needed, any(p.kind is p.VAR_KEYWORD for p in parameters)


@functools.lru_cache(maxsize=64)
def _announced(group: str, _path: tuple[str, ...]) -> dict[str, list[EntryPoint]]:
    """Entry points by name; reading the metadata of all that is installed takes milliseconds."""
    found: dict[str, list[EntryPoint]] = {}
    for point in sorted(importlib.metadata.entry_points(group=group), key=_distribution):
        found.setdefault(point.name, []).append(point)
    return dict(sorted(found.items()))


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
