"""Priors that earth-mover is judged on: those of `benchmarks/priors.toml`, and laws that nobody listed."""

__all__ = ["DIM", "LISTED", "SAMPLED", "UNKNOWN", "mixture"]

import functools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import scipy.stats
from numpy.typing import NDArray

import latentot as lot
from latentot.priors import named_prior

DIM = 16
SAMPLES = 50_000
"""Samples of a prior that is known by samples only."""
Make = Callable[[], lot.Prior]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn(lot.Prior):
    """A prior that can be drawn from at will, of which nothing else is known."""

    name: ClassVar[str] = "drawn"
    law: str
    shape: tuple[int, ...] = (DIM,)

    @property
    def marginal(self) -> None:
        return None

    @property
    def radius(self) -> None:
        return None

    def _draw(self, n: int, rng: np.random.Generator) -> Floats:
        return DRAWS[self.law](n, rng)


def _banana(n: int, rng: np.random.Generator) -> Floats:
    """Pairs of coordinates (x, y + x^2 / 2), x and y standard normal."""
    z = rng.standard_normal((n, DIM))
    z[:, 1::2] += z[:, ::2] ** 2 / 2
    return z


def _counts(n: int, rng: np.random.Generator) -> Floats:
    """Atoms: Poisson numbers of mean 3."""
    return rng.poisson(3.0, (n, DIM)).astype(np.float64)


def _rings(n: int, rng: np.random.Generator) -> Floats:
    """Pairs of coordinates on circles of radius 1, 10 % wide."""
    angle = rng.uniform(0, 2 * np.pi, (n, DIM // 2))
    radius = 1 + 0.1 * rng.standard_normal((n, DIM // 2))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2).reshape(n, DIM)


DRAWS: dict[str, Callable[[int, np.random.Generator], Floats]] = {
    "banana": _banana,
    "counts": _counts,
    "rings": _rings,
}


def mixture() -> lot.GaussianMixture:
    """Six correlated normal laws: what an aggregate posterior looks like."""
    rng = np.random.default_rng(0)
    means = 1.2 * rng.standard_normal((6, DIM))
    return lot.GaussianMixture(means, factors=0.6 * np.eye(DIM) + 0.15 * rng.standard_normal((6, DIM, DIM)))


def _ill_conditioned() -> lot.GaussianMixture:
    """N(0, S) with variances from 0.001 to 1 along random axes."""
    axes, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((DIM, DIM)))
    return lot.GaussianMixture(np.zeros((1, DIM)), factors=[axes * np.sqrt(np.geomspace(1e-3, 1, DIM))])


def _listed() -> dict[str, Make]:
    path = Path(__file__).parent.parent / "priors.toml"
    given: list[Any] = tomllib.loads(path.read_text(encoding="utf-8"))["prior"]
    each = [(one, {}) if isinstance(one, str) else (one["name"], one["options"]) for one in given]
    return {name: functools.partial(named_prior, name, DIM, **options) for name, options in each}


def _product(law: Any) -> Make:
    return lambda: lot.ProductPrior(law, DIM)


LISTED = _listed()
UNKNOWN: dict[str, Make] = {
    "gumbel": _product(scipy.stats.gumbel_r()),
    "beta(2, 5)": _product(scipy.stats.beta(2, 5)),
    "skew-normal": _product(scipy.stats.skewnorm(4)),
    "von Mises": _product(scipy.stats.vonmises_line(2)),
    "triangular": _product(scipy.stats.triang(0.3)),
    "Weibull": _product(scipy.stats.weibull_min(1.5)),
    "log-normal": _product(scipy.stats.lognorm(1)),
    "arcsine": _product(scipy.stats.arcsine()),
}
SAMPLED: dict[str, Make] = {
    "N(0, S), condition 1,000": _ill_conditioned,
    "mixture of six": mixture,
    "mixture, 50,000 samples": lambda: lot.Empirical(mixture().sample(SAMPLES, rng=1)),
    "normal, 50,000 samples": lambda: lot.Empirical(lot.Normal(DIM).sample(SAMPLES, rng=1)),
    "banana": lambda: Drawn("banana"),
    "rings": lambda: Drawn("rings"),
    "counts": lambda: Drawn("counts"),
}
