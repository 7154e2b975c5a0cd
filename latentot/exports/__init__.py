"""What was found, for a model card and for trackers of experiments; each library is loaded by its own function."""

from latentot.exports.mlflow_run import log_mlflow
from latentot.exports.model_card import model_index
from latentot.exports.wandb_run import log_wandb

__all__ = ["log_mlflow", "log_wandb", "model_index"]
