"""Picture docs/figures/page.png, the first screen of a report, from the stored run in reports/digits; needs Chromium.

python docs/make_page_picture.py
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from latentot.reporting import render

DOCS = Path(__file__).parent
RUN, FIGURE = DOCS.parent / "reports" / "digits", DOCS / "figures" / "page.png"
SIZE = 1280, 800


def main() -> None:
    """Render a copy of the run, and look at it."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("there is no Chromium to look at the page with")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "digits"
        folder.mkdir()
        for name in ("run.json", "results.csv", "artefacts.npz"):
            shutil.copy(RUN / name, folder)
        shot = folder / "shot.png"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=4000"]
        size = "{},{}".format(*SIZE)
        page = render(folder).resolve().as_uri()
        command = [browser, *flags, f"--window-size={size}", f"--screenshot={shot}", page]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        with Image.open(shot) as seen:
            # A third of the size. The commonest colours alone would leave out those of methods, which are small marks.
            few = seen.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(FIGURE, optimize=True)


if __name__ == "__main__":
    main()
