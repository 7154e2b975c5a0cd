"""What a reader takes away: sources, a study to repeat, LaTeX, PDF, pictures, one page over several runs."""

import io
import itertools
import re
import tomllib
from dataclasses import replace

import PIL.Image
import pytest

import latentot as lot
from latentot import InputError
from latentot.cli import main
from latentot.reporting import render, render_together
from latentot.reporting.bibliography import bibtex, entry
from latentot.reporting.figures.price import pareto
from latentot.reporting.figures.style import apart
from latentot.reporting.frames import animation, strips_of
from latentot.reporting.latex import tex
from latentot.reporting.play import play_data
from latentot.reporting.repeat import study_file
from latentot.runformat import Definition, RunFolder
from latentot.study.spec.study import Study


@pytest.fixture(scope="module", name="run")
def stored(modern_page) -> RunFolder:
    return RunFolder.read(modern_page)


def test_every_source_of_the_catalogue_becomes_bibtex():
    prior = lot.Normal(4)
    citations = [lot.drift(name).citation for name in lot.drifts()]
    citations += [lot.interpolation(name, prior).citation for name in lot.interpolations(prior)]
    named = [text for text in citations if " " in text]
    assert len(named) > 10
    for text in named:
        made = entry(text, "it")
        whole = r"@misc\{[a-z]+\d{4}[a-z]*,\n  author = \{\w"
        assert re.match(whole if "alpha = 1:" not in text else r"@misc\{it,\n  note = \{", made), text
        assert made.count("{") == made.count("}")


def test_sources_of_a_run_are_listed_once_with_their_keys(run):
    text = bibtex(run)
    keys = re.findall(r"@\w+\{([^,]+),", text)
    assert keys[0] == "latentot"
    assert len(keys) == len(set(keys)) >= 5
    twice = Definition(citation="White: Sampling of things. 2016")
    other = replace(run, facts=replace(run.facts, methods={"linear": twice, "cauchy": replace(twice, citation=
                                                           "White: Sampling of others. 2016")}))  # fmt: skip
    assert {"white2016sampling", "white2016sampling-2"} <= set(re.findall(r"@misc\{([^,]+),", bibtex(other)))


@pytest.mark.parametrize(
    "settings",
    [
        {"prior": "normal", "dim": 8},
        {"prior": {"name": "student-t", "options": {"df": 3}}, "dim": 8, "title": 'of "quotes" \\ and é'},
        {"prior": "normal", "dim": [4, 2], "methods": ["linear", {"name": "stable", "options": {"alpha": 1.5}}]},
        {"prior": "normal", "dim": 8, "metrics": ["emd", {"name": "mmd", "options": {"width": 2.0}}], "pairs": 100},
        {"model": {"name": "sklearn-pca", "options": {"latent": 4}}, "data": "digits", "endpoints": ["encoded"]},
    ],
    ids=["plain", "prior with options", "methods with options", "metrics with options", "model"],
)
def test_the_study_file_gives_the_study_again(run, settings):
    study = Study.of(**settings)
    stored = replace(run, facts=replace(run.facts, study=study.model_dump(mode="json")))
    assert Study.of(**tomllib.loads(study_file(stored))) == study


def test_what_a_file_cannot_hold_is_named(run):
    own = {"methods": [{"name": "mine", "options": {}, "own": "digest"}], "seed": 1}
    text = study_file(replace(run, facts=replace(run.facts, study=own)))
    assert text == "# methods: some were objects given in Python, which a file cannot hold\nseed = 1\n"


def test_latex_and_pdf_are_written_beside_their_figures(make_run):
    run = make_run()
    run.rows = [row for row in run.rows if row["metric"] == "frechet"]
    run.artefacts = {}
    folder = run.write()
    page = render(folder, "latex")
    text = page.read_text(encoding="utf-8")
    assert text.count("\\begin{tabular}") == text.count("\\bottomrule") == 1
    for name in re.findall(r"\\includegraphics\[[^]]*\]\{([^}]+)\}", text):
        assert (folder / name).read_bytes().startswith(b"%PDF")
    assert "@misc{" in (folder / "report.bib").read_text(encoding="utf-8")
    paper = render(folder, "pdf")
    first = paper.read_bytes()
    assert first.startswith(b"%PDF")
    assert render(folder, "pdf").read_bytes() == first
    assert not (folder / "report.html").exists()


def test_text_of_latex_is_shown_as_it_is():
    assert tex("a_b & 5 % of {x} ~ \\y^2\n#1 $") == (
        "a\\_b \\& 5 \\% of \\{x\\} \\textasciitilde{} \\textbackslash{}y\\textasciicircum{}2 \\#1 \\$"
    )


def test_an_animation_goes_there_and_back(run):
    strips = strips_of(run, run.populations[0])
    with PIL.Image.open(io.BytesIO(animation(strips, "cauchy"))) as picture:
        assert picture.n_frames == 2 * len(strips.t) - 2
        assert picture.height >= 128
        assert picture.width == picture.height * len(strips.images)


def test_play_has_what_is_decoded_measured_and_expected(run):
    strips = strips_of(run, run.populations[0])
    world, other = play_data(run, run.populations[:2], {"prior": strips})["worlds"]
    assert world["decoded"]
    assert (world["pairs"], len(world["t"]), other["decoded"]) == (4, 9, False)
    assert world["metric"] == "sliced-wasserstein"
    assert [own["name"] for own in world["methods"]] == list(run.method_names())
    linear = world["methods"][0]
    assert [t for t, _ in linear["drift"]] == world["t"]
    assert max(value for _, value in linear["drift"]) == pytest.approx(0.315, abs=1e-3)
    low, middle, high = world["band"]
    assert low < middle < high


@pytest.mark.usefixtures("without_figures")
def test_several_runs_are_one_page_that_says_what_changed(make_run, tmp_path, capsys, monkeypatch):
    for name, seed in (("before", 0), ("after", 1)):
        run = make_run(folder=name)
        run.rows = [row for row in run.rows if row["metric"] == "frechet"]
        run.run["study"]["seed"] = seed
        if name == "after":
            run.run["verdicts"][0]["verdict"] = "keeps"
        run.write()
    folders = [str(tmp_path / name) for name in ("before", "after")]
    monkeypatch.setattr("sys.argv", ["latentot", "report", *folders, "--out", str(tmp_path / "both")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code in (0, None)
    assert "both/report.html" in capsys.readouterr().out
    text = (tmp_path / "both" / "report.html").read_text(encoding="utf-8")
    assert "seed: 0 -&gt; 1" in text
    assert "linear: drifts -&gt; keeps" in text
    assert 'href="../before/report.html"' in text
    assert "2 subjects: Normal prior, 64 dimensions, before; Normal prior, 64 dimensions, after" in text
    with pytest.raises(InputError, match="given twice"):
        render_together([folders[0]] * 2, tmp_path / "both")
    with pytest.raises(InputError, match="two folders or more, got 1"):
        render_together(folders[:1], tmp_path / "both")
    with pytest.raises(InputError, match="html or md"):
        render_together(folders, tmp_path / "both", "pdf")


def test_the_front_is_what_no_other_beats_in_both():
    points = [(1.0, 5.0), (1.0, 4.0), (2.0, 4.0), (3.0, 0.5), (9.0, 0.5)]
    beaten = {i for i, a in enumerate(points) if any(b != a and b[0] <= a[0] and b[1] <= a[1] for b in points)}
    assert set(pareto(points)) == set(range(len(points))) - beaten


@pytest.mark.parametrize("places", [[0.0], [5.0, 5.0, 5.0], [0.0, 0.1, 7.0, 7.1, 7.2], [3.0, 1.0, 2.0]])
def test_labels_are_apart_in_their_order_and_about_where_they_were(places):
    found = apart(places, least=1.0)
    order = sorted(range(len(places)), key=lambda i: places[i])
    assert all(found[b] - found[a] > 1 - 1e-9 for a, b in itertools.pairwise(order))
    assert sum(found) == pytest.approx(sum(places))
