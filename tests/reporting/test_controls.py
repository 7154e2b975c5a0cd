import pytest

from latentot.reporting.controls import summarise
from latentot.runformat import RunFolder
from latentot.study.statistics.controls import Control


def summary(run):
    return summarise(RunFolder.read(run.write()))


def test_one_quiet_line_where_all_hold(make_run):
    controls = summary(make_run(model=True))
    assert not controls.headline
    assert not controls.failed
    # Two populations have endpoints that follow their law, three a shrunk sample, in three repeats each.
    assert controls.quiet == (
        "All 21 controls hold: endpoints follow the law that they are held against (12), "
        "a sample shrunk to half its size is seen to drift (9)."
    )
    assert {row.outcome for row in controls.rows} == {"✓ holds"}
    assert [row.repeat for row in controls.rows[:4]] == ["1", "1", "1", "2"]


def test_a_failed_control_has_a_banner_with_its_reason(make_run):
    run = make_run(model=True)
    run.fail_control("encoded", "posterior", "shrunk", reason="blind metrics")
    run.run["controls"][0].update(holds=False, reason="wrong samples")
    controls = summary(run)
    assert controls.headline == "4 of 21 controls failed"
    assert not controls.quiet
    assert controls.failed == (
        "Endpoints drawn from the prior: wrong samples (1 of 3 repeats)",
        "Endpoints encoded from data, held against the aggregate posterior (fresh encodings of other data): "
        "blind metrics (3 of 3 repeats)",
    )
    assert [row.outcome for row in controls.rows].count("✗ failed") == 4


@pytest.mark.parametrize("control", ["t = 0", "t = 1", "shrunk"])
def test_the_reasons_that_studies_give_are_shown(make_run, control):
    given = Control(control, 0, holds=False, metric="mmd", p_value=2e-6)
    run = make_run()
    run.fail_control("prior", "prior", control, reason=given.reason)
    (line,) = summary(run).failed
    assert given.reason in line
    assert ("drift" if control == "shrunk" else "law") in line


def test_a_failure_without_a_reason_is_still_told(make_run):
    run = make_run()
    run.run["controls"] = [{"endpoints": "prior", "control": "t = 0", "holds": False}]
    controls = summary(run)
    assert controls.failed == ("Endpoints drawn from the prior: control 't = 0' failed",)
    assert (controls.rows[0].repeat, controls.rows[0].p_value) == ("–", "–")  # noqa: RUF001


def test_verdicts_without_a_control_are_not_taken_for_controlled(make_run):
    run = make_run(model=True)
    run.run["controls"] = [control for control in run.run["controls"] if control["reference"] == "prior"]
    controls = summary(run)
    assert controls.headline == "Controls are missing"
    assert controls.failed[0].endswith("(fresh encodings of other data): no control could be measured")
    assert not controls.quiet


def test_controls_of_a_kind_not_known_here_are_counted(make_run):
    run = make_run()
    run.run["controls"].append({"endpoints": "prior", "control": "rotated", "holds": True})
    assert summary(run).quiet.endswith("is seen to drift (3), others (1).")


def test_older_runs_say_that_they_had_none(make_run):
    run = make_run()
    run.age()
    controls = summary(run)
    assert controls.quiet == "This run is of a version that had no controls."
    assert not controls.headline
    assert not controls.rows


def test_a_run_whose_controls_all_went_missing_is_no_older_run(make_run):
    run = make_run()
    run.run["controls"] = []
    assert summary(run).headline == "Controls are missing"
