"""Plugins of third parties, installed for real into a folder of their own."""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from latentot.catalogue import refresh
from latentot.cli import main

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
def fresh(tmp_path: Path) -> Callable[..., Finished]:
    """Runs the command in a fresh process and an empty folder; `path` goes before what PYTHONPATH has."""
    command = shutil.which("latentot", path=str(Path(sys.executable).parent))
    assert command is not None, "the command is installed beside the interpreter"

    def run(*arguments: str, path: list[Path]) -> Finished:
        environment = os.environ | {"PYTHONPATH": _searched(path)}
        return subprocess.run(
            [command, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
        )

    return run


@pytest.fixture
def latentot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Finished]:
    """Runs the command in this process, as if it were a fresh one: what a process imports before is paid once.

    What is installed in `path` is known for as long as the command runs, here and in workers that it starts.
    """

    def run(*arguments: str, path: list[Path]) -> Finished:
        before = set(sys.modules)
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["latentot", *arguments])
            patch.setattr(sys, "path", [*map(str, path), *sys.path])
            patch.setenv("PYTHONPATH", _searched(path))
            _look_again()
            capsys.readouterr()
            try:
                with pytest.raises(SystemExit) as ended:
                    main()
            finally:
                for name in set(sys.modules) - before:
                    if any(str(folder) in str(getattr(sys.modules[name], "__file__", "")) for folder in path):
                        del sys.modules[name]
        _look_again()
        return Finished(["latentot", *arguments], ended.value.code or 0, *capsys.readouterr())

    return run


def _look_again() -> None:
    importlib.invalidate_caches()
    refresh()


def _searched(path: list[Path]) -> str:
    before = os.environ.get("PYTHONPATH")
    return os.pathsep.join([*map(str, path), *([before] if before else [])])
