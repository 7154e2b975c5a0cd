"""The report as one PDF: the answer and the verdicts on the first page, a figure on each further one."""

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
        for figure in figures.values():
            pdf.savefig(figure)
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
    captions = (f"Figure {place}: {own.heading}. {own.caption}" for place, own in enumerate(_drawn(report), 1))
    return [*said, report.what_was_run, "", *report.promises, "", *captions]


def _drawn(report: Report) -> list[style.Drawing]:
    return [drawing for drawing in report.drawings() if drawing.sheet]
