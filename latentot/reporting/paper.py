"""The report as one PDF: the answer and the verdicts on the first page, then a figure with its caption on each."""

__all__ = ["to_paper"]

import io
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from latentot.reporting.figures import style
from latentot.reporting.page import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PAGE = (8.27, 11.69)  # inches: A4
_LETTERS = 92  # of a line
_LINES = 66  # of a page
_LETTERS_AN_INCH = 19  # of a caption
_GAP = 0.15  # inches between a figure and its caption, and around both


def to_paper(report: Report, figures: Mapping[str, "Figure"]) -> bytes:
    """A PDF; the same report gives the same bytes.

    Args:
        report: what is said.
        figures: by their names, in their order.
    """
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages

    lines = [line for text in _said(report) for line in (textwrap.wrap(text, _LETTERS) or [""])]
    stream, nothing = io.BytesIO(), dict.fromkeys(("CreationDate", "Creator", "Producer"))
    with style.styled(), matplotlib.rc_context({"pdf.fonttype": 42}), PdfPages(stream, metadata=nothing) as pdf:
        for start in range(0, len(lines), _LINES):
            page = style.new_figure(*_PAGE)
            for place, line in enumerate(lines[start : start + _LINES]):
                weight = "bold" if start == 0 and place == 0 else "normal"
                page.text(0.08, 0.95 - 0.0136 * place, line, fontsize=8.5, weight=weight, family="monospace", va="top")
            pdf.savefig(page)
        captions = {drawing.name: f"{drawing.heading}. {drawing.caption}" for drawing in report.drawings()}
        for number, (name, figure) in enumerate(figures.items(), 1):
            width = int(figure.get_figwidth() * _LETTERS_AN_INCH)
            caption = "\n".join(textwrap.wrap(f"Figure {number}: {captions[name]}", width))
            figure.text(0.02, -_GAP / figure.get_figheight(), caption, fontsize=7, linespacing=1.4, va="top")
            pdf.savefig(figure, bbox_inches="tight", pad_inches=_GAP)
    return stream.getvalue()


def _said(report: Report) -> list[str]:
    said = [report.title, report.subject, "", report.headline.sentence, ""]
    if report.controls.headline:
        said += [f"{report.controls.headline}: do not rely on this run.", *report.controls.failed, ""]
    for part in report.parts:
        said += [part.title, *(
            f"  {style.label(row.method, 24):<25}{row.symbol} {row.verdict:<13}{row.share:<19}{row.theory}"
            for row in part.verdicts
        ), ""]  # fmt: skip
        said += [part.answer, ""]
    return [*said, report.what_was_run, "", *report.promises]
