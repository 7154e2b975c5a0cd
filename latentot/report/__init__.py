"""Reports: a stored run becomes tables, figures and one page; nothing is computed again."""

from latentot.report.diff import Changes, diff
from latentot.report.rendering import FORMATS, render, render_overview, render_together

__all__ = ["FORMATS", "Changes", "diff", "render", "render_overview", "render_together"]
