"""Random streams: one for each purpose, whatever else is drawn."""

import itertools

import numpy as np
import pytest

from latentot.study.spec.seeds import stream

PURPOSES: list[tuple[str | int, ...]] = [
    *[("pairs", "prior", repeat) for repeat in range(50)],
    *[("pairs", "encoded", repeat) for repeat in range(50)],
    *[("null", "prior", number) for number in range(200)],
    *[("judge", "prior", metric) for metric in ("emd", "mmd")],
    ("reference", "prior"),
]


def first(seed: int, *purpose: str | int) -> int:
    return int(stream(seed, *purpose).bit_generator.random_raw())


def test_every_purpose_and_every_seed_has_a_stream_of_its_own() -> None:
    # 64-bit numbers: some two of 3,030 coincide by chance in one of 4e12 choices of the hash.
    numbers = [first(seed, *purpose) for seed in range(10) for purpose in PURPOSES]
    assert len(set(numbers)) == len(numbers)


def test_order_of_use_changes_nothing() -> None:
    forth = {purpose: stream(0, *purpose).random(3).tolist() for purpose in PURPOSES[:10]}
    back = {purpose: stream(0, *purpose).random(3).tolist() for purpose in reversed(PURPOSES[:10])}
    assert forth == back


def test_drawing_from_one_stream_leaves_another_alone() -> None:
    expected = stream(0, "b").random()
    one, other = stream(0, "a"), stream(0, "b")
    one.random(1000)
    assert other.random() == expected


@pytest.mark.parametrize(
    "alike",
    [
        *itertools.combinations([("ab", "c"), ("a", "bc"), ("abc",), ("a", "b", "c"), ("a, b", "c")], 2),
        (("a", 1), ("a", "1")),
        (("a", 1, 2), ("a", 12)),
        (("a",), ("a", "")),
    ],
)
def test_purposes_that_read_alike_are_kept_apart(alike: tuple[tuple[str | int, ...], tuple[str | int, ...]]) -> None:
    one, other = alike
    assert first(0, *one) != first(0, *other)


def test_seed_is_not_mixed_up_with_the_purpose() -> None:
    assert first(1, 2, "a") != first(12, "a")


def test_streams_are_the_same_on_every_machine_and_in_every_process() -> None:
    # Written down once: it would change with a salted hash, another repr or another bit generator.
    assert first(0, "pairs", "prior", 0) == 14851200934347404756


def test_streams_are_uncorrelated() -> None:
    # 200 streams of 500 normal numbers: each of 19,900 correlations is about N(0, 1/500). All of them stay below
    # 6.5 / sqrt(500) but for a chance of 19,900 * 8e-11 = 1.6e-6.
    draws = np.stack([stream(0, "null", "prior", number).standard_normal(500) for number in range(200)])
    correlations = np.corrcoef(draws)[np.triu_indices(200, 1)]
    assert np.abs(correlations).max() < 6.5 / np.sqrt(500)
