import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import latentot.report.rendering
from latentot import InputError
from latentot.report import render
from latentot.report.page import inline_svg, markdown_text

HOSTILE = "<script>alert('$x_1$')</script> | `a` \"b\" {{ 7 * 7 }} _c_"


class Page(HTMLParser):
    """What a page consists of: its tags with attributes, its visible text, its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(folder: Path) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["prior", "model"])
def test_the_page_needs_nothing_else(rendered, name):
    parsed = page(rendered[name])
    assert not {"script", "link", "iframe", "img", "object", "base"} & {tag for tag, _ in parsed.tags}
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
        "Between two draws from normal (d = 64), cauchy and matched keep the prior",
        "✗ drifts",
        "Against the null band",
        "Drift over t",
        "The soap bubble",
        "There are no decoded strips",
        "Set-up",
        "How to read it",
        "Agustsson et al., ICLR 2019",
        "How it was made",
        "latentot compare --prior normal",
        "numpy",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_model_has_two_populations_and_strips(rendered):
    parsed = page(rendered["model"])
    assert parsed.text.count("Endpoints encoded from data") == 5
    assert parsed.count("svg") == 2 * (6 + 1 + 4)
    names = {path.name for path in (rendered["model"] / "figures").iterdir()}
    assert names == {f"{kind}-{who}.svg" for kind in ("drift", "norms", "strips") for who in ("prior", "encoded")}


@pytest.mark.parametrize("name", ["prior", "model"])
def test_markdown_links_its_figures_and_its_tables_are_tables(rendered, name):
    text = (rendered[name] / "report.md").read_text(encoding="utf-8")
    linked = re.findall(r"!\[[^\]]*\]\((figures/[^)]+)\)", text)
    assert {f"figures/{path.name}" for path in (rendered[name] / "figures").iterdir()} == set(linked)
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1
    assert "| cauchy | ✓ keeps |" in text


def test_rendering_twice_gives_the_same_bytes(rendered):
    folder = rendered["model"]
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    render(str(folder))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == first


def test_hostile_names_are_only_text(make_run):
    run = make_run()
    run.rename("linear", HOSTILE)
    run.rename("frechet", HOSTILE)
    run.run["title"] = run.run["verdicts"][1]["reason"] = HOSTILE
    run.run["study"][HOSTILE] = HOSTILE
    run.rows[0].update(status=f"failed: {HOSTILE}", value="")
    for entry in run.run["methods"].values():
        entry["citation"] = HOSTILE
    folder = render(run.write()).parent
    parsed = page(folder)
    assert parsed.count("script") == 0
    assert parsed.text.count(HOSTILE) >= 8
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert('\\$x\\_1\\$')&lt;/script&gt; \\| \\`a\\`" in text
    assert not any("<script" in path.read_text() for path in (folder / "figures").iterdir())


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
    assert not list(folder.rglob("*.tmp"))

    monkeypatch.undo()
    monkeypatch.delattr(latentot.report.rendering, "to_html")
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


def test_markdown_text_and_inline_svg():
    assert markdown_text("a\nb | c") == "a b \\| c"
    inlined = inline_svg('<svg x="1"><a id="p"/><b clip-path="url(#p)" xlink:href="#p"/></svg>', "n", '"><x>')
    assert inlined == (
        '<svg role="img" aria-label="&quot;&gt;&lt;x&gt;" x="1">'
        '<a id="n-p"/><b clip-path="url(#n-p)" xlink:href="#n-p"/></svg>'
    )
