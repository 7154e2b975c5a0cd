"""The software that numbers depend on: nothing of it changes unseen."""

from pathlib import Path

import pytest

from latentot.study.execution import software


@pytest.mark.parametrize("changed", ["a byte", "a file's name", "NumPy", "SciPy", "POT"])
def test_source_is_that_of_all_that_computes(changed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "latentot"
    (package / "study").mkdir(parents=True)
    (package / "metrics.py").write_text("a = 1", encoding="utf-8")
    versions = {"numpy": "1", "scipy": "2", "POT": "3"}
    monkeypatch.setattr(software, "__file__", str(package / "study" / "execution" / "software.py"))
    monkeypatch.setattr(software.importlib.metadata, "version", versions.__getitem__)
    digest = software.digest.__wrapped__
    before = digest()
    assert digest() == before
    if changed == "a byte":
        (package / "metrics.py").write_text("a = 2", encoding="utf-8")
    elif changed == "a file's name":
        (package / "metrics.py").rename(package / "other.py")
    else:
        versions[{"NumPy": "numpy", "SciPy": "scipy", "POT": "POT"}[changed]] = "4"
    assert digest() != before
