"""Whole walks in data space: how long, how even, how far between, by judges that see every frame."""

__all__ = ["CROSS_FADED", "SWITCHED", "WalksCell"]

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.judges import Judge, Judgement, Walk
from latentot.judges.judgement import FRAMES, PREDICTED_FRAMES, WALKS
from latentot.paths import Switch
from latentot.study.spec.own import judge_of
from latentot.study.spec.seeds import stream
from latentot.study.spec.study import Choice
from latentot.study.work.decoded import judges_points
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

COUNTED = 17
"""Frames of a walk, endpoints included, as in MorphBench."""
WALKED = 64
"""Walks of each method: means over them have an error of an eighth of what walks differ by."""
COMPARED = 1_000
"""Decoded draws of the prior that frames are compared with."""
CROSS_FADED, SWITCHED = Choice(name="cross-fade", own="a control"), Choice(name="switch", own="a control")
"""What is known beforehand: data blended as they are win smoothness, walks that jump win membership."""

Frames = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""What is seen at one t of each walk, shape (n,) to (n, k + c)."""


@dataclass(frozen=True)
class WalksCell:
    """Walks of one method between the first pairs of a population, or of a control."""

    population: Population
    choice: Choice

    @property
    def title(self) -> str:
        return f"walks of {self.choice.label}, {self.population.label}"

    def fits(self, plan: Plan) -> tuple[Fit, ...]:
        """What the method fits first."""
        return () if self.choice in (CROSS_FADED, SWITCHED) else plan.fits_at(self.choice, self.population.n, _times())

    def compute(self, plan: Plan) -> dict[str, Judgement | Failure]:
        """What each judge of walks says, by its label, or why it says nothing."""
        batch, n = plan.observed(self.population, 0), min(WALKED, self.population.n)
        frames = self._frames(plan, batch.z0[:n].copy(), batch.z1[:n].copy())
        choices = {choice.label: judge_of(choice, plan.own_judges) for choice in plan.study.judges}
        seen = np.stack([frames(np.full(n, t)) for t in _times()])
        return {
            label: self._judged(plan, judge, seen, Walk(frames, n))
            for label, judge in choices.items()
            if not judges_points(judge)
        }

    def _frames(self, plan: Plan, z0: NDArray[np.float64], z1: NDArray[np.float64]) -> Frames:
        view = plan.view()
        if self.choice == CROSS_FADED:
            x0, x1 = view.decoded(z0), view.decoded(z1)
            columns = (-1, *(1,) * (x0.ndim - 1))
            return lambda t: view.of_data((1 - t.reshape(columns)) * x0 + t.reshape(columns) * x1)
        if self.choice == SWITCHED:
            seed = int(stream(plan.seed, "switched walks", self.population.stream).integers(2**63))
            # The same jumps whatever t: a walk is one.
            return lambda t: view(Switch(plan.subject().prior, rng=seed)(z0, z1, t[:, None]))
        path = plan.path(self.choice, self.population.n)
        # One number where it is the same for all: a function of the user's own need not take more.
        return lambda t: view(path(z0.copy(), z1.copy(), t[:, None] if np.ptp(t) else float(t[0])))

    def _judged(self, plan: Plan, judge: Judge, seen: NDArray[np.float64], walk: Walk) -> Judgement | Failure:
        classes = plan.classes()
        features = slice(None, -classes or None)
        rng = stream(plan.seed, "walks", self.population.stream, judge.name)
        try:
            reference = _reference(plan, self.population)[:, features] if judge.compares else None
            judging = judge.against(reference, rng=rng)
            if judge.takes == WALKS:
                return judging(Walk(lambda t: walk.at(t)[:, features], walk.n))
            if judge.takes == PREDICTED_FRAMES:
                if not classes:
                    raise InputError(f"{judge.name} takes predictions of classes: give data with labels")
                return judging(seen[..., -classes:])
            if judge.takes == FRAMES:
                return judging(seen[..., features])
            raise InputError(f"{judge.name} takes {judge.takes}, which walks have not")
        except Exception as error:  # costs what this judge says, and nothing else
            return Failure(one_line(error))


@functools.lru_cache(maxsize=2)
def _reference(plan: Plan, population: Population) -> Any:
    """What is seen of fresh draws of the prior."""
    return plan.view()(plan.fresh(population, "walks", 0, COMPARED))


def _times() -> NDArray[np.float64]:
    return np.linspace(0, 1, COUNTED)
