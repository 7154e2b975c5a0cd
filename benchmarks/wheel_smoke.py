"""Sdists and wheels of the core and of each backend, in a new environment with the newest of all else: do they run?

    python benchmarks/wheel_smoke.py [REQUIREMENT ...]

They are left in dist/, each wheel built from its sdist, so that both are whole. The core is installed and tried alone;
then backends are, and every plugin must be in order. Requirements are installed with the backends, such as a build of
torch that is smaller than the newest. Nothing runs from the checkout.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
SMALL = ["--method", "linear", "--method", "slerp", "--pairs", "200", "--repeats", "2", "--null-draws", "19", "--quiet"]


def main() -> None:
    """Build, install without pins, run; whatever fails ends it."""
    with tempfile.TemporaryDirectory(prefix="latentot-wheel-") as made:
        folder = Path(made)
        core, *backends = build(folder)
        venv.create(folder / "env", with_pip=True)
        binaries = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        python, latentot = binaries / "python", binaries / "latentot"
        run(python, "-m", "pip", "install", "--quiet", core, at=folder)
        try_core(python, latentot, folder)
        run(python, "-m", "pip", "install", "--quiet", *sys.argv[1:], *backends, at=folder)
        run(python, "-m", "pip", "check", at=folder)
        run(python, "-m", "pip", "list", at=folder)
        try_backends(latentot, folder)
    for path in sorted(DIST.iterdir()):
        print(f"{path.stat().st_size / 1e3:8.0f} kB  {path.relative_to(ROOT)}")


def build(folder: Path) -> list[Path]:
    """The wheels, that of the core first, each from its sdist."""
    shutil.rmtree(DIST, ignore_errors=True)
    for part in (ROOT, *sorted(path.parent for path in (ROOT / "backends").glob("*/pyproject.toml"))):
        run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", DIST, at=part)
    wheels = []
    for sdist in sorted(DIST.glob("*.tar.gz"), key=lambda path: (not re.match(r"latentot-\d", path.name), path.name)):
        from_sdist = ("wheel", "--quiet", "--no-deps", "--wheel-dir", folder / "wheels", sdist)
        run(sys.executable, "-m", "pip", *from_sdist, at=folder)
        (wheel,) = (folder / "wheels").glob(f"{sdist.name.removesuffix('.tar.gz')}-*.whl")
        wheels.append(Path(shutil.copy(wheel, DIST)))
    return wheels


def try_core(python: Path, latentot: Path, folder: Path) -> None:
    """What the README shows, without any backend."""
    # Warnings are what the next versions will refuse.
    run(python, "-W", "error::DeprecationWarning:latentot", "-c", ten_lines(), at=folder)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for claim in (
        "[n for n in dir(l) if n[0] != '_'] == sorted(l.__all__)",
        f"l.__version__ == {version!r}",
        "'site-packages' in l.__file__",
    ):
        run(python, "-c", f"import latentot as l; assert {claim}", at=folder)
    run(latentot, "doctor", at=folder)
    run(latentot, "list", at=folder)
    run(latentot, "compare", "--prior", "uniform", "--dim", "4", *SMALL, "--jobs", "2", "--out", "out", at=folder)
    run(latentot, "report", "out", at=folder)
    run(latentot, "diff", "out", "out", at=folder)
    run(latentot, "plan", ROOT / "benchmarks" / "normal.toml", at=folder)
    for page in (folder / "reports" / "mine" / "report.html", folder / "out" / "report.html"):
        has(page)


def try_backends(latentot: Path, folder: Path) -> None:
    """Every plugin can be imported, two models can be used, and one can be trained."""
    run(latentot, "doctor", at=folder)
    run(latentot, "list", "--load", at=folder)
    run(latentot, "check", "sklearn-pca", "--model-option", "data=digits", at=folder)
    tiny = ("--data", "digits", "--latent", "4", "--epochs", "1", "--quiet")
    run(latentot, "train", "torch-vae", *tiny, "--out", "vae.safetensors", at=folder)
    trained = ("--model", "torch-vae", "--model-option", "checkpoint=vae.safetensors")
    run(latentot, "compare", *trained, *SMALL, "--out", "vae", at=folder)
    has(folder / "vae" / "report.html")


def has(page: Path) -> None:
    """End where a page is not there, or empty."""
    if page.stat().st_size < 10_000:
        sys.exit(f"{page} is no report")


def ten_lines() -> str:
    """The first block of Python in the README."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[0]


def run(*command: str | Path, at: Path) -> None:
    """Run a command from a folder in which there is nothing of the sources, and that no variable leads to them."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    print("$", *(str(part).splitlines()[0] for part in command), flush=True)
    subprocess.run([str(part) for part in command], cwd=at, env=environment, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
