"""The report of a model's latent space: what it finds on a model that is known, and what it says of what is lacking."""

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import latentot as lot
from latentot.cli import main
from latentot.errors import InputError
from latentot.inspection import Inspection, Sizes, render
from latentot.inspection.folder import write_inspection
from latentot.inspection.operations.samples import _interval
from latentot.inspection.operations.walking import KINDS, _pairs
from latentot.inspection.page.animation import animate
from latentot.inspection.subject import Subject

DIGITS = lot.load_data("digits")
FLAT = DIGITS.train.reshape(len(DIGITS.train), -1).astype(np.float64)
MEAN = FLAT.mean(axis=0)
_, SINGULAR, AXES = np.linalg.svd(FLAT - MEAN, full_matrices=False)
D = 6
SCALE = SINGULAR[:D, None] / len(FLAT) ** 0.5 * AXES[:D]
SMALL = Sizes(data=60, draws=80, pairs=4, examples=6, around=3)


def decode(z):
    return (MEAN + z @ SCALE).clip(0, 1).reshape(-1, 1, 8, 8)


def encode(x):
    mean = (x.reshape(len(x), -1) - MEAN) @ np.linalg.pinv(SCALE)
    return mean, np.full_like(mean, 0.3)


MODEL = lot.Model(prior=lot.Normal(D), decode=decode, encode=encode, name="components")


def broken(_):
    raise OSError("no such\ndisk")


def looked_at(model=MODEL, data=DIGITS, **options):
    return lot.inspect(model, data, **{"methods": ["linear", "spherical"], "sizes": SMALL} | options)


@pytest.fixture(scope="module", autouse=True)
def few_epochs():
    """A classifier that is hardly any good will do here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("latentot.inspection.seen.EPOCHS", 12)
        yield


@pytest.fixture(scope="module")
def found() -> Inspection:
    return looked_at()


def test_all_is_looked_at(found):
    assert found.skipped() == {}
    assert list(found.tables) == [
        *("reconstruction", "coordinates", "aggregate-posterior", "norms", "samples", "around", "walks"),
    ]
    assert len(repr(found).splitlines()) == 10


def test_errors_are_those_of_means_decoded(found):
    table = found.tables["reconstruction"].set_index("data")
    assert (table["low"] < table["error"]).all()
    assert (table["error"] < table["error_of_the_mean"]).all()
    whole = np.square(DIGITS.test - decode(encode(DIGITS.test)[0])).mean()
    assert table.loc["held out", "low"] < whole < table.loc["held out", "high"]
    assert (table["likelihood"] == "Bernoulli").all()
    np.testing.assert_allclose(table["elbo"], table["expected"] - table["kl"])
    assert found.tables["coordinates"]["active"].all()
    assert found.tables["coordinates"]["kl"].sum() == pytest.approx(table.loc["held out", "kl"])


def test_norms_tell_linear_from_spherical(found):
    outside = found.tables["norms"].set_index("points")["of_the_prior_s_median"]
    assert outside["draws of the prior"] == pytest.approx(1, abs=0.15)
    # Half way a straight line has 1/sqrt(2) of the norm.
    assert outside["half way, linear"] == pytest.approx(0.71, abs=0.12)
    assert outside["half way, spherical"] == pytest.approx(1, abs=0.15)


def test_controls_are_told_from_data(found):
    samples = found.tables["samples"].set_index("data")
    constant = samples.loc["control: one image for all"]
    assert constant["coverage"] < 0.1 < samples.loc["held-out data", "coverage"]
    assert constant["diversity"] < samples.loc["held-out data", "diversity"] - 0.5
    assert (
        samples.loc["control: two data cross-faded", "membership"] < samples.loc["held-out data", "membership"] - 0.15
    )
    walks = found.tables["walks"].set_index(["between", "walk"])["betweenness"].unstack()
    assert len(walks) == 3
    assert (walks["control: cross-fading"] < 0.05).all()
    assert (walks["control: switch"] > 0.5).all()


def test_pairs_are_of_one_class_or_of_two():
    s = Subject.of(MODEL, DIGITS, None, "draws", 0, replace(SMALL, data=300, pairs=40))
    labels = s.labels("held out")
    for kind, same in ((KINDS[1], True), (KINDS[2], False)):
        first, second = _pairs(s, kind, 40)
        assert len(first) == 40
        assert (first != second).all()
        assert ((labels[first] == labels[second]) == same).all()


def test_farther_out_draws_are_less_like_the_example(found):
    around = found.tables["around"]
    scaled = around[around["scale"].isin([0.5, 1, 2, 4])]
    np.testing.assert_allclose(scaled["latent_distance"] / scaled["scale"], scaled["latent_distance"].iloc[1])
    assert scaled["feature_distance"].is_monotonic_increasing
    assert scaled["similarity"].iloc[0] > 0.9
    # Random other data are no nearer than themselves.
    assert around["similarity"].iloc[-1] == pytest.approx(0.5)


def test_encodings_that_are_too_narrow_do_not_follow_the_prior(found):
    table = found.tables["aggregate-posterior"]
    assert (table["n"] == 60).all()
    narrow = looked_at(replace(MODEL, encode=lambda x: (encode(x)[0] / 2, encode(x)[1])))
    other = narrow.tables["aggregate-posterior"]
    assert other["excess"].max() > table["excess"].max() + 5
    assert "do not follow the prior" in repr(narrow)


def test_the_same_seed_gives_the_same_numbers(found):
    again, other = looked_at(), looked_at(seed=1)
    for name, table in found.tables.items():
        assert again.tables[name].equals(table)
    assert not other.tables["samples"].equals(found.tables["samples"])


def test_the_folder_is_a_page_that_is_rendered_again(found, tmp_path):
    facts = {**found.facts, "title": "<script>alert(1)</script>", "started": ""}
    page = Inspection(facts, found.tables, found.arrays).report(tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.findall(r'(?:src|href)="(?!data:|#)', text)
    figures = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"reconstruction.svg", "norms.svg", "walks-0.svg", "walk.gif", "slice.svg"} <= figures
    with Image.open(tmp_path / "figures" / "walk.gif") as motion:
        assert motion.n_frames == 2 * 17 - 2
    markdown = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert all(f"figures/{name}" in markdown for name in figures)
    assert "could not be drawn" not in text
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    render(tmp_path)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("model", "data", "options", "lacks", "message"),
    [
        (MODEL, None, {}, {"reconstruction", "coordinates", "aggregate", "around"}, "no data are given"),
        (
            replace(MODEL, encode=None),
            DIGITS,
            {},
            {"reconstruction", "coordinates", "aggregate", "around"},
            "components has no encoder",
        ),
        (
            replace(MODEL, encode=broken),
            DIGITS,
            {},
            {"reconstruction", "coordinates", "aggregate", "around"},
            "components cannot encode the data: OSError: no such disk",
        ),
        (
            replace(MODEL, encode=lambda x: (encode(x)[0][:, :3], encode(x)[1])),
            DIGITS,
            {},
            {"reconstruction", "coordinates", "aggregate", "around"},
            r"must encode to mean and scale \(60, 6\), got \(60, 3\)",
        ),
        (
            replace(MODEL, decode=lambda z: decode(z)[:, :, :5, :7].repeat(3, axis=1)),
            DIGITS,
            {},
            {"reconstruction", "coordinates", "aggregate", "around"},
            r"decodes to shape \(3, 5, 7\), and the data have shape \(1, 8, 8\)",
        ),
        (
            replace(MODEL, decode=lambda z: 255 * decode(z)),
            DIGITS,
            {},
            {"reconstruction", "coordinates", "aggregate", "around"},
            "decodes to values from 0 to 25., and the data go from 0 to 1",
        ),
        (MODEL, DIGITS, {"features": lambda x: x[:3]}, {"samples", "around", "walks"}, r"numbers of shape \(n, k\)"),
    ],
)
def test_what_lacks_costs_what_needs_it(model, data, options, lacks, message):
    result = looked_at(model, data, **options)
    skipped = result.skipped()
    assert set(skipped) <= lacks
    assert re.search(message, "\n".join([*skipped.values(), *result.facts["notes"], repr(result)]))
    assert "norms" in result.tables


@pytest.mark.parametrize(
    ("labels", "notes"), [(None, []), (np.full(len(DIGITS.train), 3), ["of one class, 3"])], ids=["none", "one class"]
)
def test_of_data_without_labels_or_of_one_class_pairs_are_any(labels, notes):
    test_labels = None if labels is None else labels[: len(DIGITS.test)]
    data = replace(DIGITS, train_labels=labels, test_labels=test_labels)
    result = looked_at(data=data, features="classifier")
    assert result.skipped() == {}
    assert "class_changes" not in result.tables["walks"]
    assert result.tables["walks"]["between"].nunique() == 2
    assert "no labels of two classes or more" in str(result.facts["operations"])
    assert "principal components stand for" in str(result.facts["operations"])
    assert all(part in note for part, note in zip(notes, result.facts["notes"], strict=True))


def test_membership_of_few_data_has_a_wide_interval():
    low, high = map(int, re.match(r"100 % \[(\d+), (\d+)\]", _interval({"membership": 1.0, "n": 40})).groups())
    assert (low, high) == (91, 100)  # n / (n + 1.96^2)


def test_images_of_another_size_and_rows_that_are_not_finite_are_said():
    train = DIGITS.train.repeat(2, axis=2).repeat(2, axis=3)
    train[:3] = np.nan
    data = replace(DIGITS, train=train, test=DIGITS.test.repeat(2, axis=2).repeat(2, axis=3))
    result = looked_at(data=data)
    assert result.skipped() == {}
    assert any("3 data have values that are NaN" in note for note in result.facts["notes"])
    assert any("16 x 16 pixels are resized to 8 x 8" in note for note in result.facts["notes"])


def test_a_method_that_the_prior_does_not_serve_is_left_out():
    sphere = lot.Model(prior=lot.Sphere(D), decode=decode)
    result = looked_at(sphere, None, methods=["linear", "cauchy"])
    assert set(result.tables["norms"]["points"]) == {"draws of the prior", "half way, linear"}
    assert any("cauchy needs a prior with a marginal law" in note for note in result.facts["notes"])
    with pytest.raises(InputError, match="cauchy needs"):
        looked_at(sphere, None, methods="cauchy")


def test_fewer_data_than_features_and_plain_arrays():
    result = looked_at(data=DIGITS.train[:20].reshape(20, 64))
    assert result.skipped() == {}
    assert any("reshaped to (1, 8, 8)" in note for note in result.facts["notes"])


def test_a_slow_decoder_is_looked_at_less(monkeypatch):
    monkeypatch.setattr("latentot.inspection.subject.seconds_each", lambda *_: 1.0)
    result = looked_at(sizes=Sizes(data=200, draws=200, pairs=10, examples=6, around=3), budget=600)
    assert any("takes 1 s to decode" in note and "less is looked at" in note for note in result.facts["notes"])
    assert len(result.tables["walks"]) > 0
    assert (result.tables["walks"]["n"] == 4).all()


def test_what_is_no_picture_is_not_shown(tmp_path):
    model = lot.Model(prior=lot.Cauchy(2), decode=lambda z: np.tanh(z @ [[1.0, 2, 3], [3, 2, 1]]), name="curve")
    result = looked_at(model, None)
    assert "is no picture" in result.report(tmp_path).read_text(encoding="utf-8")
    assert "99 % of the prior lies" in repr(result)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lot.inspect("components"), "inspect takes a model, such as"),
        (lambda: lot.inspect(MODEL, ends="means of draws"), "unknown kind of ends"),
        (lambda: lot.inspect(MODEL, budget=0), "above 0, got 0"),
        (lambda: lot.inspect(MODEL, np.ones((4, 2), int)), "floating-point numbers"),
        (lambda: lot.inspect(replace(MODEL, decode=broken)), "cannot decode: OSError: no such disk"),
        (
            lambda: lot.inspect(replace(MODEL, decode=lambda z: z * np.nan)),
            "latents to values that are NaN or infinite",
        ),
        (lambda: lot.inspect(replace(MODEL, decode=lambda z: z[:1])), "latents to as many data"),
        (lambda: lot.inspect(MODEL, methods="slep"), "unknown method"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_motion_keeps_colours():
    walk = np.zeros((2, 5, 8, 8, 3))
    walk[0, ..., 0] = walk[1, ..., 2] = np.linspace(0.2, 1, 5)[:, None, None]
    with Image.open(io.BytesIO(animate(walk, ["red", "blue"]))) as motion:
        motion.seek(4)
        red, blue = (np.array(motion.convert("RGB"))[60, at] for at in (60, 60 + 96 + 8))
    assert np.abs(red - [255.0, 0, 0]).max() < 12
    assert np.abs(blue - [0, 0, 255.0]).max() < 12


def test_a_damaged_folder_is_one_line(found, tmp_path):
    with pytest.raises(InputError, match=r"inspection.json cannot be read"):
        render(tmp_path)
    write_inspection(tmp_path, found.facts, found.tables, found.arrays)
    (tmp_path / "tables" / "walks.csv").unlink()
    with pytest.raises(InputError, match=r"walks.csv cannot be read"):
        render(tmp_path)


def test_the_command_inspects_and_renders_again(announce, tmp_path, monkeypatch, capsys):
    announce(
        "half",
        modules={
            "half_of_test": "import latentot as lot\nload = lambda: lot.Model(lot.Normal(2), lambda z: z[:, None])"
        },
        models={"half": "half_of_test:load"},
    )
    out = str(tmp_path / "report")

    def run(*arguments: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["latentot", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().out

    status, text = run("inspect", "half", "--out", out, "--method", "linear", "--quiet")
    assert status == 0
    assert "Encode and decode: skipped, no data are given" in text
    page = Path(out) / "report.html"
    page.unlink()
    assert run("report", out)[0] == 0
    assert page.is_file()
    assert run("inspect", "half", "--out", str(page))[0] == 2


def test_the_page_about_it_runs(tmp_path, monkeypatch):
    page = (Path(__file__).parents[2] / "docs" / "inspection.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    # Written once is enough.
    monkeypatch.setattr(Inspection, "report", lambda _self, folder: folder)
    printed = []
    for block in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        exec(compile(block, "docs/inspection.md", "exec"), {"print": lambda *words: printed.append(str(words))})  # noqa: S102
    assert "Walks: Between draws of the prior" in printed[0]
    titles = re.findall(r"^\| ([A-Z][\w ]+?) \|", page, re.MULTILINE)
    assert all(f"{title}: " in printed[0] for title in titles), titles


SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared data beside the checkout")
def test_a_vae_of_mnist_that_someone_else_trained():
    torch_module = pytest.importorskip("latentot_torch_module")
    sys.path.insert(0, str(Path(__file__).parents[2] / "backends" / "torch_module" / "tests"))
    try:
        model = torch_module.load(
            "factories:external", 10, str(SHARED / "external-vae-mnist.safetensors"), spread="log-variance"
        )
    finally:
        sys.path.pop(0)
    result = looked_at(model, f"idx:{SHARED / 't10k-images-idx3-ubyte.gz'}", sizes=replace(SMALL, data=500))
    assert result.skipped() == {}
    table = result.tables["reconstruction"].set_index("data")
    # The figures that its README states, of 2,000 images; these are 500.
    assert table.loc["held out", "error"] == pytest.approx(0.0067, abs=0.0007)
    assert table.loc["held out", "kl"] == pytest.approx(19.4, abs=0.7)
