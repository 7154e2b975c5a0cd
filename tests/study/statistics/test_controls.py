"""Controls: endpoints that are not what they are said to be, and studies too small to see anything, are told."""

import importlib
import json
import sys
import types
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import latentot as lot
from latentot.cli import main
from latentot.metrics import LAWS, Measurement, drift, law_p_values
from latentot.priors import Prior
from latentot.study import Study, run
from latentot.study.spec.seeds import stream
from latentot.study.statistics.controls import Control, check_controls
from latentot.study.statistics.table import Table
from latentot.study.statistics.verdict import Verdict
from latentot.study.work.controls import SHRUNK, Controls
from latentot.study.work.failure import Failure

assemble_module = importlib.import_module("latentot.study.statistics.assemble")
METRICS = ["norm-wasserstein", "marginal-ks"]
ENDS = ["t = 0", "t = 1"]


@dataclass(frozen=True)
class Bench:
    """Null draws of N(0, I_4) and what measures endpoints as they were measured."""

    seed: int
    n: int = 200
    draws: int = 99

    def __post_init__(self) -> None:
        prior, rng = lot.Normal(4), np.random.default_rng(self.seed)
        reference = prior.sample(10 * self.n, rng=rng)
        judges = {name: drift(name).against(reference, rng=rng) for name in METRICS}
        null = [[judge(prior.sample(self.n, rng=rng)).value for judge in judges.values()] for _ in range(self.draws)]
        for name, value in {
            "judges": judges,
            "null": dict(zip(METRICS, np.array(null).T, strict=True)),
            "rng": rng,
        }.items():
            object.__setattr__(self, name, value)

    def checked(self, tests: int = 2 * len(METRICS), **ends: Any) -> dict[str, Control]:
        """Controls by name, of endpoints z0 and z1, drawn from N(0, I_4) unless given, and of half of z0."""
        drawn: Any = self
        z0, z1 = (ends.get(name, lot.Normal(4).sample(self.n, rng=drawn.rng)) for name in ("z0", "z1"))
        measured = {
            name: {metric: judge(z) for metric, judge in drawn.judges.items()}
            for name, z in zip([*ENDS, SHRUNK], [z0, z1, z0 / 2], strict=True)
        }
        found = check_controls(drawn.null, [Controls(measured)], tests)
        assert [control.control for control in found] == [*ENDS, SHRUNK]
        return {control.control: control for control in found}


class TestEndpoints:
    @pytest.mark.parametrize(
        ("wrong", "z"),
        [
            ("1.2 times as large", lambda rng: 1.2 * rng.standard_normal((200, 4))),
            ("means alone, without the noise of q(z|x)", lambda rng: np.sqrt(0.6) * rng.standard_normal((200, 4))),
            ("directions of positive numbers only", lambda rng: np.abs(rng.standard_normal((200, 4)))),
            ("shifted", lambda rng: rng.normal([0.6, 0, 0, 0], 1, (200, 4))),
            ("heavy-tailed", lambda rng: rng.standard_t(2, (200, 4))),
        ],
    )
    @pytest.mark.parametrize("end", ["z0", "z1"])
    def test_that_do_not_follow_the_law_raise_an_alarm(self, wrong: str, z: Any, end: str) -> None:
        found = Bench(0).checked(**{end: z(np.random.default_rng(1))})
        accused, other = ENDS if end == "z0" else ENDS[::-1]
        assert not found[accused].holds, wrong
        assert found[accused].p_value < 0.001
        assert found[other].holds
        assert f"endpoints at {accused} of repeat 1 do not follow the law" in found[accused].reason

    @pytest.mark.parametrize("draws", [19, 49])
    def test_that_follow_it_raise_none(self, draws: int) -> None:
        alarms = sum(
            not control.holds
            for seed in range(200)
            for control in Bench(seed, n=30, draws=draws).checked().values()
            if not control.is_power
        )
        # 0.1 % of runs, 0.2 % where a tail is a little heavier than exponential: three alarms in 200 runs are a chance
        # of 0.8 %, four of 0.08 %.
        assert alarms <= 2

    def test_p_value_is_corrected_for_all_tests_of_a_run(self) -> None:
        bench = Bench(2)
        few, many = bench.checked(tests=4, z0=np.ones((200, 4))), bench.checked(tests=40, z0=np.ones((200, 4)))
        assert many["t = 0"].p_value == pytest.approx(10 * few["t = 0"].p_value)
        assert bench.checked(tests=10**9)["t = 1"].p_value == 1
        assert few[SHRUNK].p_value == pytest.approx(many[SHRUNK].p_value, rel=1), "what is shrunk is not of their kind"

    def test_metrics_without_a_value_are_left_out(self) -> None:
        null = dict(zip("abc", np.random.default_rng(0).standard_normal((3, 99)), strict=True))
        null["c"][3] = np.nan
        few = Failure("too few points")
        ends = {"t = 0": {"a": few, "b": Measurement(0.1, 0.1, 50), "c": Measurement(99.0, 99.0, 50)}}
        (control,) = check_controls(null, [Controls(ends)], 3)
        assert (control.metric, control.holds) == ("b", True)
        assert check_controls(null, [Controls({"t = 0": {"a": few}})], 1) == []

    def test_are_not_held_to_metrics_whose_chance_is_that_of_a_power_law(self) -> None:
        null = dict(zip("ab", np.random.default_rng(0).standard_normal((2, 99)), strict=True))
        measured = {"a": Measurement(99.0, 99.0, 50), "b": Measurement(0.0, 0.0, 50)}
        beyond = Controls({"t = 0": measured, SHRUNK: measured})
        alarm, seen = check_controls(null, [beyond], 2)
        assert (alarm.holds, alarm.metric) == (False, "a")
        quiet, still_seen = check_controls(null, [beyond], 2, heavy=["a"])
        assert (quiet.holds, quiet.metric) == (True, "b")
        assert seen == still_seen, "what is shrunk has a second chance only by chance"

    @pytest.mark.parametrize(
        ("prior", "heavy"),
        [
            (lot.Normal(2), []),
            (lot.StudentT(2, df=3), ["sliced-wasserstein", "norm-wasserstein"]),
            (lot.StudentT(2, df=6), ["sliced-wasserstein"]),
            (lot.Cauchy(2), ["sliced-wasserstein", "norm-wasserstein"]),
        ],
        ids=repr,
    )
    def test_metrics_without_a_fourth_moment_are_of_that_kind(
        self, prior: Prior, heavy: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[Any] = []
        monkeypatch.setattr(assemble_module, "check_controls", lambda *given: seen.append(given) or [])
        metrics = ["sliced-wasserstein", "norm-wasserstein", "marginal-ks"]
        settings: dict[str, Any] = {"methods": ["linear"], "metrics": metrics, "t": [0.25, 0.5]}
        outcome = run(Study.of(**settings, pairs=20, repeats=3, null_draws=19), live=prior)
        null, outcomes, tests, found = seen[0]
        assert found == heavy
        assert (list(null), len(outcomes)) == (metrics, 3)
        drawn = np.stack(list(null.values()), axis=1)
        np.testing.assert_array_equal(
            drawn, outcome.artefacts["null/prior"][:, [0, 2, 4]], "each metric at the first t"
        )
        assert tests == 2 * 3 * (len(metrics) + len(LAWS))

    def test_subjects_that_are_believed_together_share_the_chance_of_an_alarm(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[int] = []
        monkeypatch.setattr(assemble_module, "check_controls", lambda *given: seen.append(given[2]) or [])
        study = Study.of(methods=["linear"], metrics=["marginal-ks"], t=[0.5], pairs=20, repeats=3, null_draws=19)
        run(study, live=lot.Normal(2))
        run(study, live=lot.Normal(2), subjects=4)
        assert seen[1] == 4 * seen[0]


class Scaled(lot.Normal):
    """Its draws are 1.2 times as large as it says."""

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return 1.2 * super()._draw(n, rng)


class Positive(lot.MultivariateT):
    """Norms as it says; directions from rand instead of randn."""

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return np.abs(super()._draw(n, rng))


class Sorted(lot.Normal):
    """Draws that are no independent draws: the first half has the smaller norms."""

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        z = super()._draw(n, rng)
        return z[np.argsort(np.linalg.norm(z, axis=1))]


def compared(prior: Any, **changes: Any) -> lot.Comparison:
    settings: dict[str, Any] = {
        "methods": ["linear", "switch"], "metrics": METRICS, "t": [0.5], "n": 400, "repeats": 2, "null_draws": 39,
        "seed": 0,
    }  # fmt: skip
    return lot.compare(prior, **settings | changes)


class TestPriors:
    @pytest.mark.parametrize(
        ("prior", "law"),
        [
            (Scaled(3), "law of the norm"),
            (Scaled(3, mean=1.0), "law of a coordinate"),
            (Positive(3, df=5), "law of the direction"),
            (Sorted(3), None),
        ],
        ids=["too large", "too large, no law of the norm", "positive directions", "sorted"],
    )
    def test_that_do_not_draw_what_they_say_void_every_verdict(self, prior: Prior, law: str | None) -> None:
        """Null band and reference are drawn from the same prior: only its laws can tell, or what is not alike in it."""
        with pytest.warns(lot.ControlWarning, match="a control failed: endpoints at t = "):
            result = compared(prior)
        assert set(result.verdict().verdict) == {"inconclusive"}
        assert result.verdict().reason.str.contains("a control failed: endpoints at t = ").all()
        failed = result.controls[~result.controls.holds]
        assert len(failed) == 4 or law is None, "both ends of both repeats"
        assert (failed.p_value < 0.001).all()
        if law is not None:
            assert set(failed.metric) == {law}
        assert result.failed_controls() == failed.reason.tolist()

    @pytest.mark.parametrize(
        "prior",
        [
            lot.Normal(3), lot.Normal((2, 2), mean=1, scale=3), lot.Uniform(3, low=0, high=5), lot.Sphere(3),
            lot.Cauchy(2), lot.StudentT(2, df=3), lot.MultivariateT(3, df=2), lot.GammaNorm(3),
            lot.ProductPrior(scipy.stats.gumbel_r(), 2), lot.Normal(1),
            lot.GaussianMixture([[0.0, 1.0], [2.0, 3.0]], [np.eye(2), np.eye(2)]),
            lot.Empirical(np.random.default_rng(0).standard_normal((2_000, 2))),
        ],
        ids=repr,
    )  # fmt: skip
    def test_that_do_are_believed(self, prior: Prior) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error", lot.ControlWarning)
            result = compared(prior, metrics=["marginal-ks"], null_draws=19, methods=["switch"])
        assert result.controls.holds.all()
        assert result.controls.control.tolist() == [*ENDS, SHRUNK] * 2
        assert result.failed_controls() == []
        assert (result.controls.reason == "").all()

    @pytest.mark.parametrize("prior", [lot.Normal(5), lot.MultivariateT(5, df=3), lot.Laplace(2)], ids=repr)
    def test_p_values_of_laws_are_uniform(self, prior: Prior) -> None:
        found = [law_p_values(prior, prior.sample(50, rng=seed)) for seed in range(200)]
        assert found[0].keys() <= set(LAWS)
        for law in found[0]:
            # Kolmogorov-Smirnov of Kolmogorov-Smirnov: a false alarm of 1e-4.
            assert scipy.stats.kstest([p[law] for p in found], "uniform").pvalue > 1e-4

    def test_of_laws_that_are_not_numbers_are_not_believed(self) -> None:
        class Broken(lot.Normal):
            @property
            def marginal(self) -> Any:
                return types.SimpleNamespace(
                    size=None, cdf=lambda x: np.full_like(x, np.nan), support=(-np.inf, np.inf)
                )

        assert law_p_values(Broken(2), np.ones((5, 2)))["law of a coordinate"] == 0


class TestBlindness:
    def test_a_study_too_small_is_told_so(self) -> None:
        with pytest.warns(
            lot.ControlWarning, match="the study is too small or its metrics are insensitive; use more pairs"
        ):
            result = compared(lot.Normal(1), n=3, methods=["switch"], metrics=["marginal-ks"], null_draws=19)
        failed = result.controls[~result.controls.holds]
        assert set(failed.control) == {SHRUNK}
        assert set(result.verdict().verdict) == {"inconclusive"}
        assert result.verdict().reason.str.contains("a sample shrunk to half its size is not seen to drift").all()

    def test_a_larger_one_is_not(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error", lot.ControlWarning)
            assert compared(lot.Normal(1), n=100, methods=["switch"], metrics=["marginal-ks"]).controls.holds.all()

    def test_ends_the_command_with_1_after_its_results_are_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        flags = ["--prior", "normal", "--dim", "1", "--pairs", "3", "--metric", "marginal-ks", "--method", "linear"]
        flags += ["--null-draws", "20", "--repeats", "1", "--quiet", "--out", str(tmp_path / "out")]
        monkeypatch.setattr(sys, "argv", ["latentot", "compare", *flags])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        said = capsys.readouterr()
        assert said.err.startswith("latentot: 1 control failed: a sample shrunk to half its size is not seen to drift")
        assert said.err.count("\n") == 1
        assert "inconclusive" in said.out
        assert "report:" in said.out
        facts = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
        assert [c["holds"] for c in facts["controls"]] == [True, True, False]
        assert len(pd.read_csv(tmp_path / "out" / "results.csv")) == 2
        assert (tmp_path / "out" / "report.html").exists()


END_FAILED = Control("t = 1", 0, False, "emd", 1e-6)
BLIND = Control(SHRUNK, 0, False, "emd", 0.7)


@pytest.mark.parametrize(
    ("failed", "voided"),
    [
        ([], set()),
        ([BLIND], {"keeps", "inconclusive"}),
        ([END_FAILED], {"keeps", "drifts", "inconclusive"}),
        ([BLIND, END_FAILED], {"keeps", "drifts", "inconclusive"}),
    ],
    ids=["none", "blind", "endpoints", "both"],
)
def test_what_a_failed_control_voids(failed: list[Control], voided: set[str]) -> None:
    """What is blind and sees a drift has seen it; endpoints that drift make a drift of any path."""
    held = Control("t = 0", 0, True, "emd", 0.5)
    table: Any = types.SimpleNamespace(controls=[held, *failed])
    for name in ("keeps", "drifts", "inconclusive"):
        given = Verdict(name, None, None, None, 0.5, "as it is")
        found = Table._controlled(table, given)
        if name in voided:
            assert found.verdict == "inconclusive"
            before = "as it is; " if name == "inconclusive" else ""
            assert found.reason == f"{before}a control failed: {failed[-1].reason}", "endpoints before blindness"
        else:
            assert found == given


@pytest.fixture(scope="module")
def result() -> lot.Comparison:
    metrics, methods = ["marginal-ks", "norm-ks", "norm-wasserstein"], ["linear", "spherical"]
    return compared(lot.Cauchy(2), n=3_000, margin=0.2, metrics=metrics, t=[0.25, 0.5], methods=methods)


class TestCauchyPrior:
    """The straight line keeps it: there is no drift of linear's to take a share of."""

    def test_is_kept_by_linear_under_metrics_of_ranks(self, result: lot.Comparison) -> None:
        linear = result.verdict().set_index("method").loc["linear"]
        assert linear.verdict == "keeps"
        assert linear.reason.startswith("4 of 4 measurements resolve the margin")
        assert "4 measurements failed" in linear.reason, "norms of Cauchy numbers have no mean"

    def test_is_not_kept_by_spherical(self, result: lot.Comparison) -> None:
        assert result.verdict().set_index("method").verdict["spherical"] == "drifts"

    def test_margin_is_a_share_of_what_a_shrunk_sample_misses_by(self, result: lot.Comparison) -> None:
        """Recomputed from draws: the control is half of z0."""
        prior = lot.Cauchy(2)
        reference = prior.sample(30_000, rng=stream(0, "reference", "prior", 0))
        ends = [prior.sample(6_000, rng=stream(0, "pairs", "prior", repeat))[:3_000] for repeat in range(2)]
        for metric in ("marginal-ks", "norm-ks"):
            shrunk = np.mean([drift(metric)(z / 2, reference, rng=0) for z in ends])
            for cell in (cell for cell in result.outcome.facts["cells"] if cell["metric"] == metric):
                assert cell["margin"] == pytest.approx(0.2 * (shrunk - cell["null_mean"]))
