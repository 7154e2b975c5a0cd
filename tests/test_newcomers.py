"""What people type who have not read the pages: it is done where it can only mean one thing, else one line says how."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.priors import as_prior
from latentot.study import Study

PRIOR = lot.Normal(3)
TINY: dict[str, Any] = {"methods": "linear", "metrics": "norm-wasserstein", "t": 0.5, "n": 20, "repeats": 2}


def refuse(*_: object) -> None:
    pytest.fail("a cell was computed")


def compare(subject: Any = PRIOR, **changes: Any) -> lot.Comparison:
    settings = {**TINY, "null_draws": 19, "cache": False, "progress": refuse}
    return lot.compare(subject, **settings | changes)


def told(call: Callable[[], object]) -> str:
    """The one line of a refusal, in our words."""
    with pytest.raises(lot.InputError) as refused:
        call()
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 400, message
    foreign = ("pydantic", "Input should", "validation error", "errors.pydantic.dev", "type=", "Traceback")
    assert not any(word in message for word in foreign), message
    return message


def stable(alpha: Any) -> dict[str, Any]:
    return {"name": "stable", "options": {"alpha": alpha}}


@pytest.mark.parametrize(
    ("setting", "given", "meant"),
    [
        ("methods", "linear", ["linear"]),
        ("methods", "linear, slerp", ["linear", "spherical"]),
        ("methods", ["linear,slerp"], ["linear", "spherical"]),
        ("methods", (name for name in ("lerp",)), ["linear"]),
        ("methods", {"linear": 0}.keys(), ["linear"]),
        ("methods", np.array(["linear", "spherical"]), ["linear", "spherical"]),
        ("methods", stable(np.float32(1)), [stable(1.0)]),
        ("methods", stable(np.int64(1)), [stable(1)]),
        ("metrics", "mmd", ["mmd"]),
        ("metrics", ("mmd", "emd"), ["mmd", "emd"]),
        ("t", 0.5, [0.5]),
        ("t", "0.5", [0.5]),
        ("t", (t / 2 for t in range(2)), [0.0, 0.5]),
        ("t", np.float32(0.5), [0.5]),
        ("t", np.linspace(0, 1, 3), [0, 0.5, 1]),
        ("t", [np.float64(0.5), np.array(0.25)], [0.25, 0.5]),
        ("pairs", 1e4, 10_000),
        ("pairs", np.int64(40), 40),
        ("pairs", np.array(40), 40),
        ("pairs", "40", 40),
        ("seed", np.uint32(7), 7),
        ("margin", np.float32(0.25), 0.25),
        ("endpoints", "prior", ["prior"]),
        ("endpoints", "Prior", ["prior"]),
    ],
    ids=lambda given: re.sub(r" at 0x\w+", "", str(given)),
)  # fmt: skip
def test_settings_that_can_only_mean_one_thing(setting: str, given: object, meant: object) -> None:
    assert Study.of(**{setting: given}) == Study.of(**{setting: meant})


def test_all_methods_are_those_that_the_prior_can_serve() -> None:
    prior = lot.Empirical(np.random.default_rng(0).standard_normal((200, 2)))
    result = compare(prior, methods="all", progress=None)
    assert result.verdict().method.tolist() == lot.interpolations(prior)


def test_latents_are_an_empirical_prior() -> None:
    latents = np.random.default_rng(0).standard_normal((200, 3))
    assert set(compare(latents, progress=None).results.prior) == {"empirical"}
    assert isinstance(lot.interpolation("linear", latents).prior, lot.Empirical)  # type: ignore[arg-type]
    assert isinstance(lot.Model(latents, abs).prior, lot.Empirical)  # type: ignore[arg-type]


def path(z0: Any, z1: Any, t: float) -> Any:
    return z0 + t * (z1 - z0)


WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "methods None": ({"methods": None}, ("methods", "'linear'", "got None")),
    "methods number": ({"methods": 3}, ("methods", "got 3")),
    "methods nothing": ({"methods": []}, ("one or more", "got none")),
    "a pair": ({"methods": ("stable", {"alpha": 1.5})}, ("'name': 'linear', 'options':", "{'alpha': 1.5}")),
    "a table by name": ({"methods": {"stable": {"alpha": 1}}}, ("'name': 'linear', 'options':",)),
    "options beside a name": ({"methods": {"name": "stable", "alpha": 1}}, ("unknown setting 'alpha'", "in options")),
    "options None": ({"methods": {"name": "stable", "options": None}}, ("methods", "got None")),
    "options list": ({"methods": {"name": "stable", "options": ["alpha"]}}, ("methods", "['alpha']")),
    "a generator": ({"methods": stable(np.random.default_rng(0))}, ("plain data", "alpha", "Generator")),
    "a label": ({"methods": "stable (alpha=1)"}, ("did you mean 'stable'",)),
    "metrics None": ({"metrics": None}, ("metrics", "'mmd'", "got None")),
    "metrics number": ({"metrics": [3]}, ("metrics", "got 3")),
    "metrics table": ({"metrics": {"nam": "mmd"}}, ("nam", "name")),
    "metrics type": ({"metrics": [int]}, ("metrics", "callable (z, reference, *, rng)")),
    "t word": ({"t": "half"}, ("setting t", "between 0 and 1", "'half'")),
    "t percent": ({"t": 50}, ("t lies between 0 and 1", "50")),
    "t None": ({"t": None}, ("setting t", "got None")),
    "t bool": ({"t": True}, ("setting t", "True")),
    "t nested": ({"t": [[0.5]]}, ("setting t", "[0.5]")),
    "n word": ({"n": "many"}, ("pairs", "n in Python", "'auto'", "'many'")),
    "n half": ({"n": 40.5}, ("pairs", "whole number", "40.5")),
    "n infinite": ({"n": float("inf")}, ("pairs", "inf")),
    "n list": ({"n": [40]}, ("pairs", "[40]")),
    "n bool": ({"n": True}, ("pairs", "True")),
    "n None": ({"n": None}, ("pairs", "None")),
    "seed None": ({"seed": None}, ("seed", "None")),
    "seed generator": ({"seed": np.random.default_rng(0)}, ("seed", "Generator")),
    "margin percent": ({"margin": "5%"}, ("margin", "0.05", "'5%'")),
    "endpoints both": ({"endpoints": "both"}, ("'prior' or 'encoded'", "both in a list")),
    "data array": ({"data": np.zeros((100, 8, 8))}, ("data", "'digits'", "npz:")),
    "data path": ({"data": Path("images.npz")}, ("'images.npz'", "there is no such file or folder either")),
    "jobs text": ({"jobs": "2"}, ("jobs", "'2'")),
    "jobs all": ({"jobs": -1}, ("jobs", "at least 1", "-1")),
    "jobs None": ({"jobs": None}, ("jobs", "None")),
    "scheduler port": ({"scheduler": 8786}, ("tcp://host:8786", "8786")),
    "progress": ({"progress": "bar"}, ("progress is True or a function", "'bar'")),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_settings_that_are_not_accepted(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    message = told(lambda: compare(**changes))
    assert all(word in message for word in words), message


SUBJECTS: dict[str, tuple[object, tuple[str, ...]]] = {
    "number": (8, ("write lot.Normal(8)",)),
    "NumPy's number": (np.int64(8), ("write lot.Normal(8)",)),
    "shape": ((4, 8, 8), ("write lot.Normal((4, 8, 8))",)),
    "name": ("normal", ("write lot.Normal(64)",)),
    "name of one with a parameter": ("t", ("write lot.StudentT(64, df=...)",)),
    "unknown name": ("nromal", ("unknown prior 'nromal'", "did you mean 'normal'")),
    "class": (lot.Laplace, ("write lot.Laplace(64)",)),
    "class of samples": (lot.Empirical, ("write lot.Empirical(samples=...)",)),
    "frozen": (scipy.stats.norm(loc=1, scale=2), ("lot.ProductPrior(scipy.stats.norm(loc=1, scale=2), 64)",)),
    "unfrozen": (scipy.stats.gumbel_r, ("lot.ProductPrior(scipy.stats.gumbel_r(...), 64)",)),
    "discrete": (scipy.stats.poisson(3), ("lot.ProductPrior(scipy.stats.gumbel_r(), 64)",)),
    "multivariate": (scipy.stats.multivariate_normal(np.zeros(3)), ("lot.Empirical(law.rvs(100_000))",)),
    "decoder": (path, ("lot.Model(prior=lot.Normal(64), decode=...)",)),
    "list of rows": ([[1.0, 2.0], [3.0, 4.0]], ("lot.Empirical(samples)",)),
    "one row": (np.zeros(4), ("lot.Empirical(samples)",)),
    "nothing": (None, ("lot.Normal(64)", "None")),
    "truth": (True, ("lot.Normal(64)", "True")),
    "a table": ({"prior": "normal"}, ("lot.Normal(64)",)),
}


@pytest.mark.parametrize(("given", "words"), SUBJECTS.values(), ids=SUBJECTS)
@pytest.mark.parametrize(
    "use",
    [compare, lambda given: lot.interpolation("cauchy", given), lambda given: lot.Model(given, abs)],
    ids=["compare", "interpolation", "Model"],
)
def test_what_is_no_prior(use: Callable[[Any], object], given: object, words: tuple[str, ...]) -> None:
    message = told(lambda: use(given))
    assert all(word in message for word in words), message


def test_a_model_where_a_prior_is_wanted_and_the_other_way_round() -> None:
    model = lot.Model(PRIOR, abs)
    assert "use its .prior" in told(lambda: lot.interpolation("cauchy", model))  # type: ignore[arg-type]
    assert "by its name" in told(lambda: lot.interpolation(PRIOR, "cauchy"))  # type: ignore[arg-type]
    assert "lot.Model(prior=..., decode=...)" in told(lambda: compare(lot.Model))
    for name in lot.models.MODELS.names():
        assert f"lot.load_model({name!r}, ...)" in told(lambda name=name: compare(name))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"n": 3}, ("unknown setting 'n'", "did you mean 'pairs'")),
        ({"n_pairs": 3}, ("did you mean 'pairs'",)),
        ({"positions": [0.5]}, ("did you mean 't'",)),
        ({"random_state": 3}, ("did you mean 'seed'",)),
        ({"dataset": "digits"}, ("did you mean 'data'",)),
        ({"jobs": 3}, ("a flag of the command: --jobs",)),
        ({"retry_failed": True}, ("a flag of the command: --retry-failed",)),
        ({"prior": PRIOR, "dim": 3}, ("setting prior", "'normal'")),
        ({"prior": {"nam": "normal"}, "dim": 3}, ("setting prior", "'normal'")),
        ({"prior": "normal", "dim": "many"}, ("setting dim", "64", "'many'")),
        ({"model": 3}, ("setting model", "got 3")),
        ({"title": 3}, ("setting title", "got 3")),
    ],
)
def test_settings_of_a_study(setting: dict[str, Any], words: tuple[str, ...]) -> None:
    message = told(lambda: Study.of(**setting))
    assert all(word in message for word in words), message


class TestTorch:
    """Laws of torch.distributions: the same log density, or a line."""

    @pytest.fixture
    def torch(self) -> Any:
        return pytest.importorskip("torch")

    @pytest.mark.parametrize(
        ("family", "parameters"),
        [
            ("Normal", (0, 1)),
            ("Normal", (1, 2)),
            ("Laplace", (0, 1)),
            ("Laplace", (1, 3)),
            ("Cauchy", (0, 1)),
            ("Cauchy", (-1, 0.5)),
            ("StudentT", (5, 0, 1)),
            ("StudentT", (5, 1, 2)),
            ("Uniform", (-3, 2)),
        ],
    )
    @pytest.mark.parametrize("form", ["batch", "independent", "expanded", "image"])
    def test_is_the_same_law(self, torch: Any, family: str, parameters: tuple[float, ...], form: str) -> None:
        made, shape = getattr(torch.distributions, family), (1, 3) if form == "image" else (3,)
        alike = [torch.full(shape, float(value), dtype=torch.float64) for value in parameters]
        law = made(*(value.flatten()[0] for value in alike)).expand(shape) if form == "expanded" else made(*alike)
        if form in ("independent", "image"):
            law = torch.distributions.Independent(law, len(shape))
        self.assert_same(torch, law)

    def test_multivariate_normal_is_the_same_law(self, torch: Any) -> None:
        mean, covariance = torch.ones(3, dtype=torch.float64), 4 * torch.eye(3, dtype=torch.float64)
        self.assert_same(torch, torch.distributions.MultivariateNormal(mean, covariance))

    def assert_same(self, torch: Any, law: Any) -> None:
        prior = as_prior(law)
        assert prior.shape == (*law.batch_shape, *law.event_shape)
        z = np.random.default_rng(0).uniform(-1, 1, (5, *prior.shape))
        expected = np.asarray(law.log_prob(torch.tensor(z))).reshape(5, -1).sum(axis=1)
        np.testing.assert_allclose(prior.log_prob(z), expected, rtol=1e-12)

    def test_is_no_prior(self, torch: Any) -> None:
        laws, ones = torch.distributions, torch.ones(2)
        assert "write lot.Normal(64)" in told(lambda: compare(laws.Normal(0.0, 1.0)))
        for law in (
            laws.Normal(torch.arange(2.0), ones),
            laws.Gamma(ones, ones),
            laws.MultivariateNormal(ones, torch.ones(2, 2) + torch.eye(2)),
            laws.MultivariateNormal(torch.arange(2.0), torch.eye(2)),
        ):
            assert "lot.Empirical(law.sample(" in told(lambda law=law: compare(law))  # type: ignore[misc]

    def test_a_tensor_of_latents_is_told_how(self, torch: Any) -> None:
        assert "lot.Empirical(samples)" in told(lambda: compare(torch.zeros(5, 3)))

    def test_positions_may_be_a_tensor(self, torch: Any) -> None:
        assert Study.of(t=torch.tensor([0.5, 0.25])).t == (0.25, 0.5)
