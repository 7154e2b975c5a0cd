"""Profiles: how the points of each method go along t, for figures only; nothing of them is judged."""

__all__ = ["METRICS", "PAIRS", "POSITIONS", "Profile", "ProfileCell", "positions_of"]

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.metrics import jackknife_sd
from latentot.numerics.lengths import lengths
from latentot.study.spec.study import Choice
from latentot.study.work.batch import PairBatch
from latentot.study.work.fitted import Fit
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

Floats = NDArray[np.float64]

POSITIONS = 9
"""Positions of a curve: eighths."""
METRICS = ("sliced-wasserstein", "norm-wasserstein")
"""What curves are of, where a study has it: the cheapest two of the default, one for shape and one for size."""
PAIRS = 4
"""Pairs whose own norms are kept, beside those that are decoded."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ROUGH = 4
"""Groups of points that are left out for the spread of a curve, half of those for a verdict."""
MIDDLE = 0.5
COORDINATES = 64
"""Coordinates whose means, widths and correlations are kept; more cannot be seen in a figure."""

Profile = Mapping[str, Floats]
"""`drift/{metric}`, `spread/{metric}` and `displacement` (t,), `norms` (t, quantiles), `walks` (pairs, t); at t = 1/2
`coordinates` (2, coordinates), mean and width beside those of the reference, and `correlations` (coordinates,
coordinates). NaN where there is nothing."""


def positions_of(n: int = POSITIONS) -> Floats:
    """Positions from 0 to 1, shape (n,)."""
    return np.linspace(0, 1, n)


@dataclass(frozen=True)
class ProfileCell:
    """How the points of one method go along t, in the first repeat of a population's pairs.

    Where it would have to be fitted anew, and is not fitted for what is judged or decoded, there is nothing.
    """

    population: Population
    choice: Choice

    @property
    def title(self) -> str:
        return f"profile of {self.choice.label}, {self.population.label}"

    def fits(self, plan: Plan) -> tuple[Fit, ...]:
        """What the method has fitted in any case."""
        decoded = positions_of(plan.study.steps) if plan.subject().model is not None and plan.study.strips else ()
        return plan.fits_at(self.choice, self.population.n, [*plan.study.t, *decoded])

    def compute(self, plan: Plan) -> Profile:
        with np.errstate(all="ignore"):
            return self._profile(plan, plan.observed(self.population, 0))

    def _profile(self, plan: Plan, batch: PairBatch) -> Profile:
        known, t = set(self.fits(plan)), positions_of()
        walks = {at: self._walk(plan, batch, at) for at in t if known.issuperset(self._fits_at(plan, at))}
        found = {
            "norms": _along(t, {at: np.quantile(lengths(z), QUANTILES) for at, z in walks.items()}),
            "displacement": _along(t, {at: _displacement(z, batch.z0, batch.z1, at) for at, z in walks.items()}),
            "walks": _along(t, {at: lengths(z[:PAIRS]) for at, z in walks.items()}).T,
        }
        if MIDDLE in walks:
            found |= _coordinates(walks[MIDDLE], plan.reference(self.population))
        for metric in (name for name in METRICS if name in batch.judges):
            judge = batch.judges[metric]
            measured = {at: judge(z) for at, z in walks.items()}
            found[f"drift/{metric}"] = _along(t, {at: np.array(one.value) for at, one in measured.items()})
            spread = {at: np.array(jackknife_sd(judge, walks[at], one, ROUGH)) for at, one in measured.items()}
            found[f"spread/{metric}"] = _along(t, spread)
        return found

    def _fits_at(self, plan: Plan, t: float) -> tuple[Fit, ...]:
        return plan.fits_at(self.choice, self.population.n, [t])

    def _walk(self, plan: Plan, batch: PairBatch, t: float) -> Floats:
        z = plan.path(self.choice, self.population.n)(batch.z0.copy(), batch.z1.copy(), float(t))
        return np.asarray(z).reshape(batch.z0.shape)


def _along(t: Floats, found: Mapping[float, Floats]) -> Floats:
    """What was found at some positions, at all of them: shape (t, ...), NaN where there is nothing."""
    nothing = np.full(next(iter(found.values())).shape, np.nan)
    return np.array([found.get(at, nothing) for at in t])


def _displacement(z: Floats, z0: Floats, z1: Floats, t: float) -> Floats:
    """Mean of |z - (1 - t) z0 - t z1| / |z1 - z0|, shape (): a share, which has a mean where norms have none."""
    beside, apart = (np.linalg.norm(own.reshape(len(z), -1), axis=1) for own in (z - (1 - t) * z0 - t * z1, z1 - z0))
    return np.mean(beside[apart > 0] / apart[apart > 0]) if apart.any() else np.array(np.nan)


def _coordinates(z: Floats, reference: Floats) -> Profile:
    """Mean and width of each coordinate in units of the reference's width, and correlations between coordinates.

    Quantiles, since priors of heavy tails have no moments; correlations are of ranks.
    """
    z, reference = (points.reshape(len(points), -1)[:, :COORDINATES] for points in (z, reference))
    own, law = (np.quantile(points, [0.25, 0.5, 0.75], axis=0) for points in (z, reference))
    width = np.where(law[2] > law[0], law[2] - law[0], np.nan)
    ranks = z.argsort(axis=0).argsort(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlations = np.atleast_2d(np.corrcoef(ranks, rowvar=False))
    return {
        "coordinates": np.stack([(own[1] - law[1]) / width, (own[2] - own[0]) / width]),
        "correlations": correlations,
    }
