"""A comparison in a run of Weights & Biases."""

__all__ = ["log_wandb"]

import tempfile
from typing import Any

from latentot.comparison import Comparison
from latentot.errors import InputError
from latentot.exports.flat import measured, said


def log_wandb(result: Comparison, *, run: Any = None, step: int | None = None, report: bool = True) -> None:
    """Log drift as metrics, verdicts to the summary, and the report as a page and an artifact, to a run of W&B.

    Args:
        result: what was found.
        run: what `wandb.init` gave; the active one by default.
        step: of the training, so that drift is followed over it.
        report: whether the page is logged as `latentot/report`, and its folder as the artifact `latentot-report`.

    Raises:
        InputError: wandb is not installed, or no run is active.

    References:
        Weights & Biases: Python SDK. https://docs.wandb.ai/ref/python
    """
    try:
        import wandb
    except ImportError as error:
        raise InputError("Weights & Biases is not installed: pip install wandb") from error
    run = wandb.run if run is None else run
    if run is None:
        raise InputError("no run of Weights & Biases is active: call wandb.init(), or give one as run=")
    values: dict[str, Any] = dict(measured(result))
    if report:
        with tempfile.TemporaryDirectory(prefix="latentot-") as folder:
            page = result.report(folder)
            # As text, since a path would be read after the folder is gone.
            values["latentot/report"] = wandb.Html(page.read_text(encoding="utf-8"), inject=False)
            artifact = wandb.Artifact("latentot-report", type="report")
            artifact.add_dir(folder)
            run.log_artifact(artifact)
    run.log(values, step=step)
    run.summary.update(said(result))
