"""Reports: a stored run becomes tables, figures and one page; nothing is computed again."""

from latentot.reporting.diff import Changes, diff
from latentot.reporting.figures import draw_drift, draw_norms, draw_price, draw_strips, figure_of
from latentot.reporting.populations import baseline
from latentot.reporting.rendering import FORMATS, render, render_overview, render_together
from latentot.reporting.verdict_tables import verdicts_latex, verdicts_markdown

__all__ = [
    "FORMATS",
    "Changes",
    "baseline",
    "diff",
    "draw_drift",
    "draw_norms",
    "draw_price",
    "draw_strips",
    "figure_of",
    "render",
    "render_overview",
    "render_together",
    "verdicts_latex",
    "verdicts_markdown",
]
