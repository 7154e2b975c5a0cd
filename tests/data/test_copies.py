"""Exact copies: none of what is held out by us has been trained on, and what a source itself holds out is counted."""

import struct
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import latentot as lot
from latentot.data.split import Data, held_out
from latentot.errors import InputWarning

PLAIN = np.random.default_rng(0).integers(0, 256, (20, 4, 4), dtype=np.uint8)
COPIED = np.concatenate([PLAIN, PLAIN[[0, 3, 19]], PLAIN[:1]])
"""24 images, the last five of which are held out: the one numbered 19, and copies of 0, 3, 19 and 0."""


def of_npz(folder: Path) -> str:
    np.savez(folder / "a.npz", COPIED)
    return f"npz:{folder / 'a.npz'}"


def of_idx(folder: Path) -> str:
    (folder / "i").write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, *COPIED.shape) + COPIED.tobytes())
    (folder / "l").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, 24) + bytes(range(24)))
    return f"idx:{folder / 'i'},{folder / 'l'}"


def of_openml(folder: Path) -> str:
    return "openml:any"


@pytest.mark.parametrize("source", [of_npz, of_idx, of_openml])
def test_what_is_trained_on_is_not_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source) -> None:
    rows = types.SimpleNamespace(data=COPIED.reshape(24, -1))
    monkeypatch.setattr("sklearn.datasets.fetch_openml", lambda *_, **__: rows)
    with pytest.warns(
        InputWarning, match="of 24 images 4 are exact copies of others; .* 5 images are held out"
    ) as told:
        data = lot.load_data(source(tmp_path))
    assert len(told) == 1
    assert (len(data.train), len(data.test), data.copies) == (19, 5, 0)
    # Nothing is lost; held out are the pictures that come up last.
    np.testing.assert_allclose(255 * data.train[:, 0], PLAIN[[*range(16), 0, 3, 0]], atol=1e-4)
    np.testing.assert_allclose(255 * data.test[:, 0], PLAIN[[16, 17, 18, 19, 19]], atol=1e-4)
    if data.train_labels is not None and data.test_labels is not None:
        assert data.train_labels.tolist() == [*range(16), 20, 21, 23]
        assert data.test_labels.tolist() == [16, 17, 18, 19, 22]
    assert data.facts["copies"] == 0
    assert "of 24 images 4 are exact copies" in data.facts["doubts"][0]


def test_copies_of_a_picture_in_other_folders_and_formats_are_one(tmp_path: Path) -> None:
    for number, values in enumerate(PLAIN):
        for name in (f"{number}.png", f"copy of {number}.bmp", f"{number}.tif"):
            Image.fromarray(values).save(tmp_path / name)
    with pytest.warns(InputWarning, match="exact copies"):
        data = lot.load_data(f"images:{tmp_path},4,grey")
    assert (len(data.train), len(data.test), data.copies) == (48, 12, 0)


def test_what_a_source_holds_out_is_counted(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=PLAIN[:10], test=PLAIN[8:12])
    with pytest.warns(InputWarning, match="copies of images to train on: 2 of 4"):
        data = lot.load_data(f"npz:{tmp_path / 'a.npz'},x,test")
    assert (len(data.train), len(data.test), data.copies, data.facts["copies"]) == (10, 4, 2, 2)


@pytest.mark.parametrize(
    ("numbers", "out"),
    [
        ([0, 1, 1, 1, 1], [1, 1, 1, 1]),  # with one picture left to train on
        ([0, 0, 0, 0, 1], [1]),
        ([0, 1, 0, 1, 0], [1, 1]),
        ([0, 1, 2, 3, 4, 5, 6, 6, 6, 6], [6, 6, 6, 6]),  # more than a fifth, for they stay together
        ([0, 1, 2, 3, 4, 5, 6, 7, 0, 7], [7, 7]),
    ],
)
def test_groups_stay_together(numbers: list[int], out: list[int]) -> None:
    data = held_out("mine", np.array(numbers, np.float32).reshape(-1, 1, 1, 1))
    assert data.test.ravel().tolist() == out
    assert sorted([*data.train.ravel(), *data.test.ravel()]) == sorted(numbers)
    assert data.copies == 0


def test_one_picture_many_times_is_counted(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", np.concatenate([PLAIN[:1]] * 10))
    with pytest.warns(InputWarning, match="copies of images to train on: 2 of 2"):
        data = lot.load_data(f"npz:{tmp_path / 'a.npz'}")
    assert (len(data.train), len(data.test), data.copies) == (8, 2, 2)


def test_the_split_of_what_has_no_copies_is_the_last_fifth() -> None:
    data = held_out("mine", PLAIN[:, None].astype(np.float32) / 255)
    assert (len(data.train), len(data.test), data.copies, data.doubts) == (16, 4, 0, ())


def test_near_copies_are_none() -> None:
    images = np.zeros((2, 1, 2, 2), np.float32)
    other = images + np.finfo(np.float32).tiny
    assert (Data("near", images, other).copies, Data("same", images, images.copy()).copies) == (0, 2)


def test_nothing_is_said_where_nothing_is_doubtful() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert lot.load_data("digits").copies == 0
