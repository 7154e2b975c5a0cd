"""Latents that are zero, sparse, constant, few or out of all proportion: what is measured is stored and shown."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.numerics.lengths import lengths
from latentot.study.work.norms import BINS, norm_edges
from latentot.study.work.plan import Plan

RNG = np.random.default_rng(0)
Z = RNG.standard_normal((400, 4))
LATENTS: dict[str, np.ndarray] = {
    "relu": np.maximum(Z - 1.5, 0),
    "sparse": Z * (RNG.random(Z.shape) < 0.03),
    "binary": (Z > 0).astype(float),
    "nearly all zero": np.where(np.arange(400)[:, None] < 3, Z, 0),
    "zero": np.zeros_like(Z),
    "one point": np.full_like(Z, 7),
    "few points, many times": np.repeat(Z[:4], 100, axis=0),
    "a constant coordinate": np.where(np.arange(4) == 2, 3, Z),
    "on the sphere": Z / np.linalg.norm(Z, axis=1, keepdims=True),
    "one-hot": np.eye(4)[RNG.integers(0, 4, 400)],
    "heavy tails and zeros": RNG.standard_cauchy(Z.shape) ** 3 * (RNG.random((400, 1)) < 0.5),
    "huge": Z * 1e200,
    "greatest": Z / np.abs(Z).max() * 1e307,
    "tiny": Z * 1e-200,
    "subnormal": Z * 1e-318,
    "least": np.full_like(Z, 5e-324),
    "all sizes": Z * 10.0 ** RNG.uniform(-300, 300, (400, 1)),
    "far away": Z + 1e9,
    "eight": Z[:8],
    "four": Z[:4],
}
each = pytest.mark.parametrize("name", LATENTS)


@each
def test_bins_hold_what_is_there(name: str) -> None:
    norms = lengths(LATENTS[name])
    edges = norm_edges(norms)
    assert edges.shape == (BINS + 1,)
    assert np.isfinite(edges).all()
    assert (np.diff(edges) > 0).all()
    # Beyond the 99.9 % quantile and a third of it more there is one of a thousand, of 400 none or one.
    assert (norms > edges[-1]).sum() <= 1
    assert (norms / 2 < edges[0] * (1 - 1e-12)).sum() <= 1


@each
def test_norms_are_those_of_numbers_that_neither_overflow_nor_vanish(name: str) -> None:
    z = LATENTS[name]
    expected = [float(np.longdouble(0) + np.sqrt((row.astype(np.longdouble) ** 2).sum())) for row in z]
    np.testing.assert_allclose(lengths(z), expected, rtol=1e-14, atol=5e-324)


def test_bins_of_what_is_not_finite() -> None:
    for norms in (np.array([np.nan]), np.array([np.inf, 1.0]), np.array([])):
        assert (np.diff(norm_edges(norms)) > 0).all()


@pytest.fixture
def runs_without_figures() -> None:
    """Here they are drawn."""


def compared(prior: lot.Prior, **changes: Any) -> lot.Comparison:
    settings: dict[str, Any] = {
        "methods": ["linear"], "metrics": ["marginal-ks", "norm-ks"], "t": [0.5], "n": 20, "repeats": 2,
        "null_draws": 19,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lot.ControlWarning)
        return lot.compare(prior, **settings | changes)


@pytest.mark.filterwarnings("error::latentot.FailureWarning")
@each
def test_all_that_is_measured_is_there(name: str, request: pytest.FixtureRequest) -> None:
    extreme = name in ("huge", "greatest", "all sizes")
    if extreme:
        request.applymarker(pytest.mark.filterwarnings("ignore::RuntimeWarning"))
    metrics = ["marginal-ks"] if extreme else ["marginal-ks", "norm-ks"]
    result = compared(lot.Empirical(LATENTS[name], replace=True), n=20, metrics=metrics)
    assert set(result.results.status) == {"ok"}
    stored = result.outcome.artefacts
    inside = stored["norms/prior/reference"] @ np.diff(stored["norms/edges"])
    assert inside == pytest.approx(1, abs=1e-9)


@pytest.mark.filterwarnings("error::latentot.FailureWarning")
@pytest.mark.parametrize("name", ["relu", "zero", "one-hot"])
def test_it_is_shown(name: str, tmp_path: Path) -> None:
    compared(lot.Empirical(LATENTS[name])).report(tmp_path)
    assert (tmp_path / "figures" / "norms-prior.svg").exists()
    assert "could not be drawn" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("no paper")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda patch: patch.setattr(Plan, "norm_edges", broken), "densities of norms, prior"),
        (
            lambda patch: patch.setattr("latentot.study.statistics.assemble._density", broken),
            "densities of norms, prior",
        ),
    ],
    ids=["bins", "densities"],
)
def test_an_artefact_that_fails_costs_itself(
    spoil: Callable[[pytest.MonkeyPatch], None], said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spoil(monkeypatch)
    with pytest.warns(lot.FailureWarning, match=rf"RuntimeError: no paper \(lost: .*{said}") as caught:
        result = compared(lot.Normal(3))
    assert len([one for one in caught if one.category is lot.FailureWarning]) == 1
    assert set(result.results.status) == {"ok"}
    assert result.verdict().status.tolist() == ["ok"]
    assert "nothing to draw" in result.report(tmp_path).read_text(encoding="utf-8")


@pytest.mark.parametrize("figure", ["drift", "norms", "strips"])
def test_a_figure_that_fails_costs_itself(figure: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(f"latentot.reporting.page.draw_{figure}", broken)
    result = compared(lot.Normal(3))
    with pytest.warns(lot.FailureWarning, match=rf"the figure {figure}-prior could not be drawn: RuntimeError"):
        page = result.report(tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "This figure could not be drawn (RuntimeError: no paper)" in text
    assert text.count("<svg ") >= 1, "the others are there"


def test_a_density_with_a_pole_is_drawn_beside_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Pole(lot.Normal):
        @property
        def radius(self) -> Any:
            law = lot.GammaNorm(3).radius
            monkeypatch.setattr(type(law), "log_pdf", lambda _, r: np.where(r < 1, np.inf, -r))
            return law

    stored = compared(Pole(3)).outcome.artefacts
    assert np.isfinite(stored["radius/pdf"]).all()
    assert stored["radius/grid"].min() >= 1


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_samples_that_are_not_finite_are_refused_at_once(value: float) -> None:
    z = Z.copy()
    z[3, 1] = value
    with pytest.raises(lot.InputError, match="finite"):
        lot.Empirical(z)
