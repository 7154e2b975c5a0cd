"""Null bands on disk: used where they are this study's, and where not even a bit of them is another's."""

import functools
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import latentot as lot
from latentot.cli import main
from latentot.data import load_data
from latentot.priors import Prior
from latentot.study import Study, default_folder, run
from latentot.study.storage import null_cache
from latentot.study.work.subject import Subject

METRICS = ["norm-wasserstein", "marginal-ks"]


Ran = Callable[..., Any]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


class TestAgain:
    def test_computes_no_null_cell(self, kept: Any, folder: Path, ran: Ran) -> None:
        assert kept.null_cells == 4, "20 draws, five at a time"
        assert kept.outcome.facts["null"] == {"prior": "computed"}
        again = ran(folder)
        assert again.null_cells == 0
        assert again.outcome.facts["null"] == {"prior": "cached"}
        assert len(files(folder)) == 1

    def test_gives_the_same_numbers(self, kept: Any, folder: Path, ran: Ran, settings: dict[str, Any]) -> None:
        without = run(Study.of(**settings | {"methods": ["linear"], "repeats": 1, "null_draws": 20}))
        for found in (kept.outcome, ran(folder).outcome):
            pd.testing.assert_frame_equal(
                found.results.drop(columns="seconds"), without.results.drop(columns="seconds"), check_exact=True
            )
            for section in ("verdicts", "cells", "controls"):
                expected, rows = (pd.DataFrame(o.facts[section]) for o in (without, found))
                pd.testing.assert_frame_equal(
                    rows.drop(columns="seconds", errors="ignore"),
                    expected.drop(columns="seconds", errors="ignore"),
                    check_exact=True,
                )
            np.testing.assert_array_equal(found.artefacts["null/prior"], without.artefacts["null/prior"])

    @pytest.mark.usefixtures("kept")
    def test_serves_other_methods_repeats_and_margins(self, folder: Path, ran: Ran) -> None:
        assert ran(folder, methods=["switch"], repeats=2, margin=0.5, title="another").null_cells == 0

    def test_what_could_not_be_measured_is_kept_as_such(self, folder: Path, ran: Ran) -> None:
        first, second = ran(folder, lot.Cauchy(2)), ran(folder, lot.Cauchy(2))
        assert (first.null_cells, second.null_cells) == (4, 0)
        assert np.isnan(second.draws[:, :2]).all(), "norms of Cauchy numbers have no mean"
        np.testing.assert_array_equal(second.draws, first.draws)

    @pytest.mark.usefixtures("kept")
    def test_a_model_shares_the_band_of_its_prior(self, folder: Path, ran: Ran) -> None:
        assert ran(folder, lot.Model(lot.Normal(3), lambda z: z), strips=0).null_cells == 0

    def test_bands_held_against_encoded_data_are_not_kept(self, folder: Path, ran: Ran) -> None:
        codes = np.random.default_rng(0).standard_normal((len(load_data("digits").test), 3))
        model = lot.Model(lot.Normal(3), lambda z: z, lambda _: lot.Posterior(codes, np.zeros_like(codes)))
        settings = {"data": "digits", "strips": 0}
        assert ran(folder, model, **settings).null_cells == 3 * 4
        again = ran(folder, model, **settings)
        assert again.null_cells == 4
        assert again.outcome.facts["null"] == {
            "prior": "cached", "encoded": "cached", "encoded against posterior": "computed",
        }  # fmt: skip


PRIORS: dict[str, Callable[[], Prior]] = {
    "normal": lambda: lot.Normal(3),
    "shape": lambda: lot.Normal((3, 1)),
    "dim": lambda: lot.Normal(4),
    "mean": lambda: lot.Normal(3, mean=0.5),
    "scale": lambda: lot.Normal(3, scale=2),
    "logistic": lambda: lot.ProductPrior(scipy.stats.logistic(), 3),
    "gumbel": lambda: lot.ProductPrior(scipy.stats.gumbel_r(), 3),
    "gumbel loc": lambda: lot.ProductPrior(scipy.stats.gumbel_r(1.0), 3),
    "gumbel scale": lambda: lot.ProductPrior(scipy.stats.gumbel_r(scale=2.0), 3),
    "histogram": lambda: lot.ProductPrior(scipy.stats.rv_histogram(([1, 2, 1], [0, 1, 2, 3])), 3),
    "other histogram": lambda: lot.ProductPrior(scipy.stats.rv_histogram(([2, 1, 1], [0, 1, 2, 3])), 3),
    "law": lambda: lot.ProductPrior(lot.Normal(3).marginal, 3),
    "t": lambda: lot.StudentT(3, df=3),
    "other t": lambda: lot.StudentT(3, df=4),
    "mixture": lambda: lot.GaussianMixture([[0.0, 1, 2]], [np.eye(3)]),
    "other mixture": lambda: lot.GaussianMixture([[0.0, 1, 3]], [np.eye(3)]),
    "samples": lambda: lot.Empirical(np.random.default_rng(0).standard_normal((500, 3))),
    "other samples": lambda: lot.Empirical(np.random.default_rng(1).standard_normal((500, 3))),
}


class TestKey:
    @functools.cached_property
    def sizes(self) -> dict[str, Any]:
        return {"pairs": 10, "metrics": ["marginal-ks"], "t": [0.5]}

    @pytest.mark.parametrize(
        "changes",
        [
            {"pairs": 51}, {"t": [0.25, 0.75]}, {"t": [0.25]}, {"metrics": METRICS[::-1]}, {"metrics": METRICS[:1]},
            {"metrics": ["norm-wasserstein", "norm-ks"]}, {"seed": 1}, {"null_draws": 19, "repeats": 2},
        ],
        ids=str,
    )  # fmt: skip
    @pytest.mark.usefixtures("kept")
    def test_other_settings_miss(self, folder: Path, changes: dict[str, Any], ran: Ran) -> None:
        assert ran(folder, **changes).null_cells == 4
        assert len(files(folder)) == 2

    def test_every_prior_has_bands_of_its_own(self, folder: Path, ran: Ran) -> None:
        for count, (name, prior) in enumerate(PRIORS.items(), start=1):
            assert ran(folder, prior(), **self.sizes).null_cells == 4, name
            assert len(files(folder)) == count, name
        for name, prior in PRIORS.items():
            used = prior()
            assert used.moments > 0, "what a prior remembers of itself is no part of what it is"
            used.sample(5, rng=0)
            assert ran(folder, used, **self.sizes).null_cells == 0, name

    def test_other_random_numbers_drawn_before_are_nothing(self, folder: Path, ran: Ran) -> None:
        """SciPy's distributions carry the state of NumPy's global generator about."""
        gumbel = PRIORS["gumbel"]
        ran(folder, gumbel(), **self.sizes)
        np.random.random(7)  # noqa: NPY002 - it is what SciPy carries about
        assert ran(folder, gumbel(), **self.sizes).null_cells == 0

    def test_populations_have_bands_of_their_own(self, folder: Path, ran: Ran) -> None:
        model = lot.Model(
            lot.Normal(3), lambda z: z, lambda x: lot.Posterior(np.zeros((len(x), 3)), np.ones((len(x), 3)))
        )
        ran(folder, model, data="digits", strips=0)
        bands = [np.frombuffer(path.read_bytes()[32:]) for path in files(folder)]
        assert len(bands) == 2, "pairs of the prior and encoded ones, both against the prior"
        assert not np.isin(*bands).all()

    @pytest.mark.usefixtures("kept")
    def test_other_source_misses(self, folder: Path, monkeypatch: pytest.MonkeyPatch, ran: Ran) -> None:
        monkeypatch.setattr(null_cache, "digest", lambda: "of another day")
        assert ran(folder).null_cells == 4


class OfTheUser(lot.Normal):
    """A prior whose source may change from one day to the next."""


class UsersDistribution(scipy.stats.rv_continuous):
    def _cdf(self, x: Any) -> Any:
        return -np.expm1(-x)

    def _ppf(self, q: Any) -> Any:
        return -np.log1p(-q)


@dataclass(frozen=True)
class UsersLaw(type(lot.Normal(3).marginal)):  # type: ignore[misc]
    pass


@pytest.mark.parametrize(
    "prior",
    [
        lambda: OfTheUser(3),
        lambda: lot.ProductPrior(UsersDistribution(a=0, name="users")(), 3),
        lambda: lot.ProductPrior(UsersLaw(), 3),
    ],
    ids=["prior", "distribution", "law"],
)
def test_priors_of_the_users_own_code_are_never_kept(folder: Path, prior: Callable[[], Prior], ran: Ran) -> None:
    settings = {"pairs": 4, "metrics": ["marginal-ks"], "t": [0.5]}
    for _ in range(2):
        assert ran(folder, prior(), **settings).null_cells == 4
    assert not folder.exists()


def test_priors_that_cannot_be_written_down_are_never_kept(folder: Path) -> None:
    prior = lot.Normal(3)
    object.__setattr__(prior, "mean", lambda: 0.0)
    assert Subject(prior, prior).known_prior is None
    assert Subject(lot.Normal(3), lot.Normal(3)).known_prior is not None


OTHER_PROCESS = """
import numpy, scipy.stats, latentot as lot
from pathlib import Path
numpy.random.random(3)
for prior in (lot.Normal(3), lot.ProductPrior(scipy.stats.gumbel_r(), 3)):
    result = lot.compare(prior, methods=["linear"], metrics=["norm-wasserstein", "marginal-ks"], t=[0.25, 0.5], n=50,
                         repeats=1, null_draws=20)
    print(result.outcome.facts["null"]["prior"], result.outcome.artefacts["null/prior"].tobytes().hex())
"""


def test_another_process_finds_them(null_bands_of_its_own: Path, ran: Ran) -> None:
    """Also of a distribution of SciPy's, which no two processes pickle alike."""
    here = [ran(default_folder(), PRIORS[name]()).draws.tobytes().hex() for name in ("normal", "gumbel")]
    done = subprocess.run([sys.executable, "-c", OTHER_PROCESS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["cached", here[0], "cached", here[1]]


class TestEdges:
    """compare(cache=...) and --no-cache."""

    def test_of_the_library(self) -> None:
        settings: dict[str, Any] = {"methods": ["linear"], "metrics": METRICS, "n": 20, "repeats": 1, "null_draws": 20}

        def null(cache: bool) -> str:
            return str(lot.compare(lot.Normal(3), cache=cache, **settings).outcome.facts["null"]["prior"])

        assert null(cache=False) == "computed"
        assert not default_folder().exists()
        assert [null(cache=True), null(cache=True), null(cache=False)] == ["computed", "cached", "computed"]

    def test_of_the_command_line(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        flags = ["compare", "--prior", "normal", "--dim", "3", "--method", "linear", "--metric", "marginal-ks"]
        flags += ["--pairs", "30", "--repeats", "1", "--null-draws", "20"]

        def null_cells(*more: str) -> int:
            monkeypatch.setattr(sys, "argv", ["latentot", *flags, *more])
            with pytest.raises(SystemExit):
                main()
            return capsys.readouterr().err.count("null band")

        assert null_cells("--no-cache") > 0
        assert not default_folder().exists()
        assert null_cells() > 0
        assert null_cells() == 0
        assert null_cells("--cache") == 0
        assert null_cells("--no-cache") > 0
