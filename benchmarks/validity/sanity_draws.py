"""Real data and generated ones that differ in a known way, as Räisä et al. (ICML 2025, arXiv:2505.22450) draw them."""

__all__ = [
    "Draws",
    "dropped_and_invented",
    "dropped_in_turn",
    "dropped_together",
    "in_cubes",
    "on_spheres",
    "one_apart_among_many",
    "one_for_two",
    "one_scaled",
    "rounded",
    "scaled",
    "shifted",
    "shifted_beside_an_outlier",
    "shifted_beside_pareto",
    "sphere_and_torus",
]

from collections.abc import Iterator

import numpy as np

DIMENSIONS = (1, 8, 64)
Draws = Iterator[tuple[str, float, np.ndarray, np.ndarray]]
"""Case, setting, real data, generated data."""


def odd(points: int) -> int:
    """So many settings that one is in the middle."""
    return points + 1 - points % 2


def shifted(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d, reach in zip(DIMENSIONS, (6, 3, 1), strict=True):
        real = rng.standard_normal((n, d))
        for mean in np.linspace(-reach, reach, odd(points)):
            yield f"d = {d}", mean, real, rng.standard_normal((n, d)) + mean


def shifted_beside_an_outlier(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d, reach in zip(DIMENSIONS, (6, 3, 1), strict=True):
        real, outlier = rng.standard_normal((n, d)), np.full((1, d), float(reach))
        with_outlier = np.concatenate([real, outlier])
        for mean in np.linspace(-reach, reach, odd(points)):
            generated = rng.standard_normal((n, d)) + mean
            yield f"d = {d}, real outlier", mean, with_outlier, generated
            yield f"d = {d}, generated outlier", mean, real, np.concatenate([generated, outlier])


def shifted_beside_pareto(rng: np.random.Generator, n: int, points: int) -> Draws:
    def with_tail(mean: float) -> np.ndarray:
        return np.column_stack([rng.standard_normal(n) + mean, 1 + rng.pareto(1.01, n)])

    real = with_tail(0)
    for mean in np.linspace(-6, 6, odd(points)):
        yield "", mean, real, with_tail(mean)


def scaled(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d, reach in zip(DIMENSIONS, (3, 1, 0.5), strict=True):
        real = rng.standard_normal((n, d))
        for exponent in np.linspace(-reach, reach, odd(points)):
            yield f"d = {d}", 10**exponent, real, 10**exponent * rng.standard_normal((n, d))


def of_modes(rng: np.random.Generator, n: int, means: np.ndarray, shares: np.ndarray, scale: float) -> np.ndarray:
    """A mixture of normal laws."""
    chosen = rng.choice(len(means), n, p=shares / shares.sum())
    return means[chosen] + scale * rng.standard_normal((n, means.shape[1]))


def ten_modes(d: int) -> tuple[np.ndarray, float]:
    return np.tile(np.linspace(0, 10, 10)[:, None], (1, d)), {1: 1 / 6, 8: 1 / 3, 64: 1.0}[d]


def dropped_together(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d in DIMENSIONS:
        means, scale = ten_modes(d)
        real = of_modes(rng, n, means, np.ones(10), scale)
        for dropped in np.linspace(0, 1, max(points, 11)):
            shares = np.where(np.arange(10) > 0, 1 - dropped, 1)
            yield f"d = {d}", dropped, real, of_modes(rng, n, means, shares, scale)


def dropped_in_turn(rng: np.random.Generator, n: int, points: int) -> Draws:  # noqa: ARG001
    for d in DIMENSIONS:
        means, scale = ten_modes(d)
        real = of_modes(rng, n, means, np.ones(10), scale)
        for dropped in range(10):
            yield f"d = {d}", dropped, real, of_modes(rng, n, means, (np.arange(10) < 10 - dropped) * 1.0, scale)


def dropped_and_invented(rng: np.random.Generator, n: int, points: int) -> Draws:  # noqa: ARG001
    # Ten places in the plane, far apart for the width of a mode; the same in every repeat.
    means = np.random.default_rng(0).uniform(-25, 25, (10, 2))
    real = of_modes(rng, n, means[:5], np.ones(5), 0.25)
    for modes in range(1, 11):
        yield "", modes, real, of_modes(rng, n, means[:modes], np.ones(modes), 0.25)


def one_for_two(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d in DIMENSIONS:
        for apart in np.linspace(0, 5, points):
            means = np.tile([[-apart / 2], [apart / 2]], (1, d))
            real = of_modes(rng, n, means, np.ones(2), 1.0)
            yield f"d = {d}", apart, real, (1 + apart**2) ** 0.5 * rng.standard_normal((n, d))


def on_spheres(rng: np.random.Generator, n: int, points: int) -> Draws:
    def sphere(d: int) -> np.ndarray:
        z = rng.standard_normal((n, d))
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    for d in (2, 16, 128):
        real = sphere(d)
        for radius in np.linspace(0.1, 1.9, odd(points)):
            yield f"d = {d}", radius, real, radius * sphere(d)


def in_cubes(rng: np.random.Generator, n: int, points: int, *, grow: bool) -> Draws:
    """Cubes of which a fifth is in common; both samples grow, or the generated one."""
    sizes = np.geomspace(n / 10, 10 * n, points).astype(int)
    for d in DIMENSIONS:
        real = rng.random((n, d))
        for size in sizes:
            yield f"d = {d}", size, rng.random((size, d)) if grow else real, rng.random((size, d)) + 1 - 0.2 ** (1 / d)


def sphere_and_torus(rng: np.random.Generator, n: int, points: int) -> Draws:
    def ball(size: int, d: int) -> np.ndarray:
        z = rng.standard_normal((size, d))
        return z / np.linalg.norm(z, axis=1, keepdims=True) * rng.random((size, 1)) ** (1 / d)

    def torus(size: int) -> np.ndarray:
        across, angle = 0.1 * ball(size, 2), rng.uniform(0, 2 * np.pi, size)
        return np.column_stack([(1 + across[:, 0]) * np.cos(angle), (1 + across[:, 0]) * np.sin(angle), across[:, 1]])

    for case, one, other in (
        ("real sphere", lambda size: 0.8 * ball(size, 3), torus),
        ("real torus", torus, lambda size: 0.8 * ball(size, 3)),
    ):
        real = one(n)
        for size in np.geomspace(n / 10, 10 * n, points).astype(int):
            yield case, size, real, other(size)


def one_scaled(rng: np.random.Generator, n: int, points: int) -> Draws:
    for exponent in np.linspace(-3, 3, points):
        scale = np.array([1, 10**exponent])
        generated = (rng.standard_normal((n, 2)) + np.array([6, 0])) * scale
        yield "", exponent, rng.standard_normal((n, 2)) * scale, generated


def one_apart_among_many(rng: np.random.Generator, n: int, points: int) -> Draws:
    for more in np.geomspace(1, 1_000, points).astype(int):
        generated = rng.standard_normal((n, more + 1))
        generated[:, 0] += 6
        yield "", more, rng.standard_normal((n, more + 1)), generated


def rounded(rng: np.random.Generator, n: int, points: int) -> Draws:
    for case in ("real rounded", "generated rounded"):
        for scale in np.geomspace(1, 1_000, points):
            real, generated = scale * rng.standard_normal((2, n, 1))
            yield case, scale, *((np.round(real), generated) if case == "real rounded" else (real, np.round(generated)))
