"""Pages of runs: size, CPU seconds to render, what the first screen holds, and what axe-core finds.

python benchmarks/speed/page.py reports/digits reports/normal [--axe node_modules/axe-core/axe.min.js]
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from latentot.reporting import render

SCREENS = ((1280, 800), (360, 740))
FIRST = ".answer, .tabs, .ranking li, .ranking-axis, .grid tbody tr, .facts p, .jump"
LOWEST = """(parts) => Math.max(...[...document.querySelectorAll(parts)].filter((one) => one.getClientRects().length)
  .map((one) => one.getBoundingClientRect().bottom))"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--axe", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pages = {}
        for place, folder in enumerate(given.folders):
            copy = Path(scratch) / str(place)
            shutil.copytree(folder, copy)
            times = []
            for _ in range(2):  # the first also loads libraries
                start = time.process_time()
                pages[folder] = render(copy)
                times.append(time.process_time() - start)
            first = pages[folder].read_bytes()
            same = render(copy).read_bytes() == first
            print(f"{folder}: {len(first) / 1e6:.2f} MB, rendered in {times[0]:.1f} s of CPU, again {times[1]:.1f} s, "
                  f"{'the same bytes' if same else 'OTHER BYTES'}")  # fmt: skip
        seen(pages, given.axe.read_text(encoding="utf-8") if given.axe else "")


def seen(pages: dict[Path, Path], axe: str) -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("geometry: playwright is not installed")
        return
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("geometry: Chromium is not installed")
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for folder, path in pages.items():
            for width, height in SCREENS:
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(path.as_uri())
                lowest, wide = page.evaluate(LOWEST, FIRST), page.evaluate("document.documentElement.scrollWidth")
                print(f"{folder} at {width} x {height}: the first screen ends at {lowest:.0f}, {wide} wide")
                page.close()
            for scheme in ("light", "dark") if axe else ():
                print(f"{folder}, {scheme}: axe-core finds {found(browser, path, scheme, axe) or 'nothing'}")
        browser.close()


def found(browser: Any, path: Path, scheme: str, axe: str) -> dict[str, str]:
    """What axe-core finds with every section open, by how serious it is."""
    page = browser.new_page(color_scheme=scheme)
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(axe)
    violations = page.evaluate("axe.run().then((found) => found.violations)")
    page.close()
    return {one["id"]: f"{one['impact']}, {len(one['nodes'])} times" for one in violations}


if __name__ == "__main__":
    main()
