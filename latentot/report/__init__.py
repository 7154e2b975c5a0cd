"""Reports: a stored run becomes tables, figures and one page; nothing is computed again."""

from latentot.report.rendering import render
from latentot.report.run_folder import RunFolder

__all__ = ["RunFolder", "render"]
