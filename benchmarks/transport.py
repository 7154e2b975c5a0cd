"""Transport maps on points they have not seen: drift, displacement, distance to the optimal map, and what they cost.

    python benchmarks/transport.py [normal] [normal-200k] [mixture] [w2-D] [w2-D-fresh] [made-D] [made-D-fresh] ...
        [--only NAME ...] [--seconds S] [--keep FILE]

Held-out drift is the sliced Wasserstein distance of carried points to a reference of as many draws, over its mean for
fresh draws of the target (10 of them, the same reference). Displacement is the mean of |T(z) - z|^2. L2-UVP is
100 E|T(z) - T*(z)|^2 / (sum of the target's variances), where the optimal map T* is known: on `w2-D`, Mix3toMix10 in D
coordinates (arXiv:2106.01954), whose potentials are looked for in ../shared/data/w2, and on `made-D`, a potential of
our own in any D. Settings are the same in all dimensions: epsilon and the number of maps are chosen held out. Every
solver has a process of its own, for its seconds (of the wall and of processors), its peak of memory above what the data
take, and that of the whole process once it is fitted. POT's and OTT's solvers, which `pip install --group peers` adds,
are fitted on as many points as take about as long; ours is also measured on the 2,000 that most of them have. `--keep`
adds the rows to a file, from which `docs/make_transport.py` makes a page.
"""

import argparse
import json
import multiprocessing
import re
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from w2_pairs import Made, Pair

import latentot as lot
from latentot.transport import named_transport

NULL_DRAWS = 10
Points = np.ndarray
Draw = Callable[[int], Points]
Solver = Callable[[Points, Points], Callable[[Points], Points]]


@dataclass(frozen=True)
class Problem:
    """Two laws that can be drawn from, and the optimal map between them, if it is known."""

    title: str
    source: Draw
    target: Draw
    n_fitted: int
    n_judged: int
    solvers: tuple[str, ...]
    optimal: Callable[[Points], Points] | None = None


def ours(name: str, **options: Any) -> Solver:
    return lambda x, y: named_transport(name, **options).fit(x, y, rng=0)


def pots_gaussian(x: Points, y: Points) -> Callable[[Points], Points]:
    import ot

    matrix, shift = ot.gaussian.empirical_bures_wasserstein_mapping(x, y)
    return lambda z: z @ matrix + shift


def pots_sliced(most: int, a_coordinate: int = 4, rounds: int = 100) -> Solver:
    """Points moved down the gradient of POT's sliced distance; others follow their nearest neighbour.

    With about as many directions as coordinates, or fewer, steps overshoot along some and diverge.
    """

    def fit(x: Points, y: Points) -> Callable[[Points], Points]:
        import ot
        from scipy.spatial import KDTree

        x, y = x[:most], y[:most]
        moved, rng, directions = x.copy(), np.random.default_rng(0), a_coordinate * x.shape[1]
        for _ in range(rounds):
            along = ot.sliced.get_random_projections(x.shape[1], directions, seed=int(rng.integers(2**31)))
            before, after = moved @ along, np.sort(y @ along, axis=0)
            ranks = np.argsort(np.argsort(before, axis=0), axis=0)
            moved += (np.take_along_axis(after, ranks, axis=0) - before) @ along.T * x.shape[1] / directions
        tree = KDTree(x)
        return lambda z: z + (moved - x)[tree.query(z)[1]]

    return fit


def pots_brenier(most: int) -> Solver:
    """POT's nearest strongly convex and smooth Brenier potential (Paty, d'Aspremont, Cuturi)."""

    def fit(x: Points, y: Points) -> Callable[[Points], Points]:
        import cvxpy  # noqa: F401 - without it POT fits nothing and says so on standard output alone
        import ot

        x, y = x[:most], y[:most]
        y = y[ot.emd([], [], ot.dist(x, y)).argmax(axis=1)]
        phi, gradients = ot.mapping.nearest_brenier_potential_fit(x, y, its=1)
        return lambda z: ot.mapping.nearest_brenier_potential_predict_bounds(x, phi, gradients, z)[1][1]

    return fit


def ott_sinkhorn(most: int, epsilon: float) -> Solver:
    """OTT-JAX's entropic map; epsilon is a share of the mean cost."""

    def fit(x: Points, y: Points) -> Callable[[Points], Points]:
        import jax
        from ott.geometry import pointcloud
        from ott.problems.linear import linear_problem
        from ott.solvers.linear import sinkhorn

        geometry = pointcloud.PointCloud(
            jax.numpy.array(x[:most]), jax.numpy.array(y[:most]), epsilon=epsilon, relative_epsilon="mean"
        )
        potentials = sinkhorn.Sinkhorn(max_iterations=5_000)(
            linear_problem.LinearProblem(geometry)
        ).to_dual_potentials()
        return lambda z: np.asarray(potentials.transport(jax.numpy.array(z)))

    return fit


def pots_da(name: str, most: int, **options: Any) -> Solver:
    """A solver of POT's domain adaptation; `reg_e` is a share of the mean cost."""

    def fit(x: Points, y: Points) -> Callable[[Points], Points]:
        import ot

        x, y = x[:most], y[:most]
        if "reg_e" in options:
            options["reg_e"] *= float(ot.dist(x, y).mean())
        fitted = getattr(ot.da, name)(**options).fit(Xs=x, Xt=y)
        return lambda z: fitted.transform(Xs=z)

    return fit


SOLVERS: dict[str, Solver] = {
    **{name: ours(name) for name in ("gaussian", "marginal", "radial", "sliced", "exact", "auto", "sinkhorn")},
    "sinkhorn, 1 map": ours("sinkhorn", maps=1),
    "sinkhorn, 2,000 points": lambda x, y: ours("sinkhorn")(x[:2_000], y[:2_000]),
    "POT LinearTransport": pots_da("LinearTransport", 20_000),
    "POT EMDTransport": pots_da("EMDTransport", 2_000, max_iter=10_000_000),
    "POT SinkhornTransport": pots_da("SinkhornTransport", 2_000, reg_e=0.02, max_iter=200),
    "POT gaussian": pots_gaussian,
    "POT sliced": pots_sliced(2_000),
    "POT Brenier": pots_brenier(100),
    "OTT sinkhorn": ott_sinkhorn(4_000, 0.01),
}
PLAIN = ("gaussian", "marginal", "radial")
THEIRS = (
    "POT LinearTransport",
    "POT gaussian",
    "POT EMDTransport",
    "POT SinkhornTransport",
    "POT sliced",
    "POT Brenier",
    "OTT sinkhorn",
)


def fitted_and_judged(name: str, problem: Problem, fit: tuple[Points, Points], judge: tuple[Points, Points]) -> dict:
    """One row: what a solver reaches and takes."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    start, processors = time.perf_counter(), time.process_time()
    carry = SOLVERS[name](*fit)
    row = {"solver": name, "fit s": time.perf_counter() - start, "fit CPU s": time.process_time() - processors}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    carried = carry(judge[0])
    row |= {"carry s": time.perf_counter() - start, "MiB": (peak - before.ru_maxrss) / 1024, "process MiB": peak / 1024}
    against = lot.drift("sliced-wasserstein").against(judge[1], rng=0)
    chance = np.mean([against(problem.target(len(judge[1]))).value for _ in range(NULL_DRAWS)])
    row |= {
        "drift / chance": against(carried).value / chance,
        "displacement": np.square(carried - judge[0]).sum(axis=1).mean(),
    }
    if problem.optimal is not None:
        known = problem.optimal(judge[0])
        row["displacement of T*"] = np.square(known - judge[0]).sum(axis=1).mean()
        row["L2-UVP"] = 100 * np.square(carried - known).sum(axis=1).mean() / judge[1].var(axis=0).sum()
    reason = getattr(getattr(carry, "map", None), "reason", None) or getattr(
        getattr(carry, "report", None), "limit", None
    )
    return {key: value if isinstance(value, str) else round(float(value), 4) for key, value in row.items()} | (
        {"reason": reason} if reason else {}
    )


def measured(key: str, asked: Problem, only: list[str]) -> list[dict]:
    """Rows of all solvers, each printed when it is there."""
    fit = asked.source(asked.n_fitted), asked.target(asked.n_fitted)
    judge = asked.source(asked.n_judged), asked.target(asked.n_judged)
    print(f"\n{asked.title}: fitted on {asked.n_fitted:,}, judged on {asked.n_judged:,} others", flush=True)
    rows = []
    for name in only or asked.solvers:
        receive, send = multiprocessing.Pipe(duplex=False)

        def work(name: str = name, send: Any = send) -> None:
            try:
                send.send(fitted_and_judged(name, asked, fit, judge))
            except Exception as error:
                send.send({"solver": name, "error": str(error)})

        process = multiprocessing.get_context("fork").Process(target=work)
        process.start()
        row = {"problem": key, "points": asked.n_fitted, **receive.recv()}
        process.join()
        rows.append(row)
        print("  " + "  ".join(f"{part} {value}" for part, value in row.items() if part != "problem"), flush=True)
    return rows


def midpoints(title: str, draw: Draw, n_fitted: int, n_judged: int, solvers: tuple[str, ...]) -> Problem:
    """Midpoints of independent draws, to be carried back onto the law that they were drawn from."""
    return Problem(title, lambda n: (draw(n) + draw(n)) / 2, draw, n_fitted, n_judged, solvers)


def normal_draws() -> Draw:
    prior, rng = lot.Normal(64), np.random.default_rng(0)
    return lambda n: prior.sample(n, rng=rng)


def mixture_draws() -> Draw:
    """Six correlated normal laws in 16 coordinates: what an aggregate posterior looks like."""
    rng = np.random.default_rng(0)
    means = 1.2 * rng.standard_normal((6, 16))
    factors = 0.6 * np.eye(16) + 0.15 * rng.standard_normal((6, 16, 16))

    def draw(n: int) -> Points:
        k = rng.integers(6, size=n)
        return means[k] + np.einsum("nij,nj->ni", factors[k], rng.standard_normal((n, 16)))

    return draw


FRESH = 12_000
"""Points of each sample that a map of fresh draws is fitted on, and has twice of the source's."""
MAPS = 10
"""So many maps at most have draws of their own."""


def pair(dim: int, known: Pair | Made, title: str) -> Problem:
    rng = np.random.default_rng(1)
    solvers = ("gaussian", "sinkhorn", "sinkhorn, 2,000 points", *THEIRS, "exact", "sliced")
    title = f"{title}, d = {dim}"
    return Problem(title, lambda n: known.source(n, rng), lambda n: known.target(n, rng), 20_000, 4_096, solvers, known)


def fresh(dim: int, known: Pair | Made, title: str, seconds: float | None) -> Problem:
    """As many draws as the maps take: each has its own."""
    rng, name = np.random.default_rng(2), "sinkhorn, fresh draws"
    SOLVERS[name] = ours("sinkhorn", max_points=FRESH, maps=MAPS, seconds=seconds)
    n = 2 * FRESH * MAPS * 11 // 10 + 4_000
    title = f"{title}, d = {dim}, fresh draws"
    return Problem(title, lambda n: known.source(n, rng), lambda n: known.target(n, rng), n, 4_096, (name,), known)


PROBLEMS: dict[str, Callable[[], Problem]] = {
    "normal": lambda: midpoints(
        "N(0, I_64)", normal_draws(), 20_000, 20_000, (*PLAIN, "sliced", "sinkhorn", "exact", "auto", *THEIRS)
    ),
    "normal-200k": lambda: midpoints(
        "N(0, I_64)", normal_draws(), 200_000, 10_000, (*PLAIN, "sliced", "sinkhorn", "auto")
    ),
    "mixture": lambda: midpoints(
        "mixture of 6 normal laws, d = 16",
        mixture_draws(),
        20_000,
        20_000,
        ("gaussian", "sinkhorn", "sliced", "auto", *THEIRS),
    ),
}
KNOWN = re.compile(r"(w2|made)-([1-9]\d*)(-fresh)?")
EVERY = (*PROBLEMS, *(f"w2-{dim}{of}" for of in ("", "-fresh") for dim in (2, 4, 16, 32, 64)))


def problem(key: str, seconds: float | None) -> Problem:
    """The problem of a name."""
    if key in PROBLEMS:
        return PROBLEMS[key]()
    found = KNOWN.fullmatch(key)
    if not found:
        raise SystemExit(f"no problem is called {key!r}: {', '.join(PROBLEMS)}, w2-D, w2-D-fresh, made-D, made-D-fresh")
    dim = int(found[2])
    known, title = (Pair.load(dim), "Mix3toMix10") if found[1] == "w2" else (Made.of(dim), "potential of our own")
    return fresh(dim, known, title, seconds) if found[3] else pair(dim, known, title)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("problems", nargs="*", metavar="PROBLEM", help=f"{', '.join(EVERY)}, made-D, made-D-fresh")
    parser.add_argument("--only", nargs="+", default=[], choices=list(SOLVERS))
    parser.add_argument("--seconds", type=float, help="of fresh draws: after so many no further map is begun")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    for chosen in given.problems or EVERY:
        found = measured(chosen, problem(chosen, given.seconds), given.only)
        if given.keep:
            before = json.loads(given.keep.read_text()) if given.keep.exists() else []
            new = {(row["problem"], row["solver"]) for row in found}
            rest = [row for row in before if (row["problem"], row["solver"]) not in new]
            given.keep.write_text(json.dumps(rest + found, indent=1) + "\n")
