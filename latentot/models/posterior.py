"""What an encoder says of data: a law of latents for each datum."""

__all__ = ["Posterior"]

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from latentot.brief import brief
from latentot.errors import InputError, unknown_name

Latents = NDArray[np.float64]


class _Pair(NamedTuple):
    mean: NDArray[np.floating[Any]]
    scale: NDArray[np.floating[Any]]


class Posterior(_Pair):
    """The law q(z|x) of each datum; it unpacks as the pair (mean, scale).

    - "normal": N(mean, scale^2), coordinate by coordinate.
    - "cauchy": Cauchy laws around `mean`, which is their median, with half their mass within `scale`.
    - "power-spherical": on the unit sphere, density proportional to (1 + <mean, z>)^k, mean a unit vector and
      k = 1/scale^2, one scale a datum, repeated in every coordinate.

    Args:
        mean: where each law lies, shape (n, *latent shape).
        scale: how wide it is, of the same shape.
        law: one of these names.

    Raises:
        InputError: there is no such law.

    References:
        N. De Cao, W. Aziz (2020). The Power Spherical distribution. arXiv:2006.04437.

    >>> mean, scale = Posterior(np.zeros((2, 3)), np.ones((2, 3)), law="cauchy")
    >>> mean.shape
    (2, 3)
    """

    law: str

    def __new__(cls, mean: NDArray[Any], scale: NDArray[Any], law: str = "normal") -> Self:
        if law not in _DRAWS:
            raise unknown_name("law of a posterior", law, _DRAWS)
        posterior = super().__new__(cls, mean, scale)
        posterior.law = law
        return posterior

    def __repr__(self) -> str:
        return f"Posterior(law={self.law!r}, mean={brief(self.mean)}, scale={brief(self.scale)})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (*self, self.law)

    @classmethod
    def of(cls, encoded: tuple[NDArray[Any], NDArray[Any]]) -> "Posterior":
        """What an encoder gave: a posterior, or a pair (mean, scale) of normal laws.

        >>> Posterior.of((np.zeros((2, 3)), np.ones((2, 3)))).law
        'normal'
        """
        return encoded if isinstance(encoded, Posterior) else cls(*encoded)

    def sample(self, *, rng: int | np.random.Generator) -> Latents:
        """One draw of q(z|x) for each datum, shape (n, *latent shape).

        Raises:
            InputError: mean and scale have different shapes.

        >>> Posterior(np.zeros((2, 3)), np.ones((2, 3))).sample(rng=0).shape
        (2, 3)
        """
        mean, scale = (np.asarray(part, dtype=np.float64) for part in self)
        if mean.shape != scale.shape:
            raise InputError(f"an encoder gives mean and scale of one shape, got {mean.shape} and {scale.shape}")
        return _DRAWS[self.law](mean, scale, np.random.default_rng(rng))


def _normal(mean: Latents, scale: Latents, rng: np.random.Generator) -> Latents:
    return mean + scale * rng.standard_normal(mean.shape)


def _cauchy(mean: Latents, scale: Latents, rng: np.random.Generator) -> Latents:
    return mean + scale * rng.standard_cauchy(mean.shape)


def _power_spherical(mean: Latents, scale: Latents, rng: np.random.Generator) -> Latents:
    """(t, sqrt(1 - t^2) v) around the first axis, t = 2 Beta - 1 and v uniform, reflected onto the mean."""
    if not mean.size:
        return mean
    flat = mean.reshape(len(mean), -1)
    rest = flat.shape[1] - 1
    concentration = scale.reshape(len(mean), -1)[:, 0] ** -2.0
    t = 2 * rng.beta(rest / 2 + concentration, rest / 2) - 1
    v = rng.standard_normal((len(mean), rest))
    v *= (np.sqrt(1 - t**2) / np.linalg.norm(v, axis=1))[:, None]
    around = np.column_stack([t, v])
    mirror = -flat
    mirror[:, 0] += 1
    square = (mirror**2).sum(axis=1, keepdims=True)
    # Where the mean is the first axis there is nothing to reflect.
    step = 2 * (mirror * around).sum(axis=1, keepdims=True) / np.where(square > 0, square, 1)
    return (around - step * mirror).reshape(mean.shape)


_DRAWS = {"normal": _normal, "cauchy": _cauchy, "power-spherical": _power_spherical}
