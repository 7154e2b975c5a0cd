"""The figures of a report, each drawn from what a run folder stores."""

from latentot.report.figures.attempt import attempted
from latentot.report.figures.drift import draw_drift
from latentot.report.figures.norms import draw_norms
from latentot.report.figures.strips import draw_strips
from latentot.report.figures.style import Drawing

__all__ = ["Drawing", "attempted", "draw_drift", "draw_norms", "draw_strips"]
