"""A comparison in a run of MLflow."""

__all__ = ["log_mlflow"]

import tempfile

from latentot.comparison import Comparison
from latentot.errors import InputError
from latentot.exports.flat import measured, said


def log_mlflow(result: Comparison, *, step: int | None = None, report: bool = True) -> None:
    """Log drift as metrics, verdicts as tags, and the report as artifacts, to the active run of MLflow.

    Without an active run MLflow begins one.

    Args:
        result: what was found.
        step: of the training, so that drift is followed over it.
        report: whether the report's folder is logged, as `latentot`, with a step as `latentot/step-STEP`.

    Raises:
        InputError: MLflow is not installed.

    References:
        MLflow: Tracking APIs. https://mlflow.org/docs/latest/ml/tracking/tracking-api
    """
    try:
        import mlflow
    except ImportError as error:
        raise InputError("MLflow is not installed: pip install mlflow, or mlflow-skinny") from error
    mlflow.log_metrics(measured(result), step=step)
    mlflow.set_tags(said(result))
    if report:
        with tempfile.TemporaryDirectory(prefix="latentot-") as folder:
            result.report(folder)
            mlflow.log_artifacts(folder, "latentot" if step is None else f"latentot/step-{step}")
