import errno
import os
from pathlib import Path

import pytest

from latentot.errors import InputError
from latentot_torch_vae.atomic import check_writable, write


def refuse(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_new_file_replaces_the_old_and_nothing_stays_beside_it(tmp_path):
    out = tmp_path / "m.safetensors"
    write(out, b"old")
    write(out, b"new")
    assert out.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [out]


def test_the_old_file_survives_a_failure(tmp_path, monkeypatch):
    out = tmp_path / "m.safetensors"
    out.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(InputError, match="No space left on device; nothing was changed"):
        write(out, b"new")
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


def test_the_file_has_ordinary_permissions(tmp_path):
    ordinary, written = tmp_path / "a", tmp_path / "b"
    ordinary.touch()
    write(written, b"")
    assert written.stat().st_mode == ordinary.stat().st_mode


def test_checking_leaves_no_trace(tmp_path):
    check_writable(tmp_path / "m.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_found_out(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "folder.safetensors").mkdir()
    for out in (tmp_path / "missing" / "m.safetensors", tmp_path / "file" / "m.safetensors"):
        with pytest.raises(InputError, match="give a file in an existing, writable folder"):
            check_writable(out)
    with pytest.raises(InputError, match="it is a folder"):
        check_writable(tmp_path / "folder.safetensors")
    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(InputError, match="No space left on device"):
        check_writable(tmp_path / "m.safetensors")
