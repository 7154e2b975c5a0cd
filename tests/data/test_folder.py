"""What is in a folder: hidden things are nobody's class, links are followed, names may be any bytes."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import latentot as lot

HIDDEN = (
    ".ipynb_checkpoints/0.png", "__MACOSX/cats/0.png", "__MACOSX/cats/._0.png", ".git/lfs/0.png", "cats/@eaDir/0.png",
    "cats/._0.png", "cats/.0.png", "@eaDir/0.png@SynoPhoto.png/thumb.png", ".thumbnails/normal/0.png", "#recycle/0.png",
    "$RECYCLE.BIN/0.png", ".Trash-1000/files/0.png", "cats/.AppleDouble/0.png", "dogs/.DS_Store.png",
)  # fmt: skip


def paint(root: Path, *names: str) -> None:
    """A picture of its own for each name, out of its characters."""
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        values = np.random.default_rng(list(os.fsencode(name))).integers(0, 256, (4, 4), dtype=np.uint8)
        Image.fromarray(values).save(file)


def images_of(root: Path) -> np.ndarray:
    data = lot.load_data(f"images:{root},4,grey")
    assert data.copies == 0
    return np.concatenate([data.train, data.test])


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    paint(tmp_path / "pets", *(f"{kind}/{number}.png" for kind in ("cats", "dogs") for number in range(5)))
    return tmp_path / "pets"


def test_hidden_folders_are_passed_over(pets: Path) -> None:
    before = images_of(pets)
    paint(pets, *HIDDEN)
    np.testing.assert_array_equal(images_of(pets), before)


def test_a_hidden_folder_may_be_asked_for(tmp_path: Path) -> None:
    paint(tmp_path / ".cache" / "__MACOSX", "a.png", "b.png", "c.png")
    assert len(images_of(tmp_path / ".cache" / "__MACOSX")) == 3


def elsewhere(pets: Path) -> int:
    paint(pets.parent / "other", *(f"{number}.png" for number in range(4)))
    (pets / "birds").symlink_to(pets.parent / "other")
    return 4


def relative(pets: Path) -> int:
    paint(pets.parent / "other", "a.png")
    (pets / "birds").symlink_to("../other")
    return 1


def chain(pets: Path) -> int:
    elsewhere(pets)
    (pets / "birds").rename(pets.parent / "first")
    (pets / "second").symlink_to(pets.parent / "first")
    return 4


def in_a_link(pets: Path) -> int:
    elsewhere(pets)
    paint(pets.parent / "more", "a.png")
    (pets.parent / "other" / "more").symlink_to(pets.parent / "more")
    return 5


def of_a_file(pets: Path) -> int:
    paint(pets.parent / "other", "a.png")
    (pets / "a.png").symlink_to(pets.parent / "other" / "a.png")
    return 1


LINKS: dict[str, Callable[[Path], int | None]] = {
    "a class elsewhere": elsewhere,
    "relative": relative,
    "a link to a link": chain,
    "a link in a linked folder": in_a_link,
    "of a file": of_a_file,
    "to itself": lambda pets: (pets / "loop").symlink_to(pets / "loop"),
    "to the folder": lambda pets: (pets / "cats" / "all").symlink_to(pets),
    "to the folder's parent": lambda pets: (paint(pets.parent, "x.png"), (pets / "up").symlink_to(pets.parent))[1],
    "to a folder beside it": lambda pets: (pets / "a first").symlink_to(pets / "cats"),
    "to nothing": lambda pets: (pets / "gone").symlink_to(pets / "nowhere"),
    "to a hidden folder": lambda pets: (paint(pets, ".git/0.png"), (pets / ".hidden").symlink_to(pets / ".git"))[1],
    "two to one": lambda pets: (elsewhere(pets), (pets / "again").symlink_to(pets / "birds"))[0],
    "two to each other's parents": lambda pets: (
        (pets / "cats" / "d").symlink_to(pets / "dogs"), (pets / "dogs" / "c").symlink_to(pets / "cats"))[1],
}  # fmt: skip


@pytest.mark.parametrize("case", LINKS)
def test_links_are_followed_once(pets: Path, case: str) -> None:
    before = len(images_of(pets))
    more = LINKS[case](pets) or 0
    assert len(images_of(pets)) == before + more


def test_a_link_to_the_whole_is_the_whole(pets: Path) -> None:
    (pets.parent / "link").symlink_to(pets)
    np.testing.assert_array_equal(images_of(pets.parent / "link"), images_of(pets))


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_text_load_and_stay_where_they_are(tmp_path: Path) -> None:
    """caf\\xe9 in Latin-1, Big5, bytes of nothing: in files, in folders, in the name of the whole."""
    root = tmp_path / os.fsdecode(b"caf\xe9")
    names = [b"\xe9t\xe9/1.png", b"\xa4\xa4.png", b"\xff\xfe/2.png", b"plain.png", "ünï/3.png".encode()]
    paint(root, *map(os.fsdecode, names))
    found = images_of(root)
    assert len(found) == 5
    shutil.copytree(root, tmp_path / "copy")
    np.testing.assert_array_equal(images_of(tmp_path / "copy"), found)
    data = lot.load_data(root)
    data.facts["name"].encode()
    assert data.facts["name"].endswith("caf\\xe9")
    (root / os.fsdecode(b"\xa4\xa4.png")).write_text("no picture")
    with pytest.raises(lot.InputError, match="cannot be read"):
        images_of(root)


def test_order_is_that_of_names_as_ever(pets: Path) -> None:
    """Splits of folders are those of earlier versions: by SHA-256 of the names in UTF-8."""
    import hashlib

    names = sorted(
        (f"{kind}/{number}.png" for kind in ("cats", "dogs") for number in range(5)),
        key=lambda name: hashlib.sha256(name.encode()).digest(),
    )
    wanted = [np.asarray(Image.open(pets / name)) for name in names]
    np.testing.assert_allclose(images_of(pets)[:, 0] * 255, wanted, atol=1e-4)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser reads everything")
def test_a_class_that_cannot_be_read_is_named(pets: Path) -> None:
    (pets / "cats").chmod(0)
    with pytest.raises(lot.InputError, match="cats cannot be read: Permission denied"):
        images_of(pets)
    (pets / "cats").chmod(0o755)
