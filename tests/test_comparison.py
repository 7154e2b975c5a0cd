"""The one call that does it all: its table, its null band, its verdicts, and what fails in it."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

import latentot as lot
from latentot.data import load_data
from latentot.study.spec.seeds import stream
from latentot.transport import Gaussian

COLUMNS = [
    *(
        "model",
        "prior",
        "dim",
        "endpoints",
        "reference",
        "space",
        "method",
        "metric",
        "t",
        "n",
        "n_used",
        "repeat",
        "seed",
    ),
    *("value", "raw", "null_mean", "null_lo", "null_hi", "n_null", "p_value", "p_adjusted", "drifts", "seconds"),
    *("status", "excess", "spread", "round"),
]
METHODS = ["linear", "spherical", "cauchy"]
METRICS = ["norm-wasserstein", "marginal-ks"]
T = [0.25, 0.5]
NULL = ["null_mean", "null_lo", "null_hi", "n_null"]


def small(subject: Any = None, **changes: Any) -> lot.Comparison:
    settings: dict[str, Any] = {
        "methods": METHODS, "metrics": METRICS, "t": T, "n": 60, "repeats": 2, "null_draws": 19, "seed": 0,
    }  # fmt: skip
    return lot.compare(lot.Normal(3) if subject is None else subject, **settings | changes)


def without_seconds(result: lot.Comparison) -> pd.DataFrame:
    return result.results.drop(columns="seconds")


@pytest.fixture(scope="module")
def result() -> lot.Comparison:
    return small()


@pytest.fixture(scope="module")
def null(result: lot.Comparison) -> np.ndarray:
    """The null draws, one a row; metric by metric and t by t, as the columns of the table go."""
    return np.asarray(result.outcome.artefacts["null/prior"])


class TestTable:
    def test_columns_are_the_contract(self, result: lot.Comparison) -> None:
        assert list(result.results.columns) == COLUMNS

    def test_one_row_a_measurement(self, result: lot.Comparison) -> None:
        keys = result.results[["method", "metric", "t", "repeat"]].itertuples(index=False, name=None)
        assert sorted(keys) == sorted(itertools.product(METHODS, METRICS, T, range(2)))

    def test_rows_say_what_was_asked_for(self, result: lot.Comparison) -> None:
        expected = {
            "prior": "normal", "dim": 3, "endpoints": "prior", "reference": "prior", "n": 60, "n_used": 60, "seed": 0,
            "n_null": 19, "status": "ok",
        }  # fmt: skip
        assert (result.results[list(expected)] == pd.Series(expected)).all(axis=None)
        assert result.results.model.isna().all()

    def test_everything_is_measured_beside_its_null_band(self, result: lot.Comparison) -> None:
        rows = result.results
        numbers = ["value", "raw", "null_mean", "null_lo", "null_hi", "p_value", "p_adjusted", "seconds"]
        assert np.isfinite(rows[numbers].astype(float)).all(axis=None)
        assert (rows.null_lo <= rows.null_mean).all()
        assert (rows.null_mean <= rows.null_hi).all()
        assert (rows.seconds >= 0).all()

    def test_index_counts_the_rows(self) -> None:
        both = small(lot.Model(lot.Normal(3), lambda z: z, encoder()), data="digits", methods=["linear"])
        assert list(both.results.index) == list(range(3 * 2 * len(METRICS) * len(T)))


class TestSeeds:
    def test_same_seed_same_table(self, result: lot.Comparison) -> None:
        pd.testing.assert_frame_equal(without_seconds(small()), without_seconds(result), check_exact=True)

    def test_other_seed_other_numbers(self, result: lot.Comparison) -> None:
        other = small(seed=1).results
        for column in ("value", "null_mean", "null_lo", "null_hi"):
            # marginal-ks has 600 possible values at n = 60 and may coincide; transport costs have 2^52.
            both = [rows[rows.metric == "norm-wasserstein"][column] for rows in (other, result.results)]
            assert not np.isin(*both).any()

    def test_number_of_processes_changes_nothing(self) -> None:
        # Enough null cells for some to be done out of order.
        with threadpool_limits(2):
            one, two = (small(null_draws=59, jobs=jobs) for jobs in (1, 2))
        pd.testing.assert_frame_equal(without_seconds(two), without_seconds(one), check_exact=True)
        pd.testing.assert_frame_equal(
            two.verdict().drop(columns="seconds"), one.verdict().drop(columns="seconds"), check_exact=True
        )

    def test_a_method_measures_the_same_whoever_is_beside_it(self, result: lot.Comparison) -> None:
        alone = without_seconds(small(methods=["cauchy"]))
        beside = without_seconds(result)
        beside = beside[beside.method == "cauchy"].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, beside, check_exact=True)

    def test_methods_share_their_pairs(self) -> None:
        rows = small(t=[0, 0.5, 1]).results
        ends = rows[rows.t != 0.5]
        assert (ends.groupby(["metric", "t", "repeat"]).value.nunique() == 1).all()


class TestNullBand:
    def test_is_shared_by_all_methods_and_repeats(self, result: lot.Comparison) -> None:
        assert (result.results.groupby(["metric", "t"])[NULL].nunique() == 1).all(axis=None)

    def test_has_as_many_draws_as_said(self, null: np.ndarray) -> None:
        assert null.shape == (19, len(METRICS) * len(T))

    def test_is_that_of_the_draws(self, result: lot.Comparison, null: np.ndarray) -> None:
        for (metric, t), draws in zip(itertools.product(METRICS, T), null.T, strict=True):
            row = result.results.set_index(["metric", "t"]).loc[[(metric, t)]].iloc[0]
            assert row.null_mean == pytest.approx(sum(draws) / 19)
            assert (row.null_lo, row.null_hi) == pytest.approx(tuple(np.percentile(draws, [2.5, 97.5])))


class TestPValues:
    """Recomputed from the stored null draws, by the definitions and by other code."""

    def test_of_each_measurement_alone(self, result: lot.Comparison, null: np.ndarray) -> None:
        draws = dict(zip(itertools.product(METRICS, T), null.T, strict=True))
        for row in result.results.itertuples():
            as_strange = sum(draw >= row.value for draw in draws[row.metric, row.t])
            assert row.p_value == pytest.approx((1 + as_strange) / 20)

    def test_corrected_for_all_measurements_of_a_repeat(self, result: lot.Comparison, null: np.ndarray) -> None:
        columns = list(itertools.product(METRICS, T))
        for _, rows in result.results.groupby(["method", "repeat"]):
            observed = rows.set_index(["metric", "t"]).value[columns].to_numpy()
            pooled = np.vstack([null, observed])
            scores = (pooled - pooled.mean(axis=0)) / pooled.std(axis=0)
            for column, score in zip(columns, scores[-1], strict=True):
                # Ties at rounding are counted as the library may count them: as ties.
                as_strange = sum(max(draw) >= score - 1e-12 for draw in scores[:-1])
                found = rows.set_index(["metric", "t"]).p_adjusted[column]
                assert found == pytest.approx((1 + as_strange) / 20)

    def test_corrected_ones_are_no_smaller(self, result: lot.Comparison) -> None:
        # The strongest of several exceeds a score at least as often as any one of them does on its own scale, where
        # the order of values is that of scores.
        assert (result.results.p_adjusted >= result.results.p_value - 1e-12).all()

    def test_drifts_says_whether_the_corrected_one_is_below_the_level(self) -> None:
        rows = small(lot.Normal(32), null_draws=39).results
        assert (rows.drifts == (rows.p_adjusted < 0.05)).all()
        # At d = 32 the norms of midpoints are off by twenty deviations of the null.
        assert rows[(rows.method == "linear") & (rows.metric == "norm-wasserstein") & (rows.t == 0.5)].drifts.all()

    def test_verdict_of_one_repeat_has_the_least_of_its_rows(self) -> None:
        single = small(repeats=1, null_draws=20)
        least = single.results.groupby("method").p_adjusted.min()
        assert single.verdict().set_index("method").p_value.to_dict() == least.to_dict()


class TestVerdict:
    def test_one_row_a_method_in_the_order_asked_for(self, result: lot.Comparison) -> None:
        assert result.verdict().method.tolist() == METHODS

    def test_columns(self, result: lot.Comparison) -> None:
        expected = {"method", "verdict", "worst_metric", "worst_t", "excess", "p_value", "seconds", "reason"}
        assert expected <= set(result.verdict().columns)
        assert set(result.verdict().verdict) <= {"keeps", "drifts", "inconclusive"}

    def test_excess_is_in_deviations_of_the_null(self, result: lot.Comparison, null: np.ndarray) -> None:
        columns = list(itertools.product(METRICS, T))
        for row in result.verdict().itertuples():
            excesses = {}
            for (metric, t), draws in zip(columns, null.T, strict=True):
                values = result.results.query("method == @row.method and metric == @metric and t == @t").value
                excesses[metric, t] = (values.mean() - draws.mean()) / draws.std(ddof=1)
            worst = max(excesses, key=lambda key: excesses[key])
            assert (row.worst_metric, row.worst_t) == worst
            assert row.excess == pytest.approx(excesses[worst])

    def test_seconds_are_the_mean_for_one_repeat_at_one_t(self, result: lot.Comparison) -> None:
        rows = result.results[result.results.metric == METRICS[0]]
        expected = rows.groupby("method").seconds.mean()
        found = result.verdict().set_index("method").seconds
        assert found.to_dict() == pytest.approx(expected.to_dict())

    def test_of_endpoints_that_were_not_compared(self, result: lot.Comparison) -> None:
        with pytest.raises(lot.InputError, match="no endpoints 'encoded' was compared: prior"):
            result.verdict("encoded")


@pytest.fixture(scope="module")
def bubble() -> lot.Comparison:
    metrics = ["norm-wasserstein", "sliced-wasserstein"]
    settings: dict[str, Any] = {"t": [0.5], "n": 2000, "repeats": 2, "null_draws": 39, "seed": 0}
    return lot.compare(lot.Normal(64), methods=["linear", "cauchy"], metrics=metrics, **settings)


class TestSoapBubble:
    """N(0, I_64) halfway, small: the numbers of methods.md."""

    def test_linear_drifts_and_cauchy_keeps(self, bubble: lot.Comparison) -> None:
        # Linear is a hundred deviations off. Cauchy is exact: for its bound to reach the margin, which is at least
        # eleven deviations of the mean of two repeats, takes chance below 1e-9 even with a deviation estimated from 39
        # draws.
        assert bubble.verdict().set_index("method").verdict.to_dict() == {"linear": "drifts", "cauchy": "keeps"}
        assert bubble.verdict().set_index("method").worst_metric["linear"] == "norm-wasserstein"

    def test_norms_shrink_by_the_square_root_of_a_half(self, bubble: lot.Comparison) -> None:
        stored = bubble.outcome.artefacts
        edges = stored["norms/edges"]

        def mean(name: str) -> float:
            return float(
                (np.ravel(stored[f"norms/prior/{name}"]) * np.diff(edges) * (edges[1:] + edges[:-1]) / 2).sum()
            )

        # 4,000 norms of spread 0.70 around 7.97 (halfway: 0.50 around 5.64) over 20,000: the ratios have standard
        # deviation 0.0015 and 0.0011. Seven of these are missed by chance once in 4e11.
        assert mean("linear") / mean("reference") == pytest.approx(0.7071, abs=7 * 0.0011)
        assert mean("cauchy") / mean("reference") == pytest.approx(1, abs=7 * 0.0015)

    def test_projections_shrink_too(self, bubble: lot.Comparison) -> None:
        rows = bubble.results.query("method == 'linear' and metric == 'sliced-wasserstein'")
        # 0.2929 in the limit; the noise floor (0.043 here) adds in squares, 0.003 at most. Each of the 64 variances has
        # standard deviation sqrt(2 / 2000) / 2 = 0.016, their mean 0.002, so the root 0.0014: 0.012 is eight of these.
        assert rows.value.to_numpy() == pytest.approx(0.2929 + 0.002, abs=0.012)
        assert (rows.raw == rows.value).all()


def encoder(scale: float = 0.5, spoiled: int | slice | None = None, value: float = np.nan) -> Callable[..., Any]:
    """An encoder of digits to three coordinates; `spoiled` data get means of a given value."""

    def encode(x: np.ndarray) -> lot.Posterior:
        mean = x.reshape(len(x), -1)[:, [20, 27, 36]].astype(float)
        if spoiled is not None:
            mean[spoiled] = value
        return lot.Posterior(mean, np.full_like(mean, scale))

    return encode


def raising(*_: Any) -> Any:
    raise RuntimeError("out of luck")


class TestModels:
    def compare(
        self, *, decode: Callable[..., Any] = lambda z: z, encode: Any = None, **changes: Any
    ) -> lot.Comparison:
        model = lot.Model(lot.Normal(3), decode, encode or encoder(), name="mine")
        return small(model, data="digits", **{"methods": ["linear", "cauchy"], "n": 40} | changes)

    def test_both_populations_are_compared(self) -> None:
        result = self.compare()
        assert list(dict.fromkeys(result.results.endpoints)) == ["prior", "encoded"]
        assert set(result.results.model) == {"mine"}
        assert result.verdict().endpoints.unique().tolist() == ["prior"]
        assert result.verdict("encoded").endpoints.unique().tolist() == ["encoded"]
        assert len(result.verdict("encoded")) == 2
        assert result.outcome.facts["failures"] == []

    def test_norms_of_the_encodings_are_stored(self) -> None:
        points = self.compare(t=[0.25, 1.0]).outcome.artefacts
        edges, ends = points["norms/edges"], points["endpoints/encoded"]
        assert ends @ np.diff(edges) == pytest.approx(1)
        # Half of the endpoints are those at t = 1, where every path ends.
        seen = [points[f"norms/encoded/{method}"][1] for method in ("linear", "cauchy")]
        np.testing.assert_array_equal(*seen)
        assert (2 * ends - seen[0] >= -1e-12).all()
        assert "endpoints/prior" not in points

    @pytest.mark.usefixtures("without_figures")
    def test_a_report_tells_the_two_references_apart(self, tmp_path: Any) -> None:
        page = self.compare(cache=True).report(tmp_path)
        text = page.read_text(encoding="utf-8")
        assert "<h3>Endpoints encoded from data, held against the prior</h3>" in text
        assert "held against the aggregate posterior (fresh encodings of other data)</h3>" in text
        # In each repeat both ends and a shrunk sample where endpoints follow their law, else the shrunk sample alone.
        assert "All 14 controls hold" in text
        assert "<td>from a cache</td>" not in text
        again = self.compare(cache=True).report(tmp_path / "again").read_text(encoding="utf-8")
        assert again.count("<td>from a cache</td>") == 2

    @pytest.mark.usefixtures("without_figures")
    def test_a_report_of_encodings_that_are_not_what_is_said_has_a_banner(self, tmp_path: Any) -> None:
        result = small(lot.Normal(3), methods=["linear"])
        result.outcome.facts["controls"][0].update(holds=False, reason="not what they are said to be")
        text = result.report(tmp_path).read_text(encoding="utf-8")
        assert "1 of 6 controls failed" in text
        assert "not what they are said to be" in text

    def test_prior_endpoints_give_the_numbers_of_the_prior_alone(self) -> None:
        of_model = without_seconds(self.compare(endpoints=["prior"])).drop(columns="model")
        of_prior = without_seconds(small(methods=["linear", "cauchy"], n=40)).drop(columns="model")
        pd.testing.assert_frame_equal(of_model, of_prior, check_exact=True)

    @pytest.mark.parametrize(
        "decode",
        [
            raising,
            lambda z: z[1:],
            lambda z: z[0],
            lambda _: None,
            lambda z: ["a"] * len(z),
            lambda z: np.full((len(z), 1, 2, 2), np.nan),
        ],
        ids=["raises", "loses a row", "one row", "nothing", "words", "not numbers"],
    )
    def test_a_decoder_that_fails_costs_the_strips_only(self, decode: Callable[..., Any]) -> None:
        result = self.compare(decode=decode)
        assert set(result.results.status) == {"ok"}
        assert len(result.outcome.facts["failures"]) == 2
        assert all("strips" in failure for failure in result.outcome.facts["failures"])
        assert not any(key.startswith("strips/") for key in result.outcome.artefacts)

    @pytest.mark.parametrize(
        "encode",
        [
            raising,
            encoder(spoiled=slice(None)),
            encoder(spoiled=slice(None), value=np.inf),
            encoder(scale=np.nan),
            lambda x: x,
            lambda _: None,
            lambda x: (np.zeros((len(x), 7)), np.ones((len(x), 7))),
            lambda _: (np.zeros((5, 3)), np.ones((5, 3))),
        ],
        ids=["raises", "nan", "infinite", "nan scale", "no pair", "nothing", "other dimension", "too few"],
    )
    def test_an_encoder_that_fails_costs_the_encoded_rows_only(self, encode: Callable[..., Any]) -> None:
        rows = self.compare(encode=encode).results
        encoded = rows[rows.endpoints == "encoded"]
        assert len(encoded) == len(rows) * 2 / 3, "against the prior, and against the aggregate posterior"
        assert encoded.status.str.startswith("failed: ").all()
        assert encoded[["value", "raw", "p_value", "p_adjusted"]].isna().all(axis=None)
        assert not encoded.drifts.any()
        assert (rows[rows.endpoints == "prior"].status == "ok").all()

    def test_where_nothing_could_be_measured_there_is_no_verdict(self) -> None:
        result = self.compare(encode=encoder(spoiled=slice(None)))
        assert set(result.verdict("encoded").verdict) == {"inconclusive"}
        assert result.verdict("encoded").reason.str.contains("nothing could be measured; 8 measurements failed").all()
        assert not result.verdict("prior").reason.str.contains("failed").any()

    def test_one_datum_that_fails_costs_one_repeat(self) -> None:
        first = stream(0, "encoded").permutation(len(load_data("digits").test))[0]
        rows = self.compare(encode=encoder(spoiled=first), endpoints=["encoded"]).results
        rows = rows[rows.reference == "prior"]
        failed = rows[rows.status != "ok"]
        assert set(failed.repeat) == {0}
        assert len(failed) == len(rows) / 2
        assert failed.status.str.contains("z0 must be finite: 3 of its values are NaN or infinite").all()

    def test_failures_can_be_reported(self, tmp_path: Any) -> None:
        page = self.compare(decode=raising, encode=raising).report(tmp_path)
        assert page == tmp_path / "report.html"
        assert "out of luck" in (tmp_path / "results.csv").read_text(encoding="utf-8")


def nothing_fits(*_: Any, **__: Any) -> Any:
    raise RuntimeError("no transport today")


def nonsense_fits(*_: Any, **__: Any) -> Any:
    return lambda z: np.full_like(z, np.nan)


@pytest.mark.parametrize(
    ("fit", "status"),
    [(nothing_fits, "failed: RuntimeError: no transport today"), (nonsense_fits, "failed: points must be finite")],
)
def test_a_path_that_fails_costs_its_own_rows_only(
    fit: Callable[..., Any], status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gaussian, "fit", fit)
    unlucky = {"name": "earth-mover", "options": {"transport": "gaussian", "n_fit": 50}}
    result = small(methods=["linear", unlucky, "cauchy"])
    failed = result.results.method.str.startswith("earth-mover")
    assert result.results.status[failed].str.startswith(status).all()
    assert result.results.value[failed].isna().all()
    pd.testing.assert_frame_equal(
        without_seconds(result)[~failed].reset_index(drop=True),
        without_seconds(small(methods=["linear", "cauchy"])),
        check_exact=True,
    )
    verdicts = result.verdict().verdict.tolist()
    assert len(verdicts) == 3
    assert verdicts[1] == "inconclusive"


class TestPriors:
    @pytest.mark.parametrize(
        "prior",
        [lot.Uniform(3), lot.Uniform(2, low=0, high=5), lot.Normal((2, 3)), lot.Normal(1)],
        ids=repr,
    )
    def test_named_priors_are_compared(self, prior: lot.Prior) -> None:
        rows = small(prior).results
        assert set(rows.status) == {"ok"}
        assert set(rows.dim) == {prior.dim}
        assert np.isfinite(rows.value).all()

    def test_metrics_that_need_moments_refuse_heavy_tails_and_the_rest_go_on(self) -> None:
        rows = small(lot.Cauchy(3)).results.set_index("metric")
        assert set(rows.loc["marginal-ks"].status) == {"ok"}
        refusal = "failed: norm-wasserstein needs a finite moment of order 1, Cauchy(3) has none"
        assert rows.loc["norm-wasserstein"].status.str.startswith(refusal).all()
        assert rows.loc["norm-wasserstein"].value.isna().all()

    def test_cauchy_prior_is_kept_by_the_straight_line(self) -> None:
        # The least of max-T p-values is uniform on 1/100 ... 1 where nothing drifts, so it is 0.01 in one of a hundred
        # repeats; that both are is a false alarm of less than 1 %, and the seed is fixed.
        rows = small(lot.Cauchy(2), methods=["linear"], null_draws=99, metrics=["marginal-ks"]).results
        assert rows.groupby("repeat").p_adjusted.min().max() > 0.01

    @pytest.mark.parametrize("replace", [False, True])
    def test_samples_are_prior_enough(self, replace: bool) -> None:
        samples = np.random.default_rng(0).standard_normal((600, 3)) @ np.diag([1, 2, 3.0])
        gaussian = {"name": "earth-mover", "options": {"transport": "gaussian"}}
        result = small(lot.Empirical(samples, replace=replace), methods=["linear", gaussian])
        assert set(result.results.status) == {"ok"}
        assert set(result.results.prior) == {"empirical"}

    @pytest.mark.parametrize("replace", [False, True])
    def test_samples_that_fit_do_not_judge(self, replace: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        samples = np.arange(1200.0).reshape(600, 2)
        fitted: list[np.ndarray] = []
        judged: list[np.ndarray] = []

        def carry(z: np.ndarray) -> np.ndarray:
            judged.append(z)
            return z

        def fit(_self: Gaussian, _source: np.ndarray, target: np.ndarray, **_: Any) -> Callable[..., Any]:
            fitted.append(target)
            return carry

        monkeypatch.setattr(Gaussian, "fit", fit)
        method = {"name": "earth-mover", "options": {"transport": "gaussian", "n_fit": 100}}
        # At t so small that a point tells which sample it started from.
        small(lot.Empirical(samples, replace=replace), methods=[method], t=[1e-9], repeats=1, null_draws=20)
        assert not np.isin(np.round(judged[0][:, 0]), fitted[0][:, 0]).any()

    def test_a_prior_that_lacks_what_a_method_needs_is_refused_before_anything_is_computed(self) -> None:
        samples = lot.Empirical(np.random.default_rng(0).standard_normal((600, 3)))
        with pytest.raises(lot.InputError, match=r"nao needs a prior with a radius density law.*use linear, spherical"):
            small(samples, methods=["linear", "nao"], progress=lambda *_: pytest.fail("a cell was computed"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"methods": ["sfherical"]}, "did you mean 'spherical'"),
            ({"metrics": ["mmmd"]}, "did you mean 'mmd'"),
            ({"t": [1.5]}, "t lies between 0 and 1"),
            ({"n": 1}, "needs at least 2 points, got 1 pairs"),
            ({"n": 3, "metrics": ["emd"]}, "emd needs at least 4 points, got 3 pairs"),
            ({"null_draws": 5}, "null_draws is at least 19"),
            ({"data": "digts"}, "did you mean 'digits'"),
            ({"endpoints": ["encoded"], "data": "digits"}, "encoded endpoints need a model with an encoder, and data"),
            ({"methods": [{"name": "earth-mover", "options": {"nfit": 3}}]}, "did you mean 'n_fit'"),
            ({"methods": [{"name": "earth-mover", "options": {"n_fit": 3}}]}, "at least 10 points, got n_fit=3"),
            ({"methods": [{"name": "earth-mover", "options": {"transport": "exat"}}]}, "did you mean 'exact'"),
            ({"methods": [{"name": "earth-mover", "options": {"n_fit": "many"}}]}, "n_fit"),
            ({"methods": [{"name": "earth-mover", "options": {"name": "x"}}]}, "name"),
            ({"methods": [{"name": "earth-mover", "options": {"prior": "x"}}]}, "prior"),
        ],
    )
    def test_are_said_before_anything_is_computed(self, changes: dict[str, Any], words: str) -> None:
        with pytest.raises(lot.InputError) as refused:
            small(progress=lambda *_: pytest.fail("a cell was computed"), **changes)
        assert words in str(refused.value)
        assert "\n" not in str(refused.value)

    def test_what_cannot_be_stored_is_refused_before_anything_is_computed(self) -> None:
        # A study is plain data; to find out at the end would lose hours of work.
        option = {"name": "switch", "options": {"rng": np.random.default_rng(0)}}
        computed: list[str] = []
        try:
            small(methods=["linear", option], progress=lambda _done, _of, what, _seconds: computed.append(what))
        except lot.InputError:
            assert not computed

    @pytest.mark.usefixtures("without_figures")
    def test_provenance_that_cannot_be_stored_does_not_lose_the_run(self, tmp_path: Any) -> None:
        model = lot.Model(lot.Normal(3), lambda z: z, provenance={"checkpoint": tmp_path / "m.safetensors"})
        computed: list[str] = []
        try:
            small(model, progress=lambda _done, _of, what, _seconds: computed.append(what)).report(tmp_path)
        except lot.InputError:
            assert not computed
