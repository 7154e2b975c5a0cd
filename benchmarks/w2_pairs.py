"""Pairs of laws between which the optimal map is known: Mix3toMix10 of the Wasserstein-2 benchmark, and our own.

The benchmark's map is T(x) = scale (grad a(x) + grad b(x) - mean), of two input-convex networks with quadratic layers:
h0 = q0, h1 = celu(C0 h0 + q1), h2 = celu(C1 h1 + q2), p = f . h2 + |x|^2 / 200, where
q_i(x)_j = (x . Q_ij)^2 + W_ij x + c_ij.

References:
    Korotin, Li, Genevay, Solomon, Filippov, Burnaev: Do neural optimal transport solvers work? A continuous
    Wasserstein-2 benchmark. NeurIPS 2021, arXiv:2106.01954; repository iamalexkorotin/Wasserstein2Benchmark.
"""

__all__ = ["Made", "Pair"]

from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "w2"


@dataclass(frozen=True, eq=False)
class Pair:
    """A source that can be drawn from, and the optimal map from it to the target.

    Args:
        parameters: of the mixture and of the potentials, by name.
    """

    parameters: dict[str, np.ndarray]

    @classmethod
    def load(cls, dim: int) -> "Pair":
        from safetensors.numpy import load_file

        file = FOLDER / f"mix3-to-mix10-{dim}.safetensors"
        if not file.exists():
            raise SystemExit(f"no potentials of the benchmark at {file}")
        return cls({name: value.astype(np.float64) for name, value in load_file(file).items()})

    def source(self, n: int, rng: np.random.Generator) -> np.ndarray:
        centers, maps = self.parameters["mixture.centers"], self.parameters["mixture.maps"]
        which, noise = rng.integers(len(centers), size=n), rng.standard_normal((n, centers.shape[1]))
        x = centers[which]
        for k, turn in enumerate(maps):
            x[which == k] += 0.4 * noise[which == k] @ turn.T
        return x

    def target(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return self(self.source(n, rng))

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The optimal map."""
        scale, mean = self.parameters["standard.scale"], self.parameters["standard.mean"]
        blocks = np.array_split(x, -(-len(x) // 8_192))
        return np.concatenate([scale * (self._gradient("a", z) + self._gradient("b", z) - mean) for z in blocks])

    def _gradient(self, potential: str, x: np.ndarray) -> np.ndarray:
        def of(name: str) -> np.ndarray:
            return self.parameters[f"{potential}.{name}"]

        layers = [f"quadratic_layers.{i}" for i in range(3)]
        factors = [of(f"{layer}.quadratic_decomposed")[:, 0, :] for layer in layers]
        weights = [of(f"{layer}.weight") for layer in layers]
        between = [of("convex_layers.0.weight"), of("convex_layers.1.weight")]
        along = [x @ factor for factor in factors]
        q = [p**2 + x @ w.T + of(f"{layer}.bias") for p, w, layer in zip(along, weights, layers, strict=True)]
        first = q[0] @ between[0].T + q[1]
        second = _celu(first) @ between[1].T + q[2]
        to_second = of("final_layer.weight")[0] * _slope(second)
        to_first = (to_second @ between[1]) * _slope(first)
        gradient = 0.01 * x
        for p, factor, weight, back in zip(
            along, factors, weights, (to_first @ between[0], to_first, to_second), strict=True
        ):
            gradient = gradient + 2 * (back * p) @ factor.T + back @ weight
        return gradient


@dataclass(frozen=True, eq=False)
class Made:
    """T(x) = x / 2 + sum_k p_k(x) a_k, p(x) the softmax of <a_k, x> + b_k: a gradient, in any number of coordinates.

    The source is three normal laws, as in the benchmark; ten a_k of length sqrt(d), orthogonal where there is
    room.

    Args:
        centers: of the source, shape (3, d).
        ways: the a_k, shape (10, d).
        offsets: the b_k, shape (10,).
    """

    centers: np.ndarray
    ways: np.ndarray
    offsets: np.ndarray

    @classmethod
    def of(cls, dim: int) -> "Made":
        rng = np.random.default_rng(dim)
        frames = [np.linalg.qr(rng.standard_normal((dim, dim)))[0] for _ in range(-(-13 // dim))]
        rows = np.concatenate(frames)
        return cls(1.5 * rows[:3], dim**0.5 * rows[3:13], rng.standard_normal(10))

    def source(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return self.centers[rng.integers(3, size=n)] + 0.8 * rng.standard_normal((n, self.centers.shape[1]))

    def target(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return self(self.source(n, rng))

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The optimal map."""
        scores = x @ self.ways.T + self.offsets
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return x / 2 + shares / shares.sum(axis=1, keepdims=True) @ self.ways


def _celu(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _slope(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, 1, np.exp(np.minimum(x, 0)))
