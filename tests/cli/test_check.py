"""`latentot check`: a line a check, what to change, and an exit status."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from latentot.checks.model import CHECKS
from latentot.cli import main

BROKEN = Path(__file__).parents[1] / "checks" / "model" / "broken_plugins.py"
Call = Callable[..., tuple[object, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    metadata = tmp_path / "checked-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: checked\nVersion: 1.0\n")
    points = "[latentot.models]\nright = checked_of_test:right\nmixed = checked_of_test:order\n"
    (metadata / "entry_points.txt").write_text(points)
    (tmp_path / "checked_of_test.py").write_text(BROKEN.read_text(encoding="utf-8"))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "checked_of_test", raising=False)

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["latentot", "check", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


def test_a_right_one_has_a_line_a_check(call: Call) -> None:
    status, out, err = call("right", "--model-option", "dim=5")
    assert (status, err) == (0, "")
    for check in CHECKS:
        outcome = "skipped" if check.name == "gradients" else "passed"
        assert re.search(rf"^ ?{check.name} +{outcome} +{re.escape(check.title)} *$", out, re.MULTILINE), out
    assert "gradients: the model claims no gradients" in out


def test_a_failure_says_what_to_change_and_ends_with_1(call: Call) -> None:
    status, out, err = call("mixed")
    assert status == 1
    assert "order: decode gives different data when latents come in another order: a datum must" in out
    assert re.fullmatch(r"latentot: right fails 2 of 15 checks: batch-size, order\n", err)


def test_expected_failures_are_none(call: Call) -> None:
    reasons = ["--expect-failure", "order=by design", "--expect-failure", "batch-size=by design"]
    status, out, err = call("mixed", *reasons)
    assert (status, err) == (0, "")
    assert "order: by design (decode gives different data" in out


def test_a_metric_is_checked_with_its_options(call: Call) -> None:
    status, out, err = call("sliced-wasserstein", "--metric-option", "directions=16", "--dim", "3")
    assert (status, err) == (0, "")
    assert re.search(r"^ ?scaled +passed", out, re.MULTILINE), out


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("rihgt",), 1, "unknown model 'rihgt': did you mean 'right'"),
        (("right", "--model-option", "dmi=5"), 1, "unknown option of the model 'right' 'dmi': did you mean 'dim'"),
        (("right", "--model-option", "dim"), 2, "an option is given as key=value, got 'dim'"),
        (("mmd", "--metric-option", "width=-1"), 1, "width of mmd is a positive number, got -1"),
        (("right", "--data", "digts"), 2, "unknown data source 'digts'"),
        (("right", "--expect-failure", "ordr=x"), 1, "unknown check 'ordr'"),
    ],
)
def test_what_is_asked_wrong_is_one_line(call: Call, arguments: tuple[str, ...], status: int, words: str) -> None:
    got, _, err = call(*arguments)
    assert got == status
    assert re.fullmatch(r"latentot: [^\n]+\n", err), err
    assert words in err
