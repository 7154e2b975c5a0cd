"""What earth-mover does on each prior: keeps, drifts or inconclusive, by the rounds of a default comparison.

    python benchmarks/validity/earth_mover.py [normal] [banana] ... [--keep FILE] [--again]

Each prior is judged by `lot.compare(prior, ["linear", "earth-mover"])` as users call it, in 16 coordinates. First come
the priors of `benchmarks/priors.toml`, then laws with independent coordinates that no code of ours knows, then laws
that are known by samples only, whose maps are learned. `--keep` names a file of rows; a prior that is in it is not
measured again unless `--again` says so, so that a run which was cut off goes on. `docs/make_methods.py` makes a table
of `docs/figures/earth_mover.json`.
"""

import argparse
import datetime
import functools
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from earth_mover_priors import LISTED, SAMPLED, UNKNOWN

import latentot as lot
from latentot.comparison import ControlWarning

PRIORS = LISTED | UNKNOWN | SAMPLED
"""Priors by name, in the order of the table."""


def judged(name: str, make: Callable[[], lot.Prior], **options: Any) -> dict[str, Any]:
    """One row: the verdict on earth-mover, by a comparison with these options."""
    prior, began = make(), time.process_time()
    path = lot.interpolation("earth-mover", prior, rng=1)
    chosen = getattr(path.map_at(0.5).map, "choice", "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ControlWarning)
        verdicts = lot.compare(prior, ["linear", "earth-mover"], cache=False, **options).verdict()
    (found,) = verdicts[verdicts["method"] == "earth-mover"].to_dict("records")
    return {
        "prior": name,
        "verdict": found["verdict"],
        "map": chosen,
        "pairs": int(found["n"]),
        "share": round(float(found["share"]), 4),
        "share_high": round(float(found["share_high"]), 4),
        "worst": f"{found['worst_metric']} at t = {found['worst_t']:g}",
        "excess": round(float(found["excess"]), 2),
        "CPU s": round(time.process_time() - began, 1),
        "date": today(),
        "commit": commit(),
    }


def today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


@functools.cache
def commit() -> str:
    """The commit whose code is loaded, with a star where files differ from it: asked for when a run begins."""
    asked = ["git", "describe", "--always", "--abbrev=8", "--dirty=*"]
    there = Path(__file__).parent
    return subprocess.run(asked, capture_output=True, text=True, check=True, cwd=there).stdout.strip()  # noqa: S603


def lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The table."""
    yield f"{'prior':<26}{'verdict':<14}{'map':<10}{'pairs':>8}{'share':>9}{'at most':>9}  worst"
    for row in rows:
        yield (
            f"{row['prior']:<26}{row['verdict']:<14}{row['map']:<10}{row['pairs']:>8,}{row['share']:>9.1%}"
            f"{row['share_high']:>9.1%}  {row['worst']} ({row['excess']:+.1f} sd), {row['CPU s']:.0f} s of CPU, "
            f"{row['date']}, {row['commit']}"
        )


def main() -> int:
    """Prints the table; 1 where a verdict is not "keeps"."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("priors", nargs="*", metavar="PRIOR", help=f"of {', '.join(PRIORS)}; all by default")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()
    commit()
    if unknown := [name for name in asked.priors if name not in PRIORS]:
        parser.error(f"no prior is called {unknown[0]!r}: {', '.join(PRIORS)}")
    rows: dict[str, dict[str, Any]] = {}
    if asked.keep and asked.keep.exists():
        rows = {row["prior"]: row for row in json.loads(asked.keep.read_text(encoding="utf-8"))}
    names = asked.priors or list(PRIORS)
    for name in names:
        if name in rows and not asked.again:
            continue
        rows[name] = judged(name, PRIORS[name])
        print(list(lines([rows[name]]))[1], file=sys.stderr, flush=True)
        if asked.keep:
            ordered = [rows[one] for one in PRIORS if one in rows]
            asked.keep.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    found = [rows[name] for name in names]
    print("\n".join(lines(found)))
    return int(any(row["verdict"] != "keeps" for row in found))


if __name__ == "__main__":
    sys.exit(main())
