"""A stored run, read and checked: results.csv, run.json and artefacts.npz."""

__all__ = ["RunFolder"]

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.errors import InputError
from latentot.reading import path_of, refuse_pointer
from latentot.report.records import Cell, Control, Definition, Population, Verdict, read_records

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
_NAMES = ("model", "prior", "endpoints", "reference", "method", "metric", "status")
_NUMBERS = (
    *("dim", "t", "n", "n_used", "repeat", "value", "raw", "null_mean", "null_lo", "null_hi", "n_null"),
    *("p_value", "p_adjusted", "seconds"),
)
_LATER = ("excess", "spread")  # columns that older runs lack
_AS_STORED = ("seed", "drifts")  # a seed may exceed every float
_SECTIONS: Mapping[str, type] = {"subject": dict, "verdicts": list, "cells": list}
_OPTIONAL: Mapping[str, type] = {
    **{"study": dict, "populations": list, "methods": dict, "metrics": dict},
    **{
        "versions": dict,
        "machine": dict,
        "computed": dict,
        "seconds": dict,
        "title": str,
        "command": str,
        "null": dict,
        "failures": list,
    },
}
_AGAIN = "restore it, or run the comparison again"


@dataclass(frozen=True)
class RunFolder:
    """A run as it was stored.

    Args:
        path: the folder.
        results: results.csv, tidy, a row a measurement.
        run: run.json as plain data.
        populations: what the verdicts are about, in the order to show them.
        verdicts: one a method and population.
        cells: one a method, metric and population.
        controls: what is known beforehand, and whether it came out; None where an older run knew of none.
        null: whether each population's null band was computed or comes from a cache, by the population's label.
        failures: the pieces that could not be computed, and why.
        methods: what each method is, by name.
        metrics: what each metric is, by name.
        artefacts: the arrays that figures need, by key.
    """

    path: Path
    results: "pd.DataFrame"
    run: Mapping[str, Any]
    populations: tuple[Population, ...]
    verdicts: tuple[Verdict, ...]
    cells: tuple[Cell, ...]
    controls: tuple[Control, ...] | None
    null: Mapping[str, str]
    failures: tuple[str, ...]
    methods: Mapping[str, Definition]
    metrics: Mapping[str, Definition]
    artefacts: Mapping[str, np.ndarray[Any, Any]]

    @classmethod
    def read(cls, folder: Path | str) -> "RunFolder":
        """Reads a run folder.

        Args:
            folder: where results.csv, run.json and artefacts.npz lie.

        Returns:
            What they say, checked.

        Raises:
            InputError: the folder or a file is missing, damaged, or of a newer schema.
        """
        path = path_of(folder, "the folder of a run")
        if not path.is_dir():
            raise InputError(f"there is no run folder {path}: give one that `latentot compare --out` has written")
        for name in ("run.json", "results.csv", "artefacts.npz"):
            if not (path / name).is_file():
                raise InputError(f"{path / name} is missing: {_AGAIN}")
            refuse_pointer(path / name)
        run, where = _read_run(path / "run.json"), path / "run.json"
        results = _read_results(path / "results.csv")
        verdicts = read_records(Verdict, run["verdicts"], f"{where}: verdicts")
        cells = read_records(Cell, run["cells"], f"{where}: cells")
        controls = None
        if run.get("controls") is not None:
            controls = read_records(Control, run["controls"], f"{where}: controls")
        stored = read_records(Population, run["populations"], f"{where}: populations")
        measured = results[["endpoints", "reference"]].drop_duplicates().itertuples(index=False, name=None)
        judged = [*(verdict.key for verdict in verdicts), *(cell.key for cell in cells)]
        keys = [*judged, *(control.key for control in controls or ()), *measured]
        populations = {population.key: population for population in stored}
        for endpoints, reference in keys:
            populations.setdefault((endpoints, reference), Population(endpoints, reference))
        return cls(
            path=path,
            results=results,
            run=run,
            populations=tuple(populations.values()),
            verdicts=verdicts,
            cells=cells,
            controls=controls,
            null={name: _text(origin, f"{where}: null.{name}") for name, origin in run["null"].items()},
            failures=tuple(_text(why, f"{where}: failures[{i}]") for i, why in enumerate(run["failures"])),
            methods=_definitions(run["methods"], f"{where}: methods"),
            metrics=_definitions(run["metrics"], f"{where}: metrics"),
            artefacts=_read_artefacts(path / "artefacts.npz"),
        )

    def control_failed(self, population: Population) -> bool:
        """Whether a control of this population did not come out."""
        return any(not control.holds for control in self.controls or () if control.key == population.key)

    def method_names(self) -> tuple[str, ...]:
        """Every method of the run, verdicts first: the order in which all tables and figures show them."""
        judged = (*(verdict.method for verdict in self.verdicts), *(cell.method for cell in self.cells))
        return tuple(dict.fromkeys((*judged, *self.results["method"].unique())))

    def metric_names(self) -> tuple[str, ...]:
        """Every metric of the run, in the order in which all tables and figures show them."""
        return tuple(dict.fromkeys((*(cell.metric for cell in self.cells), *self.results["metric"].unique())))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _definitions(entries: Mapping[str, Any], where: str) -> dict[str, Definition]:
    return dict(zip(entries, read_records(Definition, list(entries.values()), where), strict=True))


def _text(given: object, where: str) -> str:
    if isinstance(given, str):
        return given
    raise InputError(f"{where} is {given!r:.60}, not text: {_AGAIN}")


def _read_run(path: Path) -> dict[str, Any]:
    try:
        run = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} is damaged ({_one_line(error)}): {_AGAIN}") from error
    if not isinstance(run, dict):
        raise InputError(f"{path} is damaged (it holds no named sections): {_AGAIN}")
    schema = run.get("schema")
    if schema != SCHEMA:
        advice = "upgrade latentot to read it" if isinstance(schema, int) and schema > SCHEMA else _AGAIN
        raise InputError(f"{path} has schema {schema!r}, this latentot reads schema {SCHEMA}: {advice}")
    for name, kind in _SECTIONS.items():
        if not isinstance(run.get(name), kind):
            raise InputError(f"{path} is damaged (it has no {name}): {_AGAIN}")
    for name, kind in _OPTIONAL.items():
        if run.get(name) is None:
            run[name] = kind()
        elif not isinstance(run[name], kind):
            raise InputError(f"{path} is damaged ({name} is {run[name]!r:.60}): {_AGAIN}")
    if not isinstance(run["subject"].get("provenance") or {}, dict):
        raise InputError(f"{path} is damaged (subject.provenance is not a set of named values): {_AGAIN}")
    return run


def _read_results(path: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        # As text first: a method may be called "nan" or "null", and a wrong number can be named.
        results = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is damaged ({_one_line(error)}): {_AGAIN}") from error
    missing = [name for name in (*_NAMES, *_NUMBERS, *_AS_STORED) if name not in results.columns]
    if missing:
        raise InputError(f"{path} lacks the column(s) {', '.join(missing)}: {_AGAIN}")
    if not isinstance(results.index, pd.RangeIndex):
        raise InputError(f"{path} is damaged (a row is longer than its header): {_AGAIN}")
    cut = results.index[results["status"].isin(["", "nan"])]
    if len(cut):
        raise InputError(f"{path} is damaged (line {cut[0] + 2} has no status): {_AGAIN}")
    for name in _LATER:
        if name not in results.columns:
            results[name] = ""
    for name in (*_NUMBERS, *_LATER):
        given = results[name].str.strip()
        numbers = pd.to_numeric(given, errors="coerce").astype(float)
        wrong = given[numbers.isna() & ~given.str.lower().isin(["", "nan", "none"])]
        if len(wrong):
            where = f"line {int(wrong.index[0]) + 2}, column {name}"
            raise InputError(f"{path} is damaged ({where}: {wrong.iloc[0]!r:.60} is not a number): {_AGAIN}")
        results[name] = numbers
    return results


def _read_artefacts(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    try:
        stored = np.load(path, allow_pickle=False)
        if not isinstance(stored, np.lib.npyio.NpzFile):
            raise InputError(f"{path} is damaged (it holds no named arrays): {_AGAIN}")
        with stored:
            artefacts = {name: np.asarray(stored[name]) for name in stored.files}
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        if isinstance(error, InputError):
            raise
        if "pickle" in str(error):
            raise InputError(f"{path} holds pickled objects, which are never loaded: {_AGAIN}") from error
        raise InputError(f"{path} is damaged ({_one_line(error)}): {_AGAIN}") from error
    _check_norms(path, artefacts)
    return artefacts


def _check_norms(path: Path, artefacts: Mapping[str, np.ndarray[Any, Any]]) -> None:
    wanted: dict[str, tuple[int, ...]] = {}
    if {"norms/edges", "norms/t"} <= artefacts.keys():
        edges, t = artefacts["norms/edges"], artefacts["norms/t"]
        bins, steps = max(edges.size - 1, 1), t.size
        wanted = {"norms/edges": (bins + 1,), "norms/t": (steps,)}
        for key in artefacts:
            if key.startswith("norms/") and key.count("/") >= 2:
                wanted[key] = (bins,) if key.endswith("/reference") else (steps, bins)
            elif key.startswith("endpoints/"):
                wanted[key] = (bins,)
    if "radius/pdf" in artefacts:
        wanted["radius/pdf"] = (artefacts["radius/grid"].size if "radius/grid" in artefacts else 0,)
    for key, shape in wanted.items():
        if artefacts[key].shape != shape or artefacts[key].dtype.kind not in "fiu":
            found = f"{artefacts[key].dtype} {artefacts[key].shape}"
            raise InputError(f"{path} is damaged ({key} is {found}, expected numbers of shape {shape}): {_AGAIN}")
    if "norms/edges" in wanted and not np.all(np.diff(artefacts["norms/edges"].astype(float)) > 0):
        raise InputError(f"{path} is damaged (norms/edges do not increase): {_AGAIN}")
