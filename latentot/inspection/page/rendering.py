"""Writes the page of an inspection: figures/*.svg, a GIF, report.md and report.html."""

__all__ = ["render"]

import base64
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentot.errors import InputError, one_line
from latentot.inspection.findings import Figure
from latentot.inspection.folder import InspectionFolder, Operation
from latentot.inspection.page.animation import animate
from latentot.inspection.page.curves import draw_curves
from latentot.inspection.page.pictures import draw_pictures, frames_of
from latentot.reporting.figures import Drawing
from latentot.reporting.figures.style import figure_name
from latentot.reporting.formats import NOTHING, count, number
from latentot.reporting.html import inline_svg, markdown_text
from latentot.reporting.tables import settings
from latentot.writing import Content, write_whole

if TYPE_CHECKING:
    import jinja2
    import pandas as pd

ROWS = 24
"""Of a table on the page; its file has all."""


@dataclass(frozen=True)
class Shown:
    """A figure that is drawn, and the file that it has in the folder; a GIF has no tiles."""

    drawing: Drawing
    file: str
    content: bytes = b""
    pictures: bool = False

    @property
    def animated(self) -> bool:
        """Whether it is a GIF."""
        return self.file.endswith(".gif")

    @property
    def source(self) -> str:
        """The GIF within the page."""
        return f"data:image/gif;base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True)
class Rows:
    """A table, written out."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int


@dataclass(frozen=True)
class Part:
    """An operation, written out."""

    operation: Operation
    tables: tuple[Rows, ...]
    figures: tuple[Shown, ...]


def render(folder: Path | str) -> Path:
    """Renders what a folder stores. Nothing is computed again, and the same folder gives the same bytes.

    Args:
        folder: where inspection.json lies.

    Returns:
        The path of report.html, one file that opens offline.

    Raises:
        InputError: the folder cannot be read as an inspection, or not be written to.
    """
    run = InspectionFolder.read(folder)
    parts = tuple(_part(run, operation) for operation in run.facts.operations)
    page = run.path / "report.html"
    files: dict[Path, Content] = {
        run.path / "figures" / shown.file: shown.content for part in parts for shown in part.figures if shown.content
    }
    about: dict[str, Any] = {
        "facts": run.facts,
        "parts": parts,
        "settings": settings(run.facts.settings),
        "model": settings(run.facts.model),
        "data": settings(run.facts.data),
        "machine": settings(run.facts.machine),
        "versions": settings(run.facts.versions),
    }
    for name, escaped in (("report.md", False), ("report.html", True)):
        template = _environment(autoescape=escaped).get_template(f"inspection.{name.rpartition('.')[2]}.j2")
        files[run.path / name] = template.render(**about).encode()
    try:
        (run.path / "figures").mkdir(exist_ok=True)
        write_whole(files)
    except OSError as error:
        raise InputError(f"cannot write {page} ({error.strerror}): make the folder writable, or copy it") from error
    return page


def _part(run: InspectionFolder, operation: Operation) -> Part:
    tables = tuple(_rows(table.name, table.caption, run.tables[table.name]) for table in operation.tables)
    return Part(operation, tables, tuple(_shown(run, figure) for figure in operation.figures))


def _shown(run: InspectionFolder, figure: Figure) -> Shown:
    """A figure that cannot be drawn costs itself only, and says why."""
    name = figure_name(figure.name)
    try:
        if figure.animated and (pixels := frames_of(figure, run.arrays)) is not None:
            gif = animate(pixels, figure.panels[0].rows)
            return Shown(Drawing(name, figure.heading, figure.caption), f"{name}.gif", gif)
        if not figure.panels:
            return Shown(Drawing(name, figure.heading, figure.caption), "")
        draw = draw_pictures if figure.panels[0].pictures else draw_curves
        drawing = draw(figure, run.arrays)
    except Exception as error:
        why = f"This figure could not be drawn ({one_line(error)}); the numbers are stored beside this page."
        return Shown(Drawing(name, figure.heading, why), "")
    pictures = bool(figure.panels[0].pictures)
    return Shown(drawing, f"{name}.svg" if drawing.tiles else "", drawing.sheet.encode(), pictures)


def _rows(name: str, caption: str, frame: "pd.DataFrame") -> Rows:
    columns = tuple(column.replace("_s_", "'s_").replace("_", " ") for column in frame.columns)
    shown = frame.head(ROWS)
    rows = tuple(tuple(_cell(value) for value in row) for row in shown.itertuples(index=False))
    return Rows(name, caption, columns, rows, len(frame) - len(shown))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return count(value)
    return NOTHING if value is None else number(float(value))


@functools.cache
def _environment(*, autoescape: bool) -> "jinja2.Environment":
    """The templates, each compiled once; the style is that of reports."""
    import jinja2
    import markupsafe

    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader("latentot.inspection"), jinja2.PackageLoader("latentot.reporting")]
        ),
        autoescape=autoescape,  # noqa: S701 - Markdown has an escape of its own
        finalize=None if autoescape else markdown_text,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def inline(svg: str, name: str, label: str) -> object:
        return markupsafe.Markup(inline_svg(svg, name, label))  # noqa: S704 - drawn here, and its label is escaped

    environment.filters["inline"] = inline
    return environment
