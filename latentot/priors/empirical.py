"""A prior known by samples only: an aggregate posterior, a W space."""

__all__ = ["Empirical"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.arrays import on_host
from latentot.errors import InputError
from latentot.priors.prior import Prior, latent_shape


@dataclass(frozen=True, eq=False)
class Empirical(Prior):
    """The law of given latents.

    Without replacement (the default) the rows of a call are different, and more than there are samples are refused;
    with replacement draws are independent, any number of them.

    Args:
        samples: latents, shape (n, *shape).
        replace: whether `sample` draws with replacement.

    Raises:
        InputError: fewer than two samples, or values that are not finite.

    >>> codes = np.random.default_rng(0).standard_normal((100, 8))
    >>> fit, judge = Empirical(codes).split(rng=0)
    >>> len(fit.samples), judge.sample(50, rng=1).shape
    (50, (50, 8))
    """

    name: ClassVar[str] = "empirical"
    samples: NDArray[np.float64]
    replace: bool = False

    def __init__(self, samples: ArrayLike, replace: bool = False) -> None:
        latents = on_host("samples", samples)
        if latents.ndim < 2 or len(latents) < 2:
            raise InputError(f"an empirical prior needs samples of shape (n >= 2, *shape), got {latents.shape}")
        if not np.issubdtype(latents.dtype, np.floating) or not np.isfinite(latents).all():
            raise InputError("an empirical prior needs finite floating-point samples")
        object.__setattr__(self, "samples", latents.astype(np.float64))
        object.__setattr__(self, "shape", latent_shape(latents.shape[1:]))
        object.__setattr__(self, "replace", replace)

    def __repr__(self) -> str:
        return f"Empirical({len(self.samples)} samples of shape {self.shape}, replace={self.replace})"

    @property
    def marginal(self) -> None:
        return None

    @property
    def radius(self) -> None:
        return None

    def split(self, *, rng: int | np.random.Generator) -> tuple["Empirical", "Empirical"]:
        """Two halves without a common sample: one to fit maps on, one to judge them by.

        Args:
            rng: a seed or a Generator.

        Raises:
            InputError: fewer than four samples.
        """
        if len(self.samples) < 4:
            raise InputError(f"{len(self.samples)} samples are too few to split: at least 4")
        order = np.random.default_rng(rng).permutation(len(self.samples))
        half = len(order) // 2
        return Empirical(self.samples[order[:half]], self.replace), Empirical(self.samples[order[half:]], self.replace)

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        if n > len(self.samples) and not self.replace:
            raise InputError(
                f"cannot draw {n} of {len(self.samples)} samples without replacement: "
                "draw fewer, or use Empirical(samples, replace=True)"
            )
        return self.samples[rng.choice(len(self.samples), n, replace=self.replace)]
