import pytest

from latentot.reporting.references import both_references
from latentot.runformat import RunFolder


def said(run, **verdicts):
    """What is said of methods by their verdicts against prior and posterior, such as linear="drifts keeps"."""
    pairs = {method.replace("_", "-"): pair.split() for method, pair in verdicts.items()}
    run.run["verdicts"] = [
        {"endpoints": "encoded", "reference": reference, "method": method, "verdict": pair[i]}
        for i, reference in enumerate(("prior", "posterior"))
        for method, pair in pairs.items()
    ]
    return both_references(RunFolder.read(run.write()))


def at_the_ends(run, *drifts, t=0.0):
    """Rows at one end, of encodings against the prior, a repeat each."""
    row = next(row for row in run.rows if (row["endpoints"], row["reference"]) == ("encoded", "prior"))
    run.rows += [row | {"t": t, "repeat": repeat, "drifts": flag} for repeat, flag in enumerate(drifts)]


@pytest.fixture
def run(make_run):
    made = make_run(model=True)
    made.rows = [row for row in made.rows if row["method"] == "linear" and row["metric"] == "frechet"]
    return made


def test_all_drift_from_the_prior_and_some_keep_the_posterior(run):
    text = said(run, linear="drifts drifts", cauchy="drifts keeps", matched="drifts keeps")
    assert text == (
        "Every method drifts from the prior, but cauchy and matched keep the aggregate posterior: what they miss the "
        "prior by is not due to the interpolation, since the model's posterior misses its prior. linear drifts from "
        "the aggregate posterior as well: that drift is the interpolation's own."
    )


def test_what_the_endpoints_say_is_said_where_they_were_measured(run):
    at_the_ends(run, True, True)
    text = said(run, linear="drifts drifts", cauchy="drifts keeps")
    assert text.startswith(
        "Every method drifts from the prior, and so do the encodings themselves (at t = 0), but cauchy keeps the "
        "aggregate posterior: what it misses the prior by is not due"
    )
    at_the_ends(run, True, True, t=1.0)
    text = said(run, linear="drifts drifts")
    assert text.startswith(
        "The encodings themselves (at t = 0 and 1) drift from the prior: the model's posterior misses"
    )


def test_endpoints_that_drift_in_one_repeat_only_are_not_said_to_drift(run):
    at_the_ends(run, True, False)
    text = said(run, linear="drifts drifts", cauchy="keeps keeps")
    assert text == (
        "The encodings themselves (at t = 0) are not seen to drift from the prior. linear drifts from the "
        "aggregate posterior as well: that drift is the interpolation's own. cauchy keeps both."
    )


def test_some_drift_from_the_prior_alone(run):
    text = said(run, linear="drifts keeps", cauchy="drifts keeps", earth_mover="keeps drifts")
    assert text.startswith("linear and cauchy drift from the prior, but keep the aggregate posterior: what they miss")
    assert text.endswith(
        "earth-mover keeps the prior and drifts from the aggregate posterior: "
        "it leads off the encodings, onto the prior."
    )


def test_what_is_open_is_said_to_be_open(run):
    text = said(run, linear="drifts drifts", cauchy="drifts inconclusive", matched="inconclusive drifts")
    assert text == (
        "linear drifts from the aggregate posterior as well: that drift is the interpolation's own. For cauchy and "
        "matched the run cannot tell drift of the interpolation from a posterior that misses its prior."
    )
    everything = said(run, linear="drifts drifts", cauchy="drifts inconclusive")
    assert everything.startswith(
        "Every method drifts from the prior; linear drifts from the aggregate posterior as well"
    )


def test_one_reference_has_nothing_to_compare(make_run, run):
    assert not both_references(RunFolder.read(make_run(folder="prior").write()))
    run.run["verdicts"] = [v for v in run.run["verdicts"] if v["reference"] == "prior"]
    assert not both_references(RunFolder.read(run.write()))
