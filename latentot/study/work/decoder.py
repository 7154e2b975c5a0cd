"""The decoder by itself: draws of the prior, decoded, beside real data, and real data beside other real data."""

__all__ = ["DecoderCell", "DecoderOutcome"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.metrics import Measurement
from latentot.study.spec.seeds import stream
from latentot.study.work.failure import Failure
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

DEALS = 39
"""How often held-out data are dealt anew, for the null."""
JUDGED, MOST = 4, 2_000
"""One in so many held-out data is judged, the rest is the reference; and so many at most."""


@dataclass(frozen=True)
class DecoderOutcome:
    """What one judge says.

    Args:
        decoded: of decoded draws.
        real: of real data that have no part in the null.
        null: of real data, dealt anew each time.
        n: data that are judged each time.
    """

    decoded: Measurement
    real: Measurement
    null: tuple[Measurement, ...]
    n: int


@dataclass(frozen=True)
class DecoderCell:
    """What judges of points say of decoded draws beside held-out data: the fault that no interpolation can mend."""

    population: Population

    @property
    def title(self) -> str:
        return "decoded draws beside data"

    def compute(self, plan: Plan) -> dict[str, DecoderOutcome | Failure]:
        """By the label of each judge."""
        data, view = plan.subject().data, plan.view()
        if data is None:
            raise InputError("decoded draws are held against data: give a data source")
        seen = view.of_data(data.test)
        n = min(len(seen) // JUDGED, MOST)
        if n < 2:
            raise InputError(f"decoded draws are held against {2 * JUDGED} held-out data or more, got {len(seen)}")
        drawn = view(plan.fresh(self.population, "decoder", 0, n))
        rng = stream(plan.seed, "deals", self.population.stream)
        deals = [rng.permutation(len(seen)) for _ in range(DEALS + 1)]
        return self._judged(plan, seen, drawn, deals, n)

    def _judged(
        self,
        plan: Plan,
        seen: NDArray[np.float64],
        drawn: NDArray[np.float64],
        deals: list[NDArray[np.intp]],
        n: int,
    ) -> dict[str, DecoderOutcome | Failure]:
        found: dict[str, DecoderOutcome | Failure] = {}
        for label, metric in plan.in_data_space().metrics().items():
            rng = stream(plan.seed, "decoder", label)
            seed = int(rng.integers(2**63))
            try:
                real = []
                for order in deals:
                    judge = metric.against(seen[order[n : n + 10 * n]], rng=seed, sizes=[n])
                    real.append(judge(seen[order[:n]]))
                found[label] = DecoderOutcome(judge(drawn), real[-1], tuple(real[:-1]), n)
            except Exception as error:  # costs what this judge says, and nothing else
                found[label] = Failure(one_line(error))
        return found
