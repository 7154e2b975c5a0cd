"""How sources are named: paths with ~ and commas, path objects, and pointers where files should be."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import latentot as lot

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 4, 4), dtype=np.uint8)


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that is also where we are, of files whose names have commas and blanks."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for folder in (".", "a, b", "a,64,grey"):
        (tmp_path / folder).mkdir(exist_ok=True)
        np.savez(tmp_path / folder / "x,y.npz", x=IMAGES, y=IMAGES)
        (tmp_path / folder / "i,1-ubyte").write_bytes(idx(IMAGES))
        (tmp_path / folder / "l,1-ubyte.gz").write_bytes(gzip.compress(idx(np.arange(10, dtype=np.uint8))))
        for number, image in enumerate(IMAGES):
            Image.fromarray(image).save(tmp_path / folder / f"{number}.png")
    return tmp_path


@pytest.mark.parametrize(
    ("source", "n", "shape"),
    [
        ("npz:~/x,y.npz,x", 10, (1, 4, 4)),
        ("npz:x,y.npz,y,x", 20, (1, 4, 4)),
        ("npz:a, b/x,y.npz,x", 10, (1, 4, 4)),
        ("npz:~/a,64,grey/x,y.npz,x", 10, (1, 4, 4)),
        ("idx:~/i,1-ubyte", 10, (1, 4, 4)),
        ("idx:i,1-ubyte,l,1-ubyte.gz", 10, (1, 4, 4)),
        ("idx:~/a, b/i,1-ubyte,~/a,64,grey/l,1-ubyte.gz", 10, (1, 4, 4)),
        ("images:~,4,grey", 30, (1, 4, 4)),
        ("images:~/a, b,4,grey,black", 10, (1, 4, 4)),
        ("images:a,64,grey", 10, (3, 64, 64)),  # the folder, not a folder a
        ("images:a,64,grey,4", 10, (3, 4, 4)),
        ("images:~/a,64,grey,4,grey", 10, (1, 4, 4)),
    ],
)
def test_homes_and_commas(home: Path, source: str, n: int, shape: tuple[int, ...]) -> None:
    data = lot.load_data(source)
    assert (len(data.train) + len(data.test), data.shape, data.name) == (n, shape, source)
    assert (data.train_labels is not None) == ("l,1" in source)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x,y.npz", "npz"),
        ("~/a, b", "images"),
        ("a,64,grey/i,1-ubyte", "idx"),
        ("~/one.npz", "npz"),
    ],
)
@pytest.mark.parametrize("made", [Path, str])
def test_a_path_is_what_it_looks_like(home: Path, name: str, kind: str, made: Callable[[str], Any]) -> None:
    np.savez(home / "one.npz", IMAGES)
    if name == "x,y.npz":
        np.savez(home / name, IMAGES)
    data = lot.load_data(made(name))
    assert data.name == f"{kind}:{name}"
    if kind != "images":
        np.testing.assert_allclose(255 * np.concatenate([data.train, data.test])[:, 0], IMAGES, atol=1e-4)


def test_a_path_that_says_nothing_is_told_what_to_write(home: Path) -> None:
    for name in ("0.png", "data.csv", "data.npy"):
        Path(name).touch()
        with pytest.raises(
            lot.InputError, match=rf"{name}: say what it holds, as idx:.*, images:.*, npz:FILE"
        ) as caught:
            lot.load_data(Path(name))
        assert "\n" not in str(caught.value)
    for wrong in (Path("none.npz"), "~/none", 3, None, b"digits", ""):
        with pytest.raises(lot.InputError, match="unknown data source"):
            lot.load_data(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        (
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9912422\n",
            "Git LFS.*`git lfs pull`",
        ),
        (
            f"version https://hawser.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9912422\n",
            "Git LFS.*`git lfs pull`",
        ),
        ("/annex/objects/SHA256E-s9912422--0.gz\n", "git-annex.*`git annex get`"),
    ],
)
@pytest.mark.parametrize("source", ["npz:x,y.npz,x", "idx:i,1-ubyte", "idx:i,1-ubyte,l,1-ubyte.gz", "images:.,4"])
def test_a_pointer_is_called_one(home: Path, source: str, pointer: str, said: str) -> None:
    file = {"n": "x,y.npz", "i": "i,1-ubyte"}[source[0]]
    if "gz" in source:
        file = "l,1-ubyte.gz"
    if source.startswith("images"):
        file = "3.png"
    Path(file).write_text(pointer)
    with pytest.raises(lot.InputError, match=f"{file} is a {said}") as caught:
        lot.load_data(source)
    assert "\n" not in str(caught.value)
