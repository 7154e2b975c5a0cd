"""Whatever a folder holds, it is rendered, or refused in one line."""

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentot import InputError
from latentot.reporting import render

METRIC, KEPT = "norm-ks", ("linear", "cauchy")
NAMES = {
    "markup": "<script>alert(1)</script>",
    "emoji": "🧼 bubble",
    "right to left": "אינטרפולציה קווית",
    "200 letters": "x" * 200,
    "spaces": "many words in one name of a method that goes on and on " * 3,
    "end of script": "</script><!--",
}


def small(run: Any) -> Any:
    """Two methods and one metric, so that little is drawn."""
    run.rows = [row for row in run.rows if row["metric"] == METRIC and row["method"] in KEPT]
    run.run["cells"] = [own for own in run.run["cells"] if own["metric"] == METRIC and own["method"] in KEPT]
    run.run["verdicts"] = [own for own in run.run["verdicts"] if own["method"] in KEPT]
    for name in run.run["study"]["methods"]:
        if name not in KEPT:
            run.artefacts = {key: own for key, own in run.artefacts.items() if not key.endswith(f"/{name}")}
    return run


def as_it_is(run: Any) -> None:
    pass


def no_strips(run: Any) -> None:
    run.artefacts = {key: own for key, own in run.artefacts.items() if not key.startswith("strips")}


def no_artefacts(run: Any) -> None:
    run.artefacts = {}


def failed_cells(run: Any) -> None:
    for row in run.rows[::2]:
        row.update(status="failed: no memory", value="")
    run.run["failures"] = ["strips, prior: no memory"]


def all_failed(run: Any) -> None:
    for row in run.rows:
        row.update(status="failed: no memory", value="", null_mean="", null_lo="", null_hi="")
    run.run["verdicts"], run.run["cells"] = [], []


def one_t(run: Any) -> None:
    run.rows = [row for row in run.rows if row["t"] == 0.5]


def many(what: str, n: int) -> Callable[[Any], None]:
    def change(run: Any) -> None:
        def copies(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
            mine = [own for own in entries if own.get("method") == "cauchy"]
            return entries + [own | {what: f"{what} {i}"} for own in mine for i in range(n)]

        run.rows = copies([row for row in run.rows if row["repeat"] == 0 and row["t"] == 0.5])
        run.run["cells"] = copies(run.run["cells"])
        if what == "method":
            run.run["verdicts"] = copies(run.run["verdicts"])

    return change


def strange_strips(run: Any) -> None:
    run.artefacts["strips/prior"] = np.full((1, 5, 9, 1, 300, 300), 0.5, dtype=np.float32)


def broken_profile(run: Any) -> None:
    run.artefacts |= {"profile/t": np.linspace(0, 1, 9), "profile/prior/linear/norms": np.full((9, 5), np.nan)}
    run.artefacts["profile/prior/linear/walks"] = np.full((4, 9), np.nan)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (False, as_it_is),
        (True, no_strips),
        (True, strange_strips),
        (False, no_artefacts),
        (False, broken_profile),
        (False, failed_cells),
        (False, all_failed),
        (False, one_t),
        (False, lambda run: run.age()),
        (False, many("method", 38)),
        (False, many("metric", 29)),
        *((False, lambda run, name=name: run.rename("linear", name)) for name in NAMES.values()),
    ],
    ids=["no decoder", "no strips", "large strips", "no arrays", "nothing but NaN", "failed cells", "all failed",
         "one t", "older", "40 methods", "30 metrics", *NAMES],
)  # fmt: skip
def test_it_is_rendered(make_run, model, change):
    run = small(make_run(model=model))
    if model:
        run.run["populations"] = run.run["populations"][:1]
        for section in ("verdicts", "cells", "controls"):
            run.run[section] = [own for own in run.run[section] if own["endpoints"] == "prior"]
        run.rows = [row for row in run.rows if row["endpoints"] == "prior"]
    change(run)
    page = render(run.write())
    text = page.read_text(encoding="utf-8")
    assert len(text) < 3_000_000
    sentence = unescape(text.partition('<p class="answer">')[2].partition("</p>")[0])
    assert 0 < len(sentence.split()) <= 25
    assert "could not be drawn" not in text
    assert "<script>alert" not in text
    assert text.count("<!--") == 0
    names = {own["method"] for own in run.run["verdicts"]}
    assert all(name in unescape(text) for name in names)


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def other_schema(folder: Path) -> None:
    path = folder / "run.json"
    path.write_text(path.read_text().replace('"schema": 1', '"schema": 99'))


def cut(folder: Path) -> None:
    path = folder / "artefacts.npz"
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize(
    ("change", "said"), [(empty, "run.json is missing"), (other_schema, "schema 99"), (cut, "is damaged")]
)
def test_it_is_refused_in_one_line(make_run, change, said):
    folder = small(make_run()).write()
    change(folder)
    with pytest.raises(InputError, match=said) as caught:
        render(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["docx", ""])
def test_a_format_that_there_is_not_is_refused(make_run, kind):
    with pytest.raises(InputError, match="html, md, latex, pdf"):
        render(small(make_run()).write(), kind)
