import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from scipy import stats

from latentot.reporting import figures
from latentot.reporting.figures import draw_drift, draw_norms, draw_strips, figure_of
from latentot.reporting.figures.norms import _bins_together, _shells
from latentot.reporting.figures.scale import choose_scale
from latentot.reporting.figures.style import BAND, OTHER_BAND, figure_name, label, method_styles, styled
from latentot.runformat import Population, RunFolder

DRAWERS = {"drift": draw_drift, "norms": draw_norms, "strips": draw_strips}


def drawn(run, kind="drift", population=0):
    folder = RunFolder.read(run.write())
    return DRAWERS[kind](folder, folder.populations[population])


def of_metrics(run, *metrics):
    """Of which little is drawn."""
    run.rows = [row for row in run.rows if row["metric"] in metrics]
    return run


def texts(svg: str) -> set[str]:
    """What a figure says: its letters are text, which a reader can search."""
    tree = ET.fromstring(svg)  # noqa: S314 - drawn a moment ago
    return {(node.text or "").strip() for node in tree.iter("{http://www.w3.org/2000/svg}text")}


def test_drift_has_a_panel_a_metric_that_names_its_lines(make_run):
    drawing = drawn(make_run())
    assert drawing.name == "drift-prior"
    assert len(drawing.tiles) == 5
    assert all({"linear", "earth-mover"} <= texts(tile) for tile in drawing.tiles)
    assert {"frechet", "units of z squared, log scale"} <= texts(drawing.tiles[1])
    assert {"linear", "frechet", "norm-ks", "95 % without drift"} <= texts(drawing.sheet)
    assert "means over 3 repeats" in drawing.caption


def test_a_tile_is_its_part_of_the_sheet_and_has_all_that_it_uses(make_run):
    drawing = drawn(of_metrics(make_run(), "frechet", "norm-ks", "sliced-wasserstein"))
    places = []
    for tile in drawing.tiles:
        ET.fromstring(tile)  # noqa: S314 - drawn a moment ago
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', tile)) == set(
            re.findall(r'<(?:path|clipPath) id="([^"]+)', tile)
        )
        assert max(re.findall(r"L ([\d.]+)", tile), key=float) in drawing.sheet
        places.append(tuple(map(float, re.search(r'viewBox="([^"]+)"', tile)[1].split())))
    whole = tuple(map(float, re.search(r'viewBox="([^"]+)"', drawing.sheet)[1].split()))
    assert places[1][:2] == (places[0][0] + places[0][2], places[0][1])
    assert places[2][:2] == (places[0][0], places[0][1] + places[0][3])
    assert whole[2:] == pytest.approx((2 * places[0][2], places[2][1] + places[2][3]), abs=0.01)


@pytest.mark.parametrize("name", ["url(#a)", 'href="#a"', 'id="a"', "</g>", "<defs>", "<!-- a", "]]>"])
def test_names_that_read_like_svg_are_letters(make_run, name):
    run = of_metrics(make_run(), "frechet")
    run.rename("earth-mover", name)
    drawing = drawn(run)
    for svg in (drawing.sheet, *drawing.tiles):
        assert name in texts(svg)


@pytest.mark.parametrize("kind", ["drift", "norms", "strips", "shares", "price"])
@pytest.mark.parametrize("name", ["i", "W" * 20, "a b c d e f g h i j k l"])
def test_letters_stay_within_their_figure(make_run, kind, name):
    run = of_metrics(make_run(model=kind == "strips"), "frechet")
    for verdict in run.run["verdicts"]:
        verdict |= {"share": 0.3, "share_low": 0.2, "share_high": 0.5, "n": 500}
    run.rename("earth-mover", name)
    folder = RunFolder.read(run.write())
    figure = figure_of(getattr(figures, f"draw_{kind}"), folder, folder.populations[0])
    with styled():
        seen = figure.get_tightbbox()  # as matplotlib has it, which draws everything to know
    (width, height), slack = figure.get_size_inches(), 0.03
    assert -slack < seen.x0 < 0.3
    assert -slack < seen.y0 < 0.3
    assert width - 0.3 < seen.x1 < width + slack
    assert height - 0.3 < seen.y1 < height + slack


def test_more_methods_than_a_panel_can_name_have_a_legend(make_run):
    run = make_run()
    run.rows = [
        row | {"method": f"{row['method']} {i}"} for row in run.rows if row["metric"] == "frechet" for i in (1, 2)
    ]
    drawing = drawn(run)
    assert len(drawing.tiles) == 1 + 1
    assert {"linear 1", "earth-mover 2", "95 % without drift"} <= texts(drawing.tiles[0])
    assert "linear 1" not in texts(drawing.tiles[1])


def test_drift_against_two_references_is_told_apart(make_run):
    run = of_metrics(make_run(model=True), "frechet", "norm-ks")
    prior, posterior = (drawn(run, population=i) for i in (1, 2))
    assert (prior.name, posterior.name) == ("drift-encoded", "drift-encoded-against-posterior")
    assert "Endpoints encoded from data, held against the prior" in texts(prior.sheet)
    assert "Endpoints encoded from data, held against the aggregate posterior" in texts(posterior.sheet)
    assert "nothing drifts from the aggregate posterior (95 %" in posterior.caption
    # The band in every tile: a tile that is cut out can be told, too.
    assert all(BAND in tile and OTHER_BAND not in tile for tile in prior.tiles)
    assert all(OTHER_BAND in tile and BAND not in tile for tile in posterior.tiles)


def test_a_run_of_one_population_needs_no_title(make_run):
    assert "Endpoints drawn from the prior" not in texts(drawn(of_metrics(make_run(), "frechet")).sheet)


def heights(svg: str, color: str) -> list[float]:
    """Lengths of the vertical bars of a colour."""
    paths = re.findall(rf'<path d="M ([\d.]+) ([\d.]+) \nL ([\d.]+) ([\d.]+) \n"[^>]*stroke: {color}', svg)
    return [abs(float(y1) - float(y0)) for x0, y0, x1, y1 in paths if x0 == x1]


@pytest.mark.parametrize("repeats", [1, 3])
def test_one_repeat_has_its_spread_as_bars(make_run, repeats):
    run = make_run()
    run.rows = [row | {"spread": 0.5} for row in run.rows if row["metric"] == "frechet" and row["repeat"] < repeats]
    drawing = drawn(run)
    assert ("by the jackknife" in drawing.caption) == (repeats == 1)
    assert ("bars their range" in drawing.caption) == (repeats == 3)
    bars = heights(drawing.tiles[0], "#d55e00")
    assert len(bars) == 5
    assert (max(bars) > 10) == (repeats == 1)


def test_one_repeat_of_an_older_run_has_no_bars(make_run):
    run = make_run()
    run.rows = [row for row in run.rows if row["metric"] == "frechet" and row["repeat"] == 0]
    run.age()
    drawing = drawn(run)
    assert "Bars" not in drawing.caption
    assert max(heights(drawing.tiles[0], "#d55e00"), default=0.0) == 0


def test_a_metric_that_always_failed_is_named_and_not_drawn(make_run):
    run = make_run()
    run.rows = [row for row in run.rows if row["metric"] in ("frechet", "norm-ks")]
    for row in run.rows:
        if row["metric"] == "frechet":
            row.update(status="failed: singular", value="", null_mean="", null_lo="", null_hi="")
    drawing = drawn(run)
    assert len(drawing.tiles) == 1
    assert drawing.caption.endswith("Not drawn, without a single value: frechet.")


def test_nothing_but_failures_leaves_a_sentence(make_run):
    run = make_run()
    for row in run.rows:
        row.update(status="failed: no memory", value="nan")
    drawing = drawn(run)
    assert not drawing.tiles
    assert "nothing to draw" in drawing.caption


def test_one_t_and_no_null_still_draw(make_run):
    run = of_metrics(make_run(), "frechet")
    run.rows = [row | {"null_lo": "", "null_hi": "", "null_mean": ""} for row in run.rows if row["t"] == 0.5]
    drawing = drawn(run)
    assert "0.5" in texts(drawing.tiles[0])


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


def test_norms_of_encoded_endpoints_show_where_encodings_are(make_run):
    run = make_run(model=True)
    drawing = drawn(run, "norms", population=1)
    assert drawing.heading == "Endpoints encoded from data"
    assert "encodings" in texts(drawing.sheet)
    assert "law of the encodings" in drawing.caption
    assert "encodings" not in texts(drawn(run, "norms").sheet)
    del run.artefacts["endpoints/encoded"]
    assert "encodings" not in texts(drawn(run, "norms", population=1).sheet)


@pytest.mark.parametrize(("n", "together"), [(None, 1), (1e9, 1), (6000, 2), (179, 6), (4, 24)])
def test_few_points_have_wide_bins(n, together):
    # A normal law with 20 bins in its quartiles' range: Freedman and Diaconis' width is 40 n^(-1/3) bins.
    edges = np.linspace(-4, 4, 120)
    mass = np.diff(stats.norm.cdf(edges * 0.6745 * 120 / (8 * 10)))
    assert _bins_together(mass, Population("prior", n=n)) == pytest.approx(together, abs=1)


def test_wide_bins_keep_the_mass(make_run):
    run = make_run()
    run.run["populations"][0].update(n=30, repeats=1)
    folder = RunFolder.read(run.write())
    shells = _shells(folder, folder.populations[0])
    assert shells is not None
    assert len(shells.edges) < 40
    fine = run.artefacts["norms/prior/linear"][2] @ np.diff(run.artefacts["norms/edges"])
    assert shells.methods["linear"] @ np.diff(shells.edges) == pytest.approx(fine)


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
    assert drawing.sheet.count("<image") == 4
    assert {"pair 1", "pair 4", "linear", "earth-mover", "0.25"} <= texts(drawing.sheet)


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
    assert drawn(run, "strips").sheet.count("<image") == 1


@pytest.mark.parametrize("shape", [(20,), (2, 8, 8), (8, 8, 8, 3)])
def test_data_that_are_no_images_leave_a_sentence(make_run, shape):
    run = make_run(model=True)
    run.artefacts["strips/prior"] = np.zeros((1, 5, 9, *shape))
    drawing = drawn(run, "strips")
    assert not drawing.sheet
    assert drawing.caption.endswith("its data are no images.")


def test_no_strips_leave_a_sentence(make_run):
    assert drawn(make_run(), "strips").caption.endswith("none are stored.")


def test_many_pairs_are_cut_and_counted(make_run):
    run = make_run(model=True)
    run.artefacts["strips/prior"] = np.repeat(run.artefacts["strips/prior"], 2, axis=0)[:, :, :, :4, :4]
    drawing = drawn(run, "strips")
    assert drawing.sheet.count("<image") == 6
    assert drawing.caption.endswith("6 of the 8 stored pairs.")


def test_names_appear_literally(make_run):
    run = make_run(model=True)
    names = ["$x_1$", "<script>alert(1)</script>", "_hidden", "a --> b & c", "\\alpha {%x}"]
    for old, name in zip(run.run["study"]["methods"], names, strict=True):
        run.rename(old, name)
    for old, name in zip(run.run["study"]["metrics"], names, strict=True):
        run.rename(old, name)
    drift = drawn(run)
    seen = set(names)
    shortened = {name if len(name) <= 15 else f"{name[:14]}…" for name in names}
    assert shortened <= texts(drift.tiles[0])
    assert seen <= set().union(*(texts(tile) for tile in drift.tiles))
    assert seen <= texts(drawn(run, "norms").sheet)
    assert seen <= texts(drawn(run, "strips").sheet)
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
