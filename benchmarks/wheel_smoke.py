"""The built wheel in a new environment, with the newest of all that it needs: do the README and its commands run?"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = ["--method", "linear", "--method", "slerp", "--pairs", "200", "--repeats", "2", "--null-draws", "19", "--quiet"]


def main() -> None:
    """Build, install without pins, run; whatever fails ends it."""
    with tempfile.TemporaryDirectory(prefix="latentot-wheel-") as made:
        folder = Path(made)
        run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", made, ROOT, at=folder)
        (wheel,) = folder.glob("latentot-*.whl")
        venv.create(folder / "env", with_pip=True)
        binaries = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        python, latentot = binaries / "python", binaries / "latentot"
        run(python, "-m", "pip", "install", "--quiet", wheel, at=folder)
        run(python, "-m", "pip", "list", at=folder)
        # Warnings are what the next versions will refuse.
        run(python, "-W", "error::DeprecationWarning:latentot", "-c", ten_lines(), at=folder)
        shown = (
            "import latentot as l; assert [n for n in dir(l) if n[0] != '_'] == sorted(l.__all__); print(l.__version__)"
        )
        run(python, "-c", shown, at=folder)
        run(latentot, "list", at=folder)
        run(latentot, "compare", "--prior", "uniform", "--dim", "4", *SMALL, "--jobs", "2", "--out", "out", at=folder)
        run(latentot, "report", "out", at=folder)
        run(latentot, "diff", "out", "out", at=folder)
        run(latentot, "plan", ROOT / "benchmarks" / "normal.toml", at=folder)
        for page in (folder / "reports" / "mine" / "report.html", folder / "out" / "report.html"):
            if page.stat().st_size < 10_000:
                sys.exit(f"{page} is no report")


def ten_lines() -> str:
    """The first block of Python in the README."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[0]


def run(*command: str | Path, at: Path) -> None:
    """Run a command from a folder in which there is nothing of the sources."""
    print("$", *(str(part).splitlines()[0] for part in command), flush=True)
    subprocess.run([str(part) for part in command], cwd=at, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
