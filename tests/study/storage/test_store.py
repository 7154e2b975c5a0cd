"""The store: what was kept is never lost, computed twice, or taken for something else."""

import os
import random
import re
import signal
import sqlite3
import time
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from latentot.errors import InputError
from latentot.metrics import Measurement
from latentot.study import Engine, Study, run
from latentot.study.execution import engine, hosts
from latentot.study.execution.machine import machine
from latentot.study.execution.task import Task
from latentot.study.prepared import Prepared
from latentot.study.storage.keys import part_keys
from latentot.study.storage.parts import join, split
from latentot.study.storage.serialise import decode, encode
from latentot.study.storage.store import NAME, Store
from latentot.study.work.cells import MethodCell, MethodOutcome
from latentot.study.work.failure import Failure
from latentot.study.work.plan import Plan

FORK = get_context("fork")


def table(study: Study, **how: Any) -> pd.DataFrame:
    """What a run finds, timings aside."""
    return run(study, **how).results.drop(columns="seconds")


def titles(folder: Path) -> set[str]:
    """What a folder's store holds: nothing, if whoever made it was killed before the first transaction."""
    with closing(sqlite3.connect(folder / NAME)) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return set()
        return {title for (title,) in connection.execute("SELECT title FROM cells")}


class TestCodec:
    @pytest.mark.parametrize(
        "outcome",
        [
            [{("emd", 0.1): Measurement(0.1, float("nan"), 3), ("emd", 1 / 3): Failure("no value")}, {}],
            {("mmd", 1e-310): Measurement(1e-310, float("-inf"), 0), ("x", 0.5): float("nan")},
            {"t = 0": {"emd": Measurement(1 / 3, 2.0**-1074, 1)}, 0.25: "by t"},
            Failure('of "quotes" and\nlines'),
            [],
        ],
    )
    def test_comes_back_bit_for_bit(self, outcome: Any) -> None:
        assert repr(decode(encode(outcome))) == repr(outcome)

    def test_arrays_come_back_bit_for_bit(self) -> None:
        key = "emd", 0.5
        outcome = MethodOutcome(
            {key: Measurement(1.0, 1.0, 2)}, {key: 0.5}, {0.5: 0.1}, {0.5: np.arange(3)}, np.ones(3)
        )
        found = decode(encode(outcome))
        assert (found.measured, found.spread, found.seconds) == (outcome.measured, outcome.spread, outcome.seconds)
        np.testing.assert_array_equal(found.norms[0.5], outcome.norms[0.5])
        for dtype in ("f4", "f8", ">f8", "i1", "?"):
            array = np.array([[0, 1], [1, 1]]).astype(dtype)
            back = decode(encode(array))
            assert back.dtype == array.dtype
            np.testing.assert_array_equal(back, array)

    @pytest.mark.parametrize(
        "text", ["", "{", '{"kind": "os.system"}', '{"kind": "array"}', '{"a": 1}', '{"kind":"Failure"}']
    )
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(InputError, match="cannot be read"):
            decode(text)


class TestResuming:
    def test_the_same_table_with_and_without_a_store(self, study: Study, tmp_path: Path) -> None:
        expected = table(study)
        pd.testing.assert_frame_equal(table(study, folder=tmp_path), expected, check_exact=True)
        pd.testing.assert_frame_equal(table(study, folder=tmp_path), expected, check_exact=True)

    def test_nothing_is_computed_again(self, study: Study, tmp_path: Path) -> None:
        run(study, folder=tmp_path)
        seen: list[Any] = []
        run(study, folder=tmp_path, progress=lambda *step: seen.append(step))
        assert seen == []

    @pytest.mark.parametrize(
        ("changes", "again"),
        [
            ({"margin": 0.1}, []),
            ({"title": "another"}, []),
            (
                {"methods": ["linear", "cauchy", "spherical"]},
                ["profile of spherical, prior", "spherical, prior, repeat 1", "spherical, prior, repeat 2"],
            ),
            ({"repeats": 3}, ["cauchy, prior, repeat 3", "controls, prior, repeat 3", "linear, prior, repeat 3"]),
            ({"null_draws": 20}, ["null band, prior, 16-20"]),
            ({"metrics": ["marginal-ks"]}, []),
            ({"metrics": ["marginal-ks", "norm-wasserstein"]}, []),
        ],
        ids=str,
    )
    def test_a_changed_study_computes_what_is_new(
        self, settings: dict[str, Any], tmp_path: Path, changes: dict[str, Any], again: list[str]
    ) -> None:
        run(Study.of(**settings), folder=tmp_path)
        changed = Study.of(**settings | changes)
        seen: list[str] = []
        found = run(changed, folder=tmp_path, progress=lambda _done, _of, what, _seconds: seen.append(what))
        assert sorted(seen) == again
        expected = run(changed).results.drop(columns="seconds")
        pd.testing.assert_frame_equal(found.results.drop(columns="seconds"), expected, check_exact=True)

    @pytest.mark.parametrize(
        "changes", [{"seed": 1}, {"t": [0.5]}, {"dim": 4}, {"pairs": 51}, {"prior": "uniform"}], ids=str
    )
    def test_what_changes_numbers_computes_everything(
        self, settings: dict[str, Any], tmp_path: Path, changes: dict[str, Any]
    ) -> None:
        run(Study.of(**settings), folder=tmp_path)
        seen: set[str] = set()
        run(Study.of(**settings | changes), folder=tmp_path, progress=lambda _done, _of, what, _seconds: seen.add(what))
        whatever_t = {
            *("norms, prior", "sensitivity, prior"),
            *("controls, prior, repeat 1", "controls, prior, repeat 2"),
        }
        assert titles(tmp_path) - seen == (whatever_t if "t" in changes else set())

    def test_another_metric_is_measured_alone(
        self, settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run(Study.of(**settings), folder=tmp_path)
        changed = Study.of(**settings | {"metrics": ["marginal-ks", "frechet", "norm-wasserstein"]})
        expected = run(changed)
        prepare, prepared = Plan._judge, []
        monkeypatch.setattr(Plan, "_judge", lambda *args: prepared.append(args[2].name) or prepare(*args))
        found = run(changed, folder=tmp_path)
        assert set(prepared) == {"frechet"}
        pd.testing.assert_frame_equal(
            found.results.drop(columns="seconds"), expected.results.drop(columns="seconds"), check_exact=True
        )
        verdicts = [[one["verdict"] for one in outcome.facts["verdicts"]] for outcome in (found, expected)]
        assert verdicts[0] == verdicts[1]
        assert found.facts["controls"] == expected.facts["controls"]

    def test_another_metric_and_more_repeats(self, settings: dict[str, Any], tmp_path: Path) -> None:
        """Some cells lack one metric and others all: each is measured by its own judges."""
        run(Study.of(**settings), folder=tmp_path)
        changed = Study.of(**settings | {"metrics": ["marginal-ks", "frechet", "norm-wasserstein"], "repeats": 3})
        pd.testing.assert_frame_equal(table(changed, folder=tmp_path), table(changed), check_exact=True)

    def test_parts_make_a_whole(self, study: Study) -> None:
        one = Prepared.of(study)
        for number, outcome, *_ in Engine().compute([Task(one.plan, cell) for cell in one.cells]):
            cell = one.cells[number]
            parts = split(cell, study, outcome)
            assert parts.keys() == part_keys(one.plan, cell).keys()
            assert encode(join(cell, study, parts)) == encode(outcome)
            assert join(cell, study, parts | {next(iter(parts)): Failure("broken")}) == Failure("broken")

    def test_failed_cells_are_kept_and_retried_when_asked(
        self, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compute = MethodCell.compute

        def failing(cell: Any, plan: Any) -> Any:
            if cell.repeat == 1:
                raise RuntimeError("out of luck")
            return compute(cell, plan)

        with monkeypatch.context() as patched:
            patched.setattr(MethodCell, "compute", failing)
            first = run(study, folder=tmp_path)
        assert len(first.facts["failures"]) == 2
        kept = run(study, folder=tmp_path)
        assert kept.facts["failures"] == first.facts["failures"], "a failure is an outcome, until it is retried"
        again = run(study, folder=tmp_path, retry_failed=True)
        assert again.facts["failures"] == []
        pd.testing.assert_frame_equal(again.results.drop(columns="seconds"), table(study), check_exact=True)

    def test_killed_at_random_moments(self, study: Study, tmp_path: Path) -> None:
        """The moments are random in time; the seed makes the delays, not the cells they hit, repeatable."""
        log = tmp_path / "log"

        def child() -> None:
            compute = engine.computed_here

            def logged(number: int, task: Any) -> Any:
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"{task.cell.title}\n")
                return compute(number, task)

            engine.computed_here = logged
            run(study, folder=tmp_path / "run")
            os._exit(0)

        (tmp_path / "run").mkdir()
        start = time.perf_counter()
        expected = table(study)
        whole = time.perf_counter() - start
        delays, kills = random.Random(0), 0  # noqa: S311
        while kills < 12:
            known = titles(tmp_path / "run") if (tmp_path / "run" / NAME).exists() and kills else set()
            log.write_text("", encoding="utf-8")
            process = FORK.Process(target=child)
            process.start()
            process.join(delays.uniform(0, whole / 3))
            alive = process.is_alive()
            os.kill(process.pid or 0, signal.SIGKILL) if alive else None
            process.join()
            kills += 1
            assert not known & set(log.read_text(encoding="utf-8").split("\n")), "what was kept is not computed again"
            if not alive:
                (tmp_path / "run" / NAME).unlink()
        pd.testing.assert_frame_equal(table(study, folder=tmp_path / "run"), expected, check_exact=True)


class TestDamage:
    @pytest.fixture
    def stored(self, study: Study, tmp_path: Path) -> Path:
        run(study, folder=tmp_path)
        return tmp_path / NAME

    def test_flipped_bytes_never_change_the_table(self, study: Study, stored: Path) -> None:
        whole, expected = stored.read_bytes(), table(study)
        places = random.Random(0)  # noqa: S311
        refused = 0
        for _ in range(60):
            damaged = bytearray(whole)
            for _ in range(places.choice((1, 8, 200))):
                damaged[places.randrange(len(damaged))] ^= 1 << places.randrange(8)
            stored.write_bytes(damaged)
            message = ""
            try:
                found = table(study, folder=stored.parent)
            except InputError as error:
                message = str(error)
            if message:
                refused += 1
                assert re.fullmatch(f"[^\n]*{re.escape(str(stored))}[^\n]*", message)
            else:
                pd.testing.assert_frame_equal(found, expected, check_exact=True)
        assert refused > 30

    @pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
    def test_truncated(self, study: Study, stored: Path, share: float) -> None:
        whole = stored.read_bytes()
        stored.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(InputError, match="is damaged"):
            run(study, folder=stored.parent)

    def test_what_computed_cells(self, study: Study, stored: Path) -> None:
        with closing(sqlite3.connect(stored, isolation_level=None)) as connection:
            connection.execute("UPDATE computers SET computer = replace(computer, 'jobs', 'jabs')")
        with pytest.raises(InputError, match=r"is damaged \(host .*delete it"):
            run(study, folder=stored.parent)

    def test_emptied(self, study: Study, stored: Path) -> None:
        stored.write_bytes(b"")
        pd.testing.assert_frame_equal(table(study, folder=stored.parent), table(study), check_exact=True)

    def test_another_programs_file(self, study: Study, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / NAME)) as connection:
            connection.execute("CREATE TABLE cells (key)")
        with pytest.raises(InputError, match="not a store of latentot"):
            run(study, folder=tmp_path)
        (tmp_path / NAME).write_text("something else entirely, of some length" * 100, encoding="utf-8")
        with pytest.raises(InputError, match="is damaged"):
            run(study, folder=tmp_path)

    def test_another_schema_is_refused_by_name(self, study: Study, stored: Path) -> None:
        with closing(sqlite3.connect(stored)) as connection:
            connection.execute("PRAGMA user_version = 99")
        with pytest.raises(InputError, match="has schema 99, this latentot keeps schema 2"):
            run(study, folder=stored.parent)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write to what is read-only")
    def test_read_only(self, study: Study, stored: Path) -> None:
        stored.chmod(0o400)
        with pytest.raises(InputError, match="cannot write"):
            run(study, folder=stored.parent)

    def test_deleted_on_the_way(self, study: Study, tmp_path: Path) -> None:
        def deleting(done: int, *_: Any) -> None:
            if done == 3:
                (tmp_path / NAME).unlink()

        with pytest.raises(InputError, match="is gone"):
            run(study, folder=tmp_path, progress=deleting)
        pd.testing.assert_frame_equal(table(study, folder=tmp_path), table(study), check_exact=True)

    def test_a_full_disk(self, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        keep = Store.keep

        def full(store: Store, *what: Any) -> None:
            pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
            store._connection.execute(f"PRAGMA max_page_count = {pages}")
            keep(store, *what)

        with monkeypatch.context() as patched:
            patched.setattr(Store, "keep", full)
            with pytest.raises(InputError, match="full"):
                run(study, folder=tmp_path)
        pd.testing.assert_frame_equal(table(study, folder=tmp_path), table(study), check_exact=True)


class TestTwoProcesses:
    def test_the_second_is_refused(self, study: Study, tmp_path: Path) -> None:
        held, release = FORK.Event(), FORK.Event()

        def child() -> None:
            with Store.open(tmp_path):
                held.set()
                release.wait(30)
            os._exit(0)

        process = FORK.Process(target=child)
        process.start()
        assert held.wait(30)
        with pytest.raises(InputError, match="another process is working in"):
            run(study, folder=tmp_path)
        release.set()
        process.join()
        run(study, folder=tmp_path)

    def test_a_process_that_was_killed_holds_nothing(self, study: Study, tmp_path: Path) -> None:
        held = FORK.Event()

        def child() -> None:
            with Store.open(tmp_path):
                held.set()
                time.sleep(60)

        process = FORK.Process(target=child)
        process.start()
        assert held.wait(30)
        process.kill()
        process.join()
        pd.testing.assert_frame_equal(table(study, folder=tmp_path), table(study), check_exact=True)


def test_jobs_give_the_same_table(study: Study, two_processes: Engine, tmp_path: Path) -> None:
    told: dict[str, float] = {}
    found = table(
        study,
        engine=two_processes,
        folder=tmp_path,
        progress=lambda _done, _of, what, seconds: told.update({what: seconds}),
    )
    pd.testing.assert_frame_equal(found, table(study), check_exact=True)
    with closing(sqlite3.connect(tmp_path / NAME)) as connection:
        assert told == dict(connection.execute("SELECT title, seconds FROM cells")), "those of each cell itself"


def test_what_computed_cells_is_told_by_later_runs_too(
    settings: dict[str, Any], two_processes: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(repeats: int, **how: Any) -> Any:
        return run(Study.of(**settings | {"repeats": repeats}), folder=tmp_path, **how).facts["computed"]

    assert told(2, engine=two_processes) == {"jobs": [2]}
    assert told(2) == {"jobs": [2]}, "nothing was computed"
    assert told(3) == {"jobs": [1, 2]}
    monkeypatch.setattr(hosts, "machine", lambda: machine() | {"cores": 999})
    assert told(4) == {"jobs": [1, 2], "cores": sorted([999, os.cpu_count()], key=str)}
