import pytest

from latentot.report import RunFolder
from latentot.report.answer import answer, population_title, subject
from latentot.report.formats import count, number, plain, signed
from latentot.report.records import Population
from latentot.report.tables import failures, matrix, settings, verdict_rows


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
    assert [answer(run, p).split(",")[0] for p in run.populations] == [
        "Between two draws from the prior of torch-vae",
        "Between two encodings of data by torch-vae",
    ]
    assert "no method keeps the prior; linear" in answer(run, run.populations[1])


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


def test_shapes_and_titles(make_run):
    run = make_run()
    run.run["subject"].update(shape=[4, 8, 8], dim=256)
    assert subject(read(run)) == "normal, d = 256, shape 4 × 8 × 8"  # noqa: RUF001
    run.run["subject"].update(name="torch-vae", prior="Normal((256,))", shape=[256])
    assert subject(read(run)) == "torch-vae, prior Normal((256,)), d = 256"
    assert population_title(Population("encoded", "posterior")) == "Endpoints encoded from data, against posterior"
    assert population_title(Population("corners")) == "Endpoints: corners"


def test_verdict_table(make_run):
    run = read(make_run())
    rows = {row.method: row for row in verdict_rows(run, run.populations[0])}
    linear, matched = rows["linear"], rows["matched"]
    assert (linear.symbol, linear.verdict, linear.worst_metric, linear.worst_t) == ("✗", "drifts", "gaussian-kl", "0.5")
    assert (linear.excess, linear.p_value, linear.seconds) == ("+3,863", "0.005", "0.0021")
    assert (matched.symbol, matched.state, matched.title) == ("✓", "keeps", "matched (closed form)")


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
    assert (failure.method, failure.metric, failure.status, failure.times) == (
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
