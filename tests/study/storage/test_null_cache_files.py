"""Files of null bands: damaged, foreign, or in a place that cannot be written to, they are as good as none."""

import os
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentot.study import default_folder

Ran = Callable[..., Any]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@dataclass(frozen=True)
class Bomb:
    """Unpickled, it writes a file."""

    path: Path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


class TestDamage:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda _: b"",
            lambda whole: whole[:20],
            lambda whole: whole[:32],
            lambda whole: whole[:-1],
            lambda whole: whole + b"\0",
            lambda whole: whole + whole[32:],
            lambda whole: whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
            lambda whole: bytes([whole[0] ^ 1]) + whole[1:],
            lambda whole: b"\0" * len(whole),
            lambda whole: b"PK\3\4" + whole,
            lambda whole: b"\x93NUMPY" + whole,
        ],
        ids=[
            "empty", "cut in the digest", "digest only", "cut", "longer", "twice", "a bit", "a bit of the digest",
            "zeros", "archive", "array",
        ],
    )  # fmt: skip
    def test_is_as_good_as_none_and_made_good(
        self, kept: Any, folder: Path, damage: Callable[[bytes], bytes], ran: Ran
    ) -> None:
        (path,) = files(folder)
        whole = path.read_bytes()
        path.write_bytes(damage(whole))
        again = ran(folder)
        assert again.null_cells == 4
        np.testing.assert_array_equal(again.draws, kept.draws)
        assert path.read_bytes() == whole

    @pytest.mark.usefixtures("kept")
    def test_the_band_of_another_key_is_not_taken(self, folder: Path, ran: Ran) -> None:
        (path,) = files(folder)
        ran(folder, seed=1)
        (other,) = set(files(folder)) - {path}
        other.write_bytes(path.read_bytes())
        assert ran(folder, seed=1).null_cells == 4

    @pytest.mark.usefixtures("kept")
    def test_a_folder_in_its_place(self, folder: Path, ran: Ran) -> None:
        (path,) = files(folder)
        path.unlink()
        path.mkdir()
        assert ran(folder).null_cells == 4
        assert files(folder) == [path], "nothing half written is left behind"

    @pytest.mark.usefixtures("kept")
    def test_nothing_is_unpickled(self, folder: Path, tmp_path: Path, ran: Ran) -> None:
        (path,) = files(folder)
        bomb = np.empty(1, dtype=object)
        bomb[0] = Bomb(tmp_path / "went off")
        path.write_bytes(pickle.dumps(bomb[0]))
        assert ran(folder).null_cells == 4
        with path.open("wb") as file:
            np.save(file, bomb, allow_pickle=True)
        assert ran(folder).null_cells == 4
        assert not (tmp_path / "went off").exists()


class TestFolder:
    def test_that_cannot_be_made_is_no_error(self, tmp_path: Path, ran: Ran) -> None:
        (tmp_path / "file").touch()
        assert ran(tmp_path / "file" / "below").null_cells == 4
        assert ran(tmp_path / "file").null_cells == 4

    @pytest.mark.parametrize(
        "broken", ["latentot.study.storage.null_cache.write_whole", "pathlib.Path.replace", "pathlib.Path.mkdir"]
    )
    def test_that_is_full_or_read_only_is_no_error(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str, ran: Ran
    ) -> None:
        def failing(*_: Any, **__: Any) -> None:
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr(broken, failing)
        assert ran(folder).null_cells == 4
        monkeypatch.undo()
        assert not folder.exists() or files(folder) == [], "nothing half written is left behind"

    def test_is_where_the_user_says(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("LATENTOT_CACHE", str(tmp_path / "said"))
        assert default_folder() == tmp_path / "said" / "null"
        monkeypatch.delenv("LATENTOT_CACHE")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert default_folder() == tmp_path / "xdg" / "latentot" / "null"
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        assert default_folder() == tmp_path / "home" / ".cache" / "latentot" / "null"

    def test_of_a_user_without_a_home(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("LATENTOT_CACHE", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
        assert default_folder().is_relative_to(tempfile.gettempdir())
        assert default_folder().parts[-3:] == (".cache", "latentot", "null")
