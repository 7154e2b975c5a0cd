"""Facts of priors: plain data, the same for equal priors in every process, different for all that differ."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.priors import Law
from latentot.priors.described import UnknownError, known_facts, plain_facts

MANY = np.random.default_rng(0).standard_normal((40, 3))
EYE = np.eye(2)
PRIORS: dict[str, Callable[[], lot.Prior]] = {
    "normal": lambda: lot.Normal(3),
    "shape": lambda: lot.Normal((3, 1)),
    "mean": lambda: lot.Normal(3, mean=1),
    "scale": lambda: lot.Normal(3, scale=1 + 1e-15),
    "uniform": lambda: lot.Uniform(3),
    "low": lambda: lot.Uniform(3, low=0),
    "cauchy": lambda: lot.Cauchy(3),
    "laplace": lambda: lot.Laplace(3),
    "logistic": lambda: lot.Logistic(3),
    "sphere": lambda: lot.Sphere(3),
    "gamma-norm": lambda: lot.GammaNorm(3, theta=1),
    "t, 3": lambda: lot.StudentT(4, df=3),
    "t, 20": lambda: lot.StudentT(4, df=20),
    "multivariate t": lambda: lot.MultivariateT(4, df=3),
    "gumbel": lambda: lot.ProductPrior(scipy.stats.gumbel_r(), 3),
    "gumbel, moved": lambda: lot.ProductPrior(scipy.stats.gumbel_r(1), 3),
    "gumbel, wider": lambda: lot.ProductPrior(scipy.stats.gumbel_r(scale=2), 3),
    "other side": lambda: lot.ProductPrior(scipy.stats.gumbel_l(), 3),
    "beta": lambda: lot.ProductPrior(scipy.stats.beta(2, 5), 3),
    "beta, turned": lambda: lot.ProductPrior(scipy.stats.beta(5, 2), 3),
    "histogram": lambda: lot.ProductPrior(scipy.stats.rv_histogram(([1, 2, 1], [0, 1, 2, 3])), 3),
    "histogram, other": lambda: lot.ProductPrior(scipy.stats.rv_histogram(([2, 1, 1], [0, 1, 2, 3])), 3),
    "long histogram": lambda: lot.ProductPrior(scipy.stats.rv_histogram(np.histogram(MANY, 30)), 3),
    "long histogram, other": lambda: lot.ProductPrior(scipy.stats.rv_histogram(np.histogram(MANY + 1, 30)), 3),
    "law": lambda: lot.ProductPrior(lot.Normal(3, scale=2).marginal, 3),
    "law, moved": lambda: lot.ProductPrior(lot.Normal(3, mean=1, scale=2).marginal, 3),
    "samples": lambda: lot.Empirical(MANY),
    "samples, replaced": lambda: lot.Empirical(MANY, replace=True),
    "samples, one digit": lambda: lot.Empirical(np.nextafter(MANY, MANY + np.eye(40, 3))),
    "samples, in another order": lambda: lot.Empirical(MANY[::-1]),
    "few samples": lambda: lot.Empirical(MANY[:4]),
    "mixture": lambda: lot.GaussianMixture([[0.0, 1], [2, 3]], [EYE, EYE]),
    "mixture, moved": lambda: lot.GaussianMixture([[0.0, 1], [2, 4]], [EYE, EYE]),
    "mixture, weights": lambda: lot.GaussianMixture([[0.0, 1], [2, 3]], [EYE, EYE], weights=[1, 2]),
    "mixture, covariance": lambda: lot.GaussianMixture([[0.0, 1], [2, 3]], [EYE, 2 * EYE]),
}
each_prior = pytest.mark.parametrize("name", PRIORS)


def key(value: object) -> str:
    return json.dumps(known_facts(value), sort_keys=True, allow_nan=False)


def test_no_two_share_their_facts() -> None:
    assert len({key(make()) for make in PRIORS.values()}) == len(PRIORS)
    assert len({json.dumps(make().facts) for make in PRIORS.values()}) == len(PRIORS)


@each_prior
def test_equal_ones_share_them_whatever_they_have_been_used_for(name: str) -> None:
    prior, used = PRIORS[name](), PRIORS[name]()
    used.sample(3, rng=0)
    assert used.moments > 0
    if used.marginal is not None:
        used.marginal.cdf(np.zeros(1))
        assert used.marginal.quartiles is not None
    assert key(used) == key(prior)
    assert used.facts == prior.facts
    assert prior.facts["name"] == prior.name
    assert tuple(prior.facts["shape"]) == prior.shape
    assert len(json.dumps(prior.facts)) < 1_500, "digests stand for what is long"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (scipy.stats.gumbel_r(1), scipy.stats.gumbel_r(loc=1.0)),
        (scipy.stats.t(3), scipy.stats.t(df=3, loc=0, scale=1)),
        (scipy.stats.beta(2, 5), scipy.stats.beta(b=5, a=2)),
    ],
    ids=["loc", "defaults", "order"],
)
def test_parameters_are_the_same_however_they_are_given(one: Any, other: Any) -> None:
    assert key(lot.ProductPrior(one, 3)) == key(lot.ProductPrior(other, 3))


IN_ANOTHER_PROCESS = """
import json, numpy, scipy.stats, latentot as lot
from latentot.priors.described import known_facts
numpy.random.random(3)
for prior in (lot.StudentT(4, df=3), lot.ProductPrior(scipy.stats.gumbel_r(1.0), 3),
              lot.Empirical(numpy.random.default_rng(0).standard_normal((40, 3)))):
    print(json.dumps(known_facts(prior), sort_keys=True))
"""


def test_another_process_finds_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", IN_ANOTHER_PROCESS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [key(PRIORS[name]()) for name in ("t, 3", "gumbel, moved", "samples")]


@dataclass(frozen=True)
class PerCoordinate(lot.Prior):
    """Parameters with one value a coordinate, in whichever container."""

    shape: tuple[int, ...]
    mean: Any = 0.0

    marginal = radius = None  # type: ignore[assignment]

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return self.mean + rng.standard_normal((n, *self.shape))


class Plain(lot.Prior):
    """Not a dataclass, without a name; it remembers what it is made of."""

    shape = (3,)
    marginal = radius = None  # type: ignore[assignment]

    def __init__(self, df: float, **more: Any) -> None:
        self._df = df
        self.__dict__ |= more

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return rng.standard_t(self._df, (n, *self.shape))


class Saying(Plain):
    @property
    def facts(self) -> dict[str, Any]:
        return {"name": "mine", "flow": "weights.pt", "df": self._df}


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("container", [list, tuple, np.asarray])
def test_parameters_of_each_coordinate(container: Callable[[Any], Any], long: bool) -> None:
    n = 40 if long else 4
    numbers = np.linspace(0, 1, n)
    prior = PerCoordinate((n,), container(numbers.tolist()))
    assert prior.facts["mean"] == (plain_facts(np.linspace(0, 1, n)) if long else numbers.tolist())
    assert prior.facts != PerCoordinate((n,), container((numbers + 1e-12).tolist())).facts
    assert len(repr(prior)) < 120
    assert "\n" not in repr(prior)


def test_priors_of_the_user() -> None:
    assert Plain(3).facts | {"class": ""} == {"name": "Plain", "shape": [3], "class": "", "_df": 3}
    assert Plain(3).facts != Plain(30).facts
    assert Saying(3).facts == {"name": "mine", "flow": "weights.pt", "df": 3}
    assert repr(Saying(3)) == "Saying(_df=3)"
    for prior in (Plain(3), Saying(3), PerCoordinate((3,)), lot.ProductPrior(UsersLaw(), 3)):
        with pytest.raises(UnknownError):
            known_facts(prior)


@dataclass(frozen=True)
class UsersLaw(type(lot.Normal(3).marginal)):  # type: ignore[misc]
    pass


@pytest.mark.parametrize(
    "part",
    [
        lambda x: x, object(), np.ma.masked_array([1.0], [True]), np.array([object()]), {1}, Plain,
        np.random.default_rng(0),
    ],
    ids=["function", "object", "masked", "objects", "set", "class", "generator"],
)  # fmt: skip
def test_what_is_no_data_is_said_and_never_taken_for_known(part: object) -> None:
    said = json.dumps(Plain(3, part=part).facts, allow_nan=False)
    assert " at 0x" not in said
    prior = lot.Normal(3)
    object.__setattr__(prior, "mean", part)
    with pytest.raises(UnknownError):
        known_facts(prior)


def test_one_that_holds_itself_has_an_end() -> None:
    prior = Plain(3)
    prior.__dict__["me"] = prior
    assert len(json.dumps(prior.facts)) < 2_000
    assert repr(prior) == "Plain(_df=3, me=...)"


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, -0.0, 1e-320, np.float32(0.1), np.int8(3), True])
def test_numbers_keep_every_bit(value: Any) -> None:
    said = json.loads(json.dumps(plain_facts({"x": value}), allow_nan=False))["x"]
    np.testing.assert_array_equal(np.asarray(float(said)), np.asarray(float(value)))
    assert np.signbit(float(said)) == np.signbit(float(value))


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (lot.Normal(128), "Normal(128)"),
        (lot.Normal((4, 64, 64), mean=0.5), "Normal((4, 64, 64), mean=0.5)"),
        (lot.StudentT(4, df=3), "StudentT(4, df=3)"),
        (lot.Uniform(3, low=0, high=2.5), "Uniform(3, low=0, high=2.5)"),
        (lot.Empirical(MANY), "Empirical(40 samples of shape (3,), replace=False)"),
    ],
    ids=str,
)
def test_representation(prior: lot.Prior, expected: str) -> None:
    assert repr(prior) == expected


@each_prior
def test_representations_are_one_short_line(name: str) -> None:
    prior = PRIORS[name]()
    laws: list[Law] = [law for law in (prior.marginal, prior.radius) if law is not None]
    for text in map(repr, [prior, *laws]):
        assert "\n" not in text
        assert len(text) <= 120
        assert " object at " not in text
