"""Files are written wholly or not at all, and together."""

import os
from pathlib import Path
from typing import IO, Any

import pytest

from latentot.writing import write_whole


def full(*_: Any, **__: Any) -> None:
    raise OSError(28, "No space left on device")


def half(file: IO[bytes]) -> None:
    file.write(b"half of it")
    full()


@pytest.fixture
def old(tmp_path: Path) -> dict[Path, bytes]:
    """Two files that are there."""
    files = {tmp_path / "a": b"old a", tmp_path / "b": b"old b"}
    write_whole(dict(files))
    return files


def stored(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.iterdir()}


def test_new_files_take_the_place_of_old_ones(old: dict[Path, bytes], tmp_path: Path) -> None:
    write_whole({tmp_path / "a": b"new", tmp_path / "c": lambda file: file.write(b"written")}, synced=True)
    assert stored(tmp_path) == old | {tmp_path / "a": b"new", tmp_path / "c": b"written"}


def test_a_file_that_fails_leaves_all_as_they_were(old: dict[Path, bytes], tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        write_whole({tmp_path / "a": b"new", tmp_path / "b": half})
    assert stored(tmp_path) == old


@pytest.mark.parametrize("broken", ["os.fsync", "os.replace"])
def test_a_disk_that_fails_leaves_all_as_they_were(
    broken: str, old: dict[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broken, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole({tmp_path / "a": b"new", tmp_path / "b": b"new"}, synced=True)
    assert stored(tmp_path) == old


def test_files_have_the_permissions_of_any(old: dict[Path, bytes], tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    assert {os.stat(path).st_mode for path in old} == {(tmp_path / "ordinary").stat().st_mode}  # noqa: PTH116


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole({tmp_path / "below" / "a": b""})
    assert stored(tmp_path) == {}
