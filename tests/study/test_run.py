"""Running a study: the order in which cells are done changes nothing, and what fails is recorded."""

import multiprocessing
import threading
from pathlib import Path
from typing import Any
from unittest import mock

import cloudpickle
import numpy as np
import pandas as pd
import pytest

import latentot as lot
from latentot.errors import InputError
from latentot.metrics import drift
from latentot.paths.linear import Linear
from latentot.study import Engine, Outcome, Study, run
from latentot.study.execution.mapped import Mapped
from latentot.study.work.cells import MethodCell, NullCell
from latentot.study.work.plan import Plan


@pytest.fixture
def computed_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells are done in the reverse order, as they may be on several processes."""
    compute = Engine.compute
    monkeypatch.setattr(Engine, "compute", lambda self, tasks: (done for done in list(compute(self, tasks))[::-1]))


@pytest.fixture
def expected(study: Study) -> Outcome:
    return run(study)


def test_order_of_cells_changes_no_row(expected: Outcome, computed_backwards: None, study: Study) -> None:
    pd.testing.assert_frame_equal(
        run(study).results.drop(columns="seconds"), expected.results.drop(columns="seconds"), check_exact=True
    )


def test_order_of_cells_changes_no_verdict(expected: Outcome, computed_backwards: None, study: Study) -> None:
    other = run(study)
    for section in ("verdicts", "cells"):
        for row in (*other.facts[section], *expected.facts[section]):
            row.pop("seconds", None)
        assert other.facts[section] == expected.facts[section]


def test_order_of_cells_changes_no_artefact(expected: Outcome, computed_backwards: None, study: Study) -> None:
    other = run(study)
    assert other.artefacts.keys() == expected.artefacts.keys()
    for key, array in expected.artefacts.items():
        np.testing.assert_array_equal(other.artefacts[key], array, err_msg=key)


def test_progress_counts_every_cell(study: Study) -> None:
    seen: list[tuple[int, int, str, float]] = []
    run(study, progress=lambda *step: seen.append(step))
    # Controls and two methods of two repeats and their profiles, 19 null draws five at a time, norms of the reference,
    # and sensitivity.
    assert [(done, of) for done, of, *_ in seen] == [(done, 14) for done in range(1, 15)]
    assert len({what for _, _, what, _ in seen}) == 14


def test_a_cell_that_fails_is_recorded_and_the_rest_goes_on(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    compute = MethodCell.compute

    def failing(cell: MethodCell, plan: Any) -> Any:
        if (cell.choice.name, cell.repeat) == ("cauchy", 1):
            raise ZeroDivisionError("as it happens")
        return compute(cell, plan)

    monkeypatch.setattr(MethodCell, "compute", failing)
    outcome = run(study)
    failed = outcome.results[outcome.results.status != "ok"]
    assert set(failed.status) == {"failed: ZeroDivisionError: as it happens"}
    assert set(zip(failed.method, failed.repeat, strict=True)) == {("cauchy", 1)}
    assert len(failed) == len(study.metrics) * len(study.t)
    assert len(outcome.results) == 2 * 2 * len(study.metrics) * len(study.t)
    assert failed[["value", "null_mean", "p_value", "p_adjusted", "seconds"]].isna().all(axis=None)
    assert not failed.drifts.any()
    assert outcome.facts["failures"] == ["cauchy, prior, repeat 2: ZeroDivisionError: as it happens"]
    reasons = {row["method"]: row["reason"] for row in outcome.facts["verdicts"]}
    assert "4 measurements failed" in reasons["cauchy"]
    assert "failed" not in reasons["linear"]


def test_without_its_null_band_a_study_says_nothing(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> None:
        raise ZeroDivisionError("as it happens")

    monkeypatch.setattr(NullCell, "compute", failing)
    outcome = run(study)
    assert all("ZeroDivisionError" in failure for failure in outcome.facts["failures"])
    assert {row["verdict"] for row in outcome.facts["verdicts"]} == {"inconclusive"}
    assert outcome.results[["null_mean", "p_value", "p_adjusted"]].isna().all(axis=None)
    assert outcome.results.value.notna().all(), "what was measured is not lost"


@pytest.mark.parametrize("methods", [["cauchy"], ["linear", "cauchy"]])
def test_margin_is_a_share_of_linear_whether_asked_for_or_not(settings: dict[str, Any], methods: list[str]) -> None:
    outcome = run(Study.of(**settings | {"methods": methods}))
    assert list(dict.fromkeys(outcome.results.method)) == methods
    (cell, *_) = [cell for cell in outcome.facts["cells"] if cell["method"] == "cauchy"]
    both = run(Study.of(**settings))
    (same, *_) = [cell for cell in both.facts["cells"] if cell["method"] == "cauchy"]
    assert cell["margin"] == same["margin"]
    linear = both.results[(both.results.method == "linear") & (both.results.metric == cell["metric"])]
    at_t = linear[linear.t == cell["t"]]
    assert cell["margin"] == pytest.approx(0.05 * max(0, at_t.value.mean() - at_t.null_mean.iloc[0]))


def test_facts_say_what_was_asked_and_with_what(study: Study) -> None:
    facts = run(study).facts
    assert Study.of(**facts["study"]) == study
    assert facts["subject"]["name"] == "normal"
    assert facts["subject"]["dim"] == 3
    assert facts["populations"] == [
        {
            "subject": "", "endpoints": "prior", "reference": "prior", "space": "latent",
            "n": 50, "repeats": 2, "n_reference": 500,
            "n_null": 19, "rounds": 1, "false_drift": 0.01, "false_keep": 0.05,
        }
    ]  # fmt: skip
    assert facts["seed"] == 0
    assert facts["computed"] == {"jobs": [1]}, "the rest is the machine's"
    assert facts["failures"] == []
    assert {"python", "latentot", "numpy", "scipy"} <= facts["versions"].keys()
    assert facts["methods"].keys() == {"linear", "cauchy"}
    assert all(about["citation"] for about in facts["methods"].values())
    assert facts["metrics"].keys() == {"norm-wasserstein", "marginal-ks"}
    assert [about["error"] for about in facts["metrics"].values()] == [drift(name).error for name in facts["metrics"]]


def test_no_process_at_all(study: Study) -> None:
    with pytest.raises(InputError, match="jobs"):
        run(study, engine=Engine(0))


def test_processes_share_what_is_prepared(study: Study, tmp_path: Path) -> None:
    """Judges travel to other processes as they are, and judge alike there."""
    plan = Plan("shared", study)
    (population,) = plan.subject().populations(study)
    travelling = cloudpickle.dumps(Mapped.of(plan.sharing(2), str(tmp_path)))
    given = cloudpickle.loads(travelling)
    assert all(start % 64 == 0 for start, _ in Mapped.of(plan.sharing(), str(tmp_path)).spans)
    assert len(travelling) < 2_000, "arrays stay in the file"
    assert cloudpickle.loads(travelling) is given, "read once, for all cells that a process computes"
    z = plan.fresh(population, "test", 0, population.n)
    other = Plan("other", study, shared=given.shared)
    assert other.judges(population) is given.shared[population]
    for name, judge in plan.judges(population).items():
        assert other.judges(population)[name](z) == judge(z)


def test_what_cannot_be_prepared_fails_where_it_is_needed(study: Study, two_processes: Engine) -> None:
    """As in one process: each cell has its reason, and nothing is lost."""

    class Broken(lot.Normal):
        def sample(self, n: int, *, rng: Any) -> Any:
            if n == 500:  # the reference
                raise ZeroDivisionError("as it happens")
            return super().sample(n, rng=rng)

    alone, beside = (run(study, live=Broken(3), engine=engine) for engine in (Engine(), two_processes))
    assert alone.facts["failures"] == beside.facts["failures"]
    assert set(alone.results.status) == {"failed: ZeroDivisionError: as it happens"}
    pd.testing.assert_frame_equal(alone.results.drop(columns="seconds"), beside.results.drop(columns="seconds"))


def test_what_cannot_travel_is_said(study: Study, two_processes: Engine) -> None:
    class Bound(lot.Normal):
        def __reduce__(self) -> Any:
            raise TypeError("it is bound to this process")

    with pytest.raises(
        InputError, match=r"^normal cannot be sent to other processes \(TypeError: it is bound .*\): use one job$"
    ):
        run(study, live=Bound(3), engine=two_processes)
    assert set(run(study, live=Bound(3)).results.status) == {"ok"}


def test_a_method_that_cannot_be_sent_is_named() -> None:
    lock = threading.Lock()

    def locked(z0: Any, z1: Any, t: float) -> Any:
        with lock:
            return (1 - t) * z0 + t * z1

    asked: dict[str, Any] = {"methods": ["linear", locked], "metrics": ["norm-ks"], "n": 50, "repeats": 1}
    alone = lot.compare(lot.Normal(3), null_draws=20, cache=False, **asked)
    assert set(alone.results.status) == {"ok"}
    what = r"^the method 'locked' cannot be sent to other processes \(TypeError: .*lock.*\): use one job$"
    with pytest.raises(InputError, match=what):
        lot.compare(lot.Normal(3), null_draws=20, cache=False, jobs=2, **asked)


def test_a_process_that_may_have_no_children_computes_alone(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of a multiprocessing.Pool."""
    alone = run(study).results.drop(columns="seconds")
    monkeypatch.setitem(vars(multiprocessing.current_process())["_config"], "daemon", True)
    with mock.patch("latentot.study.execution.processes.pool", side_effect=AssertionError):
        beside = run(study, engine=Engine(2)).results.drop(columns="seconds")
    pd.testing.assert_frame_equal(alone, beside)


def test_a_path_that_changes_its_endpoints_harms_itself_only(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    calm = run(study).results.drop(columns="seconds")
    walk = Linear.__call__

    def harmful(self: Any, z0: Any, z1: Any, t: Any) -> Any:
        points = walk(self, z0, z1, t)
        z0 *= 0
        return points

    monkeypatch.setattr(Linear, "__call__", harmful)
    found = run(study).results.drop(columns="seconds")
    others = calm.method != "linear"
    assert others.any()
    pd.testing.assert_frame_equal(found[others], calm[others])


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_methods_learn_is_learned_once(
    settings: dict[str, Any], two_processes: Engine, tmp_path: Path, jobs: int
) -> None:
    drawn = tmp_path / "drawn"

    class Counting(lot.Normal):
        def sample(self, n: int, *, rng: Any) -> Any:
            with drawn.open("a", encoding="utf-8") as file:
                file.write(f"{n}\n")
            return super().sample(n, rng=rng)

    method = {"name": "earth-mover", "options": {"transport": "gaussian", "n_fit": 70}}
    study = Study.of(
        **settings | {"prior": None, "dim": None, "methods": [method], "repeats": 3, "t": [0.25, 0.5, 0.75]}
    )
    found = run(study, live=Counting(3), engine=two_processes if jobs == 2 else Engine()).results.drop(
        columns="seconds"
    )
    fits = [line for line in drawn.read_text(encoding="utf-8").split() if line == "315"]
    assert len(fits) == 2, "t = 1/4 and 3/4 share theirs"
    pd.testing.assert_frame_equal(found, run(study, live=lot.Normal(3)).results.drop(columns="seconds"))


def test_what_cannot_be_learned_fails_where_it_is_needed(
    settings: dict[str, Any], two_processes: Engine, tmp_path: Path
) -> None:
    tried = tmp_path / "tried"

    class Unlucky(lot.Normal):
        def sample(self, n: int, *, rng: Any) -> Any:
            if n == 315:
                with tried.open("a", encoding="utf-8") as file:
                    file.write("again\n")
                raise ZeroDivisionError("as it happens")
            return super().sample(n, rng=rng)

    method = {"name": "earth-mover", "options": {"transport": "gaussian", "n_fit": 70}}
    study = Study.of(**settings | {"prior": None, "dim": None, "methods": ["linear", method]})
    alone = run(study, live=Unlucky(3))
    tried.unlink()
    beside = run(study, live=Unlucky(3), engine=two_processes)
    assert tried.read_text(encoding="utf-8").split() == ["again"] * 2, "once for each t, not for each cell"
    assert len(alone.facts["failures"]) == 2
    assert alone.facts["failures"] == beside.facts["failures"]
    pd.testing.assert_frame_equal(alone.results.drop(columns="seconds"), beside.results.drop(columns="seconds"))
