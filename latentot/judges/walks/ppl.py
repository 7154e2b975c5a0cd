"""Perceptual path length: how fast features change with t, squared.

|f(x_{t + e}) - f(x_t)|^2 / e^2 at a random t of each walk (`ppl-full`) or at its start (`ppl-end`), the mean over walks
between the 1st and the 99th percentile, e = 1e-4. It needs decoded data in floating point: pixels that are rounded to 8
bits do not move for most steps of 1e-4, and move by 1/255 for the others, so that halving e doubles the value. Each is
measured with e and e/2, and a change of 10 % is told.

>>> import latentot as lot
>>> z0, z1 = lot.Normal(4).sample(50, rng=0), lot.Normal(4).sample(50, rng=1)
>>> pixels, path = lot.feature_extractor("pixels"), lot.interpolation("linear", lot.Normal(4))
>>> walk = Walk.of(path, z0, z1, decode=np.tanh, features=pixels)
>>> lot.judge("ppl-full")(walk, rng=0).value < float(((z1 - z0) ** 2).sum(axis=1).mean())
True
"""

__all__ = ["PplEnd", "PplFull", "Walk"]

import warnings
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from latentot.arrays import on_host
from latentot.errors import InputError, InputWarning
from latentot.judges.judgement import WALKS, Floats, Judge, Judgement, Judging

MOVED = 0.1
"""Change of the value with half the step that is told."""
DROPPED = 1, 99
"""Percentiles beyond which walks are left out, as in StyleGAN."""
KARRAS = "Karras et al.: A style-based generator architecture. CVPR 2019, arXiv:1812.04948; version 2: arXiv:1912.04958"


@dataclass(frozen=True, eq=False)
class Walk:
    """Features of n walks at any t.

    Args:
        at: from one t of each walk, shape (n,), to features there, shape (n, k).
        n: how many walks.
    """

    at: Callable[[Floats], Any]
    n: int

    @classmethod
    def of(
        cls,
        path: Callable[..., Any],
        z0: NDArray[Any],
        z1: NDArray[Any],
        *,
        decode: Callable[[Any], Any],
        features: Callable[[Any], Any],
    ) -> Self:
        """Walks of a path between latents, decoded, in features.

        Args:
            path: path(z0, z1, t), t of shape (n, 1).
            z0, z1: endpoints, shape (n, *shape).
            decode: from latents to data.
            features: from data to features.
        """

        def at(t: Floats) -> Any:
            return features(decode(path(z0, z1, t[:, None])))

        return cls(at, len(z0))


@dataclass(frozen=True, repr=False)
class _Ppl(Judge):
    """What both have in common.

    Args:
        epsilon: the step e.
    """

    unit: ClassVar[str] = "squared feature units per squared t"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = KARRAS
    takes: ClassVar[str] = WALKS
    compares: ClassVar[bool] = False
    points: ClassVar[str] = "walks"

    epsilon: float = 1e-4

    def __post_init__(self) -> None:
        if not 0 < self.epsilon <= 0.1:
            raise InputError(f"{self.name} takes steps above 0 and up to 0.1, got epsilon = {self.epsilon}")

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        seed = int(rng.integers(2**63))

        def judging(walk: Any) -> Judgement:
            t = self._starts(walk.n, np.random.default_rng(seed))
            start = self._features(walk, t)
            each, halved = (
                np.square(self._features(walk, t + step) - start).sum(axis=1) / step**2
                for step in (self.epsilon, self.epsilon / 2)
            )
            value, again = _trimmed(each), _trimmed(halved)
            if abs(again - value) > MOVED * max(value, again):
                warnings.warn(
                    f"{self.name} is {value:.4g} with steps of {self.epsilon:g} and {again:.4g} with half of it: give "
                    "data in floating point, not rounded to 8 bits, of a decoder that is smooth",
                    InputWarning,
                    stacklevel=4,
                )
            return Judgement(value, float(each.mean()), walk.n, each, float(each.std(ddof=1)) / walk.n**0.5)

        return judging

    def _features(self, walk: Walk, t: Floats) -> Floats:
        found = on_host(f"the features of {self.name}", walk.at(t))
        if found.ndim != 2 or len(found) != walk.n or not np.issubdtype(found.dtype, np.floating):
            raise InputError(
                f"a walk of {self.name} gives floating-point features of shape ({walk.n}, k), got {found.dtype} "
                f"{found.shape}"
            )
        if not np.isfinite(found).all():
            raise InputError(f"the features of {self.name} must be finite: some are NaN or infinite")
        return found.astype(np.float64)

    @abstractmethod
    def _starts(self, n: int, rng: np.random.Generator) -> Floats:
        """Where each walk is looked at, shape (n,), such that a step on is still on it."""


@dataclass(frozen=True, repr=False)
class PplFull(_Ppl):
    """Perceptual path length at a random t of each walk; the raw value keeps all walks.

    Args:
        epsilon: the step.

    References:
        Karras et al.: A style-based generator architecture. CVPR 2019, arXiv:1812.04948
    """

    name: ClassVar[str] = "ppl-full"
    title: ClassVar[str] = "perceptual path length, along whole walks"
    formula: ClassVar[str] = "E |f(x_{t+e}) - f(x_t)|^2 / e^2, t uniform, e = 1e-4, from the 1st to the 99th percentile"

    def _starts(self, n: int, rng: np.random.Generator) -> Floats:
        return rng.uniform(0, 1 - self.epsilon, n)


@dataclass(frozen=True, repr=False)
class PplEnd(_Ppl):
    """Perceptual path length at the start of each walk; the raw value keeps all walks.

    Args:
        epsilon: the step.

    References:
        Karras et al.: A style-based generator architecture. CVPR 2019, arXiv:1812.04948
    """

    name: ClassVar[str] = "ppl-end"
    title: ClassVar[str] = "perceptual path length, at the start of walks"
    formula: ClassVar[str] = "E |f(x_e) - f(x_0)|^2 / e^2, e = 1e-4, from the 1st to the 99th percentile"

    def _starts(self, n: int, rng: np.random.Generator) -> Floats:  # noqa: ARG002
        return np.zeros(n)


def _trimmed(values: Floats) -> float:
    """The mean of what lies within the percentiles."""
    low, high = np.percentile(values, DROPPED, method="nearest")
    return float(values[(values >= low) & (values <= high)].mean())
