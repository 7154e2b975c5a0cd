"""What a report says, what is expected to fail, and what cannot be checked."""

import dataclasses
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.checks.check import OUTCOMES
from latentot.checks.model import CHECKS


def mean_of_batch(z: np.ndarray) -> np.ndarray:
    return z - z.mean(0)


def make(dim: int = 2) -> lot.Model:
    return lot.Model(lot.Normal(dim), lambda z: 2 * z, name="made")


BATCHED = lot.Model(lot.Normal(2), mean_of_batch, name="batched")


def outcomes(report: Any) -> dict[str, str]:
    return {result.check: result.outcome for result in report.results}


def test_every_check_has_a_result_in_order() -> None:
    report = lot.check_model(make())
    assert [result.check for result in report.results] == [check.name for check in CHECKS]
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert all(result.title and result.outcome in OUTCOMES for result in report.results)


def test_failures_are_raised_with_what_to_change() -> None:
    with pytest.raises(lot.InputError, match=r"batched fails 1 of 15 checks: batch-size: .*call eval\(\)") as raised:
        lot.check_model(BATCHED).raise_on_failure()
    assert "\n" not in str(raised.value)


def test_it_prints_a_line_a_check() -> None:
    first, *lines = str(lot.check_model(BATCHED)).splitlines()
    assert first == "batched"
    assert [line.split()[0] for line in lines] == [check.name for check in CHECKS]


def test_an_expected_failure_is_none_and_keeps_its_reason() -> None:
    report = lot.check_model(BATCHED, expected_failures={"batch-size": "instance normalisation over the batch"})
    report.raise_on_failure()
    (result,) = (result for result in report.results if result.check == "batch-size")
    assert result.outcome == "expected failure"
    assert result.message.startswith("instance normalisation over the batch (decode gives different data")


def test_an_expected_failure_that_passes_is_a_failure() -> None:
    report = lot.check_model(make(), expected_failures={"order": "rows are mixed"})
    (result,) = report.failures
    assert result.check == "order"
    assert "passes, but was expected to fail (rows are mixed): take it out" in result.message


def test_an_expected_failure_of_what_is_not_checked_is_skipped() -> None:
    report = lot.check_model(make(), expected_failures={"encode-scale": "no encoder"})
    assert outcomes(report)["encode-scale"] == "skipped"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"expected_failures": {"ordr": "x"}}, "unknown check 'ordr': did you mean 'order'"),
        ({"expected_failures": {"order": " "}}, "an expected failure has a reason in words: that of order is ' '"),
        ({"options": {"dim": 3}}, "options are for a plugin's name or a factory"),
        ({"data": np.zeros((0, 2))}, "data for the encoder have one row or more, got none"),
    ],
)
def test_what_is_asked_wrong_is_one_line(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(lot.InputError, match=message):
        lot.check_model(make(), **arguments)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (3, "a model, a plugin's name or a factory can be checked, got int"),
        ("no-such-plugin", "unknown model 'no-such-plugin'"),
        (lambda: "a model", "the factory made str, not a latentot.Model"),
    ],
)
def test_what_is_no_model_is_refused(given: Any, message: str) -> None:
    with pytest.raises(lot.InputError, match=message):
        lot.check_model(given)


def test_a_factory_must_be_found_by_other_processes() -> None:
    def here() -> lot.Model:
        return make()

    found = {result.check: result for result in lot.check_model(here).results}
    assert "define it at the top of a module" in found["plain-options"].message
    assert found["fresh-process"].outcome == "failed"


def test_what_is_random_need_not_repeat_itself() -> None:
    rng = np.random.default_rng(0)
    noisy = lot.Model(lot.Normal(2), lambda z: z + rng.standard_normal(z.shape), deterministic=False)
    report = lot.check_model(noisy)
    assert report.failures == ()
    for name in ("deterministic", "batch-size", "order"):
        assert outcomes(report)[name] == "skipped"


class TestEncoder:
    MODEL = lot.Model(lot.Normal(2), lambda z: z, lambda x: (x, 0 * x + 1))

    def test_is_given_what_is_decoded(self) -> None:
        assert lot.check_model(self.MODEL).failures == ()

    def test_or_data(self) -> None:
        seen = []

        def encode(x: np.ndarray) -> lot.Posterior:
            seen.append(x.copy())
            return lot.Posterior(x[:, :2], 0 * x[:, :2] + 1)

        model = dataclasses.replace(self.MODEL, encode=encode)
        assert lot.check_model(model, data=np.full((20, 5), 7.0)).failures == ()
        assert {x.shape[1] for x in seen} == {5}
        assert max(len(x) for x in seen) == 12

    @pytest.mark.parametrize(
        ("encode", "check", "words"),
        [
            (lambda x: x, "encode-shape", "encode gives ndarray: return lot.Posterior"),
            (lambda x: (x.tolist(), x), "encode-shape", "a mean that is no NumPy array"),
            (lambda x: (x * np.nan, 0 * x + 1), "encode-scale", "means that are NaN or infinite"),
            (lambda x: (x, 0 * x), "encode-scale", "scales between 0 and 0"),
            (lambda x: (x + np.random.default_rng().random(), 0 * x + 1), "deterministic", "the mean of encode"),
            (lambda x: (np.add(x, 1, out=x), 0 * x + 1), "inputs-kept", "encode changes the array"),
            (lambda x: (1 / 0, x), "encode-shape", "ended with ZeroDivisionError"),
        ],
    )
    def test_that_is_broken_is_caught(self, encode: Any, check: str, words: str) -> None:
        report = lot.check_model(dataclasses.replace(self.MODEL, encode=encode))
        (result,) = (result for result in report.failures if result.check == check)
        assert words in result.message


@pytest.mark.parametrize(
    ("decode", "check", "words"),
    [
        (lambda z: z.tolist(), "decode-shape", "decode gives list"),
        (lambda z: (z > 0).astype(np.uint8), "decode-shape", "an array of uint8: return a NumPy array of floating"),
        (lambda z: z[:1], "decode-shape", "gives shape (1, 2) for 12 latents"),
        (lambda z: z.repeat(len(z), axis=1), "decode-shape", "give all data one shape"),
        (lambda z: np.where(len(z) == 1, 2.0, 1.0) * z, "batch-size", "batches of 1"),
        (lambda z: z[::-1] if len(z) > 5 else z, "batch-size", "batches of 1"),
    ],
)
def test_other_ways_to_be_broken(decode: Any, check: str, words: str) -> None:
    report = lot.check_model(lot.Model(lot.Normal(2), decode))
    (result,) = (result for result in report.failures if result.check == check)
    assert words in result.message
