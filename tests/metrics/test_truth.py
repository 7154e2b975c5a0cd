"""A small version of benchmarks/validity/truth.py: what metrics read beside closed forms, and the errors they state."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "validity" / "truth.py"


@pytest.fixture(scope="module", name="script")
def the_script():
    spec = importlib.util.spec_from_file_location("truth", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["truth"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["truth"]


def test_all_read_what_they_should_within_the_error_that_they_state(script):
    rows = script.truth(script.METRICS, (2, 16), (0.1, 0.5), n=1_000, m=10_000, runs=8, seed=0)
    # Four standard errors: 6e-5 for each of 20 rows.
    assert all(row.within for row in rows), "\n" + script.table(rows)
    emd = {(row.d, row.t): row for row in rows if row.metric == "emd"}
    assert emd[2, 0.5].error.expected == pytest.approx(emd[2, 0.5].true, rel=0.05)
    assert emd[16, 0.5].error.expected < 0.75 * emd[16, 0.5].true


@pytest.mark.parametrize("m", [1_000, 10_000])
def test_debiased_where_the_common_estimate_is_far_off(script, m):
    rows = script.truth(("frechet", "gaussian-kl"), (64,), (0.1,), n=1_000, m=m, runs=12, seed=0)
    assert all(row.within for row in rows), "\n" + script.table(rows)
    for row in rows:
        assert abs(row.raw - row.true) > 10 * abs(row.mean - row.true)
        # The sd of 12 values is known to 21 %: false alarm 1e-4.
        assert np.std(row.values, ddof=1) < 1.9 * row.error.sd
