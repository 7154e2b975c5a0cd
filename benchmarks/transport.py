"""Transport maps on points they have not seen: drift in units of what chance gives, displacement, seconds.

    python benchmarks/transport.py [normal] [normal-200k] [mixture]

Held-out drift is the sliced Wasserstein distance of carried points to a reference of as many draws, over its mean for
fresh draws of the target (10 of them, the same reference); means over independent data sets. Maps are fitted by
`Transport.fit`, which holds a tenth of what it is given out of the fit.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import latentot as lot
from latentot.metrics import drift
from latentot.transport import named_transport

NULL_DRAWS = 10
Draw = Callable[[int], np.ndarray]


@dataclass(frozen=True)
class Problem:
    """Midpoints of independent draws, to be carried back onto the law that they were drawn from."""

    title: str
    draw: Draw
    n_fitted: int
    n_judged: int
    names: tuple[str, ...]
    repeats: int

    def table(self) -> None:
        print(
            f"\n{self.title}: fitted on {self.n_fitted:,}, judged on {self.n_judged:,} others, {self.repeats} data sets"
        )
        rows: dict[str, list[tuple[float, ...]]] = {}
        for _ in range(self.repeats):
            self._measure(rows)
        print("method     drift  x chance  (of the data sets)  displacement  fit s  carry s")
        for name, measured in rows.items():
            drifts, ratios, moved, fit, carry = np.array(measured).T
            span = f"({ratios.min():5.2f} to {ratios.max():5.2f})"
            mean = f"{drifts.mean():.4f}    {ratios.mean():5.2f}  {span:18}"
            print(f"{name:9}  {mean}  {moved.mean():12.2f}  {fit.mean():5.1f}  {carry.mean():7.2f}")

    def _measure(self, rows: dict[str, list[tuple[float, ...]]]) -> None:
        source, target = self._midpoints(self.n_fitted), self.draw(self.n_fitted)
        unseen, reference = self._midpoints(self.n_judged), self.draw(self.n_judged)
        judge = drift("sliced-wasserstein").against(reference, rng=0)
        null = np.array([judge(self.draw(self.n_judged)).value for _ in range(NULL_DRAWS)])
        chance = null.mean()
        low, high = null.min() / chance, null.max() / chance
        print(f"chance {chance:.4f}, its {NULL_DRAWS} draws {low:.2f} to {high:.2f} times it", flush=True)
        rows.setdefault("(none)", []).append((judge(unseen).value, judge(unseen).value / chance, 0.0, 0.0, 0.0))
        for name in self.names:
            start = time.perf_counter()
            fitted = named_transport(name).fit(source, target, rng=0)
            middle = time.perf_counter()
            carried = fitted(unseen)
            seconds = (middle - start, time.perf_counter() - middle)
            value, moved = judge(carried).value, np.square(carried - unseen).sum(axis=1).mean()
            rows.setdefault(name, []).append((value, value / chance, moved, *seconds))
            if name == "auto":
                print(f"  auto: {fitted.map.reason}", flush=True)

    def _midpoints(self, n: int) -> np.ndarray:
        return (self.draw(n) + self.draw(n)) / 2


def normal_draws() -> Draw:
    prior, rng = lot.Normal(64), np.random.default_rng(0)
    return lambda n: prior.sample(n, rng=rng)


def mixture_draws() -> Draw:
    """Six correlated normal laws in 16 coordinates: what an aggregate posterior looks like."""
    rng = np.random.default_rng(0)
    means = 1.2 * rng.standard_normal((6, 16))
    factors = 0.6 * np.eye(16) + 0.15 * rng.standard_normal((6, 16, 16))

    def draw(n: int) -> np.ndarray:
        k = rng.integers(6, size=n)
        return means[k] + np.einsum("nij,nj->ni", factors[k], rng.standard_normal((n, 16)))

    return draw


SMALL = ("gaussian", "marginal", "radial", "sliced", "auto")
EVERY = ("exact", "sinkhorn", *SMALL)
PROBLEMS = {
    "normal": lambda: Problem("N(0, I_64)", normal_draws(), 20_000, 20_000, EVERY, 3),
    "normal-200k": lambda: Problem("N(0, I_64)", normal_draws(), 200_000, 10_000, SMALL, 1),
    "mixture": lambda: Problem("mixture of 6 normal laws, d = 16", mixture_draws(), 20_000, 20_000, EVERY, 6),
}

if __name__ == "__main__":
    for chosen in sys.argv[1:] or PROBLEMS:
        PROBLEMS[chosen]().table()
