"""Rounds: how many pairs each has where a comparison takes as many as its verdicts need."""

__all__ = ["FIRST", "GROWTH", "check_memory", "check_size", "sizes"]

import itertools

from latentot.errors import InputError

FIRST = 500
"""Pairs of the first round: enough for most verdicts on the default metrics."""
GROWTH = 4
"""Each round halves the noise of the one before it."""
NUMBERS = 25_000_000
"""Numbers that the pairs of a round hold at most: their reference, ten times as large, takes 2 GB."""


def sizes(pairs: int | str, max_pairs: int, dim: int) -> tuple[int, ...]:
    """Pairs of each round of a study: one round where their number is given.

    Args:
        pairs: of one round, or "auto".
        max_pairs: of the last round at most.
        dim: numbers of one latent.

    >>> sizes("auto", 10_000, 64), sizes("auto", 128_000, 16_384), sizes(300, 128_000, 64)
    ((500, 2000, 8000), (500,), (300,))
    """
    if isinstance(pairs, int):
        return (pairs,)
    most = max(FIRST, min(max_pairs, NUMBERS // dim))
    return tuple(itertools.takewhile(lambda n: n <= most, (FIRST * GROWTH**k for k in itertools.count())))


def check_size(max_pairs: int, dim: int) -> None:
    """Refuse rounds that take more memory than there may be.

    Args:
        max_pairs: that are asked for.
        dim: numbers of one latent.

    Raises:
        InputError: a round of so many pairs does not serve; the message has the most that does.
    """
    if max_pairs * dim > NUMBERS:
        gigabytes = 10 * 8 * max_pairs * dim / 1e9
        raise InputError(
            f"max_pairs={max_pairs:,} of {dim:,} numbers each are held against a reference of {gigabytes:,.0f} GB: "
            f"take at most {NUMBERS // dim:,}"
        )


def check_memory(pairs: int, reference: int, dim: int, memory: int | None) -> None:
    """Refuse a round whose reference alone is larger than the memory of the machine.

    Args:
        pairs: of the round.
        reference: points that they are held against.
        dim: numbers of one latent.
        memory: bytes; None where it is not known, and nothing is refused.

    Raises:
        InputError: the round does not serve; the message has the most pairs that do.

    >>> check_memory(500, 5_000, 100, memory=8_000_000)
    """
    if memory is not None and (needed := 8 * reference * dim) > memory:
        raise InputError(
            f"{pairs:,} pairs of {dim:,} numbers each are held against a reference of {needed / 1e9:,.0f} GB, and this "
            f"machine has {memory / 1e9:,.0f} GB: take at most {pairs * memory // needed:,} pairs, or fewer coordinates"
        )
