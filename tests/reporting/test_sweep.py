"""A sweep: runs beside each other, on one page that recomputes nothing."""

import json
import re

import pytest
from matplotlib.figure import Figure

import latentot as lot
from latentot.errors import InputError
from latentot.reporting import render
from latentot.reporting.figures import Drawing
from latentot.reporting.figures.style import collecting, styled
from latentot.reporting.figures.subjects import DRIFT, SEEN, _label_axis, draw_over_subjects
from latentot.reporting.headline import MOST_WORDS, headline_over
from latentot.reporting.html import to_html
from latentot.reporting.overview import compose_overview
from latentot.reporting.sweep import Axis, Sweep
from latentot.runformat import write_sweep
from latentot.study import Study


@pytest.fixture(name="sweep")
def three_dimensions(make_run, tmp_path):
    """Three runs; on the last, cauchy drifts and a method is missing."""
    runs = []
    for dim in (8, 64, 512):
        run = make_run(folder=f"sweep/d-{dim}")
        run.rows = [row for row in run.rows if row["metric"] in {"norm-ks", "frechet"}]
        run.run["study"]["dim"] = run.run["subject"]["dim"] = dim
        if dim == 512:
            next(v for v in run.run["verdicts"] if v["method"] == "cauchy")["verdict"] = "drifts"
            run.run["verdicts"] = [v for v in run.run["verdicts"] if v["method"] != "matched"]
        run.write()
        runs.append({"label": f"d = {dim}", "folder": f"d-{dim}"})
    facts = {"schema": 1, "title": "Three | <dimensions>", "runs": runs}
    (tmp_path / "sweep" / "sweep.json").write_text(json.dumps(facts))
    return tmp_path / "sweep"


@pytest.fixture
def without_overview_figures(monkeypatch):
    """Overviews are composed as ever, but for their figures."""
    monkeypatch.setattr("latentot.reporting.overview.attempted", lambda kind, *_: Drawing(kind, "", "not drawn here"))


@pytest.mark.usefixtures("without_overview_figures")
def test_each_method_has_its_verdict_on_each_subject(sweep):
    (section,) = compose_overview(Sweep.read(sweep)).sections
    assert [row.label for row in section.rows] == ["d = 8", "d = 64", "d = 512"]
    told = {answer.split()[0]: answer for answer in section.answers}
    assert told["linear"] == "linear drifts on every subject."
    assert told["cauchy"] == "cauchy keeps the prior on d = 8 and d = 64 and drifts on d = 512."
    assert told["matched"] == "matched keeps the prior on d = 8 and d = 64 and was not tried on d = 512."
    assert [entry.state for entry in section.rows[2].entries if entry.method in {"cauchy", "matched"}] == [
        "drifts",
        "none",
    ]


@pytest.mark.usefixtures("without_overview_figures")
def test_the_first_screen_has_the_answer_and_a_cell_a_subject_and_method(sweep):
    found = compose_overview(Sweep.read(sweep))
    assert found.headline.sentence == (
        "cauchy and matched keep the prior most often, in 2 of 3; linear, spherical and earth-mover drift on all, "
        "cauchy drifts on some."
    )
    html = to_html(found)
    first = html[html.index('id="first"') : html.index("<main>")]
    cells = [entry for row in found.sections[0].rows for entry in row.entries]
    assert first.count("<td") == len(cells) == 15
    assert first.count('class="drifts"') == sum(entry.state == "drifts" for entry in cells)
    for anchor in re.findall(r'href="#([^"]+)"', first):
        assert f'id="{anchor}"' in html


@pytest.mark.usefixtures("without_overview_figures")
def test_cells_say_how_far_a_method_drifts(sweep):
    path = sweep / "d-8" / "run.json"
    run = json.loads(path.read_text())
    shares = {"linear": 1.0, "spherical": 0.25, "cauchy": -0.002, "matched": 4.0}
    for verdict in run["verdicts"]:
        verdict["share"] = shares.get(verdict["method"])
    path.write_text(json.dumps(run))
    found = {entry.method: entry for entry in compose_overview(Sweep.read(sweep)).sections[0].rows[0].entries}
    said = {method: (found[method].share, found[method].size) for method in (*shares, "earth-mover")}
    assert said == {
        "linear": ("100 %", 100.0),
        "spherical": ("25 %", 50.0),
        "cauchy": ("< 1 %", 0.0),
        "matched": ("400 %", 100.0),
        "earth-mover": ("", 0.0),
    }


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({"a": ["keeps"] * 2, "b": ["keeps"] * 2}, "a and b keep the prior on all two subjects."),
        ({"a": ["keeps", "inconclusive"], "b": ["inconclusive", "keeps"], "c": ["drifts", "inconclusive"]},
         "a and b keep the prior most often, in 1 of 2, and drift nowhere; c drifts on some."),
        ({"a": ["keeps"] * 2, "b": ["drifts"]}, "a keeps the prior on all two subjects; b drifts on some."),
        ({"a": ["keeps", "drifts"]}, "a keeps the prior most often, in 1 of 2; a drifts on some."),
        ({str(i): ["keeps"] * 2 for i in range(5)}, "5 methods keep the prior on all two subjects."),
        ({"a": ["drifts"] * 2, "b": ["inconclusive", "drifts"]},
         "No method is shown to keep the prior anywhere; a drifts on all, b drifts on some."),
        ({"a": ["inconclusive"] * 2}, "No method is shown to keep the prior anywhere."),
        ({"a": []}, "No subject reached a verdict."),
        ({}, "No subject reached a verdict."),
    ],
)  # fmt: skip
def test_the_answer_over_subjects(states, sentence):
    found = headline_over(states, "the prior", 2)
    assert found.sentence == sentence
    assert bool(found.recommended) != sentence.startswith("No ")


def test_the_answer_over_subjects_is_short_whatever_names_are():
    states = {f"a rather long name of a method {i}": ["keeps", "drifts"][i % 2 :][:1] * 3 for i in range(9)}
    assert len(headline_over(states, "the aggregate posterior", 3).sentence.split()) <= MOST_WORDS


@pytest.mark.usefixtures("without_figures")
def test_the_page_links_every_report_and_names_are_escaped(sweep):
    page = render(sweep)
    html, markdown = page.read_text(), (sweep / "report.md").read_text()
    assert page == sweep / "report.html"
    for name in ("d-8", "d-64", "d-512"):
        assert f'href="{name}/report.html"' in html
        assert f"({name}/report.md)" in markdown
        assert (sweep / name / "report.html").exists()
    assert "<dimensions>" not in html
    assert "Three \\| &lt;dimensions&gt;" in markdown
    before = html
    assert render(sweep).read_text() == before, "the same folder gives the same bytes"


def test_figures_go_along_the_one_setting_that_varies(sweep):
    read = Sweep.read(sweep)
    assert (read.axis.name, read.axis.values) == ("dimensions", (8.0, 64.0, 512.0))
    (population,) = read.populations()
    drawing = draw_over_subjects(read, population, DRIFT)
    assert len(drawing.tiles) == 3, "a legend and two metrics"
    assert "t = 0.5" in drawing.caption
    assert draw_over_subjects(read, population, SEEN).name != drawing.name


def test_subjects_without_an_order_stand_side_by_side(sweep):
    path = sweep / "d-64" / "run.json"
    stored = json.loads(path.read_text())
    stored["study"]["prior"] = {"name": "uniform", "options": {}}
    path.write_text(json.dumps(stored))
    read = Sweep.read(sweep)
    assert (read.axis.name, read.axis.values) == ("", (0.0, 1.0, 2.0))
    (population,) = read.populations()
    with collecting() as drawn:
        name = draw_over_subjects(read, population, DRIFT).name
    # Their names are turned, and stay in the figure.
    assert drawn[name].axes[0].get_xticklabels()[0].get_rotation() == 60
    with styled():
        assert drawn[name].get_tightbbox().y0 > -0.03


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["vae, data = a", "vae, data = b"], ["vae\ndata = a", "vae\ndata = b"]),
        (["a-model-of-a-very-long-name (size=1)", "a-model-of-a-very-long-name (size=2)"], ["1", "2"]),
    ],
)
def test_names_on_an_axis_tell_subjects_apart(labels, shown):
    axes = Figure().subplots()
    _label_axis(axes, Axis("", (0.0, 1.0)), labels)
    assert [text.get_text() for text in axes.get_xticklabels()] == shown


@pytest.mark.usefixtures("without_overview_figures")
def test_subjects_whose_names_have_commas_are_kept_apart(sweep):
    stored = json.loads((sweep / "sweep.json").read_text())
    for own in stored["runs"]:
        own["label"] = f"vae, {own['label']}"
    (sweep / "sweep.json").write_text(json.dumps(stored))
    found = compose_overview(Sweep.read(sweep))
    assert found.subject.endswith(": vae, d = 8; vae, d = 64; vae, d = 512")
    assert "cauchy keeps the prior on vae, d = 8; vae, d = 64 and drifts on vae, d = 512." in found.sections[0].answers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is damaged"),
        ('{"schema": 1}', "is damaged"),
        ('{"schema": 9, "title": "", "runs": []}', "has schema 9"),
        ('{"schema": 1, "title": "", "runs": []}', "names no runs"),
        ('{"schema": 1, "title": "", "runs": [{"label": "a", "folder": "../a"}]}', r"names \['../a'\]"),
        ('{"schema": 1, "title": "", "runs": [{"label": "a", "folder": "gone"}]}', "there is no run folder"),
    ],
)
def test_a_damaged_sweep_is_one_line(sweep, text, message):
    (sweep / "sweep.json").write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        render(sweep)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("without_figures")
def test_a_study_file_with_lists_gives_an_overview(tmp_path, monkeypatch):
    """What is stored can be read as it is written: the seen share is that of the table."""
    from latentot import study

    asked = study.studies_of(
        prior="normal", dim=[2, 3], methods="all", metrics=["norm-ks"], t=[0.5], pairs=60, repeats=5, null_draws=20
    )
    assert [choice.name for choice in asked[0].methods] == lot.interpolations(lot.Normal(2))
    asked = [one.model_copy(update={"methods": one.methods[:2]}) for one in asked]
    for one, name in zip(asked, "ab", strict=True):
        study.write(study.run(one), tmp_path / name)
    write_sweep(tmp_path, "Two", [("d = 2", "a"), ("d = 3", "b")])
    render(tmp_path)
    (section,) = compose_overview(Sweep.read(tmp_path)).sections
    assert section.seen is not None
    assert (tmp_path / "figures" / "seen-prior.svg").exists()
    monkeypatch.setattr("latentot.reporting.overview.MIN_DRAWS", 21)
    (section,) = compose_overview(Sweep.read(tmp_path)).sections
    assert section.seen is None, "with fewer draws no repeat alone could show drift"


def test_every_method_needs_a_named_prior():
    with pytest.raises(InputError, match="list the methods of a model by name"):
        Study.of(model="torch-vae", methods="all")
