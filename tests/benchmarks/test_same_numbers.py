"""What is compared between two revisions, and what counts as the same."""

import itertools
from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import latentot as lot

ASKED = Namespace(pairs=300, repeats=2, null_draws=39, without=["earth-mover"], checkpoint=Path("m.safetensors"))


@pytest.fixture(name="same")
def same_numbers_script(script):
    return script("same_numbers")


def test_studies_are_asked_for_with_all_that_has_a_default(same):
    student = {"name": "student-t", "options": {"df": 3}}
    study = {"prior": ["normal", student], "dim": [2, 4], "methods": "all", "metrics": ["mmd"], "t": [0.5], "seed": 7}
    made = list(same.written_out(study | {"pairs": [100, 1_000], "title": "no matter"}, ASKED))
    asked = [(one["prior"]["name"], one["dim"], one["n"]) for one in made]
    assert asked == list(itertools.product(["normal", "student-t"], [2, 4], [100, 300]))
    given = {"prior", "dim", "methods", "metrics", "t", "seed", "n", "repeats", "null_draws", "margin"}
    assert {frozenset(one) for one in made} == {frozenset(given)}
    served = lot.interpolations(lot.StudentT(4, df=3))
    assert made[-1]["methods"] == [name for name in served if name != "earth-mover"]


def test_a_last_bit_is_a_difference(same, tmp_path):
    cell = {"endpoints": "prior", "reference": "prior", "method": "linear", "metric": "mmd", "t": 0.5}
    rows = [cell | {"repeat": repeat, "value": value} for repeat, value in enumerate((0.1, 0.3))]
    tables = [rows, rows[::-1], [rows[0], rows[1] | {"value": np.nextafter(0.3, 1)}]]
    for number, table in enumerate(tables):
        pd.DataFrame(table).to_csv(tmp_path / f"{number}.csv", index=False)
    first, turned, other = (same.cells(tmp_path / f"{number}.csv", ("repeat", "value")) for number in range(3))
    assert first == turned != other
    assert first.keys() == other.keys() == {("prior", "prior", "linear", "mmd", "0.5")}
