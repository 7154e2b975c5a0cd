"""Rounds of growing n: a method leaves with its verdict, the rest go on; nothing is computed twice."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import latentot as lot
from latentot.comparison import Comparison
from latentot.study import Engine, NullCache, Outcome, Study, run, write
from latentot.study.spec.rounds import sizes
from latentot.study.work.plan import Plan

pytestmark = pytest.mark.usefixtures("all_spoiled_samples")

Row = dict[str, Any]
SETTINGS: dict[str, Any] = {
    "methods": ["linear", "spherical", "matched", "switch"], "metrics": ["norm-wasserstein", "marginal-ks"],
    "t": [0.5], "max_pairs": 8_000, "seed": 1,
}  # fmt: skip
"""At d = 2 a prior is not told from its like at 500 pairs: linear drifts at once, the rest take more."""


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run(Study.of(**SETTINGS), live=lot.Normal(2))


def by_method(outcome: Outcome) -> pd.DataFrame:
    return pd.DataFrame(outcome.facts["verdicts"]).set_index("method")


@pytest.mark.parametrize(
    ("pairs", "max_pairs", "dim", "expected"),
    [
        (300, 128_000, 64, (300,)),
        ("auto", 128_000, 64, (500, 2_000, 8_000, 32_000, 128_000)),
        ("auto", 127_999, 64, (500, 2_000, 8_000, 32_000)),
        ("auto", 500, 64, (500,)),
        ("auto", 128_000, 3_072, (500, 2_000, 8_000)),
        ("auto", 128_000, 10**6, (500,)),
    ],
)
def test_sizes(pairs: int | str, max_pairs: int, dim: int, expected: tuple[int, ...]) -> None:
    assert sizes(pairs, max_pairs, dim) == expected


class TestRun:
    def test_a_method_leaves_with_its_verdict(self, outcome: Outcome) -> None:
        verdicts = by_method(outcome)
        assert verdicts.verdict.tolist() == ["drifts", "drifts", "keeps", "keeps"]
        assert verdicts["round"]["linear"] == 1
        assert verdicts["round"]["matched"] > 1
        for row in outcome.facts["rounds"]:
            assert row["methods"] == [name for name in SETTINGS["methods"] if verdicts["round"][name] >= row["round"]]

    def test_every_round_has_its_rows(self, outcome: Outcome) -> None:
        verdicts = by_method(outcome)
        for method, rows in outcome.results.groupby("method"):
            assert sorted(rows["round"].unique()) == list(range(1, verdicts["round"][method] + 1))
            assert (rows.n == 500 * 4 ** (rows["round"] - 1)).all()
            assert verdicts.n[method] == rows.n.max()

    def test_the_first_is_a_study_of_so_many_pairs(self, outcome: Outcome) -> None:
        alone = run(Study.of(**SETTINGS | {"pairs": 500}), live=lot.Normal(2)).results
        first = outcome.results[outcome.results["round"] == 1]
        assert alone.value.tolist() == first.value.tolist()

    @pytest.mark.parametrize("what", ["pairs", "null draws", "reference"])
    def test_rounds_draw_afresh(self, what: str) -> None:
        """No latent of one is in another, as it is where a generator of the same seed draws more."""
        whole = Plan("", Study.of(**SETTINGS), lot.Normal(2))
        first, second = (whole.at_round(number, pairs, 39) for number, pairs in enumerate((500, 2_000)))
        drawn = []
        for plan in (first, second):
            (population,) = plan.populations()
            batch = {"pairs": plan.observed, "null draws": plan.null}.get(what)
            drawn.append(batch(population, 0).z0 if batch else plan.reference(population))
        assert not np.isin(drawn[0], drawn[1]).any()

    def test_populations_have_the_last_size_and_what_is_promised(self, outcome: Outcome) -> None:
        (population,) = outcome.facts["populations"]
        assert population["n"] == outcome.results.n.max()
        assert (population["rounds"], population["false_drift"], population["false_keep"]) == (3, 0.01, 0.05)

    def test_is_the_same_with_two_jobs(self, outcome: Outcome, two_processes: Engine) -> None:
        two = run(Study.of(**SETTINGS), live=lot.Normal(2), engine=two_processes)
        pd.testing.assert_frame_equal(
            two.results.drop(columns="seconds"), outcome.results.drop(columns="seconds"), check_exact=True
        )

    @pytest.fixture
    def runs_without_figures(self) -> None:
        """What figures show is said beneath them."""

    def test_a_report_of_several_rounds(self, outcome: Outcome, tmp_path: Path) -> None:
        page = Comparison(outcome).report(tmp_path)
        text = page.read_text(encoding="utf-8")
        assert "In at most 1 % of such comparisons" in text
        assert "Of the first round, in which every method took part" in text


class TestResume:
    def test_nothing_is_computed_again(self, tmp_path: Path) -> None:
        computed: list[str] = []
        settings, cache = Study.of(**SETTINGS), NullCache(tmp_path / "null")
        small = settings.model_copy(update={"max_pairs": 500})

        def count(done: int, of: int, what: str, seconds: float) -> None:
            computed.append(what)

        folder = tmp_path / "run"
        folder.mkdir()
        run(small, live=lot.Normal(2), folder=folder, null_cache=cache, progress=count)
        of_one = len(computed)
        whole = run(settings, live=lot.Normal(2), folder=folder, null_cache=cache, progress=count)
        of_all = len(computed)
        assert of_all > of_one
        assert sum(title == "linear, prior, repeat 1" for title in computed) == whole.results["round"].max()
        again = run(settings, live=lot.Normal(2), folder=folder, null_cache=cache, progress=count)
        assert len(computed) == of_all
        pd.testing.assert_frame_equal(again.results, whole.results)


class TestEnds:
    def test_at_the_most_pairs(self) -> None:
        found = run(Study.of(**SETTINGS | {"max_pairs": 500}), live=lot.Normal(2))
        verdicts = by_method(found)
        assert verdicts.verdict["matched"] == "inconclusive"
        assert "pairs would" in verdicts.reason["matched"]
        assert verdicts.verdict["linear"] == "drifts", "what was settled stays"

    def test_at_the_end_of_the_budget(self) -> None:
        found = run(Study.of(**SETTINGS | {"budget": 1e-3}), live=lot.Normal(2))
        assert found.results["round"].max() == 1
        assert by_method(found).verdict["linear"] == "drifts"

    def test_where_data_are_few(self) -> None:
        """359 held-out digits: 59 pairs in each of three repeats, whatever the round."""
        model = lot.Model(lot.Normal(2), decode, encode)
        found = run(Study.of(**SETTINGS | {"data": "digits", "endpoints": ["encoded"], "max_pairs": 2_000}), live=model)
        assert {(row["reference"], row["n"], row["round"]) for row in found.facts["rounds"]} == {
            ("prior", 59, 1), ("posterior", 89, 1),
        }  # fmt: skip
        reasons = [row["reason"] for row in found.facts["verdicts"] if row["verdict"] == "inconclusive"]
        assert any("held-out data" in reason for reason in reasons)

    def test_so_many_data_as_the_reason_says_settle_it(self, tmp_path: Path) -> None:
        """Of an encoder whose posterior is the prior: 400 held-out images leave it open."""
        pixels = np.random.default_rng(2)

        def encode(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return np.random.default_rng(len(x)).standard_normal((len(x), 16)) * 0.6, np.full((len(x), 16), 0.8)

        model = lot.Model(lot.Normal(16), decode, encode)

        def of(images: int) -> Row:
            file = tmp_path / f"{images}.npz"
            np.savez(file, train=np.eye(4)[None], test=pixels.random((images, 4, 4)))
            own = {"data": f"npz:{file},train,test", "endpoints": ["encoded"], "methods": ["linear", "switch"]}
            rows = run(Study.of(**SETTINGS | own | {"max_pairs": 128_000}), live=model).facts["verdicts"]
            return next(row for row in rows if (row["method"], row["reference"]) == ("switch", "prior"))

        few = of(400)
        assert few["verdict"] == "inconclusive"
        said = re.search(r"about ([\d,]+) held-out data \(([\d,]+) pairs\) would", few["reason"])
        assert said is not None, few["reason"]
        data, pairs = (int(number.replace(",", "")) for number in said.groups())
        assert data == 6 * pairs, "two ends of each pair in three repeats"
        assert of(data)["verdict"] == "keeps"


@pytest.mark.parametrize(("samples", "rounds"), [(300, [500]), (9_000, [500]), (40_000, [500, 2_000])])
def test_samples_stand_for_their_law(samples: int, rounds: list[int]) -> None:
    """Half of them judge, ten for each point: with fewer, chance in the samples would be taken for drift."""
    prior = lot.Empirical(lot.Normal(2).sample(samples, rng=0))
    found = run(Study.of(**SETTINGS | {"methods": ["switch"], "margin": 1e-6}), live=prior)
    assert [row["n"] for row in found.facts["rounds"]] == rounds
    assert " samples (" in found.facts["verdicts"][0]["reason"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"max_pairs": 499}, ("max_pairs is at least 500", "first round", "499")),
        ({"budget": 0}, ("budget", "more than 0", "got 0")),
        ({"budget": float("nan")}, ("budget", "nan")),
        ({"max_pairs": 10**9}, ("max_pairs=1,000,000,000", "GB", "take at most 12,500,000")),
        ({"n": 10**12}, ("1,000,000,000,000 pairs of 2 numbers", "160,000 GB", "this machine has", "take at most")),
        ({"false_drift": 0}, ("false_drift", "more than 0")),
        ({"false_keep": 0.5}, ("false_keep", "less than 0.5")),
        ({"n": "all"}, ("pairs", "'auto'", "'all'")),
    ],
    ids=str,
)
def test_bad_input(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(lot.InputError) as refused:
        lot.compare(lot.Normal(2), cache=False, **SETTINGS | changes)
    assert "\n" not in str(refused.value)
    assert all(word in str(refused.value) for word in words), str(refused.value)


@pytest.mark.parametrize("prior", [lot.Normal(2), lot.Uniform(3)], ids=repr)
def test_levels_are_split_over_subjects_too(prior: lot.Prior) -> None:
    one, nine = (run(Study.of(**SETTINGS | {"pairs": 100}), live=prior, subjects=number) for number in (1, 9))
    levels = [found.facts["verdicts"][0]["level"] for found in (one, nine)]
    assert levels == pytest.approx([0.01 / 4, 0.01 / 36])


class TestProgress:
    def test_grows_with_every_round(self) -> None:
        seen: list[tuple[int, int]] = []
        found = run(
            Study.of(**SETTINGS), live=lot.Normal(2), progress=lambda done, of, _what, _seconds: seen.append((done, of))
        )
        assert [done for done, _ in seen] == list(range(1, len(seen) + 1))
        totals = list(dict.fromkeys(of for _, of in seen))
        assert len(totals) == found.results["round"].max() > 1
        assert totals == sorted(totals)
        assert seen[-1] == (len(seen), len(seen))


class TestSweep:
    def test_each_subject_has_its_rounds_and_levels_of_all(self) -> None:
        studies = tuple(Study.of(**SETTINGS | {"prior": "normal", "dim": dim, "max_pairs": 2_000}) for dim in (2, 32))
        found = run(studies).facts
        rounds = {subject: [row["round"] for row in found["rounds"] if row["subject"] == subject] for subject in LABELS}
        assert rounds == {"d = 2": [1, 2], "d = 32": [1]}
        # Two subjects, four methods, two rounds.
        assert {row["level"] for row in found["verdicts"]} == {0.01 / 16}
        alone = run(studies[0], subjects=2).facts["verdicts"]
        assert [row for row in found["verdicts"] if row["subject"] == "d = 2"] == [
            row | {"subject": "d = 2", "seconds": other["seconds"]}
            for row, other in zip(alone, found["verdicts"], strict=False)
        ]


LABELS = ("d = 2", "d = 32")


class TestDiff:
    def test_rounds_are_compared_with_their_like(self, outcome: Outcome, tmp_path: Path) -> None:
        again = run(Study.of(**SETTINGS | {"max_pairs": 2_000}), live=lot.Normal(2))
        for name, found in (("whole", outcome), ("again", outcome), ("short", again)):
            (tmp_path / name).mkdir()
            write(found, tmp_path / name)
        same = lot.reporting.diff(tmp_path / "whole", tmp_path / "again")
        assert (same.facts, same.verdicts, same.numbers) == ((), (), ())
        assert same.equal == same.compared == len(outcome.results) / 3
        short = lot.reporting.diff(tmp_path / "whole", tmp_path / "short")
        assert short.equal == short.compared, "first and second rounds, in which the same was drawn"
        assert not short.numbers
        assert {line.rpartition(": ")[2] for line in short.verdicts} <= {"keeps -> inconclusive"}


class TestFailed:
    def test_is_computed_again_and_goes_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A method that fails leaves with the first round; once it does not, it goes on to its verdict."""
        settings = Study.of(**SETTINGS)
        with monkeypatch.context() as unlucky:
            unlucky.setattr("latentot.paths.matched.Matched.__call__", raising)
            first = by_method(run(settings, live=lot.Normal(2), folder=tmp_path))
        assert (first["verdict"]["matched"], first["round"]["matched"]) == ("inconclusive", 1)
        assert "out of luck" in first["status"]["matched"]
        kept = by_method(run(settings, live=lot.Normal(2), folder=tmp_path))
        assert kept["status"]["matched"] == first["status"]["matched"]
        again = run(settings, live=lot.Normal(2), folder=tmp_path, retry_failed=True)
        expected = run(settings, live=lot.Normal(2))
        pd.testing.assert_frame_equal(again.results.drop(columns="seconds"), expected.results.drop(columns="seconds"))
        assert again.facts["failures"] == []


def raising(*_: Any, **__: Any) -> Any:
    raise RuntimeError("out of luck")


def test_encoded_endpoints_elsewhere(two_processes: Engine) -> None:
    """Judges of the sizes of the round are prepared for other processes, whatever there are of data."""
    pytest.importorskip("distributed")
    settings = SETTINGS | {"data": "digits", "methods": ["linear", "switch"], "max_pairs": 2_000}
    model = lot.Model(lot.Normal(2), decode, encode)
    engines = (Engine(), two_processes, Engine(cluster="local"))
    here, *elsewhere = (run(Study.of(**settings), live=model, engine=engine) for engine in engines)
    for there in elsewhere:
        pd.testing.assert_frame_equal(there.results.drop(columns="seconds"), here.results.drop(columns="seconds"))
        assert there.facts["misses"] == here.facts["misses"]


def decode(z: np.ndarray) -> np.ndarray:
    return z


def encode(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(len(x))
    return rng.standard_normal((len(x), 2)) * 0.6, np.full((len(x), 2), 0.8)


def test_shared_judges_are_of_the_round() -> None:
    settings = SETTINGS | {"data": "digits", "endpoints": ["encoded"]}
    plan = Plan("", Study.of(**settings), lot.Model(lot.Normal(2), decode, encode)).at_round(0, 500, 39)
    assert {population.n for population in plan.sharing().shared} == {59}
