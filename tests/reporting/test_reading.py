import pytest

from latentot.reporting.reading import reading
from latentot.runformat import RunFolder


def terms(run):
    return dict(reading(RunFolder.read(run.write())))


def test_all_that_a_page_shows_is_explained(make_run):
    found = terms(make_run(model=True))
    assert list(found) == [
        *("Prior and posterior", "Controls", "Null band", "Excess", "Difference", "p (corrected)", "Margin", "Verdict"),
        "Drifts from",
    ]
    assert "jackknife" in found["Difference"]
    assert "permutation test" in found["Prior and posterior"]


def test_pairs_that_would_tell_are_explained_where_a_verdict_is_open(make_run):
    run = make_run()
    assert "How many pairs would tell" not in terms(run)
    run.run["verdicts"][0]["verdict"] = "inconclusive"
    assert "well below its margin" in terms(run)["How many pairs would tell"]


@pytest.mark.parametrize(
    ("null", "text"),
    [
        ({"prior": "cached"}, "come from a cache of earlier runs"),
        ({"prior": "computed"}, "those of this run were computed"),
    ],
)
def test_bands_out_of_a_cache_are_named(make_run, null, text):
    run = make_run()
    run.run["null"] = null
    assert text in terms(run)["Null band"]


def test_what_an_older_run_does_not_know_is_not_explained(make_run):
    run = make_run()
    run.age()
    found = terms(run)
    assert list(found) == ["Null band", "Excess", "p (corrected)", "Margin", "Verdict"]
    assert "cache" not in found["Null band"]
