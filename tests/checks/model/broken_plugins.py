"""A right model, and for every check a plugin that breaks what it asserts: `decode_shape` is caught by decode-shape."""

import dataclasses

import numpy as np

import latentot as lot

SHAPE = (1, 4, 4)
PREPARED: list[str] = []


def right(dim: int = 3, seed: int = 0, network: object = None) -> lot.Model:
    weights = np.random.default_rng(seed).standard_normal((dim, 16)) / 4

    def decode(z: np.ndarray) -> np.ndarray:
        return (z @ weights).reshape(-1, *SHAPE)

    def encode(x: np.ndarray) -> lot.Posterior:
        mean = x.reshape(len(x), 16) @ weights.T
        return lot.Posterior(mean, np.full_like(mean, 0.1))

    return lot.Model(lot.Normal(dim), decode, encode, name="right", provenance={"dim": dim, "seed": seed})


def change(**parts: object) -> lot.Model:
    return dataclasses.replace(right(), **parts)


def decode_shape() -> lot.Model:
    return change(decode=lambda z: right().decode(z)[:, 0, 0, 0], encode=None)


def finite() -> lot.Model:
    def decode(z: np.ndarray) -> np.ndarray:
        return np.where(z[:, :1] < 0, np.nan, z)

    return change(decode=decode, encode=None)


def deterministic() -> lot.Model:
    rng = np.random.default_rng()
    return change(decode=lambda z: right().decode(z) + 0.01 * rng.standard_normal((len(z), *SHAPE)))


def batch_size() -> lot.Model:
    return change(decode=lambda z: right().decode(z) / (1 + len(z)))


def order() -> lot.Model:
    return change(decode=lambda z: right().decode(z) + np.linspace(0, 1, len(z))[:, None, None, None])


def inputs_kept() -> lot.Model:
    def decode(z: np.ndarray) -> np.ndarray:
        z *= 2
        return right().decode(z)

    return change(decode=decode)


class RandNotRandn(lot.Normal):
    """Directions out of rand, with the right norms: the positive orthant only."""

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        z = rng.random((n, *self.shape))
        return z / np.linalg.norm(z, axis=1, keepdims=True) * self.radius.sample((n, 1), rng=rng)


def prior_law() -> lot.Model:
    return change(prior=RandNotRandn(3))


class Deaf(lot.Normal):
    """Draws the same whatever the seed."""

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return super()._draw(n, np.random.default_rng(7))


def prior_seed() -> lot.Model:
    return change(prior=Deaf(3))


def encode_shape() -> lot.Model:
    return change(encode=lambda x: (np.zeros((len(x), 3)), np.ones((len(x), 1))))


def encode_scale() -> lot.Model:
    return change(encode=lambda x: (np.zeros((len(x), 3)), np.full((len(x), 3), -2.0)))  # a log-variance


def gradients() -> lot.Model:
    return change(gradients="torch")


def provenance() -> lot.Model:
    return change(provenance={"pixels": np.int64(16)})


def plain_options(network: object = None) -> lot.Model:
    return right()


def same_options() -> lot.Model:
    return right(seed=int(np.random.default_rng().integers(2**31)))


def fresh_process() -> lot.Model:
    if not PREPARED:  # as by hand, in the process that checks
        raise RuntimeError("libfoo was not initialised")
    return right()
