"""results.csv: one row a measurement, beside its null band."""

__all__ = ["COLUMNS", "read_results"]

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from latentot.errors import InputError, one_line

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """A column.

    Args:
        holds: what.
        number: whether it is read as numbers, an empty field as NaN; else as the text that is stored.
        needed: whether every run has it; older runs lack some.
    """

    holds: str
    number: bool = True
    needed: bool = True


COLUMNS: dict[str, Column] = {
    "model": Column("the model's name; empty for a prior", number=False),
    "prior": Column("the prior's name", number=False),
    "dim": Column("coordinates of a latent"),
    "endpoints": Column("prior or encoded", number=False),
    "reference": Column("what points are held against: prior or posterior", number=False),
    "space": Column("latent, or data: where points are measured", number=False, needed=False),
    "method": Column("the interpolation", number=False),
    "metric": Column("the drift metric", number=False),
    "t": Column("the position, 0 to 1"),
    "n": Column("pairs"),
    "n_used": Column("points that the metric used"),
    "repeat": Column("the repeat, from 0"),
    "seed": Column("of the study; it may be greater than every float", number=False),
    "value": Column("the drift"),
    "raw": Column("the same before it was debiased"),
    "null_mean": Column("mean of the null draws"),
    "null_lo": Column("their 2.5 % quantile"),
    "null_hi": Column("their 97.5 % quantile"),
    "n_null": Column("how many there are"),
    "p_value": Column("of this measurement alone"),
    "p_adjusted": Column("corrected for all measurements of the repeat"),
    "drifts": Column("whether that is below the level: True or False", number=False),
    "seconds": Column("that the points took"),
    "status": Column("ok, or why there is no value", number=False),
    "excess": Column("(value - null_mean) / standard deviation of the null", needed=False),
    "spread": Column("standard deviation of the value, by the jackknife", needed=False),
    "round": Column("the round of growing n, from 1", needed=False),
}
"""The columns in their order. A run may have more, which are read as text."""


def read_results(path: Path, again: str) -> "pd.DataFrame":
    """The table, columns that it lacks but need not have as NaN.

    Args:
        path: the file.
        again: what to do where it cannot be read.

    Raises:
        InputError: it is damaged, or lacks a column.
    """
    import pandas as pd

    try:
        # As text first: a method may be called "nan" or "null", and a wrong number can be named.
        results = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is damaged ({one_line(error)}): {again}") from error
    missing = [name for name, column in COLUMNS.items() if column.needed and name not in results.columns]
    if missing:
        raise InputError(f"{path} lacks the column(s) {', '.join(missing)}: {again}")
    if not isinstance(results.index, pd.RangeIndex):
        raise InputError(f"{path} is damaged (a row is longer than its header): {again}")
    cut = results.index[results["status"].isin(["", "nan"])]
    if len(cut):
        raise InputError(f"{path} is damaged (line {cut[0] + 2} has no status): {again}")
    for name in (name for name, column in COLUMNS.items() if column.number):
        given = results[name].str.strip() if name in results.columns else pd.Series("", results.index)
        numbers = pd.to_numeric(given, errors="coerce").astype(float)
        wrong = given[numbers.isna() & ~given.str.lower().isin(["", "nan", "none"])]
        if len(wrong):
            where = f"line {int(wrong.index[0]) + 2}, column {name}"
            raise InputError(f"{path} is damaged ({where}: {wrong.iloc[0]!r:.60} is not a number): {again}")
        results[name] = numbers
    if "space" not in results.columns:  # older runs know of latents only
        results["space"] = "latent"
    return results
