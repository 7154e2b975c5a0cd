"""A run that was not kept in a folder, as its folder would give it."""

__all__ = ["as_stored"]

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentot.runformat.arrays import Arrays
from latentot.runformat.folder import RunFolder, write_run

if TYPE_CHECKING:
    import pandas as pd


def as_stored(results: "pd.DataFrame", facts: Mapping[str, Any], artefacts: Arrays) -> RunFolder:
    """Write a run to a folder that is gone afterwards, and read it: what is drawn of it is what a report draws.

    Args:
        results: one row a measurement, with `COLUMNS`.
        facts: what `Facts` declares, as plain data.
        artefacts: the arrays that `ARRAYS` declares.

    Raises:
        InputError: there is no room for it among temporary files.
    """
    with tempfile.TemporaryDirectory(prefix="latentot-") as folder:
        write_run(Path(folder), results, facts, artefacts)
        return replace(RunFolder.read(folder), path=Path())
