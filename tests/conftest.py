"""What every test shares: null bands of its own, and distributions that announce plugins."""

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from latentot.catalogue import refresh
from latentot.reporting.figures.style import Drawing
from latentot.study.work.cells import SPOILED

Announce = Callable[..., None]


@pytest.fixture
def announce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Announce]:
    """Put a distribution into place: its metadata as an installer writes them, and its modules."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def write(
        distribution: str,
        *,
        modules: Mapping[str, str] | None = None,
        **groups: Mapping[str, str],
    ) -> None:
        metadata = site / f"{distribution.replace('-', '_')}-1.2.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        lines = [
            line
            for group, points in groups.items()
            for line in (f"[latentot.{group}]", *(f"{name} = {value}" for name, value in points.items()))
        ]
        (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
        for name, code in (modules or {}).items():
            (site / f"{name}.py").write_text(code)
        importlib.invalidate_caches()
        refresh()

    yield write
    refresh()
    for name in set(sys.modules) - before:
        if str(site) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture(scope="session")
def unused_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are not yet made: pytest's own way lists those of all earlier tests for a new one."""
    base = tmp_path_factory.mktemp("caches")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def null_bands_of_its_own(monkeypatch: pytest.MonkeyPatch, unused_folders: Iterator[Path]) -> Path:
    """Null bands that other tests, or the user of this machine, have kept are not read."""
    folder = next(unused_folders)
    monkeypatch.setenv("LATENTOT_CACHE", str(folder))
    return folder


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are composed and written as ever, but for their figures, of which a page takes a second to draw."""
    monkeypatch.setattr(
        "latentot.reporting.page.attempted", lambda kind, *_: Drawing(kind, "", "not drawn in this test")
    )
    monkeypatch.setattr("latentot.reporting.page.attempted_all", lambda *_: ())
    for draw in ("draw_curves", "draw_pictures"):
        monkeypatch.setattr(
            f"latentot.inspection.page.rendering.{draw}",
            lambda figure, _: Drawing(figure.name, figure.heading, "not drawn in this test"),
        )


@pytest.fixture(autouse=True)
def other_processes_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test asks for other processes, these compute: few tests take as long as one process computes alone."""
    monkeypatch.setattr("latentot.study.execution.engine.ALONE", 0.0)
    monkeypatch.setattr("latentot.study.execution.processes.are_there", lambda _: True)


@pytest.fixture
def all_spoiled_samples() -> int:
    """For modules of tests of the least miss that is seen: the samples that tell it, as many as users have."""
    return SPOILED


@pytest.fixture(autouse=True, scope="module")
def one_spoiled_sample(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where tests are not about it, the least miss is told by one sample: three take a third of a comparison's time."""
    all_of_them = any("all_spoiled_samples" in mark.args for mark in request.node.iter_markers("usefixtures"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("latentot.study.work.cells.SPOILED", SPOILED if all_of_them else 1)
        yield
