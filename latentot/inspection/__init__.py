"""Inspection: what a model's latent space does with data, as numbers; nothing here draws or writes."""

from latentot.inspection.around import around
from latentot.inspection.coordinates import ACTIVE, Coordinates, coordinates
from latentot.inspection.grid import latent_grid
from latentot.inspection.reconstruction import Reconstruction, reconstruction

__all__ = ["ACTIVE", "Coordinates", "Reconstruction", "around", "coordinates", "latent_grid", "reconstruction"]
