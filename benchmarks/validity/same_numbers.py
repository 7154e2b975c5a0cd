"""Whether the ready studies give the numbers that an earlier revision gave, to the last bit.

    python benchmarks/validity/same_numbers.py REVISION [--studies NAME ...] [--without METHOD ...] [--pairs N]
        [--repeats R] [--null-draws B] [--checkpoint FILE]

The studies are those of the earlier revision, with every setting written out that has a default. Both revisions compute
them at once, each in a process of its own, with the libraries that are installed here. Results are compared as the text
of a CSV file, cell by cell: all repeats of a method, a metric and a position. Exit status 1 says that a cell differs.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import latentot as lot
from latentot.priors import named_prior

ROOT = Path(__file__).parents[2]
STUDIES = ("digits", "normal", "priors", "dimensions", "points")
AXES = ("prior", "dim", "pairs")
DRIVER = """
import json, sys
import latentot as lot
from latentot.priors import named_prior
for number, study in enumerate(json.load(open(sys.argv[1]))):
    model, prior = study.pop("model", None), study.pop("prior", None)
    if model is None:
        subject = named_prior(prior["name"], study.pop("dim"), **prior["options"])
    else:
        subject = lot.load_model(model["name"], **model["options"])
    lot.compare(subject, **study, cache=False).results.to_csv(f"{sys.argv[2]}-{number}.csv", index=False)
"""
"""Of what any revision has: arguments of `compare` by name, and columns of its results."""
CELL = ("endpoints", "reference", "method", "metric", "t")
NUMBERS = {
    "values": ("repeat", "n_used", "value", "raw"),
    "null bands": ("repeat", "n_null", "null_mean", "null_lo", "null_hi"),
}


def written_out(study: Mapping[str, Any], asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The studies of a study file, one for each subject and number of pairs, as arguments of `compare`."""
    axes = [study[axis] if isinstance(study.get(axis), list) else [study.get(axis)] for axis in AXES]
    axes[2] = sorted({min(pairs or asked.pairs, asked.pairs) for pairs in axes[2]})
    for prior, dim, pairs in itertools.product(*axes):
        kept = {key: study[key] for key in ("metrics", "t", "seed", "data", "endpoints") if key in study}
        made = kept | {"n": pairs, "repeats": asked.repeats, "null_draws": asked.null_draws, "margin": 0.05}
        methods = study["methods"]
        if prior is not None:
            named = {"name": prior, "options": {}} if isinstance(prior, str) else prior
            made |= {"prior": named, "dim": dim}
            if methods == "all":
                methods = lot.interpolations(named_prior(named["name"], dim, **named["options"]))
        else:
            made["model"] = {"name": study["model"]["name"], "options": {"checkpoint": str(asked.checkpoint.resolve())}}
        yield made | {"methods": [method for method in methods if method not in asked.without]}


def begun(checkout: Path, studies: Path, out: Path) -> subprocess.Popen[str]:
    """A process in which a revision computes all studies."""
    sources = [checkout, *(folder for folder in (checkout / "backends").iterdir() if folder.is_dir())]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sources))}
    command = [sys.executable, "-c", DRIVER, str(studies), str(out)]
    return subprocess.Popen(command, cwd=checkout, env=environment, text=True)  # noqa: S603


def cells(table: Path, columns: Sequence[str]) -> dict[tuple[str, ...], list[list[str]]]:
    """The numbers of each cell, as they are written."""
    rows = pd.read_csv(table, dtype=str, keep_default_na=False).sort_values("repeat", kind="stable")
    return {key: own[list(columns)].to_numpy().tolist() for key, own in rows.groupby(list(CELL))}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("revision")
    parser.add_argument("--studies", nargs="+", default=STUDIES)
    parser.add_argument("--without", nargs="+", default=(), help="methods that are left out")
    parser.add_argument("--pairs", type=int, default=1_000, help="at most")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--null-draws", type=int, default=99)
    parser.add_argument("--checkpoint", type=Path, default=ROOT / "checkpoints" / "digits.safetensors")
    asked = parser.parse_args()
    differing = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        checkout = folder / "checkout"
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)  # noqa: S603, S607
        subprocess.run(["git", "-C", checkout, "checkout", "--quiet", asked.revision], check=True)  # noqa: S603, S607
        for name in asked.studies:
            file = checkout / "benchmarks" / f"{name}.toml"
            studies = list(written_out(tomllib.loads(file.read_text(encoding="utf-8")), asked))
            (folder / "studies.json").write_text(json.dumps(studies), encoding="utf-8")
            running = [
                begun(source, folder / "studies.json", folder / which)
                for which, source in (("before", checkout), ("after", ROOT))
            ]
            if any([process.wait() for process in running]):  # noqa: C419 - both are waited for
                return 1
            for what, columns in NUMBERS.items():
                found: list[str] = []
                of = 0
                for number, study in enumerate(studies):
                    subject = (
                        f"{study.get('prior', study.get('model'))['name']} {study.get('dim', '')}, n = {study['n']}"
                    )
                    before, after = (cells(folder / f"{which}-{number}.csv", columns) for which in ("before", "after"))
                    of += len(before)
                    found += [f"{subject}: {' '.join(key)}" for key in before if before[key] != after.get(key)]
                print(f"{name}: {of - len(found)} of {of} cells have the same {what}", flush=True)
                for one in found:
                    print(f"    {one}")
                differing += len(found)
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
