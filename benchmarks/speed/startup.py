"""What a start costs: `import latentot` and `latentot --help` beside `import numpy`, each in a fresh process.

    python benchmarks/speed/startup.py [RUNS]

Medians of 11 runs if not said otherwise, taken in turns, so that a machine that is busy for a while is so for all.
"""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python": "pass",
    "import numpy": "import numpy",
    "import latentot": "import latentot",
    "latentot.interpolations()": "import latentot; latentot.interpolations()",
    "latentot.drifts()": "import latentot; latentot.drifts()",
    "latentot.Normal(64)": "import latentot; latentot.Normal(64)",
    "latentot --help": "import sys; sys.argv = ['latentot', '--help']; from latentot.cli import main; main()",
    "latentot list": "import sys; sys.argv = ['latentot', 'list']; from latentot.cli import main; main()",
}


def seconds(code: str) -> float:
    """Seconds of a process that runs some code."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    return time.perf_counter() - start


def main(runs: int) -> None:
    rounds = [{name: seconds(code) for name, code in COMMANDS.items()} for _ in range(runs)]
    medians = {name: statistics.median(found[name] for found in rounds) for name in COMMANDS}
    for name, median in medians.items():
        print(f"{name:<26} {median:.3f} s, {median / medians['import numpy']:.2f} x import numpy")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
