"""What pixels become: every type and range that arrays and pictures come in, or a line that says what to give."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import latentot as lot
from latentot.data.scale import scale_of
from latentot.errors import InputWarning

LEVELS = np.linspace(0, 1, 12).reshape(3, 2, 2)
MASK = np.array([0, 1, 1, 0] * 3).reshape(3, 2, 2)


def of_npz(tmp_path: Path, *arrays: np.ndarray) -> lot.data.Data:
    np.savez(tmp_path / "a.npz", *arrays)
    return lot.load_data(f"npz:{tmp_path / 'a.npz'},arr_0" + ",arr_1" * (len(arrays) > 1))


ARRAYS: dict[str, tuple[Any, float, bool]] = {
    "bool": (MASK.astype(bool), 1, False),
    "uint8 mask": (MASK.astype(np.uint8), 1, True),
    "uint8 mask of 0 and 255": (255 * MASK.astype(np.uint8), 255, False),
    "uint8 digits 0..16": (np.arange(12, dtype=np.uint8).reshape(3, 2, 2) + 5, 16, True),
    "uint8 label map 0..20": (np.arange(9, 21, dtype=np.uint8).reshape(3, 2, 2), 20, True),
    "uint8 dark image": (np.arange(28, 40, dtype=np.uint8).reshape(3, 2, 2), 255, False),
    "uint8 image": ((255 * LEVELS).astype(np.uint8), 255, False),
    "int8 mask": (MASK.astype(np.int8), 1, True),
    "int8 image": ((127 * LEVELS).astype(np.int8), 127, False),
    "int16 image": ((32767 * LEVELS).astype(np.int16), 32767, False),
    "uint16 of 8 bits": ((255 * LEVELS).astype(np.uint16), 255, False),
    "uint16 of 12 bits": ((4095 * LEVELS).astype(np.uint16), 4095, True),
    "uint16 image": ((65535 * LEVELS).astype(np.uint16), 65535, False),
    "int32 of 8 bits": ((255 * LEVELS).astype(np.int32), 255, False),
    "int64 mask": (MASK, 1, True),
    "int64 of 8 bits": ((255 * LEVELS).astype(np.int64), 255, False),
    "uint64 of 16 bits": ((65535 * LEVELS).astype(np.uint64), 65535, False),
    "float64 from 0 to 1": (LEVELS, 1, False),
    "float16 from 0 to 1": (LEVELS.astype(np.float16), 1, False),
    "float32 of 8 bits": ((255 * LEVELS).round().astype(np.float32), 255, False),
    "float16 of 8 bits": ((255 * LEVELS).round().astype(np.float16), 255, False),
    "float64 digits 0..16": ((16 * LEVELS).round(), 16, True),
    "float64 divided twice": (LEVELS / 255, 1, True),
    "big-endian": ((65535 * LEVELS).astype(">u2"), 65535, False),
    "nothing but 0": (np.zeros((3, 2, 2), np.uint8), 1, True),
}


@pytest.mark.parametrize("case", ARRAYS)
def test_arrays_become_numbers_from_0_to_1(tmp_path: Path, case: str) -> None:
    array, white, doubtful = ARRAYS[case]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        data = of_npz(tmp_path, array[:2], array[2:])
    np.testing.assert_allclose(
        np.concatenate([data.train, data.test])[:, 0], array.astype(float) / white, rtol=1e-6, atol=1e-9
    )
    assert data.train.dtype == np.float32
    assert data.scale == data.facts["scale"] == f"values / {white:g}"
    doubts = [str(one.message) for one in told if one.category is InputWarning and "copies" not in str(one.message)]
    assert len(doubts) == len(data.facts["doubts"]) == doubtful
    assert all("greatest value is" in doubt or "all values are 0" in doubt for doubt in doubts)


@pytest.mark.parametrize(
    ("array", "got"),
    [
        (2 * LEVELS - 1, r"got -1 to 1; .*\(values \+ 1\) / 2"),
        (3.7 * LEVELS, "got 0 to 3.7"),
        (254.6 * LEVELS, "got 0 to 254.6"),
        (LEVELS - 1e-3, "got -0.001 to"),
        ((70_000 * LEVELS).astype(np.int64), "got 0 to 70000"),
        ((127 * LEVELS).astype(np.int8) - 1, "got -1 to 126"),
        (np.where(LEVELS == 1, np.nan, LEVELS), "have values that are NaN: leave these out"),
        (np.where(LEVELS == 1, np.inf, LEVELS), "got 0 to inf"),
        (LEVELS.astype(complex), "got complex128"),
        (MASK.astype(str), "got <U"),
        (MASK.astype("datetime64[s]"), "got datetime64"),
        (np.zeros((0, 2, 2)), "it contains no image"),
    ],
)
def test_what_has_no_known_white_is_one_line(array: np.ndarray, got: str) -> None:
    with pytest.raises(lot.InputError, match=f"^mine: .*{got}") as caught:
        scale_of([array], "mine")
    assert "\n" not in str(caught.value)


def test_parts_that_belong_together_have_one_scale(tmp_path: Path) -> None:
    """A held-out part without the greatest level would be brighter by itself."""
    data = of_npz(tmp_path, np.full((4, 2, 2), 16, np.uint8), np.full((2, 2, 2), 8, np.uint8))
    assert (data.train.max(), data.test.max()) == (1, 0.5)
    with pytest.raises(lot.InputError, match=r"the second: 3 of \d+ have values that are NaN"):
        scale_of([LEVELS, np.full(3, np.nan)], "the NaN is in the second")


def levels(mode: str, most: int) -> Image.Image:
    return Image.fromarray(np.linspace(0, most, 16).round().reshape(4, 4).astype(np.uint16 if mode == "I;16" else "u1"))


RAMP = np.linspace(0, 15, 16).round().reshape(4, 4) / 15


def alpha_of(
    mode: str, paint: tuple[int, ...], over: Callable[[Image.Image], Image.Image] = lambda p: p
) -> Image.Image:
    """A picture whose drawing, a ramp, lives in its alpha channel alone."""
    alpha = Image.fromarray((255 * RAMP).round().astype(np.uint8))
    picture = Image.new(mode, (4, 4), paint)
    picture.putalpha(alpha)
    return over(picture)


def palette(transparent: bool) -> Image.Image:
    picture = Image.fromarray(np.tile(np.array([0, 1], np.uint8), (4, 2)))
    picture.putpalette([255, 0, 0, 0, 0, 255])
    if transparent:
        picture.info["transparency"] = 1
    return picture


STRIPES = np.tile([0.0, 1.0], (4, 2))
RED_BLUE = np.stack([1 - STRIPES, 0 * STRIPES, STRIPES])


def plain(*colour: float) -> np.ndarray:
    return np.broadcast_to(np.array(colour)[:, None, None], (3, 4, 4))


PICTURES: dict[str, tuple[Image.Image, str, Any, bool]] = {
    "grey": (levels("L", 255), "grey", RAMP, False),
    "grey mask": (levels("L", 1), "grey", RAMP.round(), True),
    "grey digits": (levels("L", 15), "grey", RAMP, True),
    "16 bits": (levels("I;16", 65535), "grey", RAMP, False),
    "12 bits in 16": (levels("I;16", 4095), "grey", RAMP, True),
    "1 bit": (Image.fromarray(STRIPES > 0), "grey", STRIPES, False),
    "rgb": (Image.fromarray((255 * np.moveaxis(RED_BLUE, 0, -1)).astype(np.uint8)), "rgb", RED_BLUE, False),
    "cmyk": (Image.new("CMYK", (4, 4), (0, 255, 255, 0)), "rgb", plain(1, 0, 0), False),
    "rgba, opaque": (Image.new("RGBA", (4, 4), (51, 102, 255, 255)), "rgb", plain(0.2, 0.4, 1), False),
    "rgba": (alpha_of("RGB", (0, 0, 0)), "grey", 1 - RAMP, False),
    "rgba,white paint": (alpha_of("RGB", (255, 255, 255)), "grey,black", RAMP, False),
    "la": (alpha_of("L", (0,)), "grey", 1 - RAMP, False),
    "la, black": (alpha_of("L", (255,)), "grey,black", RAMP, False),
    "palette": (palette(False), "rgb", RED_BLUE, False),
    "palette, transparent": (palette(True), "rgb", np.stack([np.ones((4, 4)), STRIPES, STRIPES]), False),
    "palette, black": (palette(True), "rgb,black", np.stack([1 - STRIPES, 0 * STRIPES, 0 * STRIPES]), False),
}  # fmt: skip


@pytest.mark.parametrize("case", PICTURES)
def test_pictures_become_numbers_from_0_to_1(tmp_path: Path, case: str) -> None:
    picture, options, wanted, doubtful = PICTURES[case]
    keep = {"transparency": picture.info["transparency"]} if "transparency" in picture.info else {}
    for number in range(3):
        picture.save(tmp_path / f"{number}.{'tif' if picture.mode == 'CMYK' else 'png'}", **keep)
    data = lot.load_data(f"images:{tmp_path},4,{options}")
    np.testing.assert_allclose(data.train[0], np.broadcast_to(wanted, data.shape), atol=0.5 / 255 + 1e-6)
    assert len(data.doubts) == doubtful


def test_grey_with_a_transparent_value(tmp_path: Path) -> None:
    for mode, most in (("L", 255), ("I;16", 65535)):
        for number in range(3):
            levels(mode, most).save(tmp_path / f"{number}.png", transparency=0)
        for behind, seen in (("white", 1), ("black", 0)):
            data = lot.load_data(f"images:{tmp_path},4,grey,{behind}")
            np.testing.assert_allclose(data.train[0, 0], np.where(RAMP == 0, seen, RAMP), atol=1 / 255)


def test_pictures_stand_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of what was seen is on the right of what is stored
    for number in range(3):
        levels("L", 255).save(tmp_path / f"{number}.png", exif=exif)
    data = lot.load_data(f"images:{tmp_path},4,grey")
    np.testing.assert_allclose(data.train[0, 0], np.rot90(RAMP, -1), atol=1 / 255)


def test_dim_pictures_have_one_scale(tmp_path: Path) -> None:
    """Label maps, one of which lacks the greatest label."""
    for number, most in enumerate((2, 8, 20)):
        levels("L", most).save(tmp_path / f"{number}.png")
    data = lot.load_data(f"images:{tmp_path},4,grey")
    assert data.scale == "values / 20"
    assert sorted(round(20 * float(image.max())) for image in (*data.train, *data.test)) == [2, 8, 20]
