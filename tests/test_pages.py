"""One call for all pages: who renders what, and where; that a page says what it should is for tests of the pages."""

from pathlib import Path
from types import SimpleNamespace

import pytest

import latentot as lot
from latentot import Comparison, InputError, Inspection, inspection, reporting


@pytest.fixture(name="rendered")
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What is asked of the rooms that render, in place of their doing it."""
    asked: list[tuple[object, ...]] = []

    def asking(name: str) -> object:
        def ask(*given: object) -> Path:
            asked.append((name, *(str(own) if isinstance(own, Path) else own for own in given)))
            return Path("page")

        return ask

    monkeypatch.setattr(reporting, "render", asking("render"))
    monkeypatch.setattr(reporting, "render_together", asking("together"))
    monkeypatch.setattr(inspection, "render", asking("inspection"))
    for kind in (Comparison, Inspection):
        monkeypatch.setattr(kind, "report", lambda _self, folder: Path(folder) / "report.html")
    return asked


def test_folders_are_rendered_where_they_are(rendered, tmp_path):
    assert lot.report("a") == Path("page")
    lot.report(["a"], kind="pdf")
    (tmp_path / "inspection.json").touch()
    lot.report(tmp_path)
    assert rendered == [("render", "a", "html"), ("render", "a", "pdf"), ("inspection", str(tmp_path))]


def test_several_are_one_page_and_those_in_hand_are_written_beside_it(rendered):
    found = Comparison(SimpleNamespace())
    lot.report(["a", found, Path("b"), found], "both")
    lot.report(("a", "b"), kind="md")
    both = [Path("a"), Path("both/run-2"), Path("b"), Path("both/run-4")]
    assert rendered[0][0] == "together"
    assert [Path(own) for own in rendered[0][1]] == both
    assert rendered[0][2:] == ("both", "html")
    assert rendered[1] == ("together", ["a", "b"], "together", "md")


def test_what_is_in_hand_is_written_first(rendered):
    assert lot.report(Comparison(SimpleNamespace()), "out") == Path("out/report.html")
    lot.report(Comparison(SimpleNamespace()), "out", "latex")
    assert rendered == [("render", "out", "latex")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("a", "out"), "lies in its own folder"),
        ((Comparison(SimpleNamespace()),), "say where its page goes"),
        (([Inspection({}, {}, {}), "a"],), "a page of its own"),
        (([3, "a"],), "report takes comparisons, or folders"),
        (("a\0b",), "is a path"),
    ],
    ids=["a folder elsewhere", "no folder", "an inspection among several", "a number", "no path"],
)
def test_what_has_no_page_is_one_clear_line(rendered, given, said):
    with pytest.raises(InputError, match=said):
        lot.report(*given)
    assert rendered == []


def test_an_inspection_has_no_other_form(tmp_path):
    (tmp_path / "inspection.json").touch()
    with pytest.raises(InputError, match="an inspection is rendered as html"):
        lot.report(tmp_path, kind="pdf")
