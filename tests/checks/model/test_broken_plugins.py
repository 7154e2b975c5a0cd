"""Every check catches the plugin that breaks what it asserts, and says what to change."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import latentot as lot
from latentot.checks.model import CHECKS, examined

CODE = (Path(__file__).parent / "broken_plugins.py").read_text(encoding="utf-8")
NAMES = [check.name for check in CHECKS]
ADVICE = {
    "decode-shape": r"gives shape \(12,\) for 12 latents of shape \(12, 3\): return \(n, \*data shape\)",
    "finite": r"NaN or infinite values for \d+ of 256 draws of the prior: keep numbers in range",
    "deterministic": r"decode differs the second time: .*deterministic=False",
    "batch-size": r"different data for latents in batches of 1 than in one of 12: .*call eval\(\)",
    "order": "depend on its own latent only",
    "inputs-kept": "decode changes the array that it is given: work on a copy",
    "prior-law": r"1000 draws of prior.sample do not follow RandNotRandn.*rand, they fill the positive orthant only",
    "prior-seed": "the same latents for another rng: take random numbers from the rng given",
    "encode-shape": r"a scale of shape \(12, 1\) for 12 data: return .*\(12, 3\)",
    "encode-scale": r"scales between -2 and -2: .*of a log-variance v it is exp\(v / 2\)",
    "gradients": r"decode of torch arrays ends with .*compute in torch throughout",
    "provenance": r"'pixels' of its provenance cannot be stored .*int64.*make it text, a finite number",
    "plain-options": "the option network is object .*take plain data",
    "same-options": "make two models, decode of which differs: fix the seed",
    "fresh-process": "in a fresh process the model fails: .*libfoo was not initialised",
}


@pytest.fixture
def plugins(announce: Callable[..., None]) -> None:
    points = {name: f"broken_plugins_of_test:{name.replace('-', '_')}" for name in NAMES}
    points["right"] = "broken_plugins_of_test:right"
    announce("broken-plugins", models=points, modules={"broken_plugins_of_test": CODE})


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize("name", NAMES)
def test_every_check_catches_its_plugin(name: str) -> None:
    if name == "gradients":
        pytest.importorskip("torch")
    options = {"network": object()} if name == "plain-options" else {}
    if name == "fresh-process":
        importlib.import_module("broken_plugins_of_test").PREPARED.append("libfoo")
    (check,) = (check for check in CHECKS if check.name == name)
    case, _ = examined(name, options=options)
    result = check.result(case)
    assert result.outcome == "failed"
    message = result.message
    assert "\n" not in message
    assert re.search(ADVICE[name], message), message


@pytest.mark.usefixtures("plugins")
def test_a_right_one_passes_all() -> None:
    report = lot.check_model("right", options={"dim": 4})
    report.raise_on_failure()
    assert {result.check: result.outcome for result in report.results} == {
        name: "skipped" if name == "gradients" else "passed" for name in NAMES
    }
