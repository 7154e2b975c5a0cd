"""What a run will take: what is learned once is not multiplied by pairs and repeats."""

import time
from pathlib import Path
from typing import Any

import pytest

from latentot.study import Study, estimate, run
from latentot.transport import Gaussian

LESSON = 0.3
"""Seconds."""


@pytest.fixture
def slow_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transport that takes its time to be fitted."""
    fit = Gaussian.fit

    def slow(*arguments: Any, **how: Any) -> Any:
        time.sleep(LESSON)
        return fit(*arguments, **how)

    monkeypatch.setattr(Gaussian, "fit", slow)


@pytest.mark.parametrize(("options", "growth"), [({"n_fit": 1000}, 1), ({}, 100_000 / 20_000)], ids=["fixed", "grown"])
def test_what_is_learned_counts_once(
    settings: dict[str, Any], slow_fits: None, options: dict[str, Any], growth: float
) -> None:
    """For each position, and more of it where more is learned from."""
    method = {"name": "earth-mover", "options": {"transport": "gaussian"} | options}
    asked = settings | {"t": [0.5], "metrics": ["norm-wasserstein"], "pairs": 5_000, "repeats": 40, "endpoints": None}
    seconds = estimate(Study.of(**asked | {"methods": [method]})).seconds
    # Ten times the pilot's pairs in forty repeats would be 400 fits.
    assert growth * LESSON < seconds < 200 * LESSON


class TestRounds:
    def asked(self, settings: dict[str, Any], **changes: Any) -> Study:
        del settings["pairs"], settings["null_draws"]
        return Study.of(**settings | {"t": [0.5], "max_pairs": 8_000, "dim": 2} | changes)

    def test_each_is_estimated_with_every_method(self, settings: dict[str, Any]) -> None:
        found = estimate(self.asked(settings))
        assert [one.pairs for one in found.rounds] == [500, 2_000, 8_000]
        # Only the first round follows both methods along t.
        assert [one.cells - found.rounds[-1].cells for one in found.rounds] == [2, 0, 0]
        assert found.cells == sum(one.cells for one in found.rounds)
        assert found.done == 0
        first, second, third = (one.seconds for one in found.rounds)
        assert third == pytest.approx(4 * second)
        assert 3 * first < second < 4 * first
        for before, after in zip(found.rounds, found.rounds[1:], strict=False):
            assert after.mebibytes == pytest.approx(4 * before.mebibytes)
        assert found.seconds == sum(one.seconds for one in found.rounds)
        assert found.mebibytes == found.rounds[-1].mebibytes

    def test_what_is_kept_is_done_and_settled_methods_have_left(self, settings: dict[str, Any], tmp_path: Path) -> None:
        asked = self.asked(settings)
        last = run(asked, folder=tmp_path).results["round"].max()
        found = estimate(asked, tmp_path)
        assert last > 1
        assert len(found.rounds) == last
        assert (found.done, found.seconds) == (found.cells, 0)
        assert found.rounds[1].cells <= found.rounds[0].cells

    def test_of_a_run_that_was_stopped(self, settings: dict[str, Any], tmp_path: Path) -> None:
        """In its second round: the first is done, of the second a part."""
        asked = self.asked(settings)

        def stop(done: int, of: int, what: str, seconds: float) -> None:
            totals.append(of)
            if done == totals[0] + 2:
                raise KeyboardInterrupt

        totals: list[int] = []
        with pytest.raises(KeyboardInterrupt):
            run(asked, folder=tmp_path, progress=stop)
        first, second, third = estimate(asked, tmp_path).rounds
        assert (first.done, second.done, third.done) == (first.cells, 2, 0)

    def test_levels_are_split_over_subjects(self, settings: dict[str, Any]) -> None:
        """Smaller levels take more null draws."""
        asked = self.asked(settings)
        assert estimate(asked, subjects=9).cells > estimate(asked).cells
