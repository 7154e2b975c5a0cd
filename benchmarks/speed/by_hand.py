"""One `compare` beside a script that does the same by hand: the same n, d, repeats, t, methods and metrics, in one run.

    python benchmarks/speed/by_hand.py SCRIPT [PAIRS DIM REPEATS]

SCRIPT takes PAIRS DIM REPEATS and measures four interpolations and a prior-against-prior row at t = 1/4 and 1/2 with
five drifts each; its last word is its seconds. Ours is timed on two processes with 99 null draws, with 19 (the fewest
that it takes, and many more than the script has), and with the null band from the cache. Above 1, we are that many
times faster.
"""

import os
import subprocess
import sys
import tempfile
import time

import latentot as lot

METHODS = (
    "switch",
    "linear",
    "spherical",
    "cauchy",
    {"name": "earth-mover", "options": {"transport": "exact", "n_fit": 2000}},
)


def ours(n: int, d: int, repeats: int, null_draws: int) -> float:
    """Seconds of one comparison."""
    start = time.perf_counter()
    lot.compare(lot.Normal(d), METHODS, n=n, repeats=repeats, null_draws=null_draws, jobs=2)
    return time.perf_counter() - start


def main(script: str, n: int, d: int, repeats: int) -> None:
    command = [sys.executable, script, str(n), str(d), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the script is the user's own
    theirs = float(done.stdout.split()[-1])
    print(f"{n} pairs, d = {d}, {repeats} repeats: by hand {theirs:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LATENTOT_CACHE"] = folder
        for null_draws, what in ((19, "cold"), (99, "cold"), (99, "from the cache")):
            seconds = ours(n, d, repeats, null_draws)
            print(
                f"compare, {null_draws} null draws, {what:<14} {seconds:6.1f} s   ratio {theirs / seconds:5.1f}",
                flush=True,
            )


if __name__ == "__main__":
    if len(sys.argv) not in {2, 5}:
        sys.exit(__doc__)
    main(sys.argv[1], *(map(int, sys.argv[2:]) if len(sys.argv) == 5 else (10_000, 64, 2)))
