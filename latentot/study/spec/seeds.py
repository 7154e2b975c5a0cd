"""Random streams of a study: each has its own seed, made of the study's seed and what the stream is for."""

__all__ = ["stream"]

import hashlib

import numpy as np


def stream(seed: int | tuple[int, int], *purpose: str | int) -> np.random.Generator:
    """A generator of its own for each purpose, whatever the order in which they are used.

    Args:
        seed: the study's seed; with the number of the round for all that a round draws afresh.
        *purpose: what it is for, such as "pairs", "prior", 3.

    >>> bool(stream(0, "pairs", 1).random() == stream(0, "pairs", 1).random())
    True
    """
    digest = hashlib.sha256(repr((seed, *purpose)).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))
