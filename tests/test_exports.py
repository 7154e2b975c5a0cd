"""What trackers and model cards are given: stand-ins of the documented calls, and the libraries where they are."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.exports import log_mlflow, log_wandb, model_index


@pytest.fixture(scope="module")
def result() -> lot.Comparison:
    """One method that drifts, and one whose name no tracker accepts."""
    methods = ["linear", ("mine, of <100 %>", lambda z0, *_: z0)]
    return lot.compare(
        lot.Normal(16), methods, ["norm-ks"], t=0.5, n=60, repeats=2, null_draws=19, seed=0, cache=False
    )  # fmt: skip


class Recorder:
    """Keeps what is called, by name."""

    def __init__(self) -> None:
        self.calls: dict[str, tuple[Any, ...]] = {}

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **settings: Any) -> "Recorder":
            # What a folder holds now: it is gone afterwards.
            folder = Path(args[0]) if name in {"log_artifacts", "add_dir"} else None
            files = [{path.name for path in folder.iterdir()}] if folder else []
            self.calls[name] = (*files, *args, *settings.values())
            return self

        return call


def check_numbers(numbers: dict[str, float], result: lot.Comparison) -> None:
    row = result.verdict().iloc[0]
    names = ("share", "share_low", "share_high", "excess", "p_value", "seconds")
    expected = {f"latentot/prior/linear/{name}": row[name] for name in names} | {"latentot/prior/linear/keeps": 0.0}
    assert {name: numbers[name] for name in expected} == pytest.approx(expected)
    assert {name.split("/")[2] for name in numbers} == {"linear", "mine-of-100"}
    assert np.isfinite(list(numbers.values())).all()


def test_mlflow_is_given_metrics_tags_and_the_report(result: lot.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", mlflow := Recorder())  # type: ignore[arg-type]
    log_mlflow(result, step=3)
    numbers, step = mlflow.calls["log_metrics"]
    check_numbers(numbers, result)
    assert step == 3
    assert mlflow.calls["set_tags"][0]["latentot/prior/linear/verdict"] == "drifts"
    files, folder, place = mlflow.calls["log_artifacts"]
    assert {"report.html", "run.json", "results.csv"} <= files
    assert place == "latentot/step-3"
    assert not Path(folder).exists()


def test_wandb_is_given_metrics_a_page_and_an_artifact(result: lot.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    run, artifact = Recorder(), Recorder()
    run.summary = Recorder()
    stand_in = SimpleNamespace(run=run, Html=lambda text, **_: text, Artifact=lambda *_, **__: artifact)
    monkeypatch.setitem(sys.modules, "wandb", stand_in)  # type: ignore[arg-type]
    log_wandb(result, step=3)
    values, step = run.calls["log"]
    assert values.pop("latentot/report").startswith("<!")
    check_numbers(values, result)
    assert step == 3
    assert "report.html" in artifact.calls["add_dir"][0]
    assert run.calls["log_artifact"] == (artifact,)
    assert run.summary.calls["update"][0]["latentot/prior/linear/verdict"] == "drifts"


def test_without_a_report_no_file_is_written(result: lot.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", mlflow := Recorder())  # type: ignore[arg-type]
    log_mlflow(result, report=False)
    assert set(mlflow.calls) == {"log_metrics", "set_tags"}


def test_wandb_without_a_run(result: lot.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wandb", SimpleNamespace(run=None))  # type: ignore[arg-type]
    with pytest.raises(lot.InputError, match=r"no run .* is active: call wandb.init\(\)"):
        log_wandb(result)


@pytest.mark.parametrize(("log", "library"), [(log_mlflow, "mlflow"), (log_wandb, "wandb")])
def test_libraries_that_are_absent(
    result: lot.Comparison, monkeypatch: pytest.MonkeyPatch, log: Any, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # type: ignore[arg-type]
    with pytest.raises(lot.InputError, match=f"is not installed: pip install {library}"):
        log(result)


def test_mlflow_itself(result: lot.Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow = pytest.importorskip("mlflow", reason="MLflow is not installed")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "runs").as_uri())
    client = mlflow.MlflowClient()
    with mlflow.start_run() as run:
        log_mlflow(result)
    kept = client.get_run(run.info.run_id).data
    check_numbers(kept.metrics, result)
    assert kept.tags["latentot/prior/linear/verdict"] == "drifts"
    assert "latentot/report.html" in {file.path for file in client.list_artifacts(run.info.run_id, "latentot")}


def test_wandb_itself(result: lot.Comparison, tmp_path: Path) -> None:
    wandb = pytest.importorskip("wandb", reason="Weights & Biases is not installed")
    with wandb.init(mode="offline", dir=tmp_path) as run:
        log_wandb(result, run=run)
        kept = dict(run.summary)
    check_numbers({name: own for name, own in kept.items() if isinstance(own, int | float) and "/" in name}, result)
    assert kept["latentot/prior/linear/verdict"] == "drifts"
    (page,) = tmp_path.rglob("media/html/latentot/*.html")
    assert page.read_text(encoding="utf-8").startswith("<!"), "the page itself, and not its path"


def test_a_model_index_has_drift_and_verdict_of_every_method(result: lot.Comparison) -> None:
    (model,) = model_index(result, "mine")["model-index"]
    (found,) = model["results"]
    assert model["name"] == "mine"
    assert (found["dataset"]["type"], found["dataset"]["name"]) == ("latents", "draws of the prior, Normal(16)")
    values = {(metric["args"]["method"], metric["type"]): metric["value"] for metric in found["metrics"]}
    row = result.verdict().iloc[0]
    assert values["linear", "drift-share"] == pytest.approx(row["share"], rel=1e-3)
    assert values["linear", "verdict"] == "drifts"
    assert {method for method, _ in values} == {"linear", "mine, of <100 %>"}


def test_populations_are_results_of_their_own() -> None:
    encoder = lambda x: lot.Posterior(x.reshape(len(x), -1)[:, :3] / 8 - 1, np.full((len(x), 3), 0.5))  # noqa: E731
    model = lot.Model(lot.Normal(3), lambda z: z, encoder, name="eye")
    found = lot.compare(
        model, "linear", "norm-ks", t=0.5, n=60, repeats=2, null_draws=19, seed=0, data="digits", cache=False
    )  # fmt: skip
    (card,) = model_index(found)["model-index"]
    assert card["name"] == "eye"
    assert len({json.dumps(own["dataset"]) for own in card["results"]}) == len(found.outcome.facts["populations"]) > 1


def test_the_hub_takes_a_model_index(result: lot.Comparison) -> None:
    hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    yaml = pytest.importorskip("yaml")
    index = model_index(result, "mine")
    card = hub.ModelCardData(license="mit", **index)
    assert card.model_name == "mine"
    assert {(own.metric_type, own.metric_value) for own in card.eval_results} >= {("verdict", "drifts")}
    assert yaml.safe_load(json.dumps(index, indent=1)) == index
    assert yaml.safe_load(str(card))["model-index"][0]["name"] == "mine"
