"""The scripts of benchmarks/validity, as modules."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "validity"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a script of the folder by name, as the scripts do one another."""
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module
