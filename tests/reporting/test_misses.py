import pytest

from latentot.reporting import render
from latentot.reporting.misses import missed
from latentot.runformat import RunFolder

SHIFT = {"miss": "shift", "least": 0.1234, "tried": 3.6, "unit": "standard deviations", "metric": "marginal-ks"}
SCALE = {"miss": "scale", "least": 0.0345, "tried": 1.2}
CORRELATION = {"miss": "correlation", "least": None, "tried": 0.964}


def given(run, *rows):
    own = {"endpoints": "prior", "reference": "prior", "method": "cauchy"}
    run.run["misses"] = [own | row for row in rows]
    return run.write()


@pytest.mark.parametrize(
    ("rows", "may_still"),
    [
        (
            [SHIFT, SCALE],
            "be shifted by up to 0.12 standard deviations in one coordinate or be scaled by up to 3.5 %",
        ),
        (
            [SHIFT, SHIFT | {"method": "matched", "least": 0.27}],
            "be shifted by up to 0.27 standard deviations in one coordinate",
        ),
        ([CORRELATION], "have a correlation of up to 0.96 between two coordinates (more was not tried)"),
        ([SCALE, SCALE | {"least": None}], "be scaled by up to 120 % (more was not tried)"),
    ],
    ids=["two kinds", "two methods", "not seen", "not seen of one"],
)
def test_the_greatest_of_each_kind_is_said(make_run, rows, may_still):
    run = RunFolder.read(given(make_run(), *rows))
    text = missed(run, run.populations[0])
    assert f"may still {may_still}: a greater miss would have been seen with a chance of 95 %." in text


@pytest.mark.usefixtures("without_figures")
def test_pages_say_it(make_run):
    page = render(given(make_run(), SHIFT))
    for path in (page, page.with_name("report.md")):
        text = path.read_text(encoding="utf-8")
        assert text.count("may still be shifted by up to 0.12 standard deviations") == 1
        assert "What is not seen" in text


def test_older_runs_say_nothing(make_run):
    run = RunFolder.read(make_run().write())
    assert missed(run, run.populations[0]) == ""
