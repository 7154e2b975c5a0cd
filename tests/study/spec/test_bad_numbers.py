"""Samples that are too few, constant, the reference itself, or no numbers: rows that say so, and the study goes on."""

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.metrics import Measurement, TwoSample
from latentot.study.work.cells import ControlCell, NullCell

METRICS = ["norm-wasserstein", "marginal-ks", "sliced-wasserstein", "mmd", "emd"]
NUMBERS = ["value", "raw", "p_value", "p_adjusted", "excess", "null_mean", "null_lo", "null_hi"]


def compared(subject: Any, **changes: Any) -> lot.Comparison:
    settings: dict[str, Any] = {
        "methods": ["linear", "switch"], "metrics": METRICS, "t": [0.25, 0.5], "n": 40, "repeats": 2, "null_draws": 19,
        "seed": 0,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lot.ControlWarning)
        warnings.simplefilter("ignore", lot.FailureWarning)
        return lot.compare(subject, **settings | changes)


def statuses(result: lot.Comparison) -> dict[str, set[str]]:
    return {str(metric): set(rows.status) for metric, rows in result.results.groupby("metric")}


def assert_failed_rows_are_empty(result: lot.Comparison) -> None:
    failed = result.results[result.results.status != "ok"]
    assert failed[["value", "raw", "p_value", "p_adjusted", "excess"]].isna().all(axis=None)
    assert (failed.n_used == 0).all()
    assert not failed.drifts.any()
    assert not failed.status.str.contains("\n").any()


def test_fewer_points_than_a_metric_needs() -> None:
    result = compared(lot.Normal(3), n=3)
    found = statuses(result)
    assert found.pop("emd") == {"failed: emd needs at least 4 points, got 3"}
    assert set.union(*found.values()) == {"ok"}
    assert_failed_rows_are_empty(result)
    ok = result.results[result.results.status == "ok"]
    assert np.isfinite(ok[NUMBERS].astype(float)).all(axis=None)
    assert ok.spread.isna().all(), "blocks of an eighth of a point"
    assert result.outcome.facts["failures"] == []
    said = "; 4 measurements failed: emd needs at least 4 points, got 3"
    assert result.verdict().reason.str.endswith(said).all()


def columns(*values: float | None) -> lot.Empirical:
    """A prior some of whose coordinates are constant."""
    z = np.random.default_rng(0).standard_normal((2_000, len(values)))
    for j, value in enumerate(values):
        if value is not None:
            z[:, j] = value
    return lot.Empirical(z)


def test_a_constant_column_is_measured_as_any() -> None:
    result = compared(columns(None, 3.0, None), n=200, metrics=METRICS[:3])
    assert set(result.results.status) == {"ok"}
    assert np.isfinite(result.results[NUMBERS].astype(float)).all(axis=None)
    assert result.verdict().set_index("method").verdict["linear"] == "drifts"


def test_a_prior_that_never_varies_is_refused_by_what_needs_a_scale_and_kept_by_all() -> None:
    result = compared(columns(1.0, 3.0), n=20)  # emd is slow where all prices are 0
    found = statuses(result)
    assert found.pop("mmd") == {
        "failed: mmd needs reference points that vary: the median of their squared distances is 0"
    }
    assert set.union(*found.values()) == {"ok"}
    assert_failed_rows_are_empty(result)
    ok = result.results[result.results.status == "ok"]
    assert np.abs(ok.value).max() < 1e-6
    # Nothing can be told from chance that never varies, and nothing is: no drift, no margin, no division by zero.
    assert set(result.verdict().verdict) == {"inconclusive"}
    assert result.verdict().p_value.min() > 0.05


class Stuck(lot.Normal):
    """Always the same draws: endpoints, null draws and the first of the reference are one sample."""

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return np.random.default_rng(7).standard_normal((n, *self.shape))


def test_samples_that_are_the_reference() -> None:
    result = compared(Stuck(3), methods=["switch"], t=[1e-9], repeats=1, null_draws=20)
    assert set(result.results.status) == {"ok"}
    assert np.isfinite(result.results[NUMBERS].astype(float)).all(axis=None)
    assert not result.results.drifts.any()
    assert result.verdict().verdict.tolist() == ["inconclusive"]


@pytest.mark.parametrize("name", METRICS)
def test_a_sample_that_is_the_reference_is_as_near_as_can_be(name: str) -> None:
    z = lot.Normal(3).sample(100, rng=0)
    judge = lot.drift(name).against(z, rng=0)
    itself, other = judge(z), judge(lot.Normal(3).sample(100, rng=1))
    assert np.isfinite(itself.value)
    assert itself.value < other.value
    assert itself.raw == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_metric_that_gives_no_number_says_so(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where squares overflow."""
    judging = TwoSample._judging

    def spoiled(self: TwoSample, judge: Any, d: int) -> Any:
        if self.name != "emd":
            return judging(self, judge, d)
        return lambda z: Measurement(value, 0.0, len(z))

    monkeypatch.setattr(TwoSample, "_judging", spoiled)
    result = compared(lot.Normal(3))
    found = statuses(result)
    assert found.pop("emd") == {f"failed: the metric gives {value}"}
    assert set.union(*found.values()) == {"ok"}
    assert_failed_rows_are_empty(result)
    assert "emd" not in set(result.controls.metric)


def encoder(spoil: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Any]:
    def encode(x: np.ndarray) -> lot.Posterior:
        mean = spoil(x.reshape(len(x), -1)[:, [20, 27, 36]].astype(float))
        return lot.Posterior(mean, np.full_like(mean, 0.5))

    return encode


def broken(_: np.ndarray) -> np.ndarray:
    raise RuntimeError("out of luck")


class TestModels:
    def compared(self, prior: lot.Prior | None = None, **parts: Any) -> lot.Comparison:
        model = lot.Model(prior or lot.Normal(3), **{"decode": lambda z: z, "encode": encoder(lambda z: z)} | parts)
        return compared(model, data="digits", metrics=["norm-wasserstein", "marginal-ks"])

    @pytest.mark.parametrize("prior", [lot.Normal(3), lot.Cauchy(3)], ids=repr)
    @pytest.mark.parametrize(
        ("spoil", "why"),
        [
            (lambda z: np.where(np.arange(len(z))[:, None] % 2, z, np.nan), "must be finite"),
            (broken, "RuntimeError: out of luck"),
        ],
        ids=["nan", "raises"],
    )
    def test_an_encoder_without_numbers_costs_all_that_is_encoded(
        self, prior: lot.Prior, spoil: Callable[..., Any], why: str
    ) -> None:
        """Also where the margin is a share of a control that could not be measured."""
        result = self.compared(prior, encode=encoder(spoil))
        rows = result.results
        ranks = rows[rows.metric == "marginal-ks"].set_index("endpoints")
        assert ranks.loc["encoded"].status.str.startswith("failed: ").all()
        assert ranks.loc["encoded"].status.str.contains(why).all()
        assert (ranks.loc["prior"].status == "ok").all()
        assert_failed_rows_are_empty(result)
        for reference in ("prior", "posterior"):
            verdict = result.verdict("encoded", reference)
            assert set(verdict.verdict) == {"inconclusive"}
            assert verdict.reason.str.startswith("nothing could be measured").all()
        pieces = [failure.split(": ")[0] for failure in result.outcome.facts["failures"]]
        for piece in ("linear, encoded, repeat 1", "linear, encoded against posterior, repeat 2", "strips, encoded"):
            assert piece in pieces
        assert ("controls, encoded, repeat 1" in pieces) == (spoil is broken)
        assert not any("prior, repeat" in piece for piece in pieces)

    def test_a_decoder_without_numbers_costs_the_strips_only(self) -> None:
        result = self.compared(decode=lambda z: np.full_like(z, np.nan))
        assert set(result.results.status) == {"ok"}
        said = r"strips, (\w+): InputError: model decodes (\d+) of \2 latents to values that are NaN or infinite"
        failures = [re.fullmatch(said, failure) for failure in result.outcome.facts["failures"]]
        assert [failure and failure[1] for failure in failures] == ["prior", "encoded"]
        assert not any(key.startswith("strips/") for key in result.outcome.artefacts)

    def test_too_few_data_are_said_before_anything_is_computed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            "latentot.study.work.subject.load_data",
            lambda _: lot.load_data("digits").__class__("few", *[np.ones((7, 2))] * 2),
        )
        with pytest.raises(lot.InputError, match="needs at least 2 points, got 1 pairs of encoded endpoints"):
            self.compared(encode=lambda x: (np.zeros((len(x), 3)), np.ones((len(x), 3))))


def test_a_null_that_fails_leaves_every_verdict_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NullCell, "compute", lambda *_: broken(np.ones(1)))
    result = compared(lot.Normal(3))
    assert all("null band" in failure and "out of luck" in failure for failure in result.outcome.facts["failures"])
    assert set(result.verdict().verdict) == {"inconclusive"}
    assert set(result.results.status) == {"ok"}, "what was measured is not lost"


def test_controls_that_fail_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ControlCell, "compute", lambda *_: broken(np.ones(1)))
    result = compared(lot.Normal(3))
    assert result.outcome.facts["failures"] == [
        f"controls, prior, repeat {repeat}: RuntimeError: out of luck" for repeat in (1, 2)
    ]
    assert result.controls.empty
    assert set(result.results.status) == {"ok"}
