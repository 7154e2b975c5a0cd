"""The figures of a report, each drawn from what a run folder stores."""

from latentot.report.figures.attempt import attempted, attempted_all
from latentot.report.figures.coordinates import draw_coordinates, draw_correlations
from latentot.report.figures.course import draw_courses
from latentot.report.figures.drift import draw_drift
from latentot.report.figures.norms import draw_norms
from latentot.report.figures.price import draw_price
from latentot.report.figures.shares import draw_shares
from latentot.report.figures.shell import draw_shell
from latentot.report.figures.strips import draw_strips
from latentot.report.figures.style import Drawing
from latentot.report.figures.taken import figure_of

__all__ = [
    "Drawing",
    "attempted",
    "attempted_all",
    "draw_coordinates",
    "draw_correlations",
    "draw_courses",
    "draw_drift",
    "draw_norms",
    "draw_price",
    "draw_shares",
    "draw_shell",
    "draw_strips",
    "figure_of",
]
