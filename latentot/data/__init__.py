"""Data sources: images to train a model on, and held-out ones to walk between."""

from latentot.data.catalogue import SOURCES, data_sources, load_data, source_of
from latentot.data.split import Data

__all__ = ["SOURCES", "Data", "data_sources", "load_data", "source_of"]
