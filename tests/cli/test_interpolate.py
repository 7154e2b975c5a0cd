"""`latentot interpolate`: a strip between two images or two latents, and one line for whatever cannot be walked."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import latentot as lot
from latentot.cli import main

CODE = '''
import numpy as np
import latentot as lot

def load(colours: int = 1, encodes: bool = True, flat: bool = False, law: str = "normal"):
    """Pixels of 4 x 6 images, a latent each."""
    shape = (colours, 4, 6)
    d = int(np.prod(shape))
    decode = lambda z: (z if flat else (z / 10 + 0.5).reshape(-1, *shape))
    encode = lambda x: lot.Posterior((x.reshape(len(x), d) - 0.5) * 10, np.full((len(x), d), 0.01), law)
    return lot.Model(lot.Normal(d), decode, encode if encodes else None, name="pixels")
'''
Call = Callable[..., tuple[object, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs the command in a folder with two latents and two pictures."""
    metadata = tmp_path / "site" / "pixels-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: pixels\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[latentot.models]\npixels = pixels_of_test:load\n")
    (tmp_path / "site" / "pixels_of_test.py").write_text(CODE)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "pixels_of_test", raising=False)
    monkeypatch.chdir(tmp_path)
    for name, seed in (("a", 0), ("b", 1)):
        np.save(f"{name}.npy", lot.Normal(24).sample(1, rng=seed)[0])
        grey = np.linspace(0, 255, 24).reshape(4, 6).astype(np.uint8)
        Image.fromarray(grey if seed == 0 else 255 - grey).resize((60, 40)).save(f"{name}.png")

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["latentot", "interpolate", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


def test_latents_are_walked_between(call: Call) -> None:
    assert call("a.npy", "b.npy", "--model", "pixels", "--steps", "5", "--out", "walk.npy")[:2] == (
        0,
        "strip: walk.npy\n",
    )
    z0, z1 = np.load("a.npy")[None], np.load("b.npy")[None]
    points = lot.interpolation("cauchy", lot.Normal(24))(z0, z1, np.linspace(0, 1, 5))
    np.testing.assert_array_equal(np.load("walk.npy"), (points / 10 + 0.5).reshape(5, 1, 4, 6))


def test_images_are_encoded_and_the_strip_shows_them(call: Call) -> None:
    assert call("a.png", "b.png", "--model", "pixels", "--method", "linear")[0] == 0
    strip = np.asarray(Image.open("strip.png")) / 255
    # Nine images of 4 x 6 pixels, each pixel 16 x 16, with gaps of 4.
    assert strip.shape == (64, 9 * 96 + 8 * 4)
    first, middle, last = (strip[8::16, k * 100 + 8 : k * 100 + 96 : 16] for k in (0, 4, 8))
    wanted = np.linspace(0, 1, 24).reshape(4, 6)
    np.testing.assert_allclose(first, wanted, atol=0.1)
    np.testing.assert_allclose(last, 1 - wanted, atol=0.1)
    np.testing.assert_allclose(middle, 0.5, atol=0.1)
    assert (strip[:, 97] == 1).all()


def test_colours_stay_colours(call: Call) -> None:
    for name, colour in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        Image.new("RGB", (12, 8), colour).save(f"{name}.png")
    options = ["--model", "pixels", "--model-option", "colours=3", "--steps", "2", "--method", "linear"]
    assert call("red.png", "blue.png", *options)[0] == 0
    strip = np.asarray(Image.open("strip.png"))
    np.testing.assert_allclose(strip[32, 32], (255, 0, 0), atol=3)
    np.testing.assert_allclose(strip[32, 164], (0, 0, 255), atol=3)


def test_the_same_seed_gives_the_same_strip_where_a_method_draws(call: Call) -> None:
    asked = ["a.png", "b.png", "--model", "pixels", "--method", "switch", "--seed"]
    for name, seed in (("one", "3"), ("two", "3"), ("other", "4")):
        assert call(*asked, seed, "--out", f"{name}.npy")[0] == 0
    one, two, other = (np.load(f"{name}.npy") for name in ("one", "two", "other"))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)


def test_images_are_drawn_from_the_law_that_the_encoder_names(call: Call) -> None:
    first = {}
    for law in ("normal", "cauchy"):
        asked = ["a.png", "b.png", "--model", "pixels", "--model-option", f"law={law}", "--out", f"{law}.npy"]
        assert call(*asked)[0] == 0
        first[law] = np.load(f"{law}.npy")[0]
    assert not np.array_equal(first["normal"], first["cauchy"])


def test_options_reach_the_method(call: Call) -> None:
    asked = ["a.npy", "b.npy", "--model", "pixels", "--method", "stable", "--method-option", "alpha=2.0"]
    assert call(*asked, "--out", "two.npy")[0] == 0
    z0, z1 = np.load("a.npy")[None], np.load("b.npy")[None]
    middle = lot.interpolation("matched", lot.Normal(24))(z0, z1, 0.5)
    np.testing.assert_allclose(np.load("two.npy")[4].ravel(), (middle / 10 + 0.5).ravel(), atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["a.npy", "c.npy"], 1, "cannot read the latent c.npy (FileNotFoundError"),
        (["a.npy", "short.npy"], 1, "short.npy has float64 of shape (3,): a latent of pixels has floating-point"),
        (["a.npy", "bomb.npy"], 1, "cannot read the latent bomb.npy (ValueError"),
        (["a.npy", "text.png"], 1, "the picture text.png cannot be read"),
        (["a.npy", "nan.npy"], 1, "finite"),
        (
            ["a.png", "b.png", "--model-option", "encodes=false"],
            1,
            "pixels has no encoder, so a.png cannot be an image",
        ),
        (
            ["a.png", "b.npy", "--model-option", "flat=true"],
            1,
            "pixels decodes to shape (24,), which is not an image: give latents",
        ),
        (
            ["a.npy", "b.npy", "--model-option", "flat=true"],
            1,
            "decodes to shape (24,), which is not an image: write --out points",
        ),
        (["a.npy", "b.npy", "--method", "cauhcy"], 2, "unknown method 'cauhcy': did you mean 'cauchy'"),
        (["a.npy", "b.npy", "--method-option", "alpha=1.0"], 1, "unknown option of the method 'cauchy' 'alpha'"),
        (["a.npy", "b.npy", "--steps", "1"], 2, "a path has at least 2 steps, its ends, got 1"),
        (["a.npy", "b.npy", "--out", "strip.gifx"], 2, "--out is the name of an image, such as strip.png"),
        (["a.npy", "b.npy", "--out", "nowhere/strip.png"], 2, "give the name of a file in a folder that exists"),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else "",
)
def test_what_cannot_be_walked_is_one_line(call: Call, arguments: list[str], status: int, words: str) -> None:
    np.save("short.npy", np.zeros(3))
    np.save("nan.npy", np.full(24, np.nan))
    np.save("bomb.npy", np.array([{}]), allow_pickle=True)
    Path("text.png").write_text("no picture")
    got, out, err = call(*arguments, "--model", "pixels")
    assert (got, out) == (status, ""), err
    assert re.fullmatch(r"latentot: [^\n]+\n", err), err
    assert words in err
    assert not Path("strip.png").exists()


def test_latents_of_a_file_are_walked_through_in_turn(call: Call) -> None:
    seeds = lot.Normal(24).sample(3, rng=2)
    np.save("seeds.npy", seeds)
    assert call("--latents", "npz:seeds.npy", "--model", "pixels", "--steps", "4", "--out", "walk.npy")[0] == 0
    data = np.load("walk.npy")
    assert len(data) == 7
    np.testing.assert_allclose(data[[0, 3, 6]], (seeds / 10 + 0.5).reshape(3, 1, 4, 6))


def test_a_film_has_a_frame_for_every_point(call: Call) -> None:
    np.save("seeds.npy", lot.Normal(24).sample(3, rng=2))
    assert call("--latents", "seeds.npy", "--model", "pixels", "--steps", "4", "--out", "walk.gif")[0] == 0
    with Image.open("walk.gif") as film:
        assert (film.n_frames, film.size, film.info["duration"]) == (7, (96, 64), 120)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.npy"], "give A and B"),
        ([], "give A and B"),
        (["a.npy", "b.npy", "--latents", "a.npy"], "not both"),
        (["--latents", "a.npy"], "shape (n >= 2, *shape)"),
        (["--latents", "wide.npy"], "has latents of shape (3,), those of pixels are (24,)"),
    ],
)
def test_ends_that_are_missing_or_do_not_fit_are_a_line(call: Call, arguments: list[str], message: str) -> None:
    np.save("wide.npy", np.zeros((2, 3)))
    status, _, said = call(*arguments, "--model", "pixels")
    assert status in (1, 2)
    assert message in said
