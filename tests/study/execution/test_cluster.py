"""A cluster: the same table, whoever of the workers is lost on the way; what cannot work is one line."""

import functools
import io
import json
import logging
import os
import pickle
import platform
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

import latentot as lot
from latentot.cli import main
from latentot.errors import InputError
from latentot.study import Engine, Study, read_studies, run
from latentot.study.execution import cluster
from latentot.study.execution.worker import computed
from latentot.study.storage.store import Store
from latentot.study.work.cells import NormsCell
from latentot.study.work.failure import Failure
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

pytest.importorskip("distributed")
may_wait = pytest.mark.filterwarnings("ignore::latentot.errors.WaitingWarning")

Process = subprocess.Popen[bytes]
Workers = Callable[..., list[Process]]


def table(study: Study, **how: Any) -> pd.DataFrame:
    """What a run finds, timings aside."""
    return run(study, **how).results.drop(columns="seconds")


def started(*command: str, **environment: str) -> Process:
    # Not from here: a worker finds latentot because it is installed, or not.
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        cwd="/",
        stderr=subprocess.DEVNULL,
    )


def ended(processes: list[Process]) -> None:
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a scheduler, in a thread: what it does is the same, and a process takes seconds to start."""
    import distributed

    of_its_own = {"host": "127.0.0.1", "protocol": "tcp", "dashboard_address": None, "silence_logs": logging.CRITICAL}
    with distributed.LocalCluster(n_workers=0, processes=False, **of_its_own) as here:
        yield here.scheduler_address


@pytest.fixture
def mortal_scheduler(tmp_path: Path) -> Iterator[tuple[str, Process]]:
    """The address of a scheduler, a process of its own."""
    file = tmp_path / "scheduler.json"
    process = started(
        *("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
        *("--scheduler-file", str(file)),
    )
    until = time.monotonic() + 30
    while not file.exists() or not file.read_text(encoding="utf-8").strip():
        assert time.monotonic() < until, "the scheduler does not start"
        time.sleep(0.05)
    yield json.loads(file.read_text(encoding="utf-8"))["address"], process
    ended([process])


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Starts workers, processes of their own without a nanny that would start them again."""
    running: list[Process] = []

    def start(scheduler: str, count: int, *options: str, **environment: str) -> list[Process]:
        command = "distributed.cli.dask_worker", scheduler, "--no-nanny", "--no-dashboard"
        running.extend(started(*command, *(options or ("--nthreads", "1")), **environment) for _ in range(count))
        return running

    yield start
    ended(running)


def test_one_local_cluster_serves_a_sweep_and_finds_the_same(
    settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    clusters: list[Any] = []
    start = distributed.LocalCluster

    def counted(**how: Any) -> Any:
        clusters.append(start(**how))
        return clusters[-1]

    monkeypatch.setattr(distributed, "LocalCluster", counted)
    for name in ("render", "render_overview"):
        monkeypatch.setattr(f"latentot.reporting.{name}", lambda _folder: "")
    path = tmp_path / "sweep.toml"
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in (settings | {"dim": [2, 3]}).items()))
    command = ["latentot", "compare", str(path), "--cluster", "local", "--jobs", "2", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", command)
    for _ in ("computed", "kept"):
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        (only,) = clusters  # and none where there is nothing to compute
        assert only.status == distributed.Status.closed
        facts = json.loads((tmp_path / "out" / "d=2" / "run.json").read_text(encoding="utf-8"))
        assert facts["computed"] in [{"host": [platform.node()], "workers": count} for count in (1, 2)]
    for one in read_studies(path):
        found = pd.read_csv(tmp_path / "out" / f"d={one.dim}" / "results.csv").drop(columns="seconds")
        file = io.StringIO(table(one).to_csv(index=False))
        pd.testing.assert_frame_equal(found, pd.read_csv(file), check_exact=True)


@may_wait
def test_a_worker_killed_on_the_way(settings: dict[str, Any], scheduler: str, workers: Workers, tmp_path: Path) -> None:
    learning = {"name": "earth-mover", "options": {"transport": "gaussian", "n_fit": 70}}
    study = Study.of(**settings | {"methods": ["linear", "cauchy", learning], "repeats": 10, "null_draws": 60})
    running, seen = workers(scheduler, 2), []

    def killing(done: int, of: int, *_: Any) -> None:
        seen.append((done, of))
        if done == of // 3:
            running[0].kill()

    found = table(study, engine=Engine(scheduler=scheduler), folder=tmp_path, progress=killing)
    assert seen == [(done, 57) for done in range(1, 58)], "every cell is told of once"
    assert running[0].wait() < 0, "a worker was killed"
    pd.testing.assert_frame_equal(found, table(study), check_exact=True)


@may_wait
def test_a_scheduler_killed_on_the_way_loses_nothing_that_was_kept(
    settings: dict[str, Any], mortal_scheduler: tuple[str, Process], workers: Workers, tmp_path: Path
) -> None:
    study = Study.of(**settings | {"repeats": 10})
    address, process = mortal_scheduler
    workers(address, 1)

    def killing(done: int, *_: Any) -> None:
        if done == 5:
            process.kill()

    with pytest.raises(InputError, match="is lost: start it, and run the same command again"):
        run(study, engine=Engine(scheduler=address), folder=tmp_path, progress=killing)
    again: list[int] = []
    found = table(study, folder=tmp_path, progress=lambda done, *_: again.append(done))
    assert again[0] > 5
    pd.testing.assert_frame_equal(found, table(study), check_exact=True)


class Crowded(NamedTuple):
    """A cell that finds out how many of its kind are being computed."""

    running: list[int]
    title: str = "crowded"

    def compute(self, _plan: Any) -> int:
        self.running.append(1)
        time.sleep(0.02)
        found = len(self.running)
        self.running.pop()
        return found


def test_threads_of_one_worker_take_turns(study: Study) -> None:
    """They would share generators of random numbers and the limit of one thread a cell."""
    plan, cell = pickle.dumps(Plan("turns", study)), Crowded([])
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda number: computed(number, cell, plan, {}), range(8)))  # type: ignore[arg-type]
    assert [one.outcome for one in done] == [1] * 8


@may_wait
def test_a_worker_without_latentot(scheduler: str, workers: Workers, study: Study, tmp_path: Path) -> None:
    (tmp_path / "latentot.py").write_text("raise ImportError('not here')", encoding="utf-8")
    workers(scheduler, 1, PYTHONPATH=str(tmp_path))
    with pytest.raises(InputError, match=r"^a worker of tcp.* cannot compute cells, ImportError: not here.*install"):
        run(study, engine=Engine(scheduler=scheduler))


class TestRefusals:
    """What cannot work is said in one line, before anything is computed where that can be known."""

    def test_other_software(self, study: Study) -> None:
        plan = pickle.dumps(Plan("other software", study))
        with pytest.raises(
            InputError, match=r"has numpy [\d.]+, where the study was started it is 0.1: install the same"
        ):
            computed(0, NormsCell(Population("prior", 50, 2)), plan, {"numpy": "0.1"})
        with pytest.raises(InputError, match="has weights not at all"):
            computed(0, NormsCell(Population("prior", 50, 2)), plan, {"weights": "12ab"})

    def test_nobody_answers(self, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cluster, "ANSWER", 0.3)
        with pytest.raises(InputError, match=r"^no Dask scheduler answers at tcp://127.0.0.1:1 [^\n]*$"):
            run(study, engine=Engine(scheduler="tcp://127.0.0.1:1"))

    @pytest.mark.parametrize("address", ["", "host", "host:8786", "nonsense://host:1", "tcp://host:many", "tcp://host"])
    def test_no_address(self, address: str) -> None:
        with pytest.raises(InputError, match=r"^a scheduler's address is such as tcp://host:8786 [^\n]*$"):
            Engine(scheduler=address)

    def test_another_distributed(self, scheduler: str, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("distributed.__version__", "0.0")
        with pytest.raises(InputError, match=r"has distributed 20[\d.]+, here it is 0.0: install the same"):
            run(study, engine=Engine(scheduler=scheduler))

    def test_without_distributed(self, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "distributed", None)
        with pytest.raises(
            InputError, match=r"^a cluster needs Dask's distributed: pip install 'latentot\[cluster\]'$"
        ):
            run(study, engine=Engine(cluster="local"))

    @pytest.mark.parametrize("subject", ["lambda", "script"])
    def test_what_cannot_travel(self, settings: dict[str, Any], subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
        study = Study.of(**settings | {"prior": None, "dim": None})

        def decode(z: Any) -> Any:
            return z

        if subject == "script":
            decode.__module__, decode.__qualname__ = "__main__", "decode"
            monkeypatch.setattr(sys.modules["__main__"], "decode", decode, raising=False)
        model = lot.Model(lot.Normal(3), decode, name="mine")
        with pytest.raises(InputError, match=r"^mine cannot be sent to workers \([^\n]*\): compare it by name[^\n]*$"):
            run(study, live=model, engine=Engine(scheduler="tcp://127.0.0.1:1"))

    @pytest.mark.parametrize("kind", ["method", "metric"])
    @pytest.mark.parametrize("defined", ["lambda", "in a function", "method", "in a script"])
    def test_what_workers_cannot_have(self, defined: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        class Own:
            def walk(self, z0: Any, *_: Any, **__: Any) -> Any:
                return z0

        def walk(z0: Any, *_: Any, **__: Any) -> Any:
            return z0

        if defined == "in a script":
            walk.__module__, walk.__qualname__ = "__main__", "walk"
            monkeypatch.setattr(sys.modules["__main__"], "walk", walk, raising=False)
        given = {"lambda": lambda z0, *_, **__: z0, "method": Own().walk}.get(defined, walk)
        name = "function" if defined == "lambda" else "walk"
        asked: dict[str, Any] = {"n": 50, "repeats": 1, "null_draws": 20, "cache": False}
        asked |= {"methods": ["linear"], "metrics": ["norm-ks"]} | {f"{kind}s": [given]}
        what = (
            rf"^the {kind} {name!r} cannot be sent to workers \([^\n]*\): define it in a module that workers can import"
        )
        with pytest.raises(InputError, match=rf"{what}, install it as a plugin, or compute here, with jobs=2$"):
            lot.compare(lot.Normal(3), scheduler="tcp://127.0.0.1:1", **asked)

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"cluster": "lokal"}, "unknown cluster 'lokal': did you mean 'local'"),
            ({"scheduler": "tcp://host:1", "cluster": "local"}, "workers of its own"),
            ({"scheduler": "tcp://host:1", "jobs": 2}, "workers of its own"),
        ],
    )
    def test_contradictions(self, how: dict[str, Any], words: str) -> None:
        with pytest.raises(InputError, match=words):
            Engine(**how)


def test_a_cell_that_workers_die_of_has_failed(tmp_path: Path) -> None:
    """And does not end the run, as a worker that cannot compute at all does: its failure is kept like any other."""
    from distributed import KilledWorker

    killed = cluster._failed(7, "error", KilledWorker("cell", None, 3), "tcp://host:1")  # type: ignore[arg-type]
    failure = Failure("4 workers died while they computed it: they may have too little memory")
    assert killed[:2] == (7, failure)
    with Store.open(tmp_path) as store:
        store.keep({"key": killed.outcome}, "cell", killed.seconds)
        assert store.outcomes({"key"}) == {"key": failure}


def test_nothing_to_compute_needs_no_cluster(study: Study, tmp_path: Path) -> None:
    run(study, folder=tmp_path)
    run(study, folder=tmp_path, engine=Engine(scheduler="tcp://127.0.0.1:1"))


def test_a_live_prior_travels_to_a_worker_that_was_waited_for(
    scheduler: str, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def show(message: Warning | str, *_: Any) -> None:
        said.append(str(message))
        workers(scheduler, 1)

    monkeypatch.setattr(warnings, "showwarning", show)
    fallback = threading.Timer(20, workers, [scheduler, 1])  # a test that fails is better than one that waits
    fallback.start()
    asked: dict[str, Any] = {"methods": ["linear"], "metrics": ["norm-wasserstein"], "n": 50, "repeats": 1}
    found, here = (
        lot.compare(lot.Empirical(lot.Normal(3).sample(2000, rng=0)), **asked, null_draws=20, cache=False, scheduler=at)
        for at in (scheduler, None)
    )
    pd.testing.assert_frame_equal(
        found.results.drop(columns="seconds"), here.results.drop(columns="seconds"), check_exact=True
    )
    fallback.cancel()
    assert said == [
        f"the scheduler at {scheduler} has no workers, cells wait for the first: start one with "
        f"`dask worker {scheduler} --nthreads 1`"
    ]


def test_waiting_for_workers_ends_with_an_interrupt(scheduler: str, tmp_path: Path) -> None:
    asked = ["compare", "--prior", "normal", "--dim", "2", "--no-cache", "--out", "out", "--scheduler", scheduler]
    with subprocess.Popen(
        [sys.executable, "-c", "from latentot.cli import main; main()", *asked],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        # A suite that runs in the background has been told to ignore interrupts, and its children with it.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(f"latentot: the scheduler at {scheduler} has no workers, cells")
        process.send_signal(signal.SIGINT)
        assert process.stderr.readlines() == [
            "latentot: interrupted: finished cells are kept in out, the same command resumes from there\n"
        ]
        assert process.wait(30) == 130
