"""Whatever fails is warned of with its reason, once a reason, has its row, and costs nothing but itself."""

import itertools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.metrics import TwoSample
from latentot.paths import CauchyLinear
from latentot.study import Study, run
from latentot.study.work.cells import MethodCell, NullCell
from latentot.study.work.norms import BINS

METRICS = ["norm-wasserstein", "marginal-ks"]


def raising(*_: Any, **__: Any) -> Any:
    raise RuntimeError("out of\n luck")


def encode(x: np.ndarray) -> lot.Posterior:
    mean = x.reshape(len(x), -1)[:, [20, 27, 36]].astype(float)
    return lot.Posterior(mean, np.full_like(mean, 0.5))


def caught(subject: Any, **changes: Any) -> tuple[lot.Comparison, list[str]]:
    """A comparison, and the failures that it warns of."""
    settings: dict[str, Any] = {
        "methods": ["linear", "cauchy"], "metrics": METRICS, "t": [0.25, 0.5], "n": 30, "repeats": 2, "null_draws": 19,
    }  # fmt: skip
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        result = lot.compare(subject, **settings | changes)
    lines = [str(one.message) for one in said if one.category is lot.FailureWarning]
    assert lines == result.failures()
    assert not any("\n" in line for line in lines)
    return result, lines


def test_where_nothing_fails_there_is_nothing_to_say() -> None:
    model = lot.Model(lot.Normal(3), lambda z: z, encode)
    result, said = caught(model, data="digits")
    assert said == []
    assert set(result.verdict().status) == {"ok"}
    assert result.verdict().endpoints.tolist() == ["prior", "prior"]


@pytest.mark.parametrize(
    ("encoder", "why"),
    [
        (raising, "mine cannot encode the data: RuntimeError: out of luck"),
        (lambda x: x, "mine cannot encode"),
        (lambda _: None, "mine cannot encode"),
        (
            lambda x: (np.zeros((len(x), 7)), np.ones((len(x), 7))),
            "must encode to mean and scale (359, 3), got (359, 7)",
        ),
        (lambda _: (np.zeros((5, 3)), np.ones((5, 3))), "must encode to mean and scale (359, 3), got (5, 3)"),
        (lambda x: (np.full((len(x), 3), np.nan), np.ones((len(x), 3))), "to NaN or infinite values"),
        (lambda x: (np.zeros((len(x), 3)), np.full((len(x), 3), np.inf)), "to NaN or infinite values"),
        (lambda x: (np.zeros((len(x), 3)), np.full((len(x), 3), -1.0)), "a scale is a standard deviation"),
        (
            lambda x: lot.Posterior(np.zeros((len(x), 3)), np.ones((len(x), 3)), law="gamma"),
            "unknown law of a posterior",
        ),
    ],
    ids=["raises", "no pair", "nothing", "other dimension", "too few", "nan", "infinite", "negative", "no law"],
)
def test_an_encoder(encoder: Callable[..., Any], why: str) -> None:
    calls = itertools.count()

    def counted(x: np.ndarray) -> Any:
        next(calls)
        return encoder(x)

    model = lot.Model(lot.Normal(3), lambda z: z, counted, name="mine")
    result, said = caught(model, data="digits")
    assert any(why in line for line in said), said
    assert len(said) <= 3, "one a reason"
    assert next(calls) == 1, "what fails is not tried again"
    verdict = result.verdict()
    lost = verdict[verdict.status != "ok"]
    assert lost[["endpoints", "reference", "method"]].to_numpy().tolist() == [
        ["encoded", "prior", "every method"], ["encoded", "posterior", "every method"],
    ]  # fmt: skip
    assert lost.status.str.startswith("failed: ").all()
    assert set(lost.verdict) == {"inconclusive"}
    assert lost.reason.str.startswith("nothing could be measured").all()
    assert verdict[verdict.status == "ok"].endpoints.tolist() == ["prior", "prior"]
    assert "failed" in repr(result)
    assert result.verdict("encoded").method.tolist() == ["linear", "cauchy"]


@pytest.mark.parametrize(
    ("decode", "why"),
    [
        (raising, "model cannot decode: RuntimeError: out of luck"),
        (lambda z: np.full_like(z, np.nan), "latents to values that are NaN or infinite"),
        (lambda z: ["a"] * len(z), "must decode"),
    ],
    ids=["raises", "nan", "words"],
)
def test_a_decoder(decode: Callable[..., Any], why: str) -> None:
    result, (said,) = caught(lot.Model(lot.Normal(3), decode))
    assert why in said
    assert "1 piece of the run (strips, prior)" in said
    assert set(result.results.status) == set(result.verdict().status) == {"ok"}


def of_metric(name: str, fail: Callable[[int], bool]) -> Callable[..., Any]:
    """The judge of a metric that fails whenever it is told to by the number of the call."""
    judging, calls = TwoSample._judging, itertools.count()

    def spoiled(self: TwoSample, judge: Any, d: int) -> Any:
        good = judging(self, judge, d)
        if self.name != name:
            return good
        return lambda z: raising() if fail(next(calls)) else good(z)

    return spoiled


def test_a_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TwoSample, "_judging", of_metric("norm-wasserstein", lambda _: True))
    result, (said,) = caught(lot.Normal(3), cache=False)
    assert (
        said == "RuntimeError: out of luck (lost: 8 measurements on prior endpoints (linear, cauchy; norm-wasserstein))"
    )
    rows = result.results.set_index("metric")
    assert set(rows.status["marginal-ks"]) == {"ok"}
    assert set(rows.status["norm-wasserstein"]) == {"failed: RuntimeError: out of luck"}
    assert result.verdict().reason.str.endswith("4 measurements failed: RuntimeError: out of luck").all()
    assert set(result.verdict().status) == {"ok"}, "another metric judges"


def test_a_metric_that_cannot_be_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    against = TwoSample.against
    spoiled = lambda self, *a, **k: raising() if self.name == "marginal-ks" else against(self, *a, **k)  # noqa: E731
    monkeypatch.setattr(TwoSample, "against", spoiled)
    result, (said,) = caught(lot.Normal(3), cache=False)
    assert "RuntimeError: out of luck" in said
    assert set(result.results.set_index("metric").status["norm-wasserstein"]) == {"ok"}


def test_a_metric_that_fails_in_null_draws_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of it nothing can be said, and not in silence."""
    draw, drawing = NullCell._draw, [-1]

    def noted(self: NullCell, plan: Any, number: int) -> Any:
        drawing[0] = number
        found = draw(self, plan, number)
        drawing[0] = -1
        return found

    with monkeypatch.context() as unlucky:
        unlucky.setattr(NullCell, "_draw", noted)
        unlucky.setattr(TwoSample, "_judging", of_metric("norm-wasserstein", lambda _: drawing[0] == 7))
        result, (said,) = caught(lot.Normal(3))
        assert said == "RuntimeError: out of luck (lost: 1 piece of the run (null band, prior, norm-wasserstein))"
        assert set(result.verdict().status) == {"ok"}, "another metric judges"
        result, _ = caught(lot.Normal(3), metrics=["norm-wasserstein"])
        assert set(result.verdict().status) == {"failed: RuntimeError: out of luck"}
    result, said = caught(lot.Normal(3))
    assert (said, result.outcome.facts["null"]) == ([], {"prior": "computed"}), "later runs do not inherit it"


def test_a_spread_that_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was measured stands; that its bound rests on the null's spread alone is said."""
    judging = TwoSample._judging
    few = lambda self, judge, d: lambda z: raising() if len(z) < 30 else judging(self, judge, d)(z)  # noqa: E731
    monkeypatch.setattr(TwoSample, "_judging", few)
    result, (said,) = caught(lot.Normal(3), metrics=["norm-wasserstein"], methods=["linear"], repeats=1, null_draws=20)
    assert said == (
        "RuntimeError: out of luck (lost: 2 pieces of the run (spread of norm-wasserstein, linear, prior, repeat 1, "
        "t = 0.25; spread of norm-wasserstein, linear, prior, repeat 1, t = 0.5))"
    )
    assert set(result.results.status) == set(result.verdict().status) == {"ok"}
    assert result.results.spread.isna().all()
    assert np.isfinite(result.results.value).all()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (raising, "RuntimeError: out of luck"),
        (lambda z: z[1:], "the path gives points of shape (29, 3), not (30, 3)"),
        (lambda _: None, "the path gives points of shape (), not (30, 3)"),
    ],
    ids=["raises", "shape", "nothing"],
)
def test_a_method_at_some_t(spoil: Callable[[np.ndarray], Any], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call = CauchyLinear.__call__
    monkeypatch.setattr(
        CauchyLinear, "__call__", lambda self, z0, z1, t: spoil(z0) if t == 0.25 else call(self, z0, z1, t)
    )
    result, said = caught(lot.Normal(3))
    assert all(why in line for line in said)
    assert "cauchy, prior, repeat 1, t = 0.25" in said[0]
    rows = result.results.set_index(["method", "t"])
    assert set(rows.status["cauchy", 0.25]) == {f"failed: {why}"}
    assert set(rows.status["cauchy", 0.5]) == set(rows.status["linear", 0.25]) == {"ok"}
    assert rows.seconds["cauchy", 0.25].isna().all()
    assert np.isfinite(result.verdict().seconds).all()
    counts = result.outcome.artefacts["norms/prior/cauchy"]
    assert counts.shape == (2, BINS)
    assert not counts[0].any()
    assert counts[1].any()


class Unlucky(lot.Normal):
    """A generator that fails at every fourth draw from the fifth on."""

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        calls = self.__dict__.setdefault("calls", itertools.count())
        if (call := next(calls)) >= 4 and call % 4 == 0:
            raise RuntimeError("out of luck")
        return super()._draw(n, rng)


@pytest.mark.parametrize("prior", [Unlucky(3)], ids=["at times"])
def test_a_generator(prior: lot.Prior) -> None:
    result, said = caught(prior)
    assert any("out of luck" in line for line in said)
    assert len(result.results) == 2 * 2 * 2 * 2, "a row for all that was asked for"
    assert len(result.verdict()) == 2


def test_every_measurement_that_is_refused_says_so_once() -> None:
    result, said = caught(lot.Cauchy(3), metrics=["norm-wasserstein", "sliced-wasserstein-1", "marginal-ks"])
    assert [line.split(" needs")[0] for line in said] == ["norm-wasserstein", "sliced-wasserstein-1"]
    assert set(result.verdict().status) == {"ok"}


def test_what_failed_at_some_t_is_computed_again_when_asked_for(
    settings: dict[str, Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study.of(**settings)
    with monkeypatch.context() as unlucky:
        call = CauchyLinear.__call__
        unlucky.setattr(CauchyLinear, "__call__", lambda *a: raising() if a[-1] == 0.25 else call(*a))
        first = run(study, folder=tmp_path)
    assert len(first.facts["failures"]) == 2
    assert run(study, folder=tmp_path).facts["failures"] == first.facts["failures"]
    again = run(study, folder=tmp_path, retry_failed=True)
    assert again.facts["failures"] == again.facts["reasons"] == []
    assert set(again.results.status) == {"ok"}


def test_a_bug_of_ours_is_recorded_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MethodCell, "compute", raising)
    result, (said,) = caught(lot.Normal(3))
    assert "16 measurements on prior endpoints (linear, cauchy; norm-wasserstein, marginal-ks) and 4 pieces" in said
    assert set(result.verdict().status) == {"failed: RuntimeError: out of luck"}
    assert result.verdict().method.tolist() == ["linear", "cauchy"], "the first endpoints have a row a method"
