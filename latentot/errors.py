"""What latentot says when something given to it cannot be accepted, is doubtful, or when it waits for somebody."""

__all__ = ["FailureWarning", "InputError", "InputWarning", "WaitingWarning", "one_line", "unknown_name"]

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType


class InputError(ValueError):
    """Something given is not accepted. The message is one line: what was given, what is accepted, what to do."""


class InputWarning(UserWarning):
    """Something given is accepted, but may not be what is meant. The message is one line: what was made of it."""


class FailureWarning(UserWarning):
    """A piece of a whole failed, and the rest is there. The message is one line: what failed, and why."""


class WaitingWarning(UserWarning):
    """Nothing goes on until somebody does something. The message is one line: what is waited for, what to do."""


def one_line(error: BaseException) -> str:
    """What an exception says, with its kind, on one line.

    >>> one_line(ImportError("no\\n  such module"))
    'ImportError: no such module'
    """
    return " ".join(f"{type(error).__name__}: {error}".split())


def unknown_name(
    kind: str, given: object, known: Iterable[str], also: Mapping[str, str] = MappingProxyType({})
) -> InputError:
    """The error for a name that does not exist: it lists those that do and suggests the nearest.

    Args:
        kind: what is named, in the singular.
        given: what was written.
        known: the names that exist.
        also: other words, and the name that each stands for.

    >>> unknown_name("metric", "mmmd", ["emd", "mmd"])
    InputError("unknown metric 'mmmd': did you mean 'mmd'? There are emd, mmd")
    """
    names = sorted(known)
    near = _nearest(str(given), {**also, **dict(zip(names, names, strict=True))})
    hint = f"did you mean {near!r}? " if near else ""
    return InputError(f"unknown {kind} {given!r}: {hint}There are {', '.join(names) or 'none'}")


def _nearest(given: str, meant: Mapping[str, str]) -> str | None:
    """What a name that is nearly so stands for, or the only one that begins so; a poor guess is worse than none."""
    # Tables show what has options as "stable (alpha=1)".
    plain = given.casefold().partition("(")[0].strip()
    swapped = [name for name in meant if sorted(name) == sorted(plain)]
    near = swapped or difflib.get_close_matches(plain, meant, n=1, cutoff=0.7)
    begun = {target for name, target in meant.items() if len(plain) > 2 and name.startswith(plain)}
    return meant[near[0]] if near else begun.pop() if len(begun) == 1 else None
