"""What every test shares."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def null_bands_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Null bands that other tests, or the user of this machine, have kept are not read."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("LATENTOT_CACHE", str(folder))
    return folder
