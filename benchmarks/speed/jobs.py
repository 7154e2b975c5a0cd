"""What a second process gains: one study with one job and with two, each from a cold start, in one run.

    python benchmarks/speed/jobs.py [NULL_DRAWS]

Five methods on N(0, I_64), 10,000 pairs, two repeats, 399 null draws if not said otherwise. Above 1, two jobs are that
many times faster than one.
"""

import subprocess
import sys

METHODS = ("linear", "spherical", "cauchy", "matched", {"name": "earth-mover", "options": {"transport": "gaussian"}})
CODE = """
import sys, time
import latentot as lot
start = time.perf_counter()
lot.compare(lot.Normal(64), {methods!r}, n=10_000, repeats=2, null_draws={draws}, jobs={jobs}, cache=False)
print(time.perf_counter() - start)
"""


def seconds(jobs: int, draws: int) -> float:
    """Seconds of one comparison in a process of its own."""
    code = CODE.format(methods=METHODS, draws=draws, jobs=jobs)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout.split()[-1])


def main(draws: int) -> None:
    one, two = (seconds(jobs, draws) for jobs in (1, 2))
    print(f"{draws} null draws: one job {one:.1f} s, two jobs {two:.1f} s, ratio {one / two:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 399)
