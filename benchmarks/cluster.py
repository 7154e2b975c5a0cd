"""A study of 2,000 cells on one process, and on two Dask workers of which one is killed midway: the same table?

    python benchmarks/cluster.py [CELLS]

The scheduler and the workers are processes of their own on this machine, and speak TCP over loopback.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from latentot.study import Engine, Progress, Study, run


def study(cells: int) -> Study:
    """Controls and two methods of each repeat, and null draws five a cell: three of four cells are of repeats."""
    return Study.of(
        prior="normal",
        dim=8,
        methods=["linear", "cauchy"],
        metrics=["norm-wasserstein", "sliced-wasserstein"],
        pairs=200,
        repeats=cells // 4,
        null_draws=5 * (cells - 3 * (cells // 4) - 1),
    )


def show(name: str, asked: Study, engine: Engine, progress: Progress | None = None) -> str:
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        results = run(asked, engine=engine, folder=Path(folder), progress=progress).results
    table = results.drop(columns="seconds").to_csv(index=False)
    found = hashlib.sha256(table.encode()).hexdigest()
    print(f"{name:<40} {time.perf_counter() - start:6.1f} s   {len(results):,} rows   {found}", flush=True)
    return found


def main(cells: int) -> None:
    asked, here = study(cells), Path(tempfile.mkdtemp()) / "scheduler.json"
    expected = show("one process", asked, Engine())
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    local = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(here)]
    processes = [subprocess.Popen([*dask, "scheduler", *local], **quiet)]  # noqa: S603 - fixed arguments
    try:
        while not here.exists():
            time.sleep(0.1)
        address = json.loads(here.read_text())["address"]
        worker = [*dask, "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        processes += [subprocess.Popen(worker, **quiet) for _ in range(2)]  # noqa: S603

        def killing(done: int, of: int, *_: Any) -> None:
            if done == of // 2:
                processes[1].kill()

        found = show("two Dask workers, one killed midway", asked, Engine(scheduler=address), killing)
        print(f"killed: {processes[1].wait() < 0}, the same table: {found == expected}")
    finally:
        for process in processes:
            process.kill()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 2_000)
