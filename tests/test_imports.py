"""Heavy libraries are loaded where they are used, never by importing latentot."""

import importlib.metadata
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import latentot as lot

HEAVY = ("torch", "matplotlib", "sklearn", "ot", "pandas", "scipy.stats")


def loaded_by(statement: str) -> set[str]:
    """The heavy modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nsys.stderr.write('loaded: ' + ' '.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.rpartition("loaded: ")[2].split()) & set(HEAVY)


def test_the_probe_sees_what_is_loaded() -> None:
    assert "scipy.stats" in loaded_by("import scipy.stats")


@pytest.mark.parametrize(
    "statement",
    [
        "import latentot",
        "from latentot.cli import app",
        "import latentot.study, latentot.report, latentot.models, latentot.transport",
        # Listing prints what every method, metric and plugin says of itself.
        "import contextlib\nfrom latentot.cli import main\nsys.argv = ['latentot', 'list']\n"
        "with contextlib.suppress(SystemExit):\n    main()",
        # A path with closed-form laws needs none of them either.
        "import latentot as lot\np = lot.Normal(4)\nlot.interpolation('cauchy', p)(p.sample(3, rng=0), "
        "p.sample(3, rng=1), 0.5)",
    ],
    ids=["latentot", "command line", "packages", "list", "path"],
)
def test_loads_nothing_heavy(statement: str) -> None:
    assert loaded_by(statement) == set()


def test_help_is_printed() -> None:
    command = shutil.which("latentot", path=str(Path(sys.executable).parent))
    assert command is not None, "the command is installed beside the interpreter"
    start = time.perf_counter()
    done = subprocess.run([command, "--help"], capture_output=True, text=True, check=False)
    sys.stdout.write(f"latentot --help took {time.perf_counter() - start:.2f} s\n")
    assert done.returncode == 0, done.stderr
    for name in ("compare", "report", "list"):
        assert name in done.stdout


def test_what_is_shown_is_what_there_is_to_use() -> None:
    assert [name for name in dir(lot) if not name.startswith("_")] == sorted(lot.__all__)
    assert not [name for name in dir(lot) if name.startswith("_") and not name.startswith("__")]
    assert all(getattr(lot, name) is not None for name in lot.__all__)


def test_version() -> None:
    assert lot.__version__ == importlib.metadata.version("latentot")
    assert "__version__" in dir(lot)
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        lot.nonsense  # noqa: B018
