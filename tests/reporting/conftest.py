"""Synthetic run folders with numbers as a real run has them."""

import csv
import importlib.util
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from latentot.reporting import render
from latentot.reporting.html import to_html
from latentot.reporting.overview import compose_overview
from latentot.reporting.sweep import Subject, Sweep
from latentot.runformat import RunFolder

_SPEC = importlib.util.spec_from_file_location("shown", Path(__file__).with_name("shown.py"))
_SHOWN = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_SHOWN)
modern = _SHOWN.modern

COLUMNS = [
    *("model", "prior", "dim", "endpoints", "reference", "method", "metric", "t", "n", "n_used", "repeat", "seed"),
    *("value", "raw", "null_mean", "null_lo", "null_hi", "n_null", "p_value", "p_adjusted", "drifts", "seconds"),
    *("status", "excess", "spread"),
]
LATER = {
    "run": ("controls", "null", "failures"),
    "populations": ("repeats",),
    "verdicts": ("first_metric", "first_t"),
    "cells": ("difference", "low", "high", "noise"),
    "columns": ("excess", "spread"),
}
"""What a run of an older version lacks."""
TIMES = (0.1, 0.25, 0.5, 0.75, 0.9)
# By method: the scale of the norm and of its spread at t = 1/2, relative to the prior's; seconds.
METHODS: dict[str, tuple[float, float, float]] = {
    "linear": (0.7071, 0.7071, 0.0021),
    "spherical": (0.996, 0.72, 0.0117),
    "cauchy": (1.0, 1.0, 0.0840),
    "matched": (1.0, 1.0, 0.0032),
    "earth-mover": (0.975, 0.97, 1.9400),
}
# By metric: its null mean, its null sd, what linear adds at t = 1/2, its unit.
METRICS: dict[str, tuple[float, float, float, str]] = {
    "sliced-wasserstein": (0.0152, 0.0011, 0.2929, "units of z"),
    "frechet": (0.0003, 0.0021, 5.49, "units of z squared"),
    "gaussian-kl": (0.0004, 0.0016, 6.18, "nats"),
    "marginal-ks": (0.0171, 0.0010, 0.0832, ""),
    "norm-ks": (0.0089, 0.0022, 0.985, ""),
}
CITATIONS = {
    "linear": ("straight line", "(1-t) z0 + t z1", "folklore"),
    "spherical": ("slerp", "[sin((1-t)W) z0 + sin(tW) z1] / sin W", "White 2016, arXiv:1609.04468"),
    "cauchy": ("Cauchy-linear", "g^-1((1-t) g(z0) + t g(z1)), g = C^-1 o F", "Lesniak, Sieradzki, Podolak, ICLR 2019"),
    "matched": ("matched (closed form)", "y_t / sqrt(t^2 + (1-t)^2)", "Agustsson et al., ICLR 2019"),
    "earth-mover": ("learned transport", "T_t(y_t)", "Flamary et al., POT, JMLR 2021"),
}


@dataclass
class Run:
    """The parts of a run folder before they are written; tests change them at will."""

    folder: Path
    rows: list[dict[str, Any]]
    run: dict[str, Any]
    artefacts: dict[str, Any]
    columns: list[str] = field(default_factory=lambda: list(COLUMNS))

    def write(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "results.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(self.rows)
        (self.folder / "run.json").write_text(json.dumps(self.run), encoding="utf-8")
        np.savez(self.folder / "artefacts.npz", **self.artefacts)
        return self.folder

    def rename(self, old: str, new: str) -> None:
        """Renames a method or a metric everywhere."""
        for entry in (*self.rows, *self.run["verdicts"], *self.run["cells"], *self.run["controls"]):
            entry.update({key: new for key, value in entry.items() if value == old})
        for section in ("methods", "metrics"):
            names = self.run[section]
            self.run[section] = {new if name == old else name: names[name] for name in names}
        self.artefacts = {key.replace(f"/{old}", f"/{new}"): value for key, value in self.artefacts.items()}
        if "strips/methods" in self.artefacts:
            self.artefacts["strips/methods"] = np.array(
                [new if name == old else name for name in self.artefacts["strips/methods"].tolist()]
            )

    def fail_control(self, endpoints: str, reference: str, control: str, *, reason: str) -> None:
        """Lets a control fail in every repeat, and voids what it voids."""
        for entry in (*self.run["controls"], *self.run["verdicts"]):
            if (entry["endpoints"], entry["reference"]) == (endpoints, reference):
                if entry.get("control") == control:
                    entry.update(holds=False, p_value=2e-5, reason=reason)
                elif "verdict" in entry:
                    entry.update(verdict="inconclusive", reason=f"a control failed: {reason}")

    def age(self) -> None:
        """Takes away what older versions did not store."""
        for name in LATER["run"]:
            del self.run[name]
        for section in ("populations", "verdicts", "cells"):
            for entry in self.run[section]:
                for name in LATER[section]:
                    del entry[name]
        for definition in self.run["metrics"].values():
            del definition["error"]
        self.columns = [name for name in self.columns if name not in LATER["columns"]]
        self.artefacts.pop("endpoints/encoded", None)


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Run]:
    """A prior-only run; with `model=True` one of a model with three populations and decoded strips."""

    def make(*, model: bool = False, folder: str = "run") -> Run:
        return build(tmp_path / folder, model=model)

    return make


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of those runs as they are before they are rendered; tests only read them."""
    return {name: build(tmp_path_factory.mktemp(name), model=name == "model").write() for name in ("prior", "model")}


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A rendered prior-only run and a rendered run of a model, by name; tests only read them."""
    folders = {"prior": tmp_path_factory.mktemp("prior"), "model": tmp_path_factory.mktemp("model")}
    for name, folder in folders.items():
        build(folder, model=name == "model").write()
        assert render(folder) == folder / "report.html"
    return folders


def build(folder: Path, *, model: bool = False) -> Run:
    rng = np.random.default_rng(5)
    dim, n = (8, 2000) if model else (64, 10000)
    populations = [
        {"endpoints": "prior", "reference": "prior", "n": n, "repeats": 3, "n_reference": 10 * n, "n_null": 199}
    ]
    if model:
        encoded = {
            "endpoints": "encoded",
            "reference": "prior",
            "n": 800,
            "repeats": 3,
            "n_reference": 8000,
            "n_null": 199,
        }
        populations += [encoded, encoded | {"reference": "posterior", "n": 400, "n_reference": 800}]
    rows, verdicts, cells = [], [], []
    for population in populations:
        who = {"endpoints": population["endpoints"], "reference": population["reference"]}
        misses = who == {"endpoints": "encoded", "reference": "prior"}
        for method, (scale, _, seconds) in METHODS.items():
            of_method = []
            for metric, (null_mean, null_sd, full, _) in METRICS.items():
                drift = full * (1 - scale) / 0.2929 + (0.35 * full if misses else 0.0)
                if method == "spherical" and metric == "norm-ks":
                    drift = 0.08
                band = {
                    "null_mean": null_mean,
                    "null_lo": null_mean - 1.96 * null_sd,
                    "null_hi": null_mean + 1.96 * null_sd,
                }
                for t in TIMES:
                    strength = drift * (1 - abs(2 * t - 1)) ** 0.8
                    if misses:
                        strength = drift * (0.4 + 0.6 * (1 - abs(2 * t - 1)))
                    for repeat in range(3):
                        value = null_mean + strength * (1 + 0.01 * rng.normal()) + null_sd * rng.normal()
                        rows.append({
                            **who, "model": "torch-vae" if model else "", "prior": "normal", "dim": dim,
                            "method": method, "metric": metric, "t": t, "n": n, "n_used": n, "repeat": repeat,
                            "seed": 2**70 + repeat, "value": value, "raw": value + 2.1 * (metric == "frechet"), **band,
                            "n_null": 199, "p_value": 0.005, "p_adjusted": 0.005, "drifts": strength > 4 * null_sd,
                            "seconds": 0.01, "status": "ok", "excess": (value - null_mean) / null_sd,
                            "spread": 0.5 * null_sd,
                        })  # fmt: skip
                margin = 0.05 * full
                cell = {
                    **who, "method": method, "metric": metric, "t": 0.5, "value": null_mean + drift,
                    "null_mean": null_mean, "null_sd": null_sd, "excess": drift / null_sd + 0.4,
                    "difference": drift, "low": drift - 2.4 * null_sd, "high": drift + 2.4 * null_sd,
                    "upper": drift + 2 * null_sd, "noise": 2 * null_sd, "margin": margin,
                    "p_value": 0.005 if drift > 4 * null_sd else 0.61,
                    "keeps": drift + 2 * null_sd < margin, "drifts": drift > 4 * null_sd,
                }  # fmt: skip
                of_method.append(cell)
            cells += of_method
            worst = max(of_method, key=lambda cell: (not cell["keeps"], cell["excess"]))
            keeps = all(cell["keeps"] for cell in of_method)
            drifting = not keeps and worst["drifts"]
            verdicts.append({
                **who, "model": "torch-vae" if model else None, "prior": "normal", "dim": dim, "method": method,
                "verdict": "keeps" if keeps else "drifts" if drifting else "inconclusive",
                "first_metric": worst["metric"] if drifting else None, "first_t": 0.1 if drifting else None,
                "worst_metric": worst["metric"], "worst_t": 0.5, "excess": worst["excess"],
                "p_value": worst["p_value"], "seconds": seconds * n / 10000,
                "reason": "" if keeps else f"{worst['metric']} misses its margin",
            })  # fmt: skip
    run = {
        "schema": 1,
        "title": "Digits, eight latent dimensions" if model else "Normal prior, 64 dimensions",
        "study": {
            "methods": list(METHODS), "metrics": list(METRICS), "t": list(TIMES), "pairs": n, "repeats": 3,
            "seed": 0, "null_draws": 199, "margin": 0.05,
        },
        "subject": {
            "kind": "model" if model else "prior", "name": "torch-vae" if model else "normal", "prior": "normal",
            "shape": [dim], "dim": dim,
            "provenance": {"checkpoint": "digits.safetensors", "sha256": "9f86d081884c7d65" * 4} if model else {},
        },
        "populations": populations,
        "methods": {
            name: {"title": title, "formula": formula, "citation": citation}
            for name, (title, formula, citation) in CITATIONS.items()
        },
        "metrics": {
            name: {"title": name.replace("-", " "), "formula": "see source", "unit": unit, "cost": "O(n log n)",
                   "error": "2,000 points of each, chosen at random" if name == "frechet" else "exact",
                   "citation": "Bonneel et al., 2015, doi:10.1007/s10851-014-0506-3"}
            for name, (*_, unit) in METRICS.items()
        },
        "verdicts": verdicts,
        "cells": cells,
        "controls": [
            {**{key: population[key] for key in ("endpoints", "reference")}, "control": control, "repeat": repeat,
             "holds": True, "metric": "norm-ks", "p_value": 1e-9 if control == "shrunk" else 1.0, "reason": ""}
            for population in populations
            for repeat in range(3)
            for control in (("shrunk",) if population["endpoints"] != population["reference"] == "prior"
                            else ("t = 0", "t = 1", "shrunk"))
        ],
        "null": dict(zip(("prior", "encoded", "encoded against posterior"),
                         ("cached", "cached", "computed") if model else ("computed",), strict=False)),
        "failures": [],
        "versions": {"latentot": "0.1.0", "numpy": "2.3.1", "scipy": "1.16.0"},
        "machine": {"platform": "Linux-6.1-x86_64", "cpus": 2, "device": None},
        "seed": 0,
        "command": "latentot compare --prior normal --dim 64 --out run",
        "started": "2025-11-22T16:05:00+00:00",
        "finished": "2025-11-22T16:05:48+00:00",
        "seconds": {"draw": 0.3, "paths": 2.2, "drift": 31.5, "null": 14.0},
    }  # fmt: skip
    artefacts = norms(dim, list(dict.fromkeys(population["endpoints"] for population in populations)))
    if model:
        artefacts |= strips()
        artefacts["endpoints/encoded"] = artefacts["norms/encoded/cauchy"][0]
    return Run(folder, rows, run, artefacts)


def norms(dim: int, populations: list[str]) -> dict[str, Any]:
    law = stats.chi(dim)
    edges = np.linspace(0.4 * law.mean(), law.mean() + 5, 81)
    centres = (edges[1:] + edges[:-1]) / 2
    grid = np.linspace(edges[0], edges[-1], 240)
    stored: dict[str, Any] = {"norms/edges": edges, "norms/t": np.array(TIMES)}
    stored |= {"radius/grid": grid, "radius/pdf": law.pdf(grid)}
    for endpoints in populations:
        shrunk = 0.9 if endpoints == "encoded" else 1.0
        stored[f"norms/{endpoints}/reference"] = law.pdf(centres)
        for method, (scale, spread, _) in METHODS.items():
            at_t = [1 - (1 - scale * shrunk) * (1 - abs(2 * t - 1)) for t in TIMES]
            stored[f"norms/{endpoints}/{method}"] = np.stack(
                [stats.norm(law.mean() * s, law.std() * (1 - (1 - spread) * (1 - abs(2 * t - 1)))).pdf(centres)
                 for s, t in zip(at_t, TIMES, strict=True)]
            )  # fmt: skip
    return stored


def strips(shape: tuple[int, int] = (8, 8), pairs: int = 4, steps: int = 9) -> dict[str, Any]:
    t = np.linspace(0, 1, steps)
    y, x = np.meshgrid(np.linspace(-1, 1, shape[0]), np.linspace(-1, 1, shape[1]), indexing="ij")
    images = np.empty((pairs, len(METHODS), steps, *shape))
    for pair in range(pairs):
        for i, (scale, *_) in enumerate(METHODS.values()):
            for j, at in enumerate(t):
                angle = 0.8 * pair + 2.4 * at
                fade = 1 - (1 - scale) * 1.6 * (1 - abs(2 * at - 1))
                stroke = np.exp(-((x * np.cos(angle) + y * np.sin(angle)) ** 2) * 14 - (x**2 + y**2) * 0.7)
                images[pair, i, j] = fade * stroke
    stored = {"strips/methods": np.array(list(METHODS)), "strips/t": t}
    return {**stored, "strips/prior": images, "strips/encoded": images[::-1]}


@pytest.fixture(scope="session")
def modern_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rendered folder of a run of a model as this version stores it; tests only read it."""
    folder = tmp_path_factory.mktemp("modern")
    return render(modern(build(folder, model=True)).write()).parent


@pytest.fixture(scope="session")
def page_over_many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page over thirteen subjects, one more than its first screen shows."""
    folder = tmp_path_factory.mktemp("many")
    made = build(folder / "run")
    made.rows = [row for row in made.rows if row["metric"] == "frechet"]
    run = RunFolder.read(made.write())
    subjects = tuple(Subject(f"a prior with a long name, d = {2**place}", "run", run) for place in range(13))
    page = folder / "several.html"
    page.write_text(to_html(compose_overview(Sweep(folder, "Thirteen dimensions", subjects))), encoding="utf-8")
    return page


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for all tests of a session."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pages are tried in a browser by playwright")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("pages are tried in Chromium, which is not installed: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()
