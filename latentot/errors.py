"""What latentot says when something given to it cannot be accepted, or when it waits for somebody."""

__all__ = ["FailureWarning", "InputError", "WaitingWarning", "one_line", "unknown_name"]

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Something given is not accepted. The message is one line: what was given, what is accepted, what to do."""


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


def unknown_name(kind: str, given: object, known: Iterable[str]) -> InputError:
    """The error for a name that does not exist: it lists those that do and suggests the nearest.

    >>> unknown_name("metric", "mmmd", ["emd", "mmd"])
    InputError("unknown metric 'mmmd': did you mean 'mmd'? There are emd, mmd")
    """
    names = sorted(known)
    near = difflib.get_close_matches(str(given), names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return InputError(f"unknown {kind} {given!r}: {hint}There are {', '.join(names) or 'none'}")
