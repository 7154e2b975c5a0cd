"""The fixture for pytest: what fails, with which reason, and that it costs nothing until it is used."""

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import latentot as lot
from latentot.testing import Compare, latentot_compare

SMALL = {"metrics": ["norm-ks"], "t": 0.5, "n": 400, "repeats": 2, "null_draws": 19, "seed": 0, "cache": False}

__all__ = ["latentot_compare"]  # the fixture, where the entry point is not installed


def test_verdicts_as_expected_pass(latentot_compare: Compare) -> None:
    result = latentot_compare(lot.Normal(64), expect={"lerp": "drifts"}, **SMALL)
    assert result.verdict()["method"].tolist() == ["linear"], "what is expected is what is compared"


def test_another_verdict_fails_with_its_reason(latentot_compare: Compare) -> None:
    with pytest.raises(pytest.fail.Exception) as failed:
        latentot_compare(lot.Normal(64), expect={"linear": "keeps"}, methods=["linear", "cauchy"], **SMALL)
    said = str(failed.value)
    assert said.startswith("verdicts are not as expected:\n  linear drifts, expected keeps (")
    assert "norm-ks" in said
    assert "cauchy" not in said


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ({"linear": "keep"}, r"expect takes a verdict out of keeps, drifts, inconclusive, got 'keep' for 'linear'"),
        ({}, "expect is verdicts by methods"),
        (["linear"], "expect is verdicts by methods"),
        ({"linaer": "keeps"}, "linear"),
    ],
)
def test_what_cannot_be_expected(latentot_compare: Compare, expect: object, said: str) -> None:
    with pytest.raises(lot.InputError, match=said):
        latentot_compare(lot.Normal(2), expect=expect, **SMALL)  # type: ignore[arg-type]


def test_a_method_that_is_not_compared(latentot_compare: Compare) -> None:
    with pytest.raises(lot.InputError, match="method in expect"):
        latentot_compare(lot.Normal(2), expect={"cauchy": "keeps"}, methods="linear", **SMALL)


def test_pytest_finds_it_by_the_entry_point() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    module = importlib.import_module(project["entry-points"]["pytest11"]["latentot"])
    assert module.latentot_compare is latentot_compare


def test_it_loads_nothing_until_it_is_used() -> None:
    code = "import sys, latentot.testing; print(*sorted(n for n in sys.modules if n.split('.')[0] in {%r, 'latentot'}))"
    loaded = subprocess.run([sys.executable, "-c", code % "numpy"], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == ["latentot", "latentot.testing"]
