"""Examples in docstrings are code on the site: griffe takes `>>>` outside of a section for text."""

import re
from typing import Any

import griffe

EXAMPLE = re.compile(r"(?:^[ ]*(?:>>>|\.\.\.).*\n?(?:^(?![ ]*$).*\n?)*)", re.MULTILINE)


class Doctests(griffe.Extension):
    """Put examples between fences, with what they print."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Once an object is known, whatever it is."""
        if obj.docstring and ">>>" in obj.docstring.value:
            obj.docstring.value = EXAMPLE.sub(_fenced, obj.docstring.value)


def _fenced(found: re.Match[str]) -> str:
    return f"```pycon\n{found[0].rstrip()}\n```\n"
