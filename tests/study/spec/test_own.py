"""Methods that are given as objects: compared beside the catalogue's, kept and resumed, refused in one line."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import latentot as lot
from latentot.paths.function import FunctionPath
from latentot.study import own_methods
from latentot.study.spec.identity import identity

PRIOR = lot.Normal(4)
TINY: dict[str, Any] = {
    "metrics": "norm-wasserstein",
    "t": 0.5,
    "n": 60,
    "repeats": 2,
    "null_draws": 19,
    "cache": False,
}


def lerp(z0: Any, z1: Any, t: float) -> Any:
    return (1 - t) * z0 + t * z1


def rescaled(z0: Any, z1: Any, t: float) -> Any:
    return lerp(z0, z1, t) / np.hypot(1 - t, t)


def values(result: Any, method: str) -> list[float]:
    found = result.results
    return found[found.method == method].value.tolist()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_function_is_compared_beside_the_others(jobs: int) -> None:
    mine = ("mine", lambda z0, z1, t: rescaled(z0, z1, t) + 0)
    result = lot.compare(PRIOR, methods=["linear", lerp, mine, "matched"], **TINY, jobs=jobs)
    assert list(dict.fromkeys(result.results.method)) == ["linear", "lerp", "mine", "matched"]
    assert values(result, "lerp") == values(result, "linear")
    assert values(result, "mine") == pytest.approx(values(result, "matched"))
    assert result.outcome.facts["methods"]["mine"]["claims"] == "nothing"


def test_an_interpolation_of_the_catalogue_is_its_name_and_options() -> None:
    path = lot.interpolation("stable", PRIOR, alpha=1.25)
    choices, own = own_methods(["linear", path, lot.interpolation("cauchy", PRIOR)], PRIOR)
    assert own == {}
    assert [choice if isinstance(choice, str) else choice.label for choice in choices] == [
        "linear",
        "stable (alpha=1.25)",
        "cauchy",
    ]


def test_a_report_shows_it_with_what_it_claims(tmp_path: Path) -> None:
    lot.compare(PRIOR, methods=["linear", lerp], **TINY).report(tmp_path)
    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "- **lerp** a function of the user's own" in page
    assert "claims: nothing" in page


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        ([lot.interpolation("cauchy", lot.Normal(8))], "for another prior than Normal\\(4\\): make it for that one"),
        ([lerp, lerp], "the name 'lerp' is another method's: give a pair"),
        ([("linear", lerp)], "the name 'linear' is latentot's own: give a pair"),
        ([lambda *ends: ends[0], lambda *ends: ends[1]], "the name 'function' is another method's"),
        (["linear", 3], "methods"),
    ],
)
def test_what_cannot_be_compared_is_one_line(methods: Any, message: str) -> None:
    with pytest.raises(lot.InputError, match=message) as refused:
        lot.compare(PRIOR, methods=methods, **TINY)
    assert "\n" not in str(refused.value)


def test_a_function_may_make_tensors_of_arrays() -> None:
    torch = pytest.importorskip("torch")

    def of_tensors(z0: Any, z1: Any, t: float) -> Any:
        weight = torch.tensor(1 - t, requires_grad=True)
        return weight * torch.as_tensor(z0) + t * torch.as_tensor(z1)

    path = lot.interpolation("linear", PRIOR)
    z0, z1 = PRIOR.sample(5, rng=0), PRIOR.sample(5, rng=1)
    points = FunctionPath(PRIOR, of_tensors)(z0, z1, 0.25)
    assert isinstance(points, np.ndarray)
    np.testing.assert_allclose(points, path(z0, z1, 0.25), rtol=1e-12)
    with pytest.raises(lot.InputError, match="lost gives 20 values that are NaN"):
        FunctionPath(PRIOR, lambda z0, *_: torch.full(z0.shape, np.nan), "lost")(z0, z1, 0.25)


def other_shape(z0: Any, z1: Any, t: float) -> Any:
    return z0[:, :2]


def one_number(z0: Any, z1: Any, t: float) -> Any:
    return 1.0


def not_finite(z0: Any, z1: Any, t: float) -> Any:
    return z0 * np.nan


def changing(z0: Any, z1: Any, t: float) -> Any:
    z0 *= 2
    return z1


def raising(z0: Any, z1: Any, t: float) -> Any:
    raise KeyError("no such thing")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (other_shape, r"other_shape gives \(60, 2\) for endpoints of shape \(60, 4\)"),
        (one_number, "one_number gives float for endpoints"),
        (not_finite, "not_finite gives 240 values that are NaN or infinite"),
        (changing, "changing changes its endpoints: work on copies"),
        (raising, "KeyError: 'no such thing'"),
    ],
)
def test_what_fails_costs_its_own_rows(function: Any, message: str) -> None:
    with pytest.warns(lot.FailureWarning, match=message):
        result = lot.compare(PRIOR, methods=["linear", function], **TINY)
    failed = result.results.status != "ok"
    assert set(result.results.method[failed]) == {function.__name__}
    assert (~failed).sum() == 2


def test_runs_in_python_are_kept_and_resumed(tmp_path: Path) -> None:
    calls = []

    def counted(z0: Any, z1: Any, t: float) -> Any:
        calls.append(t)
        return lerp(z0, z1, t)

    first = lot.compare(PRIOR, methods=["linear", ("mine", lerp)], **TINY, out=tmp_path)
    assert (tmp_path / "report.html").exists()
    seen: list[str] = []
    again = lot.compare(
        PRIOR,
        methods=["linear", ("mine", lerp)],
        **TINY,
        out=tmp_path,
        progress=lambda _d, _o, what, _s: seen.append(what),
    )
    assert seen == []
    pd.testing.assert_frame_equal(again.results, first.results)
    # Another function of the same name is computed, and nothing else is.
    lot.compare(
        PRIOR,
        methods=["linear", ("mine", counted)],
        **TINY,
        out=tmp_path,
        progress=lambda _d, _o, what, _s: seen.append(what),
    )
    assert len(calls) == 2 + 7, "what is judged, and a profile of nine positions without its ends"
    assert {what.partition(",")[0] for what in seen} == {"mine", "profile of mine"}
    # Another prior, too.
    other = lot.compare(lot.Normal(4, scale=2), methods=["linear"], **TINY, out=tmp_path)
    assert other.results.value.tolist() != first.results[first.results.method == "linear"].value.tolist()


def test_objects_are_told_apart_by_what_they_are_made_of() -> None:
    def scaled(by: float) -> Any:
        return lambda z0, z1, t: by * lerp(z0, z1, t)

    assert identity(scaled(1.0)) == identity(scaled(1.0)) != identity(scaled(2.0))
    assert identity(lerp) == identity(lerp) != identity(rescaled)
    assert identity(open) == identity(open)
    import threading

    lock = threading.Lock()
    assert identity(lambda: lock) != identity(lambda: lock), "what cannot be pickled is another each time"
