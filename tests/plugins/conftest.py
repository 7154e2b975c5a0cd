"""Plugins of third parties, installed for real into a folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Not ours to collect: they belong to nobody's environment, and one cannot even be imported.
collect_ignore_glob = ["*_model/*", "plain_paths/*"]

HERE = Path(__file__).parent
Finished = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all plugins, installed from copies: building may leave files in a source folder."""
    sources = tmp_path_factory.mktemp("sources")
    names = ["plain_model", "broken_model", "plain_paths"]
    for name in names:
        shutil.copytree(HERE / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-build-isolation", "--no-index", "--target", str(target)]
    done = subprocess.run([*command, *(str(sources / name) for name in names)], capture_output=True, text=True)  # noqa: PLW1510
    assert done.returncode == 0, f"offline, hatchling must be installed beside pytest:\n{done.stderr}"
    return target


@pytest.fixture
def latentot(tmp_path: Path) -> Callable[..., Finished]:
    """Runs the command in a fresh process and an empty folder; `path` goes before what PYTHONPATH has."""
    command = shutil.which("latentot", path=str(Path(sys.executable).parent))
    assert command is not None, "the command is installed beside the interpreter"

    def run(*arguments: str, path: list[Path]) -> Finished:
        before = os.environ.get("PYTHONPATH")
        searched = os.pathsep.join([*map(str, path), *([before] if before else [])])
        environment = os.environ | {"PYTHONPATH": searched}
        return subprocess.run(
            [command, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
        )

    return run
