"""Models: the contract of a generative model and the discovery of plugins."""

from latentot.models.answers import decoded, encoded
from latentot.models.devices import torch_device
from latentot.models.discovery import MODELS, TRAINERS, load_model, load_trainer
from latentot.models.drawing import drawn
from latentot.models.model import Model
from latentot.models.posterior import Posterior

__all__ = [
    "MODELS",
    "TRAINERS",
    "Model",
    "Posterior",
    "decoded",
    "drawn",
    "encoded",
    "load_model",
    "load_trainer",
    "torch_device",
]
