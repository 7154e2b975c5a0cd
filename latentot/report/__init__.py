"""Reports: a stored run becomes tables, figures and one page; nothing is computed again."""

from latentot.report.diff import Changes, diff
from latentot.report.rendering import render, render_overview

__all__ = ["Changes", "diff", "render", "render_overview"]
