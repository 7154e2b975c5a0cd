"""Heavy libraries are loaded where they are used, never by importing latentot."""

import importlib.metadata
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import latentot as lot
from latentot.catalogue import Catalogue
from latentot.metrics import METRICS
from latentot.paths import METHODS
from latentot.priors import PRIORS

HEAVY = ("torch", "matplotlib", "sklearn", "ot", "pandas", "scipy.stats")
LIBRARIES = (*HEAVY, "numpy", "scipy", "pydantic", "jinja2", "loky", "cloudpickle", "typer", "rich", "PIL")
COMMAND = (
    "import contextlib\nfrom latentot.cli import main\nsys.argv = ['latentot', {word!r}]\n"
    "with contextlib.suppress(SystemExit):\n    main()"
)


def modules_after(statement: str, *flags: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nsys.stderr.write('loaded: ' + ' '.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.rpartition("loaded: ")[2].split())


def test_the_probe_sees_what_is_loaded() -> None:
    assert "scipy.stats" in modules_after("import scipy.stats")


@pytest.mark.parametrize(
    ("statement", "own", "libraries"),
    [
        ("import latentot", {"latentot"}, set()),
        ("import latentot\ndir(latentot), latentot.__version__", {"latentot"}, set()),
        (
            "import latentot\nlatentot.interpolations()",
            {"latentot", "latentot.errors", "latentot.catalogue", "latentot.paths", "latentot.paths.catalogue"},
            set(),
        ),
        (
            COMMAND.format(word="--help"),
            {
                *("latentot", "latentot.errors", "latentot.reading", "latentot.progress", "latentot.cli"),
                *(f"latentot.cli.{path.stem}" for path in (Path(lot.__file__).parent / "cli").glob("[a-z]*.py")),
            },
            {"typer", "rich"},
        ),
    ],
    ids=["import", "dir", "interpolations", "help"],
)
def test_loads_what_is_used(statement: str, own: set[str], libraries: set[str]) -> None:
    loaded = modules_after(statement, "-W", "error")
    assert {name for name in loaded if name.partition(".")[0] == "latentot"} == own
    assert loaded & set(LIBRARIES) == libraries


@pytest.mark.parametrize(
    "statement",
    [
        "from latentot.cli import app",
        "import latentot.study, latentot.reporting, latentot.models, latentot.transport",
        # Listing prints what every method, metric and plugin says of itself.
        COMMAND.format(word="list"),
        # A path with closed-form laws needs none of them either.
        "import latentot as lot\np = lot.Normal(4)\nlot.interpolation('cauchy', p)(p.sample(3, rng=0), "
        "p.sample(3, rng=1), 0.5)",
    ],
    ids=["command line", "packages", "list", "path"],
)
def test_loads_nothing_heavy(statement: str) -> None:
    assert modules_after(statement) & set(HEAVY) == set()


def test_metrics_are_listed_without_scipy_s_functions() -> None:
    assert modules_after("import latentot\nlatentot.drifts()") & {*HEAVY, "scipy.special"} == set()


def test_stored_runs_are_rendered_without_what_computes(tmp_path: Path) -> None:
    failing = f"with contextlib.suppress(lot.InputError):\n    lot.report({str(tmp_path)!r})"
    loaded = modules_after(f"import contextlib, latentot as lot\n{failing}")
    assert "latentot.reporting.rendering" in loaded
    assert loaded & {"latentot.study", "latentot.inspection", "latentot.transport"} == set()


@pytest.mark.parametrize("room", [lot, lot.paths, lot.priors], ids=lambda room: room.__name__)
def test_stub_names_what_there_is(room: ModuleType) -> None:
    assert set(room.__all__) <= set(dir(room))
    modules = {path.stem for path in Path(str(room.__file__)).parent.glob("[a-z]*.py")}
    assert not modules & set(room.__all__), "importing such a module would shadow what it gives"
    for name in room.__all__:
        found = getattr(room, name)
        assert found is getattr(room, name)
        if isinstance(found, type):
            assert pickle.loads(pickle.dumps(found)) is found  # noqa: S301


@pytest.mark.parametrize("catalogue", [METHODS, METRICS, PRIORS], ids=lambda catalogue: catalogue.kind)
def test_names_are_those_of_what_they_stand_for(catalogue: Catalogue) -> None:
    for name in catalogue.own:
        factory: Any = catalogue.find(name)
        # npz names a file, whose law is an Empirical.
        assert name == "npz" or getattr(factory, "name", "") == name or factory().name == name


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
