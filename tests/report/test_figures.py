import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest

from latentot.report import RunFolder
from latentot.report.figures import draw_drift, draw_norms, draw_strips
from latentot.report.figures.scale import choose_scale
from latentot.report.figures.style import figure_name, label, method_styles

DRAWERS = {"drift": draw_drift, "norms": draw_norms, "strips": draw_strips}


def drawn(run, kind="drift", population=0):
    folder = RunFolder.read(run.write())
    return DRAWERS[kind](folder, folder.populations[population])


def texts(svg: str) -> set[str]:
    """What a figure says: matplotlib notes each text beside its outlines."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))  # noqa: S314 - drawn a moment ago
    tree = ET.fromstring(svg, parser=parser)  # noqa: S314
    found = (node.text or "" for node in tree.iter() if node.tag is ET.Comment)
    return {text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip() for text in found}


def test_drift_has_a_legend_and_a_panel_a_metric(make_run):
    drawing = drawn(make_run())
    assert drawing.name == "drift-prior"
    assert len(drawing.tiles) == 1 + 5
    assert {"linear", "earth-mover", "95 % without drift"} <= texts(drawing.tiles[0])
    assert {"frechet", "units of z squared, log scale"} <= texts(drawing.tiles[2])
    assert {"linear", "frechet", "norm-ks"} <= texts(drawing.sheet)
    assert "means over 3 repeats" in drawing.caption


def test_a_metric_that_always_failed_is_named_and_not_drawn(make_run):
    run = make_run()
    for row in run.rows:
        if row["metric"] == "frechet":
            row.update(status="failed: singular", value="", null_mean="", null_lo="", null_hi="")
    drawing = drawn(run)
    assert len(drawing.tiles) == 1 + 4
    assert drawing.caption.endswith("Not drawn, without a single value: frechet.")


def test_nothing_but_failures_leaves_a_sentence(make_run):
    run = make_run()
    for row in run.rows:
        row.update(status="failed: no memory", value="nan")
    drawing = drawn(run)
    assert not drawing.tiles
    assert "nothing to draw" in drawing.caption


def test_one_t_and_no_null_still_draw(make_run):
    run = make_run()
    run.rows = [row | {"null_lo": "", "null_hi": "", "null_mean": ""} for row in run.rows if row["t"] == 0.5]
    drawing = drawn(run)
    assert "0.5" in texts(drawing.tiles[1])


def test_norms_stand_against_the_exact_law_or_the_reference(make_run):
    run = make_run()
    assert {"prior, exact", "points at t = 0.5", "matched"} <= texts(drawn(run, "norms").sheet)
    del run.artefacts["radius/grid"], run.artefacts["radius/pdf"]
    drawing = drawn(run, "norms")
    assert "reference" in texts(drawing.sheet)
    assert "thin shell" in drawing.caption


def test_norms_of_heavy_tails_have_a_logarithmic_axis(make_run):
    run = make_run()
    run.artefacts["norms/edges"] = np.geomspace(1, 1e5, 81)
    drawing = drawn(run, "norms")
    assert "100" in texts(drawing.sheet)
    assert "heavy" in drawing.caption


@pytest.mark.parametrize("missing", ["norms/edges", "norms/"])
def test_without_norms_there_is_a_sentence(make_run, missing):
    run = make_run()
    run.artefacts = {key: array for key, array in run.artefacts.items() if not key.startswith(missing)}
    drawing = drawn(run, "norms")
    assert not drawing.tiles
    assert drawing.caption == "No norms are stored for this population: there is nothing to draw."


def test_strips_show_the_same_pairs_for_all_methods(make_run):
    drawing = drawn(make_run(model=True), "strips", population=1)
    assert drawing.name == "strips-encoded"
    assert len(drawing.tiles) == 4
    assert drawing.tiles[0].count("<image") == 1
    assert {"pair 1", "linear", "earth-mover", "0.25"} <= texts(drawing.tiles[0])
    assert {"pair 1", "pair 4"} <= texts(drawing.sheet)


REWORK: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "one channel": lambda images: images[:, :, :, None],
    "channels first": lambda images: np.repeat(images[:, :, :, None], 3, axis=3),
    "channels last": lambda images: np.repeat(images[..., None], 3, axis=-1),
    "bytes": lambda images: (images * 255).astype(np.uint8),
    "out of range": lambda images: np.where(images > 0.9, np.nan, images * 3 - 1),
}


@pytest.mark.parametrize("rework", REWORK.values(), ids=REWORK.keys())
def test_images_of_every_kind(make_run, rework):
    run = make_run(model=True)
    run.artefacts["strips/prior"] = rework(run.artefacts["strips/prior"][:1])
    assert drawn(run, "strips").tiles[0].count("<image") == 1


@pytest.mark.parametrize("shape", [(20,), (2, 8, 8), (8, 8, 8, 3)])
def test_data_that_are_no_images_leave_a_sentence(make_run, shape):
    run = make_run(model=True)
    run.artefacts["strips/prior"] = np.zeros((1, 5, 9, *shape))
    drawing = drawn(run, "strips")
    assert not drawing.tiles
    assert drawing.caption.endswith("its data are no images.")


def test_no_strips_leave_a_sentence(make_run):
    assert drawn(make_run(), "strips").caption.endswith("none are stored.")


def test_many_pairs_are_cut_and_counted(make_run):
    run = make_run(model=True)
    run.artefacts["strips/prior"] = np.repeat(run.artefacts["strips/prior"], 2, axis=0)[:, :, :, :4, :4]
    drawing = drawn(run, "strips")
    assert len(drawing.tiles) == 6
    assert drawing.caption.endswith("6 of the 8 stored pairs.")


def test_names_appear_literally(make_run):
    run = make_run(model=True)
    names = ["$x_1$", "<script>alert(1)</script>", "_hidden", "a --> b & c", "\\alpha {%x}"]
    for old, name in zip(run.run["study"]["methods"], names, strict=True):
        run.rename(old, name)
    for old, name in zip(run.run["study"]["metrics"], names, strict=True):
        run.rename(old, name)
    drift = drawn(run)
    # A comment cannot hold "--", so there matplotlib spaces it out; the outlines beside it are complete.
    seen = {re.sub(r"-(?=-)", "- ", name) for name in names}
    assert seen <= texts(drift.tiles[0])
    assert seen <= set().union(*(texts(tile) for tile in drift.tiles[1:]))
    assert seen <= texts(drawn(run, "norms").sheet)
    assert seen <= texts(drawn(run, "strips").tiles[0])
    assert "<script" not in drift.sheet


def test_drawing_leaves_matplotlib_alone(make_run):
    run = make_run()
    with mpl.rc_context({"font.size": 31, "lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        changed = drawn(run, "norms").sheet
        assert dict(mpl.rcParams) == before
    assert changed == drawn(run, "norms").sheet
    assert "<dc:date>" not in changed


def test_styles_tell_methods_apart_without_colour():
    styles = method_styles([str(i) for i in range(28)])
    assert len(set(styles.values())) == 28
    assert len({(look.marker, look.linestyle) for look in list(styles.values())[:8]}) == 8


@pytest.mark.parametrize(
    ("values", "threshold", "kind"),
    [
        ([0.1, 0.5], 0.1, "linear"),
        ([0.11, 0.7], 0.1, "log"),
        ([0.01, 5.0], 0.02, "log"),
        ([-0.01, 5.0], 0.02, "symlog"),
        ([-0.01, 0.05], 0.02, "linear"),
        ([0.0, 5.0], 0.0, "linear"),
        ([0.0, 0.0], 0.0, "linear"),
        ([np.nan, np.inf], 0.0, "linear"),
        ([-5e-9, 5e9], 0.0, "symlog"),
        ([1e-300, 1e300], 0.0, "log"),
    ],
)
def test_the_axis_follows_the_range(values, threshold, kind):
    scale = choose_scale(np.array(values), threshold)
    assert scale.kind == kind
    assert kind == "linear" or 2 <= len(scale.ticks) <= 13
    assert list(scale.ticks) == sorted(scale.ticks)


def test_labels_and_file_names_are_safe():
    assert label("a\nb") == "a b"
    assert figure_name("norms", "../../etc", "A|B") == "norms-etc-a-b"
