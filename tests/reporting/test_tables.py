import pytest

from latentot.reporting.answer import answer, subject
from latentot.reporting.formats import count, number, plain, signed
from latentot.reporting.populations import endpoints_title, population_title
from latentot.reporting.tables import definitions, failures, matrix, population_rows, settings, verdict_rows
from latentot.runformat import Definition, Population, RunFolder


def read(run):
    return RunFolder.read(run.write())


def test_answer_names_who_keeps_at_what_price_and_who_drifts(make_run):
    run = read(make_run())
    assert answer(run, run.populations[0]) == (
        "Between two draws from normal (d = 64), cauchy and matched keep the prior (cheapest: matched, 0.0032 s "
        "for 10,000 points); linear, spherical and earth-mover drift from it (furthest: linear, +3,863 null standard "
        "deviations at t = 0.5 by gaussian-kl)."
    )


def test_answer_of_a_model_speaks_of_its_data(make_run):
    run = read(make_run(model=True))
    assert [answer(run, p).split("; linear")[0] for p in run.populations] == [
        "Between two draws from the prior of torch-vae, cauchy and matched keep the prior "
        "(cheapest: matched, 0.00064 s for 2,000 points)",
        "Between two encodings of data by torch-vae, held against the prior, no method keeps it",
        "Between two encodings of data by torch-vae, held against the aggregate posterior "
        "(fresh encodings of other data), cauchy and matched keep it (cheapest: matched, 0.00064 s for 400 points)",
    ]


def test_answer_says_that_a_failed_control_voids_verdicts(make_run):
    run = make_run(model=True)
    run.fail_control("encoded", "posterior", "t = 0", reason="broken")
    folder = read(run)
    answers = [answer(folder, population) for population in folder.populations]
    assert answers[2].endswith("and earth-mover are inconclusive, since a control failed.")
    assert not any("control" in text for text in answers[:2])


def test_answer_with_single_methods_and_without_numbers(make_run):
    run = make_run()
    keep, drift, open_one, odd = (run.run["verdicts"][i] for i in (2, 0, 1, 4))
    drift["excess"] = keep["seconds"] = None
    open_one["verdict"], odd["verdict"] = "inconclusive", "skipped"
    run.run["verdicts"] = [keep, drift, open_one, odd]
    folder = read(run)
    assert answer(folder, folder.populations[0]).endswith(
        "cauchy keeps the prior; linear drifts from it; spherical is inconclusive; earth-mover is judged 'skipped'."
    )


def test_answer_without_verdicts(make_run):
    run = make_run()
    run.run["verdicts"] = []
    folder = read(run)
    assert answer(folder, folder.populations[0]).endswith("the run reached no verdict.")


def test_shapes(make_run):
    run = make_run()
    run.run["subject"].update(shape=[4, 8, 8], dim=256)
    assert subject(read(run)) == "normal, d = 256, shape 4 × 8 × 8"  # noqa: RUF001
    run.run["subject"].update(name="torch-vae", prior="Normal((256,))", shape=[256])
    assert subject(read(run)) == "torch-vae, prior Normal((256,)), d = 256"


def test_titles_say_what_points_are_held_against():
    assert [population_title(Population(*key)) for key in (("prior", "prior"), ("encoded", "prior"))] == [
        "Endpoints drawn from the prior",
        "Endpoints encoded from data, held against the prior",
    ]
    assert population_title(Population("encoded", "posterior")) == (
        "Endpoints encoded from data, held against the aggregate posterior (fresh encodings of other data)"
    )
    assert population_title(Population("corners", "cube")) == "Endpoints: corners, held against cube"
    assert endpoints_title("corners") == "Endpoints: corners"


def test_verdict_table(make_run):
    run = read(make_run())
    rows = {row.method: row for row in verdict_rows(run, run.populations[0])}
    linear, matched = rows["linear"], rows["matched"]
    assert (linear.symbol, linear.verdict, linear.worst_metric, linear.worst_t) == ("✗", "drifts", "gaussian-kl", "0.5")
    assert (linear.excess, linear.p_value, linear.seconds) == ("+3,863", "0.005", "0.0021")
    assert (linear.first_t, linear.first_metric) == ("0.1", "gaussian-kl")
    assert (matched.symbol, matched.state, matched.title) == ("✓", "keeps", "matched (closed form)")
    assert (matched.first_t, matched.first_metric) == ("–", "–")  # noqa: RUF001


def test_what_a_failed_control_voids_drifts_from_nowhere(make_run):
    run = make_run()
    run.fail_control("prior", "prior", "t = 0", reason="broken")
    folder = read(run)
    assert {row.first_t for row in verdict_rows(folder, folder.populations[0])} == {"–"}  # noqa: RUF001


def test_differences_have_their_interval_and_unit(make_run):
    run = make_run()
    cell = run.run["cells"][0]
    cell.update(difference=0.25, low=-0.0012, high=0.5, noise=0.2, margin=0.1)
    run.run["cells"][1].update(low=None)
    run.run["cells"][2].update(difference=None, low=None, high=None, noise=None)
    run.run["cells"][3].update(noise=0.1, margin=0.1)
    run.run["cells"][4].update(noise=0.1, margin=0.10001)
    folder = read(run)
    known = matrix(folder, folder.populations[0]).known
    assert (known[0].difference, known[0].interval, known[0].unit) == ("0.25", "[-0.0012, 0.5]", "units of z")
    assert (known[1].interval, known[2].difference) == ("", "–")  # noqa: RUF001
    assert [cell.resolved for cell in known[:5]] == [False, True, True, False, True]
    assert known[4].unit == "–"  # noqa: RUF001


def test_populations_say_where_their_null_band_comes_from(make_run):
    run = read(make_run(model=True))
    assert [row[-4:] for row in population_rows(run)] == [
        ("3", "20,000", "199", "from a cache"),
        ("3", "8,000", "199", "from a cache"),
        ("3", "800", "199", "computed"),
    ]
    aged = make_run(folder="aged")
    aged.age()
    assert population_rows(read(aged))[0][-1] == "–"  # noqa: RUF001


def test_a_metric_without_monte_carlo_error_has_none():
    given = {"a": Definition(error="exact"), "b": Definition(error="256 directions"), "c": Definition()}
    assert [entry.error for _, entry in definitions("abc", given)] == ["none", "256 directions", ""]


def test_matrix_has_a_cell_everywhere_and_says_where_nothing_is_known(make_run):
    run = make_run()
    del run.run["cells"][0]
    run.run["cells"][0]["value"] = None
    folder = read(run)
    table = matrix(folder, folder.populations[0])
    assert {len(cells) for _, cells in table.rows} == {len(table.metrics)} == {5}
    of_linear = {cell.metric: cell for cell in dict(table.rows)["linear"]}
    assert [of_linear[metric].state for metric in ("sliced-wasserstein", "frechet")] == ["none", "none"]
    assert (of_linear["norm-ks"].symbol, of_linear["norm-ks"].state) == ("✗", "drifts")
    assert len(table.known) == 23


@pytest.mark.parametrize(
    ("keeps", "drifts", "state"),
    [(True, True, "keeps"), (False, True, "drifts"), (False, False, "inconclusive")],
)
def test_within_the_margin_outranks_far_from_chance(make_run, keeps, drifts, state):
    run = make_run()
    run.run["cells"] = [{**run.run["cells"][0], "keeps": keeps, "drifts": drifts}]
    folder = read(run)
    assert matrix(folder, folder.populations[0]).known[0].state == state


def test_failures_are_counted_by_reason(make_run):
    run = make_run()
    for row in run.rows[:4]:
        row.update(status="failed: out of memory", value="")
    (failure,) = failures(read(run))
    assert (failure.reference, failure.method, failure.metric, failure.status, failure.times) == (
        "prior",
        "linear",
        "sliced-wasserstein",
        "failed: out of memory",
        4,
    )


def test_numbers():
    assert [number(x) for x in (0.00042, 9.9999, 999.96, 2e6, -0.5, float("inf"), float("nan"))] == [
        *("0.00042", "10", "1,000", "2e6", "-0.5", "∞", "–"),  # noqa: RUF001
    ]
    assert [signed(x) for x in (0.04, 99.96, -3.0, float("inf"), None)] == ["+0.0", "+100.0", "-3.0", "+∞", "–"]  # noqa: RUF001
    assert [count(None), count(float("inf"))] == ["–", "–"]  # noqa: RUF001
    assert plain([True, 0.25, "x", [], None]) == "yes, 0.25, x, –, –"  # noqa: RUF001
    assert settings({"null_draws": 3}) == (("null draws", "3"),)
