"""Everything that has a name: latentot's own, and what installed packages announce; one look-up for all kinds.

A plugin is any installed distribution whose metadata has, for one or more of the groups `latentot.interpolations`,
`.metrics`, `.transports`, `.priors`, `.models`, `.trainers`, `.data`, `.features` and `.judges`,

    [project.entry-points."latentot.models"]
    my-model = "my_package:load"

An entry point is a factory: what it is called with, and what it makes, is said where each kind is looked up. Names are
listed without importing anything.
"""

__all__ = ["OWN", "Catalogue", "MissingOptionError", "check_options", "refresh"]

import functools
import importlib
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
"""Where latentot's own come from."""


class MissingOptionError(InputError):
    """Something cannot be made without an option that was not given."""


@dataclass(frozen=True)
class Catalogue:
    """Factories of one kind, by name.

    Args:
        kind: what they make, in a sentence: "metric".
        group: the entry-point group that plugins announce them in.
        own: latentot's own: factories, or where each is, "module:name" as in an entry point, imported when it is used.
        aliases: other words of the field. Each stands for a name, or has a sentence that says which to write instead
            where that depends on what is wanted.

    >>> metrics = Catalogue("metric", "latentot.metrics", {"mmd": dict, "frechet": dict}, aliases={"fid": "frechet"})
    >>> metrics.resolve("FID"), metrics.origins()["mmd"]
    ('frechet', 'latentot')
    """

    kind: str
    group: str
    own: Mapping[str, Factory | str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """All names, latentot's own first; nothing is imported."""
        return list(dict.fromkeys([*self.own, *_announced(self.group, tuple(sys.path))]))

    def origins(self) -> dict[str, str]:
        """Each name with the distribution that brings it; nothing is imported."""
        found = _announced(self.group, tuple(sys.path))
        announced = {name: " and ".join(map(_distribution, points)) for name, points in found.items()}
        return dict.fromkeys(self.own, OWN) | {
            name: f"{OWN} and {who}" if name in self.own else who for name, who in announced.items()
        }

    def resolve(self, given: object) -> str:
        """The name that is meant: case and separators do not matter, and other words of the field are known.

        Raises:
            InputError: nothing is known by this name; the nearest is suggested.
        """
        if isinstance(given, str) and given in self.own:
            return given
        known = self.names()
        if not isinstance(given, str):
            raise InputError(f"a {self.kind} is given by its name, such as {min(known)!r}, got {given!r:.200}")
        if given in known:
            return given
        # What the catalogue itself calls so comes before other words for it.
        meant = {_squeezed(name): to for name, to in (*self.aliases.items(), *((name, name) for name in known))}
        target = meant.get(_squeezed(given))
        if target is None:
            also = {name: to for name, to in self.aliases.items() if to in known}
            raise unknown_name(self.kind, given, known, also)
        if target not in known:
            raise InputError(f"there is no {self.kind} {given!r}: {target}")
        return target

    def find(self, name: str) -> Factory:
        """The factory of a name.

        Raises:
            InputError: nothing has this name, two distributions bring it, or it cannot be imported.
        """
        resolved = self.resolve(name)
        points = _announced(self.group, tuple(sys.path)).get(resolved, [])
        if len({point.value for point in points}) + (resolved in self.own) > 1:
            who = [OWN] * (resolved in self.own) + [point.dist.name if point.dist else point.value for point in points]
            raise InputError(f"the {self.kind} {resolved!r} is provided by {' and '.join(who)}: uninstall one of them")
        return self._own(resolved) if resolved in self.own else self._loaded(points[0])

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
            given_ones = ", ".join(f"{key}={value!r:.60}" for key, value in options.items())
            made_of = f" with {given_ones}" if given_ones else ""
            raise InputError(f"{what} could not be made{made_of}: {one_line(error)}") from error

    def about(self, name: str) -> str:
        """What one of latentot's own is: its formula, its title, or the first line of its page."""
        factory = self._own(name)
        said = getattr(factory, "formula", None) or getattr(factory, "title", None)
        return str(said or (inspect.getdoc(factory) or "").partition("\n")[0])

    def trouble(self, name: str) -> str:
        """Why something cannot be used; empty where it can be imported, which this does."""
        try:
            self.find(name)
        except InputError as error:
            return str(error)
        return ""

    def options(self, name: str, beside: int = 0) -> tuple[str, ...]:
        """What a factory takes by name.

        Args:
            name: of the factory.
            beside: how many arguments every factory of this kind is called with.
        """
        return _parameters(self.find(name), beside, ())[0]

    def check_options(self, name: str, options: Iterable[str], beside: int = 0) -> None:
        """Refuse options that a factory does not take.

        Args:
            name: of the factory.
            options: their names.
            beside: how many arguments every factory of this kind is called with.
        """
        check_options(self.find(name), f"the {self.kind} {self.resolve(name)!r}", options, beside)

    def _own(self, name: str) -> Factory:
        given = self.own[name]
        if not isinstance(given, str):
            return given
        module, _, attribute = given.partition(":")
        factory: Factory = getattr(importlib.import_module(module), attribute)
        return factory

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


def _squeezed(name: str) -> str:
    """A name without case and separators, so that `Earth_Mover` and `earth-mover` are one."""
    return "".join(letter for letter in name.casefold() if letter not in "-_ .'")


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
