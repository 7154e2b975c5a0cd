"""Data sources: images to train a model on, and held-out ones to walk between."""

from latentot.data.catalogue import data_sources, load_data
from latentot.data.split import Data

__all__ = ["Data", "data_sources", "load_data"]
