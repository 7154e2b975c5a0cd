"""Metrics with options, and metrics that are given as objects: measured beside others, kept, refused in one line."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import latentot as lot
from latentot.metrics import LAWS, Measurement, TwoSample, as_metric
from latentot.study import NullCache, Study, own_metrics, read_studies, run

PRIOR = lot.Normal(4)
TINY: dict[str, Any] = {
    "methods": ["linear", "cauchy"],
    "t": 0.5,
    "n": 60,
    "repeats": 2,
    "null_draws": 19,
    "cache": False,
}


def mean_shift(z: Any, reference: Any, *, rng: int) -> float:
    return float(np.linalg.norm(z.mean(axis=0) - reference.mean(axis=0)))


def norms(z: Any, reference: Any, *, rng: int) -> float:
    return lot.drift("norm-wasserstein")(z, reference, rng=rng)


class Largest(TwoSample):
    """A class of somebody's own, without options."""

    name, title, formula, unit, citation = "largest", "largest norm", "max |z| - max |r|", "latent units", "nobody"
    cost, error, min_points, moments, degree, origin = "O(n d)", "exact", 1, 0, 1, True

    def _prepare(self, reference: Any, rng: Any, sizes: Any) -> Any:
        known = np.linalg.norm(reference, axis=1).max()

        def judge(z: Any) -> Measurement:
            value = float(known - np.linalg.norm(z, axis=1).max())
            return Measurement(value, value, len(z))

        return judge


def values(result: Any, metric: str) -> list[float]:
    found = result.results
    assert set(found.status[found.metric == metric]) == {"ok"}
    return found[found.metric == metric].value.tolist()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_function_and_other_options_are_measured_beside_the_others(jobs: int) -> None:
    asked = ["norm-wasserstein", lot.drift("mmd", width=2.0), mean_shift, ("mine", norms), Largest(), "mmd"]
    result = lot.compare(PRIOR, metrics=asked, **TINY, jobs=jobs)
    names = ["norm-wasserstein", "mmd (width=2.0)", "mean_shift", "mine", "largest", "mmd"]
    assert list(dict.fromkeys(result.results.metric)) == names
    assert list(result.outcome.facts["metrics"]) == names
    assert values(result, "mine") == values(result, "norm-wasserstein")
    assert values(result, "mmd") != values(result, "mmd (width=2.0)")
    assert result.outcome.facts["metrics"]["largest"]["formula"] == "max |z| - max |r|"
    # What is measured by name alone has the numbers that it has by itself.
    alone = lot.compare(PRIOR, metrics=["mmd"], **TINY)
    assert values(alone, "mmd") == values(result, "mmd")
    assert set(result.controls.metric) <= set(names) | set(LAWS)


def test_a_metric_of_the_catalogue_is_its_name_and_options() -> None:
    choices, own = own_metrics(["mmd", lot.drift("mmd", width=2.0), lot.drift("norm-ks")])
    assert own == {}
    assert [choice if isinstance(choice, str) else choice.label for choice in choices] == [
        "mmd",
        "mmd (width=2.0)",
        "norm-ks",
    ]


@pytest.mark.parametrize("given", [mean_shift, ("shift", mean_shift), Largest(), "mmd", {"name": "mmd"}])
def test_one_may_stand_alone(given: Any) -> None:
    (choice,), own = own_metrics(given)
    assert len(own) == (not isinstance(given, str | dict))
    assert Study.of(metrics=[choice]).metrics[0].label in {"mean_shift", "shift", "largest", "mmd"}


def test_a_study_file_gives_options_in_tables(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(
        'prior = "normal"\ndim = 3\n[[metrics]]\nname = "norm-ks"\n'
        '[[metrics]]\nname = "Sliced Wasserstein"\noptions = { directions = 32 }\n'
    )
    (study,) = read_studies(tmp_path / "study.toml")
    assert [choice.label for choice in study.metrics] == ["norm-ks", "sliced-wasserstein (directions=32)"]
    assert Study.of(metrics=["mmd", {"name": "mmd", "options": {"width": 2}}]).metrics[1].label == "mmd (width=2)"


def test_a_report_shows_what_each_is(tmp_path: Path) -> None:
    metrics = ["norm-ks", lot.drift("mmd", width=2.0), mean_shift]
    lot.compare(PRIOR, metrics=metrics, **TINY).report(tmp_path)
    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "- **mmd (width=2.0)** squared maximum mean discrepancy, unbiased" in page
    assert "- **mean\\_shift** a function of the user's own" in page
    assert "mmd (width=2.0)" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("metrics", "message"),
    [
        ([mean_shift, mean_shift], "the name 'mean_shift' is another metric's: give a pair"),
        ([("mmd", mean_shift)], "the name 'mmd' is latentot's own: give a pair"),
        ([lambda *_, **__: 0, lambda *_, **__: 1], "the name 'function' is another metric's"),
        (["mmd", lot.drift("mmd", width=1.0)], "metrics must be a list of one or more, each once"),
        ([{"name": "mmd", "options": {"widht": 2.0}}], "unknown option of the metric 'mmd' 'widht'"),
        ([{"name": "mmd", "options": {"width": -2.0}}], "width of mmd is a positive number, got -2.0"),
        ([{"name": "mmd", "width": 2.0}], "what metrics has options for is in options"),
        (["norm-ks", 3], "the setting metrics is a list of which each is a name such as 'mmd', or"),
        ([Largest], "the setting metrics is a list"),
        ([], "metrics must be a list of one or more"),
    ],
)
def test_what_cannot_be_measured_is_one_line(metrics: Any, message: str) -> None:
    with pytest.raises(lot.InputError, match=message) as refused:
        lot.compare(PRIOR, metrics=metrics, **TINY)
    assert "\n" not in str(refused.value)


def raising(z: Any, reference: Any, *, rng: int) -> float:
    raise KeyError("no such thing")


def not_finite(z: Any, reference: Any, *, rng: int) -> float:
    return float("nan")


def text(z: Any, reference: Any, *, rng: int) -> str:
    return "far"


def changing(z: Any, reference: Any, *, rng: int) -> float:
    z *= 2
    return 0.0


def many(z: Any, reference: Any, *, rng: int) -> Any:
    return z.mean(axis=0)


class Bare(Largest):
    """Its judge gives a bare number."""

    name = "bare"

    def _prepare(self, reference: Any, rng: Any, sizes: Any) -> Any:
        return lambda _: 0.5


class Unready(Largest):
    """It cannot be prepared."""

    name = "unready"

    def _prepare(self, reference: Any, rng: Any, sizes: Any) -> Any:
        raise ZeroDivisionError("as it happens")


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (raising, "KeyError: 'no such thing'"),
        (not_finite, "not_finite gives nan: return a finite number"),
        (text, "text gives str: return one number"),
        (many, "many gives ndarray: return one number"),
        (changing, "changing changes its points: work on copies"),
        (Bare(), "the judge of bare gives float: return a Measurement"),
        (Unready(), "ZeroDivisionError: as it happens"),
    ],
)
def test_what_fails_costs_its_own_rows(metric: Any, message: str) -> None:
    with pytest.warns(lot.FailureWarning, match=message):
        result = lot.compare(PRIOR, metrics=["norm-ks", metric], **TINY)
    failed = result.results.status != "ok"
    assert set(result.results.metric[failed]) == {getattr(metric, "name", getattr(metric, "__name__", ""))}
    assert (~failed).sum() == 4
    assert set(result.verdict().status) == {"ok"}


def test_what_is_known_is_not_measured_again(tmp_path: Path) -> None:
    def compared(*metrics: Any) -> tuple[lot.Comparison, list[str]]:
        seen: list[str] = []
        result = lot.compare(
            PRIOR, metrics=metrics, **TINY, out=tmp_path, progress=lambda _d, _o, what, _s: seen.append(what)
        )
        return result, seen

    calls = []

    def counted(z: Any, reference: Any, *, rng: int) -> float:
        calls.append(len(z))
        return mean_shift(z, reference, rng=rng)

    wide = lot.drift("mmd", width=2.0)
    first, _ = compared("norm-ks", wide, ("mine", mean_shift))
    again, seen = compared("norm-ks", wide, ("mine", mean_shift))
    assert seen == []
    pd.testing.assert_frame_equal(again.results, first.results)
    # Other options, and another function of the same name, are measured, and the others are as they were.
    other, seen = compared("norm-ks", lot.drift("mmd", width=3.0), ("mine", counted))
    assert seen
    assert len(calls) > 0
    assert values(other, "norm-ks") == values(first, "norm-ks")
    assert values(other, "mine") == values(first, "mine")
    assert values(other, "mmd (width=3.0)") != values(first, "mmd (width=2.0)")
    _, seen = compared("norm-ks", wide, lot.drift("mmd", width=3.0), ("mine", mean_shift))
    assert seen == [], "each is kept by itself"


def test_null_bands_on_disk_are_of_the_same_options(tmp_path: Path) -> None:
    def null(*metrics: Any) -> str:
        chosen, own = own_metrics(metrics)
        study = Study.of(
            prior="normal", dim=3, methods=["linear"], metrics=chosen, t=0.5, pairs=40, repeats=1, null_draws=20
        )
        return str(run(study, metrics=own, null_cache=NullCache(tmp_path)).facts["null"]["prior"])

    assert [null("mmd"), null("mmd")] == ["computed", "cached"]
    assert [null(lot.drift("mmd", width=2.0)), null(lot.drift("mmd", width=2.0))] == ["computed", "cached"]
    # Whose source cannot be known is not kept.
    assert [null(mean_shift), null(mean_shift)] == ["computed", "computed"]
    assert [null(as_metric(mean_shift)), null(Largest())] == ["computed", "computed"]
    assert len(list(tmp_path.iterdir())) == 2
