"""`compare` beside a script by hand: at the same n, d, repeats, t, methods and metrics, and as it is by default.

    python benchmarks/speed/by_hand.py SCRIPT [PAIRS DIM REPEATS]

SCRIPT takes PAIRS DIM REPEATS and measures four interpolations and a prior-against-prior row at t = 1/4 and 1/2 with
five drifts each; its last word is its seconds, imports left out. Ours is timed on two processes with 99 null draws,
with 19 (the fewest that it takes, and many more than the script has), and with the null band from the cache. Each runs
in a new Python, whose clock starts after its imports too; starting the other process counts. Above 1, we are that many
times faster.

By default `lot.compare(lot.Normal(DIM))` takes as many pairs as its verdicts need, with null bands and intervals that
the script has not: it is timed on one process and on two, without a cache, and every verdict must be settled.
"""

import os
import subprocess
import sys
import tempfile

CODE = """
import time
import pandas
import latentot as lot
exact = {{"name": "earth-mover", "options": {{"transport": "exact", "n_fit": 2000}}}}
methods = ("switch", "linear", "spherical", "cauchy", exact)
start = time.perf_counter()
lot.compare(lot.Normal({d}), methods, n={n}, repeats={repeats}, null_draws={null_draws}, jobs=2)
print(time.perf_counter() - start)
"""

DEFAULT = """
import time
import pandas
import latentot as lot
start = time.perf_counter()
verdicts = lot.compare(lot.Normal({d}), jobs={jobs}, cache=False).verdict()
seconds = time.perf_counter() - start
assert "inconclusive" not in set(verdicts["verdict"]), verdicts
print(", ".join(f"{{row.method}} {{row.verdict}} ({{row.n}} pairs)" for row in verdicts.itertuples()))
print(seconds)
"""


def run(*command: str) -> list[str]:
    """The lines that a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the script is the user's own
    return done.stdout.splitlines()


def seconds(*command: str) -> float:
    """The last word of a command."""
    return float(run(*command)[-1].split()[-1])


def main(script: str, n: int, d: int, repeats: int) -> None:
    theirs = seconds(sys.executable, script, str(n), str(d), str(repeats))
    print(f"{n} pairs, d = {d}, {repeats} repeats: by hand {theirs:.1f} s", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LATENTOT_CACHE"] = folder
        for null_draws, what in ((19, "cold"), (99, "cold"), (99, "from the cache")):
            code = CODE.format(n=n, d=d, repeats=repeats, null_draws=null_draws)
            ours = seconds(sys.executable, "-c", code)
            print(
                f"compare, {null_draws} null draws, {what:<14} {ours:6.1f} s   ratio {theirs / ours:5.1f}",
                flush=True,
            )
    for jobs in (1, 2):
        *_, verdicts, word = run(sys.executable, "-c", DEFAULT.format(d=d, jobs=jobs))
        ours = float(word)
        print(f"by default, {jobs} process{'es' * (jobs > 1)}{ours:29.1f} s   ratio {theirs / ours:5.1f}", flush=True)
    print(verdicts)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 5}:
        sys.exit(__doc__)
    main(sys.argv[1], *(map(int, sys.argv[2:]) if len(sys.argv) == 5 else (10_000, 64, 2)))
