"""What is inspected: a model, data in its form, how they are seen, and how much of it all."""

__all__ = ["ENDS", "Subject"]

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.data import Data
from latentot.errors import InputError
from latentot.inspection.agreement import Agreed, agree
from latentot.inspection.seen import Seen
from latentot.inspection.sizes import TRIED, Sizes, seconds_each
from latentot.models import Model, Posterior, decoded, encoded
from latentot.numerics.lengths import lengths
from latentot.priors import Empirical, Prior
from latentot.study.spec.seeds import stream

Array = NDArray[Any]
Floats = NDArray[np.float64]

ENDS = "draws", "means"
"""What stands for a datum: a draw of q(z|x), as wide as the prior, or its mean."""
TRAIN, TEST = "training", "held out"


@dataclass(frozen=True, eq=False)
class Subject:
    """A model and data.

    Args:
        model: what is inspected.
        agreed: data in the form of what it decodes to.
        features: how data are seen: a name, `Features`, a callable, or None.
        ends: "draws" or "means" of posteriors stand for data.
        seed: of all that is drawn.
        sizes: how much of everything.
        decoded: a few draws, decoded.
        seconds: that one latent takes to decode.
    """

    model: Model
    agreed: Agreed
    features: Any
    ends: str
    seed: int
    sizes: Sizes
    decoded: Array
    seconds: float

    @classmethod
    def of(cls, model: Model, data: Data | None, features: Any, ends: str, seed: int, sizes: Sizes) -> "Subject":
        """The subject, once the model has decoded something.

        Raises:
            InputError: the model cannot decode draws of its prior.
        """
        bare = cls(model, Agreed(None), features, ends, seed, sizes, np.empty(0), 0.0)
        draws = bare.draw(4 * TRIED, "tried")
        seconds = seconds_each(bare.decode, draws)
        decoded = bare.decode(draws)
        return replace(bare, agreed=agree(data, decoded), decoded=decoded, seconds=seconds)

    def with_sizes(self, sizes: Sizes) -> "Subject":
        """The same, with other numbers of what is looked at."""
        return replace(self, sizes=sizes)

    def rng(self, *purpose: str | int) -> np.random.Generator:
        """Random numbers of their own for each purpose."""
        return stream(self.seed, "inspect", *purpose)

    @functools.cached_property
    def law(self) -> Prior:
        """The prior, such that there is no end to its draws."""
        prior = self.model.prior
        return Empirical(prior.samples, replace=True) if isinstance(prior, Empirical) else prior

    def draw(self, n: int, *purpose: str | int) -> Array:
        """Latents of the prior, shape (n, *shape)."""
        rng = self.rng("draws", *purpose)
        return self.model.sample(n, rng) if self.model.sample else self.law.sample(n, rng=rng)

    def decode(self, z: Array) -> Array:
        """What latents decode to, shape (n, ...).

        Raises:
            InputError: it fails, or gives what is not finite or not one datum a latent.
        """
        x = decoded(self.model, z)
        if x.ndim < 2:
            raise InputError(f"{self.model.name} decodes {len(z)} latents to {x.dtype} {x.shape}: one datum a latent")
        return x

    @property
    def data(self) -> Data:
        """The data, in the form of what is decoded.

        Raises:
            InputError: there are none that can be used.
        """
        if self.agreed.data is None:
            raise InputError(self.agreed.why)
        return self.agreed.data

    @functools.lru_cache(maxsize=4)  # noqa: B019 - a subject lives as long as its inspection
    def rows(self, part: str) -> NDArray[np.intp]:
        """Which data of a part are looked at."""
        n = len(self.data.train if part == TRAIN else self.data.test)
        return np.sort(self.rng("rows", part).permutation(n)[: self.sizes.data])

    def real(self, part: str) -> Array:
        """Data of a part, shape (n, ...)."""
        return (self.data.train if part == TRAIN else self.data.test)[self.rows(part)]

    def labels(self, part: str) -> Array | None:
        """Their labels."""
        labels = self.data.train_labels if part == TRAIN else self.data.test_labels
        return None if labels is None else labels[self.rows(part)]

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def posterior(self, part: str) -> Posterior:
        """What the encoder says of data of a part.

        Raises:
            InputError: there is no encoder, or it fails, or gives what is no law of latents.
        """
        codes = encoded(self.model, self.real(part))
        if not (np.isfinite(codes.mean).all() and np.isfinite(codes.scale).all()):
            raise InputError(f"{self.model.name} encodes data to NaN or infinite values")
        return codes

    @functools.lru_cache(maxsize=8)  # noqa: B019
    def codes(self, part: str, ends: str) -> Floats:
        """A latent for each datum of a part: a draw of its posterior, or the mean."""
        q = self.posterior(part)
        return np.asarray(q.mean, np.float64) if ends == "means" else q.sample(rng=self.rng("codes", part))

    @functools.cached_property
    def seen(self) -> Seen:
        """How data are seen.

        Raises:
            InputError: there are no data, or features cannot be fitted.
        """
        return Seen.of(self.data, self.features, rng=self.rng("features"))

    @functools.cached_property
    def shell(self) -> tuple[float, float, float]:
        """The 0.5 %, 50 % and 99.5 % quantile of the norm under the prior."""
        law = self.law.radius
        at = np.array([0.005, 0.5, 0.995])
        found = np.quantile(lengths(self.draw(20_000, "shell")), at) if law is None else np.asarray(law.quantile(at))
        low, middle, high = (float(one) for one in found)
        return low, middle, high
