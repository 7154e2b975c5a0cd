"""The site's own parts: pictures show what latentot computes, links out of docs/ become text, examples become code."""

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.stats

import latentot as lot

DOCS = Path(__file__).parents[2] / "docs"


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn() -> Any:
    text = (DOCS / "assets" / "pictures-data.js").read_text(encoding="utf-8")
    return json.loads(text.partition("window.latentotPictures = ")[2].rstrip().rstrip(";"))


def test_every_page_is_in_the_navigation_once() -> None:
    nav = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    listed = re.findall(r"([\w/-]+\.md)$", nav, re.MULTILINE)
    assert sorted(listed) == sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))


def test_the_reference_has_all_that_users_import() -> None:
    named = re.findall(r"^::: latentot\.(\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(name for name in lot.__all__ if not isinstance(getattr(lot, name), ModuleType))


@pytest.mark.parametrize("find", [lot.judge, lot.drift], ids=lambda find: find.__name__)
def test_what_pages_name_in_passing_is_there(find: Callable[..., Any]) -> None:
    """Code in sentences is not executed."""
    text = "".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))
    for name in set(re.findall(rf'`lot\.{find.__name__}\("([\w-]+)"', text)):
        assert find(name) is not None


@pytest.mark.parametrize("d", ["2", "32", "512"])
def test_the_soap_bubble_is_that_of_the_chi_law(drawn: Any, d: str) -> None:
    """40,000 pairs: the mean of a norm is right to about 0.3 %, its bins to a 120th of the range."""
    one, half = drawn["soapBubble"][d], drawn["t"].index(0.5)
    norms = (np.arange(60) + 0.5) * one["high"] / 60
    mean = {name: np.average(norms, weights=rows[half]) for name, rows in one["walks"].items()}
    wanted = float(scipy.stats.chi(int(d)).mean())
    assert np.average(norms, weights=one["prior"]) == pytest.approx(wanted, rel=0.01)
    assert mean["linear"] == pytest.approx(wanted / 2**0.5, rel=0.01)
    assert mean["matched"] == pytest.approx(wanted, rel=0.01)
    assert mean["cauchy"] == pytest.approx(wanted, rel=0.01)


def test_midpoints_have_the_laws_that_are_known(drawn: Any) -> None:
    half, x = drawn["t"].index(0.5), np.linspace(-4, 4, 161)[:-1] + 0.025
    normal, cauchy = drawn["midpoints"]["normal"][half], drawn["midpoints"]["Cauchy"]
    np.testing.assert_allclose(normal, scipy.stats.norm(scale=2**-0.5).pdf(x), atol=5e-4)
    np.testing.assert_allclose(cauchy[half], scipy.stats.cauchy.pdf(x), atol=5e-4)
    np.testing.assert_allclose(cauchy[half], cauchy[0], atol=2e-4)


def test_what_is_carried_is_nearer_to_the_law(drawn: Any) -> None:
    known = {name: np.array(points) for name, points in drawn["earthMover"].items()}
    metric = lot.drift("sliced-wasserstein")
    away = {name: metric(known[name], known["prior"], rng=0) for name in ("from", "to")}
    assert away["to"] < 0.5 * away["from"]


def test_the_page_walks_as_latentot_does(drawn: Any) -> None:
    """By straight lines between 401 points of g: to a thousandth, within three standard deviations."""
    node = shutil.which("node") or pytest.skip("the page's own arithmetic is tried with node, which is not installed")
    ends = np.array([[1.8, 0.3], [-0.4, 1.5]])
    code = (
        f"const {{ walksOf }} = require({json.dumps(str(DOCS / 'assets' / 'pictures.js'))});"
        f"const walks = walksOf({json.dumps(drawn['cauchy'])});"
        f"const [a, b] = {json.dumps(ends.tolist())};"
        "console.log(JSON.stringify(Object.fromEntries(Object.entries(walks).map("
        "([name, walk]) => [name, [0, 0.25, 0.5, 0.9, 1].map((t) => walk(a, b, t))]))))"
    )
    done = subprocess.run([node, "-e", code], capture_output=True, text=True, check=True)
    for name, points in json.loads(done.stdout).items():
        path = lot.interpolation(name, lot.Normal(2))
        wanted = path(ends[:1], ends[1:], [0, 0.25, 0.5, 0.9, 1])[:, 0]
        np.testing.assert_allclose(points, wanted, atol=1e-3, err_msg=name)


def test_links_out_of_the_docs_become_text_and_must_lead_somewhere() -> None:
    hooks = loaded("hooks")
    page = SimpleNamespace(file=SimpleNamespace(src_uri="plugin.md"))
    text = "see [the backend](../backends/onnx#a), [metrics](metrics.md#x) and ![a picture](../reports/x.svg)"
    said = hooks.on_page_markdown(text, page=page)
    assert said == "see the backend, [metrics](metrics.md#x) and ![a picture](../reports/x.svg)"
    within = SimpleNamespace(file=SimpleNamespace(src_uri="notebooks/own-model.md"))
    assert hooks.on_page_markdown("[images](../diffusers.md)", page=within) == "[images](../diffusers.md)"
    with pytest.raises(FileNotFoundError, match=r"plugin.md links to ../nowhere.md"):
        hooks.on_page_markdown("[gone](../nowhere.md)", page=page)


def test_bars_of_formulas_in_tables_are_bars() -> None:
    page = SimpleNamespace(file=SimpleNamespace(src_uri="methods.md"))
    said = loaded("hooks").on_page_markdown(r"| `a` | `z \|z\|` | x \| y |" + "\n\n" + r"`\|` as typed", page=page)
    assert said == r"| `a` | `z |z|` | x \| y |" + "\n\n" + r"`\|` as typed"


def test_examples_of_docstrings_are_fenced() -> None:
    pytest.importorskip("griffe", reason="the site's tools are not installed: the dependency group docs")
    found = loaded("doctests").EXAMPLE.sub(loaded("doctests")._fenced, "Adds.\n\n>>> 1 + 1\n2\n\nMore.\n")
    assert found == "Adds.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nMore.\n"


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in (DOCS / "assets").iterdir():
        urls = re.findall(r"https?://[^\s\"'`]+", file.read_text(encoding="utf-8"))
        assert set(urls) <= {"http://www.w3.org/2000/svg"}, file.name
    config = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8")
    assert "http" not in config
    assert "font: false" in config
