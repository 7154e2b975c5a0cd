"""The figures of a report, each drawn from what a run folder stores."""

from latentot.reporting.figures.attempt import attempted, attempted_all
from latentot.reporting.figures.coordinates import draw_coordinates, draw_correlations
from latentot.reporting.figures.course import draw_courses
from latentot.reporting.figures.drift import draw_drift
from latentot.reporting.figures.norms import draw_norms
from latentot.reporting.figures.price import draw_price
from latentot.reporting.figures.shares import draw_shares
from latentot.reporting.figures.shell import draw_shell
from latentot.reporting.figures.strips import draw_strips
from latentot.reporting.figures.style import Drawing
from latentot.reporting.figures.taken import figure_of

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
