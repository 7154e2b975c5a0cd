"""The page in a browser: what it does, how it looks on two screens, in light and dark."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCREENS = [(1280, 800), (360, 740)]
AXE = [os.environ.get("LATENTOT_AXE", ""), "node_modules/axe-core/axe.min.js"]
CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((c) => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const rgb = parse(getComputedStyle(at).backgroundColor);
      if (rgb.length === 3 || rgb[3] > 0) return rgb;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const seen = walker.currentNode.data.trim() && element.getClientRects().length;
    if (!seen || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(parse(element.closest("svg") ? style.fill : style.color)), light(behind(element))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push([walker.currentNode.data.trim(), ratio]);
  }
  return poor;
}"""
"""Every visible text whose contrast to what is behind it is below 4.5 (WCAG 2.2, 1.4.3)."""


@pytest.fixture(name="opened")
def opened_page(browser: Any, modern_page: Path) -> Iterator[Any]:
    """Opens the page; whatever is complained of or asked for is kept beside it."""
    contexts = []

    def opened(path: Path = modern_page / "report.html", size: tuple[int, int] = SCREENS[0], **how: Any) -> Any:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **how)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.asked = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def test_it_is_quiet_and_asks_for_nothing(opened, modern_page):
    page = opened()
    page.locator("[data-run]").click()
    for heading in page.locator("summary").all():
        heading.click()
    assert page.complaints == []
    own = (modern_page / "report.html").as_uri()
    assert {url for url in page.asked if not url.startswith(("data:", "blob:"))} == {own}


@pytest.mark.parametrize("size", SCREENS, ids=["desk", "phone"])
def test_the_first_screen_holds_the_answer(opened, size):
    page = opened(size=size)
    assert len(page.locator(".answer").inner_text().split()) <= 25
    parts = [".answer", ".tabs", ".ranking:visible li:visible", ".ranking-axis:visible", ".facts p", ".jump"]
    for part in parts:
        found = page.locator(part).all()
        assert found, part
        boxes = [one.bounding_box() for one in found]
        assert max(box["y"] + box["height"] for box in boxes if box) <= size[1], part
        assert max(box["x"] + box["width"] for box in boxes if box) <= size[0], part
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    for said in ("keeps", "drifts", "kept by theory", "controls hold", "methods,"):
        assert page.get_by_text(said).first.bounding_box()["y"] < size[1], said


@pytest.mark.parametrize("size", SCREENS, ids=["desk", "phone"])
def test_the_first_screen_of_several_runs_is_a_picture(opened, page_over_many, size):
    page = opened(page_over_many, size=size)
    assert len(page.locator(".answer").inner_text().split()) <= 25
    for part in (".answer", ".grid tbody tr", ".facts p", ".jump"):
        boxes = [one.bounding_box() for one in page.locator(part).all()]
        assert max(box["y"] + box["height"] for box in boxes) <= size[1], part
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    cells = page.locator(".grid tbody td").all()
    assert len(cells) == 12 * 5
    assert page.get_by_role("link", name="All 13 subjects").is_visible()
    assert all(cell.inner_text().strip()[0] in "✓✗?" for cell in cells)
    assert page.complaints == []


def test_play_by_key_and_by_touch(opened):
    page = opened(has_touch=True)
    at, slide = page.locator("[data-t]"), page.locator("[data-slide]")
    pixels = "document.querySelector('[data-picture=\"0\"]').toDataURL()"
    assert at.inner_text() == "0.5"
    before, drift = page.evaluate(pixels), page.locator("[data-drifts]").inner_text()
    slide.focus()
    page.keyboard.press("ArrowRight")
    assert (at.inner_text(), slide.get_attribute("aria-valuetext")) == ("0.625", "t = 0.625")
    assert page.evaluate(pixels) != before
    assert page.locator("[data-drifts]").inner_text() != drift
    box = slide.bounding_box()
    page.touchscreen.tap(box["x"] + 2, box["y"] + box["height"] / 2)
    assert at.inner_text() == "0"
    linear = page.locator("[data-norms]").inner_text()
    page.locator("[data-method='0']").select_option(label="earth-mover")
    assert page.locator("[data-name='0']").inner_text() == "earth-mover"
    assert page.locator("[data-norms]").inner_text() != linear
    page.locator("[data-world]").select_option(index=1)
    assert page.locator("[data-pair] option").count() == 4


def test_it_plays_by_itself_unless_less_motion_is_wanted(opened):
    page = opened()
    page.locator("[data-run]").click()
    pytest.importorskip("playwright.sync_api").expect(page.locator("[data-t]")).not_to_have_text("0.5")
    page.locator("[data-run]").click()
    assert page.locator("[data-run]").get_attribute("aria-pressed") == "false"
    calm = opened(reduced_motion="reduce")
    for t in ("0.625", "0.75"):
        calm.locator("[data-run]").click()
        assert calm.locator("[data-t]").inner_text() == t


def test_populations_are_tabs(opened):
    page = opened()
    tabs = page.get_by_role("tab")
    assert [tab.get_attribute("aria-selected") for tab in tabs.all()] == ["true", "false", "false"]
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    assert tabs.nth(1).get_attribute("aria-selected") == "true"
    assert page.locator("#panel-2").is_visible()
    assert not page.locator("#panel-1").is_visible()


def test_tables_sort_copy_and_save(opened):
    page = opened()
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    table = page.locator("table.verdicts").first
    column = table.locator("thead th").filter(has_text="Seconds")
    order = "(table) => [...table.tBodies[0].rows].map((row) => Number(row.cells[row.cells.length - 1].textContent))"
    for direction, reverse in (("ascending", False), ("descending", True)):
        column.get_by_role("button").press("Enter")
        assert column.get_attribute("aria-sort") == direction
        seconds = table.evaluate(order)
        assert seconds == sorted(seconds, reverse=reverse)
    tools = page.locator("[data-tools='verdicts']").first
    tools.get_by_role("button", name="Copy").click()
    assert page.evaluate("copied").splitlines()[0].split("\t")[:2] == ["Method", "Verdict"]
    assert tools.get_by_role("status").inner_text() == "Copied."
    with page.expect_download() as saved:
        tools.get_by_role("button", name="LaTeX").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert "\\toprule" in text
    assert re.search(r"linear; straight line & \$\\times\$ drifts.*\\%", text)
    with page.expect_download() as saved:
        tools.get_by_role("button", name="CSV").click()
    assert saved.value.suggested_filename == "verdicts-1.csv"
    assert len(Path(saved.value.path()).read_text(encoding="utf-8").splitlines()) == 6


def test_figures_are_saved_with_their_colours_and_numbers(opened, modern_page):
    page = opened(color_scheme="dark")
    tools = page.locator("[data-figure='course-prior-sliced-wasserstein']")
    with page.expect_download() as saved:
        tools.get_by_role("button", name="SVG").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "var(" not in text
    with page.expect_download() as saved:
        tools.get_by_role("button", name="Data").click()
    stored = modern_page / "figures" / "course-prior-sliced-wasserstein.csv"
    assert Path(saved.value.path()).read_text(encoding="utf-8") == stored.read_text(encoding="utf-8")


def test_links_open_what_they_lead_to(opened):
    page = opened()
    assert not page.locator("#bibtex").is_visible()
    page.locator(".jump a[href='#repeat']").click()
    assert page.locator("#bibtex").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(opened, scheme):
    page = opened(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate(CONTRAST) == []


def test_without_scripts_it_still_says_everything(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("#panel-1").is_visible()
    assert page.locator("#strips img").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, scheme):
    script = next((Path(name) for name in AXE if name and Path(name).is_file()), None)
    if script is None:
        pytest.skip("accessibility is checked by axe-core, which is not installed: npm install --no-save axe-core")
    page = opened(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((found) => found.violations)")
    serious = {one["id"]: one["nodes"][0]["html"][:200] for one in found if one["impact"] in ("serious", "critical")}
    assert serious == {}
