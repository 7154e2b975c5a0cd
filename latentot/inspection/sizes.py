"""How much of everything is looked at, so that a slow decoder does not take all day."""

__all__ = ["FRAMES", "SCALES", "Sizes"]

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FRAMES = 17
"""Of a walk, both ends included, as in MorphBench."""
SCALES = (0.5, 1.0, 2.0, 4.0)
"""What the width of a posterior is multiplied by."""
TRIED = 16
"""Latents that are decoded to see how long it takes."""


@dataclass(frozen=True)
class Sizes:
    """Numbers of what is decoded.

    Args:
        data: of each part of the data, training and held out.
        draws: of the prior.
        pairs: walks between each kind of endpoints, by each method.
        examples: whose surroundings are looked at.
        around: draws around each of them, at each scale.
    """

    data: int = 1_000
    draws: int = 1_000
    pairs: int = 60
    examples: int = 40
    around: int = 8

    def decodes(self, kinds: int, methods: int) -> int:
        """Latents that are decoded in all.

        Args:
            kinds: of endpoints.
            methods: between each.

        >>> Sizes(data=100, draws=100, pairs=10, examples=10, around=8).decodes(1, 2)
        1160
        """
        walks = kinds * methods * self.pairs * FRAMES
        return 4 * self.data + self.draws + walks + self.examples * len(SCALES) * self.around

    def within(self, budget: float, seconds: float, kinds: int, methods: int) -> "Sizes":
        """As many as can be decoded in a time, and a few in any case.

        Args:
            budget: seconds for all of it.
            seconds: that one latent takes.
            kinds, methods: as `decodes` has them.

        >>> Sizes().within(60, 1e-4, 3, 4) == Sizes(), Sizes().within(60, 0.1, 3, 4).pairs
        (True, 4)
        """
        share = budget / max(seconds * self.decodes(kinds, methods), 1e-12)
        if share >= 1:
            return self
        least = Sizes(40, 40, 4, 4, 4)
        kept = {
            name: min(getattr(self, name), max(getattr(least, name), int(share * getattr(self, name))))
            for name in ("data", "draws", "pairs", "examples")
        }
        return Sizes(**kept, around=min(self.around, least.around))


def seconds_each(decode: Callable[[Any], Any], latents: Any) -> float:
    """Seconds that one latent takes to decode, after a first call that may prepare something."""
    decode(latents[:1])
    start = time.perf_counter()
    decode(latents[:TRIED])
    return (time.perf_counter() - start) / min(TRIED, len(latents))
