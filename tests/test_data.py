"""Data sources: what is read, what is refused, and how it is split."""

import gzip
import json
import pickle
import struct
import sys
import types
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import latentot as lot
from latentot import study
from latentot.data import Data, data_sources
from latentot.data.pixels import pixels_of
from latentot.data.split import held_out
from latentot.study.storage.keys import part_keys

SHARED = Path(__file__).parents[2] / "shared" / "data"
IMAGES = np.random.default_rng(0).integers(0, 256, (10, 4, 5), dtype=np.uint8)
LABELS = np.arange(10, dtype=np.uint8)


def idx_bytes(array: np.ndarray) -> bytes:
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def one_line(caught: pytest.ExceptionInfo[lot.InputError]) -> str:
    message = str(caught.value)
    assert "\n" not in message
    return message


class TestDigits:
    def test_nothing_is_lost_reordered_or_in_both_parts(self) -> None:
        from sklearn.datasets import load_digits

        digits, found = lot.load_data("digits"), load_digits()
        assert digits.name == "digits"
        assert len(digits.test) == round(len(found.images) / 5)
        whole = np.concatenate([digits.train, digits.test])
        np.testing.assert_array_equal(whole[:, 0], found.images.astype(np.float32) / 16)
        assert digits.train_labels is not None
        assert digits.test_labels is not None
        np.testing.assert_array_equal(np.concatenate([digits.train_labels, digits.test_labels]), found.target)

    def test_images_are_single_precision_in_the_unit_interval(self) -> None:
        digits = lot.load_data("digits")
        for images in (digits.train, digits.test):
            assert images.dtype == np.float32
            assert images.shape[1:] == digits.shape == (1, 8, 8)
            # Both ends are reached: a source in [0, 255], or scaled down twice, would not.
            assert (images.min(), images.max()) == (0, 1)

    def test_a_changed_copy_changes_nothing_for_others(self) -> None:
        data = lot.load_data("digits")
        kept = data.train.copy()
        lot.load_data("digits").train[:] = -1
        np.testing.assert_array_equal(lot.load_data("digits").train, kept)


class TestNames:
    @pytest.mark.parametrize("name", ["digts", "Digits", "mnist", "", "mnist:x"])
    def test_unknown_source_is_refused(self, name: str) -> None:
        with pytest.raises(lot.InputError, match=f"unknown data source {name!r}.*There are digits,.* idx, images"):
            lot.load_data(name)

    def test_nearest_source_is_suggested(self) -> None:
        with pytest.raises(lot.InputError, match="did you mean 'digits'"):
            lot.load_data("digts")

    @pytest.mark.parametrize(
        "name",
        ["digits:8", "idx", "idx:", "idx:a,b,c", "idx:a,", "npz:a,b,c,d", "images:a,64,grey,white,x", "openml:", "npz"],
    )
    def test_arguments_that_do_not_fit_are_refused_with_the_form(self, name: str) -> None:
        form = next(form for form in data_sources() if form.partition(":")[0] == name.partition(":")[0])
        with pytest.raises(lot.InputError) as caught:
            lot.load_data(name)
        assert one_line(caught).endswith(f"it is asked for as {form}")


class TestFacts:
    def test_every_pixel_and_the_split_matter(self) -> None:
        data = held_out("mine", pixels_of(IMAGES, "mine"))
        assert json.loads(json.dumps(data.facts)) == data.facts
        assert (data.facts["train"], data.facts["test"], data.facts["shape"]) == (8, 2, [1, 4, 5])
        assert held_out("mine", pixels_of(IMAGES, "mine")).facts == data.facts
        changed = IMAGES.copy()
        changed[-1, -1, -1] ^= 1
        assert held_out("mine", pixels_of(changed, "mine")).facts["sha256"] != data.facts["sha256"]

    def test_a_run_says_them_and_a_changed_file_is_another_study(self, tmp_path: Path) -> None:
        codes = np.random.default_rng(0).standard_normal((40, 2))
        model = lot.Model(lot.Normal(2), lambda z: z, lambda x: lot.Posterior(codes[: len(x)], np.ones((len(x), 2))))
        file, facts, keys = tmp_path / "f.npz", [], []
        for shift in (0.0, 0.5):
            np.savez(file, np.full((100, 2, 2), shift))
            asked = study.Study.of(data=f"npz:{file}", metrics=["norm-ks"], pairs=5, repeats=1, methods=["linear"])
            prepared = study.prepared.Prepared.of(asked, model)
            facts.append(study.provenance.describe(prepared.plan, _now()))
            keys.append({key for cell in prepared.cells for key in part_keys(prepared.plan, cell).values()})
        assert facts[0]["subject"]["data"]["sha256"] != facts[1]["subject"]["data"]["sha256"]
        assert not keys[0] & keys[1]


def _now() -> Any:
    import datetime

    return datetime.datetime.now(datetime.UTC)


class TestSplit:
    @pytest.mark.parametrize(("n", "test"), [(3, 1), (10, 2), (10_000, 2_000)])
    def test_the_last_fifth_is_held_out(self, n: int, test: int) -> None:
        images = np.arange(n, dtype=np.float32).reshape(n, 1, 1, 1)
        data = held_out("many", images, np.arange(n))
        np.testing.assert_array_equal(data.test.ravel(), np.arange(n - test, n))
        np.testing.assert_array_equal(np.concatenate([data.train, data.test]), images)
        np.testing.assert_array_equal(data.test_labels, np.arange(n - test, n))

    def test_too_few_are_refused(self) -> None:
        with pytest.raises(lot.InputError, match="few: 2 images are too few"):
            held_out("few", np.zeros((2, 1, 1, 1), np.float32))


class TestPixels:
    @pytest.mark.parametrize(
        "values", [IMAGES, IMAGES / 255, (IMAGES / 255).astype(np.float32)], ids=["u1", "f8", "f4"]
    )
    def test_layouts_and_ranges_agree(self, values: np.ndarray) -> None:
        wanted = (IMAGES[:, None] / 255).astype(np.float32)
        for array in (values, values[:, None], values[..., None]):
            found = pixels_of(array, "mine")
            assert found.dtype == np.float32
            np.testing.assert_allclose(found, wanted, rtol=1e-6)

    def test_colours_come_first(self) -> None:
        behind = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), dtype=np.uint8)
        np.testing.assert_array_equal(pixels_of(behind, "rgb")[1, 2], (behind[1, ..., 2] / 255).astype(np.float32))
        np.testing.assert_array_equal(pixels_of(behind > 9, "rgb")[1, 2], behind[1, ..., 2] > 9)

    @pytest.mark.parametrize(
        ("array", "message"),
        [
            (np.zeros((3, 4)), r"images have shape \(n, height, width\).*got \(3, 4\)"),
            (np.zeros((3, 2, 4, 4)), "with 1 or 3 channels"),
            (np.zeros((3, 3, 4, 1)), "is ambiguous"),
            (np.zeros((0, 4, 4)), "it contains no image"),
            (np.array([[["a"]]]), "got <U1"),
        ],
    )
    def test_what_is_no_image_is_refused(self, array: np.ndarray, message: str) -> None:
        with pytest.raises(lot.InputError, match=f"mine: .*{message}") as caught:
            pixels_of(array, "mine")
        one_line(caught)


class TestIdx:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
    def test_images_and_labels_are_read(self, tmp_path: Path, pack: Any) -> None:
        images, labels = tmp_path / "images", tmp_path / "labels"
        images.write_bytes(pack(idx_bytes(IMAGES)))
        labels.write_bytes(pack(idx_bytes(LABELS)))
        data = lot.load_data(f"idx:{images},{labels}")
        assert data.name == f"idx:{images},{labels}"
        np.testing.assert_array_equal(np.concatenate([data.train, data.test]), pixels_of(IMAGES, ""))
        np.testing.assert_array_equal(data.test_labels, [8, 9])
        assert lot.load_data(f"idx:{images}").test_labels is None

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "an IDX file of images begins with 2051, this one with 0"),
            (idx_bytes(LABELS), "begins with 2051, this one with 2049"),
            (b"\x89PNG" + bytes(100), "begins with 2051"),
            (idx_bytes(IMAGES)[:9], "it holds 0"),
            (idx_bytes(IMAGES)[:-1], r"states 200 bytes of shape \(10, 4, 5\), it holds 199"),
            (idx_bytes(IMAGES) + b"\0", "it holds more"),
            (struct.pack(">4B3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1), "it holds 0"),
            (idx_bytes(IMAGES[:0]), "it contains no image"),
            (gzip.compress(idx_bytes(IMAGES)[:-1]), "it holds 199"),
            (gzip.compress(idx_bytes(IMAGES) + b"\0"), "it holds more"),
            (gzip.compress(idx_bytes(IMAGES))[:-9], "the gzip is damaged or cut short"),
            (gzip.compress(idx_bytes(IMAGES))[:40] + b"\xff" * 60, "the gzip is damaged or cut short"),
            (b"\x1f\x8b" + bytes(20), "the gzip is damaged or cut short"),
        ],
        ids=range(13),
    )
    def test_what_is_not_whole_is_refused(self, tmp_path: Path, content: bytes, message: str) -> None:
        file = tmp_path / "images"
        file.write_bytes(content)
        with pytest.raises(lot.InputError, match=message) as caught:
            lot.load_data(f"idx:{file}")
        assert one_line(caught).startswith(str(file))

    def test_labels_of_others_are_refused(self, tmp_path: Path) -> None:
        images, labels = tmp_path / "images", tmp_path / "labels"
        images.write_bytes(idx_bytes(IMAGES))
        labels.write_bytes(idx_bytes(LABELS[:9]))
        with pytest.raises(lot.InputError, match=r"10 images have 10 whole numbers as labels, got uint8 of \(9,\)"):
            lot.load_data(f"idx:{images},{labels}")

    @pytest.mark.parametrize(("path", "message"), [("none", "No such file"), (".", "Is a directory")])
    def test_a_missing_file_is_named(self, tmp_path: Path, path: str, message: str) -> None:
        with pytest.raises(lot.InputError, match=message):
            lot.load_data(f"idx:{tmp_path / path}")

    @pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data, real files of MNIST")
    def test_mnist_is_read(self) -> None:
        data = lot.load_data(f"idx:{SHARED / 't10k-images-idx3-ubyte.gz'},{SHARED / 't10k-labels-idx1-ubyte.gz'}")
        assert (data.train.shape, data.test.shape) == ((8000, 1, 28, 28), (2000, 1, 28, 28))
        assert data.train_labels is not None
        assert data.train_labels[:5].tolist() == [7, 2, 1, 0, 4]


class Bomb:
    def __init__(self, crater: Path) -> None:
        self.crater = crater

    def __reduce__(self) -> Any:
        return Path.touch, (self.crater,)


class TestNpz:
    def test_the_only_array_needs_no_name(self, tmp_path: Path) -> None:
        np.savez_compressed(tmp_path / "a.npz", x=IMAGES)
        for name in (f"npz:{tmp_path / 'a.npz'}", f"npz:{tmp_path / 'a.npz'},x"):
            np.testing.assert_array_equal(lot.load_data(name).test, pixels_of(IMAGES, "")[8:])

    def test_a_split_of_its_own_is_kept(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", x=IMAGES[:4], y=LABELS, test=IMAGES[4:])
        data = lot.load_data(f"npz:{tmp_path / 'a.npz'},x,test")
        assert (len(data.train), len(data.test)) == (4, 6)

    def test_which_array_is_asked_where_there_are_many(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", x=IMAGES, y=LABELS)
        for arguments, message in (
            ("", "say which array, as npz:FILE,ARRAY; it has x, y"),
            (",z", "there is no array 'z'"),
            (",y", "array y: images have shape"),
            (",x,z", "there is no array 'z' of images like those of 'x'"),
        ):
            with pytest.raises(lot.InputError, match=message):
                lot.load_data(f"npz:{tmp_path / 'a.npz'}{arguments}")

    def test_nothing_is_unpickled(self, tmp_path: Path) -> None:
        crater = tmp_path / "crater"
        (tmp_path / "bomb.npz").write_bytes(pickle.dumps(Bomb(crater)))
        np.savez(tmp_path / "objects.npz", np.array([Bomb(crater)], dtype=object))
        for file in ("bomb.npz", "objects.npz"):
            with pytest.raises(lot.InputError, match="pickles are not opened") as caught:
                lot.load_data(f"npz:{tmp_path / file}")
            one_line(caught)
        assert not crater.exists()
        np.load(tmp_path / "objects.npz", allow_pickle=True)["arr_0"]
        assert crater.exists(), "the bomb would go off"

    def test_damaged_files_are_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "a.npz"
        np.savez_compressed(file, IMAGES)
        whole = file.read_bytes()
        for content in (b"", whole[:50], whole[:-30], whole[:60] + b"\xff" * 40 + whole[100:], b"text"):
            file.write_bytes(content)
            with pytest.raises(lot.InputError, match=r"is not an intact \.npz") as caught:
                lot.load_data(f"npz:{file}")
            one_line(caught)

    def test_a_missing_file_and_a_single_array_are_named(self, tmp_path: Path) -> None:
        with pytest.raises(lot.InputError, match="there is no such file"):
            lot.load_data(f"npz:{tmp_path / 'none.npz'}")
        np.save(tmp_path / "a.npy", IMAGES)
        with pytest.raises(lot.InputError, match=r"single array, not an archive: write it with numpy\.savez"):
            lot.load_data(f"npz:{tmp_path / 'a.npy'}")


class TestFolder:
    @pytest.fixture
    def pictures(self, tmp_path: Path) -> Path:
        for number, kind in enumerate(("png", "jpg", "gif", "tif", "bmp", "webp")):
            (tmp_path / kind).mkdir()
            for shade in range(10):
                Image.new("RGB", (20, 10), (25 * shade, 255 - 25 * shade, 40 * number)).save(
                    tmp_path / kind / f"{shade}.{kind}"
                )
        (tmp_path / "README.txt").write_text("no picture")
        (tmp_path / ".hidden.png").write_text("nor this")
        return tmp_path

    def test_pictures_of_all_formats_are_read_and_every_folder_is_in_both_parts(self, pictures: Path) -> None:
        data = lot.load_data(f"images:{pictures},8")
        assert (data.train.shape, data.test.shape) == ((48, 3, 8, 8), (12, 3, 8, 8))
        assert data.train.dtype == np.float32
        # A fifth of folders in order would be two of the six values of blue; a fifth of every folder has most of them.
        blues = {round(float(blue) * 255 / 40) for blue in data.test[:, 2].mean((1, 2))}
        assert len(blues) >= 4
        np.testing.assert_array_equal(lot.load_data(f"images:{pictures},8").test, data.test)
        assert lot.load_data(f"images:{pictures},8,grey").shape == (1, 8, 8)
        assert lot.load_data(f"images:{pictures}").shape == (3, 64, 64)

    def test_they_are_cropped_not_squeezed(self, tmp_path: Path) -> None:
        wide = np.zeros((10, 30, 3), np.uint8)
        wide[:, 10:20] = 255
        for number in range(3):
            Image.fromarray(wide).save(tmp_path / f"{number}.png")
        assert lot.load_data(f"images:{tmp_path},10").train.min() == 1

    def test_sixteen_bits_are_divided_not_clipped(self, tmp_path: Path) -> None:
        values = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
        for number in range(3):
            Image.fromarray(values).save(tmp_path / f"{number}.png")
        found = lot.load_data(f"images:{tmp_path},8,grey").train[0, 0]
        np.testing.assert_allclose(found, values / 65535, atol=1 / 255)

    def test_a_damaged_picture_is_named(self, pictures: Path) -> None:
        noise = np.random.default_rng(0).integers(0, 256, (50, 50, 3), dtype=np.uint8)
        Image.fromarray(noise).save(pictures / "cut.png")
        (pictures / "cut.png").write_bytes((pictures / "cut.png").read_bytes()[:3000])
        with pytest.raises(lot.InputError, match=r"the picture .*cut\.png cannot be read") as caught:
            lot.load_data(f"images:{pictures}")
        one_line(caught)

    def test_no_program_is_run(self, pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """PostScript is a program, which Pillow has Ghostscript execute."""
        Image.new("RGB", (9, 9)).save(pictures / "a.eps")
        assert len(lot.load_data(f"images:{pictures}").train) == 48, "passed over"
        (pictures / "a.eps").rename(pictures / "a.png")
        monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", lambda *_, **__: pytest.fail("executed"))
        with pytest.raises(lot.InputError, match=r"a\.png cannot be read"):
            lot.load_data(f"images:{pictures}")

    @pytest.mark.parametrize("arguments", [",0", ",-8", ",big", ",8,blue", ",²", ",8,rgb,blue"])
    def test_impossible_arguments_are_refused(self, pictures: Path, arguments: str) -> None:
        with pytest.raises(lot.InputError, match="a SIZE such as 64, COLOUR grey or rgb, BACKGROUND white or black"):
            lot.load_data(f"images:{pictures}{arguments}")

    def test_nothing_to_read_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(lot.InputError, match="there is no folder"):
            lot.load_data(f"images:{tmp_path / 'none'}")
        with pytest.raises(lot.InputError, match="there is no picture in"):
            lot.load_data(f"images:{tmp_path}")


class TestOnline:
    def test_rows_become_images(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for shape in ((10, 1, 4, 4), (10, 3, 4, 4)):
            rows = np.random.default_rng(0).integers(0, 256, shape)
            answer = types.SimpleNamespace(data=rows.reshape(10, -1).astype(float))
            monkeypatch.setattr("sklearn.datasets.fetch_openml", lambda *_, answer=answer, **__: answer)
            data = lot.load_data("openml:mnist_784")
            np.testing.assert_allclose(data.test, rows[8:] / 255, rtol=1e-6)

    def test_rows_that_are_no_images_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for rows in (np.zeros((10, 5)), np.full((10, 4), -1.0), np.zeros(4)):
            answer = types.SimpleNamespace(data=rows)
            monkeypatch.setattr("sklearn.datasets.fetch_openml", lambda *_, answer=answer, **__: answer)
            with pytest.raises(lot.InputError, match=r"openml:iris: (rows are square images|floats lie from 0)"):
                lot.load_data("openml:iris")

    def test_openml_offline_is_one_line(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def offline(*args: Any, **kwargs: Any) -> Any:
            raise ConnectionRefusedError(111, "no network")

        monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
        monkeypatch.setattr("sklearn.datasets._openml.urlopen", offline)
        with pytest.raises(
            lot.InputError, match=r"openml:mnist_784 could not be fetched .*no network.*internet"
        ) as caught:
            lot.load_data("openml:mnist_784")
        one_line(caught)

    def fake(self, monkeypatch: pytest.MonkeyPatch, data_set: Any) -> None:
        module = types.ModuleType("torchvision.datasets")
        module.MNIST = module.SVHN = data_set  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "torchvision", types.ModuleType("torchvision"))
        monkeypatch.setitem(sys.modules, "torchvision.datasets", module)

    @pytest.mark.parametrize("name", ["MNIST", "SVHN"])
    def test_torchvisions_own_split_is_kept(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        def data_set(root: str, train: bool | None = None, split: str = "", download: bool = False) -> Any:
            return types.SimpleNamespace(data=IMAGES[:7] if train or split == "train" else IMAGES[7:])

        self.fake(monkeypatch, data_set)
        data = lot.load_data(f"torchvision:{name}")
        assert (len(data.train), len(data.test)) == (7, 3)
        np.testing.assert_array_equal(data.test, pixels_of(IMAGES[7:], ""))

    def test_torchvision_offline_or_absent_is_one_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def offline(*args: Any, **kwargs: Any) -> Any:
            raise urllib.request.URLError("no network")

        self.fake(monkeypatch, offline)
        with pytest.raises(lot.InputError, match=r"torchvision:MNIST could not be fetched .*no network") as caught:
            lot.load_data("torchvision:MNIST")
        one_line(caught)
        monkeypatch.setitem(sys.modules, "torchvision.datasets", None)
        with pytest.raises(lot.InputError, match=r"needs torchvision.*pip install torchvision"):
            lot.load_data("torchvision:MNIST")

    def test_what_torchvision_would_unpickle_is_not_offered(self) -> None:
        with pytest.raises(lot.InputError, match="unknown torchvision data set 'CIFAR10'"):
            lot.load_data("torchvision:CIFAR10")


def test_nothing_goes_online_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import socket

    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("went online"))
    np.savez(tmp_path / "a.npz", IMAGES)
    assert isinstance(lot.load_data("digits"), Data)
    assert isinstance(lot.load_data(f"npz:{tmp_path / 'a.npz'}"), Data)
