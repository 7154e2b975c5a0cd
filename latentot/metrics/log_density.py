"""Drift of the log density under the prior: whether points are as probable as draws of the prior are, on average."""

__all__ = ["LogDensity", "expected_log_density"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.metrics.law_quantiles import expectation
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.one_sample import OneSample
from latentot.metrics.options import at_least
from latentot.numerics.points import Points, blocks
from latentot.priors import Law, Prior
from latentot.priors.affine import AffineLaw
from latentot.priors.column_laws import ColumnLaws

NUMBERS = 10_000_000
"""Most numbers drawn at a time."""
ENOUGH, CONSTANT = 16, 1e-9
"""Where so many draws have the same log density, but for rounding, all have."""


@dataclass(frozen=True, repr=False)
class LogDensity(OneSample):
    """Shift of the mean log density, |mean_i log p(z_i) - E log p(Z)|, p the prior's density, in nats.

    For N(0, s I_d) under N(0, I_d) it is d/2 |1 - s|: linear midpoints are more probable than draws, by d/4. The
    expectation is an integral over the prior's marginal or over the law of its norm, and where it has neither the mean
    over draws. Under a uniform prior one point is as probable as another: it is refused.

    Args:
        draws: of a prior that has neither a marginal nor a law of the norm.

    References:
        Nalisnick, Matsukawa, Teh, Lakshminarayanan: Detecting out-of-distribution inputs to deep generative models
        using typicality. arXiv:1906.02994

    >>> import latentot as lot
    >>> prior = lot.Normal(64)
    >>> round(lot.drift("log-density")(prior.sample(10_000, rng=0) / 2**0.5, prior, rng=0))
    16
    """

    name = "log-density"
    title = "shift of the mean log density under the prior"
    formula = "|mean_i log p(z_i) - E log p(Z)|"
    unit = "nats"
    cost = "O(n d)"
    citation = (
        "Nalisnick, Matsukawa, Teh, Lakshminarayanan: Detecting out-of-distribution inputs to deep generative models "
        "using typicality. arXiv:1906.02994"
    )
    min_points = 2
    needs = "density"

    draws: int = 200_000

    def __post_init__(self) -> None:
        at_least(self, draws=1)

    @property
    def error(self) -> str:
        return (
            f"exact where the prior has a marginal or a law of the norm, else that of {self.draws:,} draws, "
            f"sd(log p) / {self.draws**0.5:.0f}"
        )

    def _prepare(self, prior: Prior, rng: np.random.Generator) -> Judge:
        if np.ptp(prior.log_prob(prior.sample(ENOUGH, rng=rng))) < CONSTANT:
            raise InputError(f"log-density sees nothing under {prior!r}: one point is as probable as another")
        expected = expected_log_density(prior, rng, draws=self.draws)

        def judge(z: Points) -> Measurement:
            rows = (block.astype(np.float64).reshape(-1, *prior.shape) for block in blocks(z))
            log_p = np.concatenate([np.asarray(prior.log_prob(block)) for block in rows])
            if not np.isfinite(log_p).all():
                beyond = int((~np.isfinite(log_p)).sum())
                raise InputError(
                    f"{beyond} of {len(z)} points have no density under {prior!r}: their drift is infinite"
                )
            value = abs(float(log_p.mean()) - expected)
            return Measurement(value, value, len(z))

        return judge


def expected_log_density(prior: Prior, rng: np.random.Generator, *, draws: int = 200_000) -> float:
    """E log p(Z) in nats, by quadrature where the prior has a marginal or a radius law, else the mean over draws.

    >>> import latentot as lot
    >>> round(expected_log_density(lot.Normal(2), np.random.default_rng(0)) + 1 + np.log(2 * np.pi), 12)
    np.float64(0.0)
    """
    if prior.marginal is not None:
        return _of_coordinates(prior.marginal, prior.dim)
    if prior.radius is not None:

        def log_p(r: NDArray[np.float64]) -> NDArray[np.float64]:
            along = np.zeros((len(r), prior.dim))
            along[:, 0] = r
            return np.asarray(prior.log_prob(along.reshape(len(r), *prior.shape)))

        return expectation(prior.radius, log_p)
    size = min(draws, max(1, NUMBERS // prior.dim))
    sizes = [size] * (draws // size) + ([draws % size] if draws % size else [])
    return float(np.concatenate([prior.log_prob(prior.sample(k, rng=rng)) for k in sizes]).mean())


def _of_coordinates(law: Law, d: int) -> float:
    """The sum over d coordinates of E log f_j(X_j): a scale takes its logarithm off, and alike ones count d times."""
    if law.size is None:
        return d * expectation(law, law.log_pdf)
    if isinstance(law, AffineLaw):
        return _of_coordinates(law.law, d) - float(np.broadcast_to(np.log(law.scale), d).sum())
    if isinstance(law, ColumnLaws):
        return sum(_of_coordinates(own, len(columns)) for own, columns in zip(law.laws, law.columns, strict=True))
    return sum(_of_coordinates(law.coordinate(j), 1) for j in range(d))
