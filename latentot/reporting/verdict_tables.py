"""Verdicts as a table to paste: Markdown, and LaTeX with booktabs."""

__all__ = ["verdicts_latex", "verdicts_markdown"]

from latentot.reporting.answer import subject_name
from latentot.reporting.html import markdown_text
from latentot.reporting.latex import booktabs, tex
from latentot.reporting.populations import baseline, population_title
from latentot.reporting.tables import verdict_rows
from latentot.runformat import Population, RunFolder


def verdicts_markdown(run: RunFolder, population: Population) -> str:
    """The verdicts of one population as a Markdown table.

    Args:
        run: the run.
        population: the one whose verdicts are listed.
    """
    share = f"Share of {baseline(population.space)} drift"
    rows = [
        ("Method", "Verdict", share, "Theory", "Worst metric", "t", "p", "Pairs", "Seconds"),
        (*[":--"] * 5, *["--:"] * 4),
    ]
    for row in verdict_rows(run, population):
        cells = (row.method, f"{row.symbol} {row.verdict}", row.share, row.theory, row.worst_metric, row.worst_t)
        rows.append(tuple(str(markdown_text(own)) for own in (*cells, row.p_value, row.pairs, row.seconds)))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def verdicts_latex(run: RunFolder, population: Population, caption: str = "", label: str = "") -> str:
    """The verdicts of one population as a LaTeX table, for a paper that has `booktabs` and `amssymb`.

    Args:
        run: the run.
        population: the one whose verdicts are listed.
        caption: in LaTeX, as it is; what was compared, if it is empty.
        label: of the table, as it is; none if it is empty.
    """
    said = caption or f"{tex(subject_name(run))}. {tex(population_title(population))}."
    return booktabs(verdict_rows(run, population), baseline(population.space), said, label)
