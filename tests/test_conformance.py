"""The kit under pytest, as an author uses it: in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = Path(__file__).parent / "checks" / "model" / "broken_plugins.py"
CHECKS = 15


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An author's folder, with a plugin that is installed there."""
    metadata = tmp_path / "mine-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    points = "[latentot.models]\nmine = mine_of_test:right\nmixed = mine_of_test:order\nneedy = mine_of_test:needy\n"
    (metadata / "entry_points.txt").write_text(points)
    needy = "\n\ndef needy(checkpoint: str) -> lot.Model:\n    return right()\n"
    (tmp_path / "mine_of_test.py").write_text(BROKEN.read_text(encoding="utf-8") + needy)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def run(project: Path, *arguments: str) -> str:
    path = os.pathsep.join([str(project), *sys.path])
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", "-rsxf", *arguments]
    done = subprocess.run(
        command, cwd=project, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_one_line_in_a_test_file(project: Path) -> None:
    (project / "test_mine.py").write_text(
        "from latentot.conformance import conforms\n"
        "test_mine = conforms('mine', options={'dim': 4})\n"
        "test_mixed = conforms('mixed', expected_failures={'order': 'rows are mixed on purpose'})\n"
        "test_batched = conforms('mixed')\n"
    )
    out = run(project)
    assert re.search(r"FAILED test_mine.py::test_batched\[order\]", out), out
    assert "a datum must depend on its own latent only" in out
    assert re.search(r"XFAIL test_mine.py::test_mixed\[order\].*rows are mixed on purpose", out), out
    # The order of rows shows in batches too; of every model the check of gradients is skipped.
    assert re.search(r"3 failed, 38 passed, 3 skipped, 1 xfailed", out), out


def test_all_that_is_installed(project: Path) -> None:
    out = run(project, "--pyargs", "latentot.conformance", "-k", "mine or needy")
    assert re.search(rf"{CHECKS - 1} passed, {CHECKS + 1} skipped", out), out
    assert "the model 'needy' needs the option checkpoint; give it in a test file" in out
