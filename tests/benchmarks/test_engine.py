"""The scripts that measure what the engine costs, and whether a cluster finds the same, run."""

import runpy
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_milliseconds_a_cell(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(BENCHMARKS / "speed" / "engine.py"))["measure"]("one process", 100)
    assert "one process" in capsys.readouterr().out


def test_a_worker_killed_midway(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    runpy.run_path(str(BENCHMARKS / "cluster.py"))["main"](24)
    assert "killed: True, the same table: True" in capsys.readouterr().out
