"""Models: the contract of a generative model and the discovery of plugins."""

from latentot.models.devices import torch_device
from latentot.models.discovery import MissingOptionError, load_model, load_trainer, model_names, trainer_names
from latentot.models.model import Model
from latentot.models.posterior import Posterior

__all__ = [
    "MissingOptionError",
    "Model",
    "Posterior",
    "load_model",
    "load_trainer",
    "model_names",
    "torch_device",
    "trainer_names",
]
