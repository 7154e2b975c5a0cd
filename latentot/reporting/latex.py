"""The report as LaTeX: a fragment with tables and figures for a paper."""

__all__ = ["booktabs", "tex", "to_latex"]

from collections.abc import Sequence

from latentot.reporting.figures import Drawing
from latentot.reporting.page import Part, Report
from latentot.reporting.tables import VerdictRow

_SIGNS = {
    **{one: f"\\{one}" for one in "&%$#_{}"},
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "✓": "$\\checkmark$",
    "✗": "$\\times$",
    "\N{EN DASH}": "--",
    "∞": "$\\infty$",
    "\N{MULTIPLICATION SIGN}": "$\\times$",
    "·": "$\\cdot$",
    "≤": "$\\le$",
}
_HEAD = (
    "% Input by a paper that has \\usepackage{booktabs,amssymb,graphicx}; the sources are in report.bib.",
    "% The figures are as wide as one column (8.5 cm); paths are relative to this file.",
)


def to_latex(report: Report) -> str:
    """Verdicts as booktabs tables, and the figures with their captions."""
    parts = [_verdicts(part, report.title) for part in report.parts if part.verdicts]
    figures = [_figure(drawing) for drawing in report.drawings() if drawing.sheet]
    said = [f"% {report.headline.sentence}", "", tex(report.headline.sentence), "", tex(report.what_was_run)]
    return "\n".join([*_HEAD, *said, "", *parts, *figures, ""])


def tex(text: str) -> str:
    """Text that LaTeX shows as it is.

    >>> print(tex("5 % of a_b"))
    5 \\% of a\\_b
    """
    return "".join(_SIGNS.get(letter, letter) for letter in " ".join(text.split()))


def booktabs(rows: Sequence[VerdictRow], baseline: str, caption: str, label: str = "") -> str:
    """Verdicts as a table.

    Args:
        rows: the verdicts.
        baseline: whose drift others are shares of.
        caption, label: in LaTeX, as they are; no label if it is empty.
    """
    head = (
        "Method",
        "Verdict",
        f"Share of {baseline} drift",
        "Theory",
        "Worst metric",
        "$t$",
        "$p$",
        "Pairs",
        "Seconds",
    )
    cells = [
        (row.method, f"{row.symbol} {row.verdict}", row.share, row.theory, row.worst_metric, row.worst_t, row.p_value,
         row.pairs, row.seconds)
        for row in rows
    ]  # fmt: skip
    lines = [f"  {' & '.join(map(tex, row))} \\\\" for row in cells]
    return "\n".join([
        "\\begin{table}", f"\\caption{{{caption}}}", *([f"\\label{{{label}}}"] if label else []),
        "\\begin{tabular}{llllllrrr}", "  \\toprule", f"  {' & '.join(head)} \\\\".replace("%", "\\%"), "  \\midrule",
        *lines, "  \\bottomrule", "\\end{tabular}", "\\end{table}", "",
    ])  # fmt: skip


def _verdicts(part: Part, title: str) -> str:
    return booktabs(part.verdicts, part.baseline, f"{tex(title)}. {tex(part.title)}.")


def _figure(drawing: Drawing) -> str:
    width = "8.5cm" if len(drawing.tiles) == 1 else "\\textwidth"
    return "\n".join([
        "\\begin{figure}", f"\\includegraphics[width={width}]{{figures/{drawing.name}.pdf}}",
        f"\\caption{{{tex(drawing.heading)}. {tex(drawing.caption)}}}", "\\end{figure}", "",
    ])  # fmt: skip
