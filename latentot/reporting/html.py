"""A composed report as one HTML page, and as Markdown."""

__all__ = ["inline_svg", "markdown_text", "to_html", "to_markdown"]

import base64
import functools
import hashlib
import html
import importlib.resources
import json
import re
from typing import TYPE_CHECKING

from latentot.reporting.figures import style
from latentot.reporting.overview import Overview
from latentot.reporting.page import Report

if TYPE_CHECKING:
    import jinja2

SCRIPTS = ("page.js", "play.js", "tables.js")
"""The page's scripts, in the order in which they run."""


_COLOURS = {
    "#ffffff": "--paper",
    style.INK: "--ink",
    style.SOFT: "--soft",
    style.BAND: "--band",
    style.OTHER_BAND: "--other-band",
    **{colour.lower(): f"--m{place}" for place, colour in enumerate(style.COLOURS)},
}
"""Colours of figures by their names in the page, which has others where it is dark."""


def to_html(report: Report | Overview) -> str:
    """The page: one file, its pictures and scripts inside it; it asks for nothing else and runs nothing else."""
    import markupsafe

    template = _environment(autoescape=True).get_template(f"{type(report).__name__.lower()}.html.j2")
    scripts = [markupsafe.Markup(text) for text in _scripts()]  # noqa: S704 - the package's own files
    return template.render(report=report, scripts=scripts, policy=_policy())


@functools.cache
def _scripts() -> tuple[str, ...]:
    folder = importlib.resources.files("latentot.reporting") / "templates"
    return tuple((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)


@functools.cache
def _policy() -> str:
    """What the page may do: nothing is fetched, and no script runs but those whose digests are here."""
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _scripts())
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def to_markdown(report: Report | Overview) -> str:
    """The same for code-hosting pages; it links the files in figures/."""
    return _environment(autoescape=False).get_template(f"{type(report).__name__.lower()}.md.j2").render(report=report)


@functools.cache
def _environment(*, autoescape: bool) -> "jinja2.Environment":
    """The templates of pages, or of Markdown, each compiled once."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("latentot.reporting"),
        autoescape=autoescape,  # noqa: S701 - Markdown has an escape of its own
        finalize=None if autoescape else markdown_text,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["inline"] = _inline_tile
    environment.filters["data"] = _as_data
    return environment


def markdown_text(value: object) -> object:
    """Text that Markdown shows as it is, in table cells too; markup marked as safe passes.

    >>> markdown_text("a|b <script> $x_1$")
    'a\\\\|b &lt;script&gt; \\\\$x\\\\_1\\\\$'
    """
    if hasattr(value, "__html__"):
        return value
    line = html.escape(" ".join(str(value).split()), quote=False)
    return re.sub(r"([\\`*_\[\]|~$#])", r"\\\1", line)


def _inline_tile(svg: str, name: str, label: str) -> object:
    import markupsafe

    return markupsafe.Markup(inline_svg(svg, name, label))  # noqa: S704 - drawn here, and its label is escaped


def _coloured(match: "re.Match[str]") -> str:
    """A colour by its name, and as it is where a page does not name it."""
    return f"var({_COLOURS[match[0]]}, {match[0]})" if match[0] in _COLOURS else match[0]


def _as_data(value: object) -> object:
    """Plain data inside a script element, which no text of theirs can end."""
    import markupsafe

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return markupsafe.Markup(text)  # noqa: S704 - no markup is left in it


def inline_svg(svg: str, name: str, label: str) -> str:
    """An SVG file's text as an element of a page: no prologue, its ids its own, as wide as there is room.

    >>> inline_svg('<?xml?>\\n<svg width="9pt" height="9pt" viewBox="0 0 9 9"><g id="a"/></svg>', "f", "A & B")
    '<svg role="img" aria-label="A &amp; B" viewBox="0 0 9 9"><g id="f-a"/></svg>'
    """
    start = svg.index("<svg ")
    head, body = svg[start:].split(">", 1)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    head = head.replace("<svg ", f'<svg role="img" aria-label="{html.escape(label)}" ', 1)
    body = re.sub(r'(\bid="|href="#|url\(#)', lambda match: f"{match[1]}{name}-", body)
    body = re.sub(r"(?<=: )#[0-9a-f]{6}\b", _coloured, body)
    return f"{head}>{body}".strip()
