import base64
import hashlib
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import latentot.reporting.rendering
from latentot import InputError
from latentot.reporting import render
from latentot.reporting.figures import draw_norms
from latentot.reporting.html import SCRIPTS, inline_svg, markdown_text
from latentot.reporting.page import compose
from latentot.runformat import RunFolder

TEMPLATES = Path(latentot.reporting.rendering.__file__).parent / "templates"
METHODS = ("linear", "spherical", "cauchy", "matched", "earth-mover")
HOSTILE = "<script>alert('$x_1$')</script> | `a` \"b\" {{ 7 * 7 }} _c_"


class Page(HTMLParser):
    """What a page consists of: its tags with attributes, its visible text, its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        (self.scripts if self.tags and self.tags[-1][0] == "script" and self.cdata_elem else self.words).append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(folder: Path) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def runs_only_its_own(parsed: Page) -> bool:
    """Whether the scripts of a page are those of the package, to the letter, beside data that are not run."""
    data = [attributes for tag, attributes in parsed.tags if tag == "script" and attributes]
    own = {(TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS}
    ran = [text for text in parsed.scripts if not text.startswith("{")]
    harmless = all(attributes["type"] == "application/json" for attributes in data)
    return harmless and set(ran) == own and len(ran) == len(own) == parsed.count("script") - len(data)


@pytest.mark.parametrize("name", ["prior", "model"])
def test_the_page_needs_nothing_else(rendered, name):
    parsed = page(rendered[name])
    assert not {"link", "iframe", "object", "base"} & {tag for tag, _ in parsed.tags}
    assert runs_only_its_own(parsed)
    policy = next(own["content"] for tag, own in parsed.tags if own.get("http-equiv") == "Content-Security-Policy")
    for text in parsed.scripts:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert text.startswith("{") or f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]
    for tag, attributes in parsed.tags:
        for key, value in attributes.items():
            if key in {"src", "href", "xlink:href", "srcset", "action", "poster"}:
                assert (value or "").startswith(("#", "data:image/png;base64,")), (tag, key, value)
            assert not key.startswith("on")
    text = (rendered[name] / "report.html").read_text(encoding="utf-8")
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


@pytest.mark.parametrize("name", ["prior", "model"])
def test_ids_are_unique_and_links_lead_somewhere(rendered, name):
    parsed = page(rendered[name])
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    text = (rendered[name] / "report.html").read_text(encoding="utf-8")
    targets = re.findall(r'href="#([^"]+)"', text) + re.findall(r"url\(#([^)]+)\)", text)
    assert set(targets) <= set(ids)


def test_the_answer_comes_first(rendered):
    text = page(rendered["prior"]).text
    order = [
        "Use matched, the cheapest of two that keep the prior between draws",
        "✗ drifts",
        "All 9 controls hold.",
        "Run: 5 methods, 5 metrics · 5 positions · 10,000 pairs × 3 repeats",  # noqa: RUF001
        "Lower is closer.",
        "each row to its own height",
        "There are no decoded strips",
        "Between two draws from normal (d = 64), cauchy and matched keep the prior",
        "Each method under each metric",
        "latentot compare --prior normal",
        "@software{latentot,",
        "What is known before the run.",
        "claims:" if "claims:" in text else "y_t / sqrt",
        "started",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_model_has_three_populations_and_strips(rendered):
    parsed = page(rendered["model"])
    # Verdicts, matrix and drift for each reference of encoded endpoints; norms and strips belong to the endpoints.
    for heading, times in (("the prior", 3), ("the aggregate posterior (fresh encodings of other data)", 3)):
        assert parsed.text.count(f"Endpoints encoded from data, held against {heading}") == times
    assert parsed.text.count("Endpoints encoded from data") == 8
    assert parsed.count("svg") == 3 * 5 + 2 + 3  # drift, norms, and those that a script fills
    assert parsed.count("img") == 2 * 4 * 5  # of each endpoints, pair and method
    names = {path.name for path in (rendered["model"] / "figures").iterdir()}
    walks = [f"walk-{who}-{i}-{m}.png" for who in ("prior", "encoded") for i, m in enumerate(METHODS, 1)]
    drifts = [f"drift-{who}" for who in ("prior", "encoded", "encoded-against-posterior")]
    assert names == {
        *(f"{kind}-{who}.svg" for kind in ("norms", "strips") for who in ("prior", "encoded")),
        *(f"{name}.{kind}" for name in drifts for kind in ("svg", "csv")),
        *walks,
    }


def test_a_shared_figure_is_that_of_the_first_population(make_run):
    run = make_run(model=True)
    run.rows = run.rows[:15]
    run.run["populations"][2]["n"] = 5
    folder = RunFolder.read(run.write())
    norms = {drawing.name: drawing.sheet for drawing in compose(folder).drawings()}["norms-encoded"]
    assert norms == draw_norms(folder, folder.populations[1]).sheet != draw_norms(folder, folder.populations[2]).sheet


def test_two_references_are_told_apart_before_any_table(rendered):
    for text in (page(rendered["model"]).text, (rendered["model"] / "report.md").read_text()):
        places = [
            text.index(part)
            for part in (
                "held against the prior, no method keeps it",
                "held against the aggregate posterior (fresh encodings of other data), cauchy and matched keep it",
                "Every method drifts from the prior, but cauchy and matched keep the aggregate posterior",
                "Worst",
            )
        ]
        assert places == sorted(places)


def test_controls_that_hold_are_one_quiet_line(rendered):
    parsed = page(rendered["prior"])
    assert not [attributes for _, attributes in parsed.tags if attributes.get("class") == "banner"]
    markdown = (rendered["prior"] / "report.md").read_text()
    for text in (parsed.text, markdown):
        assert text.count("All 9 controls hold: endpoints follow the law") == 1
    assert "[!CAUTION]" not in markdown
    assert "controls failed" not in parsed.text + markdown


@pytest.mark.usefixtures("without_figures")
def test_a_failed_control_cannot_be_overlooked(make_run):
    run = make_run(model=True)
    run.rows = run.rows[:75]
    run.fail_control("prior", "prior", "t = 1", reason=f"broken {HOSTILE}")
    folder = render(run.write()).parent
    parsed, markdown = page(folder), (folder / "report.md").read_text()
    assert ("div", {"class": "banner", "role": "alert"}) in parsed.tags
    assert runs_only_its_own(parsed)
    assert f"Endpoints drawn from the prior: broken {HOSTILE} (3 of 3 repeats)" in parsed.text
    assert parsed.text.index("3 of 21 controls failed: do not rely on this run") < parsed.text.index(
        "Between two draws"
    )
    assert "> [!CAUTION]\n> **⚠ 3 of 21 controls failed: do not rely on this run.**\n" in markdown
    assert "> - Endpoints drawn from the prior: broken &lt;script&gt;alert('\\$x\\_1\\$')" in markdown
    assert markdown.index("[!CAUTION]") < markdown.index("Between two draws")
    assert "<script" not in markdown
    for text in (parsed.text, markdown):
        # Beside both tables of these endpoints, and of no others.
        assert text.count("⚠ A control of these endpoints failed") == 2
        assert "are inconclusive, since a control failed" in text
    # The table of all controls is open, so that a printed page has it.
    assert ("details", {"open": None}) in parsed.tags


def test_verdicts_say_from_where_on_there_is_drift(rendered):
    assert "Drifts from" in page(rendered["prior"]).text
    text = (rendered["prior"] / "report.md").read_text()
    assert "| linear | ✗ drifts | gaussian-kl | 0.5 | +3,863 | t = 0.1, gaussian-kl |" in text
    assert re.search(r"\| cauchy \| ✓ keeps \| [a-z-]+ \| 0.5 \| \+0.4 \| – \|", text)  # noqa: RUF001


def test_all_numbers_have_differences_with_interval_and_unit(rendered):
    text = page(rendered["prior"]).text
    assert "Difference, 95 % interval" in text
    assert "frechet units of z squared" in text
    assert "5.49 [5.48, 5.5]" in text
    assert "* too noisy to resolve its margin" in text
    assert "| +3,863 |" not in text
    markdown = (rendered["prior"] / "report.md").read_text()
    assert "| 5.49 \\[5.48, 5.5\\] | units of z squared |" in markdown


def test_metrics_state_their_monte_carlo_error(rendered):
    for text in (page(rendered["prior"]).text, (rendered["prior"] / "report.md").read_text()):
        assert text.count("Monte-Carlo error: 2,000 points of each, chosen at random") == 1
        assert text.count("Monte-Carlo error: none") == 4


def test_bands_out_of_a_cache_are_named(rendered):
    assert "from a cache" in page(rendered["model"]).text
    assert (
        "| encoded | prior | latent | 800 | 3 | 8,000 | 199 | from a cache |"
        in (rendered["model"] / "report.md").read_text()
    )
    assert "199 computed" in page(rendered["prior"]).text
    assert "| 199 | from a cache |" not in (rendered["prior"] / "report.md").read_text()


@pytest.mark.usefixtures("without_figures")
def test_a_run_of_an_older_version_is_rendered(make_run):
    run = make_run(model=True)
    run.rows = [row for row in run.rows if row["metric"] == "frechet"]
    run.age()
    folder = render(run.write()).parent
    for text in (page(folder).text, (folder / "report.md").read_text()):
        assert "This run is of a version that had no controls." in text
        assert "Drifts from" not in text
        assert "Monte-Carlo error" not in text
        assert "controls failed" not in text


@pytest.mark.usefixtures("without_figures")
def test_pieces_that_failed_are_told_at_the_top(make_run):
    run = make_run()
    run.rows = run.rows[:15]
    run.run["failures"] = [f"controls, prior, repeat 1: {HOSTILE}"]
    folder = render(run.write()).parent
    parsed = page(folder)
    assert parsed.text.index("Pieces of the run failed: 1;") < parsed.text.index("Drift over t")
    assert f"controls, prior, repeat 1: {HOSTILE}" in parsed.text
    assert runs_only_its_own(parsed)
    text = (folder / "report.md").read_text()
    assert "<script" not in text
    assert "- controls, prior, repeat 1: &lt;script&gt;" in text


@pytest.mark.parametrize("name", ["prior", "model"])
def test_markdown_links_its_figures_and_its_tables_are_tables(rendered, name):
    text = (rendered[name] / "report.md").read_text(encoding="utf-8")
    linked = re.findall(r"!\[[^\]]*\]\((figures/[^)]+)\)", text)
    assert {f"figures/{path.name}" for path in (rendered[name] / "figures").glob("*.svg")} == set(linked)
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1
    assert "| cauchy | ✓ keeps |" in text


def test_rendering_twice_gives_the_same_bytes(modern_page):
    folder = modern_page
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    render(str(folder))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == first


def test_hostile_names_are_only_text(make_run):
    run = make_run()
    run.rows = [row for row in run.rows if row["metric"] in ("frechet", "norm-ks")]
    run.rename("linear", HOSTILE)
    run.rename("frechet", HOSTILE)
    run.run["title"] = run.run["verdicts"][1]["reason"] = HOSTILE
    run.run["study"][HOSTILE] = HOSTILE
    run.run["null"]["prior"] = run.run["metrics"][HOSTILE]["error"] = run.run["verdicts"][0]["first_metric"] = HOSTILE
    run.run["controls"][0].update(control=HOSTILE, metric=HOSTILE)
    run.rows[0].update(status=f"failed: {HOSTILE}", value="")
    for entry in run.run["methods"].values():
        entry["citation"] = HOSTILE
    folder = render(run.write()).parent
    parsed = page(folder)
    assert runs_only_its_own(parsed)
    assert parsed.text.count(HOSTILE) >= 13
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert('\\$x\\_1\\$')&lt;/script&gt; \\| \\`a\\`" in text
    assert not any("<script" in path.read_text() for path in (folder / "figures").glob("*.svg"))


def test_a_bare_run_still_says_what_it_can(make_run):
    run = make_run()
    run.rows, run.artefacts = [], {}
    run.run = {"schema": 1, "subject": {}, "verdicts": [], "cells": []}
    text = page(render(run.write()).parent).text
    assert "The run has no population, and so no verdict." in text
    assert "The run stores no settings." in text


def test_failed_measurements_are_told_at_the_top(make_run):
    run = make_run()
    for row in run.rows:
        row.update(status="failed: no memory", value="", raw="", null_mean="", null_lo="", null_hi="")
    run.run["cells"], run.run["verdicts"] = [], []
    text = page(render(run.write()).parent).text
    assert "375 of 375 measurements failed" in text
    assert "No metric was compared with a null for this population." in text
    assert "No measurement of this population succeeded" in text
    assert "failed: no memory" in text


def test_a_failed_render_leaves_the_older_report(make_run, monkeypatch):
    run = make_run()
    run.rows = run.rows[:15]
    folder = render(run.write()).parent
    before = (folder / "report.html").read_bytes()
    run.run["title"] = "Another"
    run.write()

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match=r"cannot write .*No space left on device"):
        render(folder)
    assert (folder / "report.html").read_bytes() == before
    assert sorted(path.name for path in folder.rglob(".*")) == []

    monkeypatch.undo()
    monkeypatch.delattr(latentot.reporting.rendering, "to_html")
    with pytest.raises(NameError):
        render(folder)
    assert (folder / "report.html").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_one_line(make_run):
    run = make_run()
    run.rows = run.rows[:15]
    folder = run.write()
    (folder / "figures").write_text("in the way")
    with pytest.raises(InputError, match="cannot write") as caught:
        render(folder)
    assert os.linesep not in str(caught.value)


def test_figures_take_the_colours_of_a_page_that_names_them():
    drawn = '<svg x="1"><g style="fill: #1a1a1a; stroke: #D55E00"/><g style="stroke: #0072b2; fill: #123456"/></svg>'
    inlined = inline_svg(drawn, "n", "label")
    assert "fill: var(--ink, #1a1a1a)" in inlined
    assert "stroke: var(--m1, #0072b2); fill: #123456" in inlined


def test_markdown_text_and_inline_svg():
    assert markdown_text("a\nb | c") == "a b \\| c"
    inlined = inline_svg('<svg x="1"><a id="p"/><b clip-path="url(#p)" xlink:href="#p"/></svg>', "n", '"><x>')
    assert inlined == (
        '<svg role="img" aria-label="&quot;&gt;&lt;x&gt;" x="1">'
        '<a id="n-p"/><b clip-path="url(#n-p)" xlink:href="#n-p"/></svg>'
    )


@pytest.mark.usefixtures("without_figures")
def test_decoded_walks_and_the_decoder_are_tables(make_run):
    run = make_run()
    run.rows = run.rows[:15]
    walk = {"endpoints": "prior", "measure": "path-length", "better": "lower", "unit": "pixels", "error": 0.1}
    run.run["walks"] = [
        walk | {"method": name, "value": value} for name, value in (("linear", 2.0), ("cross-fade", 3.0))
    ]
    numbers = {"value": 0.9, "null_mean": 0.2, "null_sd": 0.1, "excess": 7.0, "p_value": 0.01, "real": 0.25}
    run.run["decoder"] = [{"judge": "frechet", **numbers}, {"judge": "kid", "status": "failed: no memory"}]
    folder = render(run.write()).parent
    for text in (page(folder).text, (folder / "report.md").read_text(encoding="utf-8")):
        assert "path-length, pixels, lower is better" in text
        assert "2 ± 0.1" in text
        assert "The decoder by itself" in text
        assert "+7.0" in text
        assert "failed: no memory" in text
