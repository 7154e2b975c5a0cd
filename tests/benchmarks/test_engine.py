"""The scripts that measure what the engine costs, and whether a cluster finds the same, run."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def printed(script: str, *arguments: str) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_milliseconds_a_cell() -> None:
    assert "one process" in printed("speed/engine.py", "one process", "100")


def test_a_worker_killed_midway() -> None:
    pytest.importorskip("distributed")
    assert "killed: True, the same table: True" in printed("cluster.py", "24")
