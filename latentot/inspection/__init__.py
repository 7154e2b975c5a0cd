"""Inspection: what a model's latent space does with data; `inspect` does it all, the rest are its numbers."""

from latentot.inspection.around import around
from latentot.inspection.coordinates import ACTIVE, Coordinates, coordinates
from latentot.inspection.grid import latent_grid
from latentot.inspection.inspected import Inspection
from latentot.inspection.inspecting import inspect
from latentot.inspection.page.rendering import render
from latentot.inspection.reconstruction import Reconstruction, reconstruction
from latentot.inspection.sizes import Sizes

__all__ = [
    "ACTIVE",
    "Coordinates",
    "Inspection",
    "Reconstruction",
    "Sizes",
    "around",
    "coordinates",
    "inspect",
    "latent_grid",
    "reconstruction",
    "render",
]
