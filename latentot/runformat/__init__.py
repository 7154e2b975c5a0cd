"""What a run's folder holds, declared once: `study` writes it, `reporting` reads it.

    results.csv     one row a measurement: `COLUMNS`
    run.json        settings, software, machine, verdicts, controls, failures: `Facts`
    artefacts.npz   arrays that figures need: `ARRAYS`
    cells.sqlite    what has been computed, for a run that goes on (`latentot.study.storage`); no report needs it
    report.html, report.md, figures/*.svg    written by `latentot.reporting` from the first three

A folder of several runs has `sweep.json` (`SweepFacts`) and a folder for each of them.
"""

from latentot.runformat.arrays import ARRAYS
from latentot.runformat.facts import (
    Cell,
    Control,
    Decoder,
    Definition,
    Facts,
    Miss,
    Population,
    Round,
    Verdict,
    Walk,
    population_label,
)
from latentot.runformat.folder import INSPECTION, SWEEP, RunFolder, prepare, write_run
from latentot.runformat.memory import as_stored
from latentot.runformat.sweep import SweepFacts, SweepRun, read_sweep, write_sweep
from latentot.runformat.table import COLUMNS

__all__ = [
    "ARRAYS",
    "COLUMNS",
    "INSPECTION",
    "SWEEP",
    "Cell",
    "Control",
    "Decoder",
    "Definition",
    "Facts",
    "Miss",
    "Population",
    "Round",
    "RunFolder",
    "SweepFacts",
    "SweepRun",
    "Verdict",
    "Walk",
    "as_stored",
    "population_label",
    "prepare",
    "read_sweep",
    "write_run",
    "write_sweep",
]
