"""`latentot doctor`: what is installed, what of it fails, and an exit status."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from latentot import catalogue
from latentot.catalogue import Catalogue
from latentot.cli import main
from latentot.cli.catalogues import catalogues

ROOT = Path(__file__).parents[2]
Call = Callable[[], tuple[object, str, str]]

DOCTOR = sys.modules["latentot.cli.doctor"]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """A machine without torch and with two plugins of a group of their own, one of which is broken."""
    metadata = tmp_path / "site" / "doctored-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: doctored\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[latentot.doctored]\nright = json:dumps\nbroken = no_such_module:x\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("LATENTOT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(DOCTOR, "catalogues", lambda: {"models": Catalogue("model", "latentot.doctored")})
    monkeypatch.setattr(DOCTOR, "_gpu", lambda _: ("none", False))

    def run() -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["latentot", "doctor"])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


def test_a_broken_plugin_is_told_with_its_reason_and_ends_with_1(call: Call) -> None:
    status, out, err = call()
    assert status == 1
    assert re.search(r"^plugins +1 of 2 can be used$", out, re.MULTILINE), out
    reason = r"^  broken \(models, doctored 1\.0\): the plugin of .* cannot be imported: .*no_such_module"
    assert re.search(reason, out, re.MULTILINE), out
    assert err == "latentot: 1 of the above fails: broken (models, doctored 1.0)\n"


def test_a_machine_in_order_ends_with_0(call: Call, tmp_path: Path) -> None:
    points = tmp_path / "site" / "doctored-1.0.dist-info" / "entry_points.txt"
    points.write_text("[latentot.doctored]\nright = json:dumps\n")
    catalogue.refresh()
    bands = tmp_path / "cache" / "null"
    bands.mkdir(parents=True)
    (bands / "one").write_bytes(bytes(200_000))
    status, out, err = call()
    assert (status, err) == (0, "")
    assert re.search(r"^packages +numpy \d.*scikit-learn \d", out, re.MULTILINE), out
    assert re.search(r"^threads +\d+ cores; .*\d$", out, re.MULTILINE), out
    assert f"cache     {bands}, 1 files, 0.2 MB\n" in out
    assert "plugins   1 of 1 can be used\n" in out
    points.write_text("")
    catalogue.refresh()
    assert "plugins   none installed\n" in call()[1]


def test_a_cache_that_is_a_file_fails_and_says_what_to_set(call: Call, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    status, out, err = call()
    assert status == 1
    assert re.search(r"^cache +\S+ cannot be used \(Not a directory\): set \$LATENTOT_CACHE", out, re.MULTILINE), out
    assert re.fullmatch(r"latentot: 2 of the above fail: cache, broken \(.*\)\n", err), err


def test_nothing_is_left_in_the_cache(call: Call, tmp_path: Path) -> None:
    call()
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("names", "said"), [(["Card A", "Card B"], "Card A, Card B"), ([], "none that PyTorch 9.9 sees")]
)
def test_gpus_are_those_that_torch_sees(names: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = SimpleNamespace(device_count=lambda: len(names), get_device_name=names.__getitem__)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda, __version__="9.9"))
    assert DOCTOR._gpu(True) == (said, False)


def test_a_torch_that_cannot_be_imported_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    said, failed = DOCTOR._gpu(True)
    assert failed
    assert said.startswith("PyTorch fails: ModuleNotFoundError")
    assert DOCTOR._gpu(False) == ("not looked for: PyTorch is not installed", False)


def test_every_group_that_plugins_may_announce_is_looked_into() -> None:
    said = set(re.findall(r"`(?:latentot)?(\.[a-z]+)`", str(catalogue.__doc__)))
    assert {one.group.removeprefix("latentot") for one in catalogues().values()} == said
    for backend in (ROOT / "backends").glob("*/pyproject.toml"):
        groups = re.findall(r'entry-points\."latentot(\.[a-z]+)"', backend.read_text(encoding="utf-8"))
        assert set(groups) <= said, backend
