"""What a check is: a name, what it asserts, and how it is found out; and what came of all checks of one thing."""

__all__ = ["OUTCOMES", "Case", "Check", "CheckResult", "Conformance", "Finding", "expectations", "failed", "skipped"]

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from latentot.brief import brief
from latentot.errors import InputError, one_line, unknown_name

OUTCOMES = PASSED, FAILED, EXPECTED, SKIPPED = "passed", "failed", "expected failure", "skipped"


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Args:
        outcome: "failed" or "skipped".
        message: what was seen and what to change, or why there was nothing to check.
    """

    outcome: str
    message: str


@dataclass(frozen=True)
class CheckResult:
    """What became of a check.

    Args:
        check: its name.
        title: what it asserts.
        outcome: "passed", "failed", "expected failure" or "skipped".
        message: what was seen and what to change; the reason, where it was skipped or expected to fail.
    """

    check: str
    title: str
    outcome: str
    message: str = ""

    def __repr__(self) -> str:
        return f"CheckResult({self.check!r}, {self.outcome}{f': {brief(self.message)}' if self.message else ''})"


class Case(Protocol):
    """What checks are run on: something of one kind, and what it is tried on."""

    @property
    def name(self) -> str:
        """What is checked."""

    @property
    def advice(self) -> str:
        """What to change where it ends with an exception."""


CaseT = TypeVar("CaseT", bound=Case)


@dataclass(frozen=True)
class Check(Generic[CaseT]):
    """A property that everything of a kind must have.

    Args:
        name: its name, to expect its failure by.
        title: what it asserts.
        run: finds out; None where the property holds. An exception is a failure that says so.
    """

    name: str
    title: str
    run: Callable[[CaseT], Finding | None]

    def result(self, case: CaseT, expected_failure: str | None = None) -> CheckResult:
        """Run it.

        Args:
            case: what is checked, and what it is tried on.
            expected_failure: the reason why it is known to fail; that it passes is a failure then.
        """
        try:
            finding = self.run(case)
        except Exception as error:
            finding = failed(f"ended with {one_line(error)}: {case.advice}")
        outcome, message = (PASSED, "") if finding is None else (finding.outcome, finding.message)
        if expected_failure is not None and outcome == FAILED:
            return CheckResult(self.name, self.title, EXPECTED, f"{expected_failure} ({message})")
        if expected_failure is not None and outcome == PASSED:
            outcome = FAILED
            message = f"passes, but was expected to fail ({expected_failure}): take it out of the expected failures"
        return CheckResult(self.name, self.title, outcome, message)


def failed(message: str) -> Finding:
    """The property does not hold.

    >>> failed("decode gives a list: return a NumPy array").outcome
    'failed'
    """
    return Finding(FAILED, message)


def skipped(reason: str) -> Finding:
    """There is nothing to check.

    >>> skipped("the model has no encoder").outcome
    'skipped'
    """
    return Finding(SKIPPED, reason)


@dataclass(frozen=True)
class Conformance:
    """What became of every check of one thing.

    Args:
        name: what was checked.
        results: one for each check, in order.
    """

    name: str
    results: tuple[CheckResult, ...]

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The checks that failed, those apart that were expected to."""
        return tuple(result for result in self.results if result.outcome == FAILED)

    def raise_on_failure(self) -> None:
        """Do nothing if all is well.

        Raises:
            InputError: a check failed; the message says which, and what to change.
        """
        if self.failures:
            what = "; ".join(f"{result.check}: {result.message}" for result in self.failures)
            raise InputError(f"{self.name} fails {len(self.failures)} of {len(self.results)} checks: {what}")

    def __repr__(self) -> str:
        counts = Counter(result.outcome for result in self.results)
        said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
        return f"Conformance({self.name!r}, {said})"

    def __str__(self) -> str:
        lines = (f"{result.check:<15} {result.outcome:<17} {result.message}".rstrip() for result in self.results)
        return "\n".join((self.name, *lines))


def expectations(checks: Iterable[Check[Any]], expected_failures: Mapping[str, str] | None) -> dict[str, str]:
    """The reasons for failures that are expected, by the names of checks.

    Raises:
        InputError: a check does not exist, or has no reason in words.
    """
    known, expected = [check.name for check in checks], dict(expected_failures or {})
    for name, reason in expected.items():
        if name not in known:
            raise unknown_name("check", name, known)
        if not isinstance(reason, str) or not reason.strip():
            raise InputError(f"an expected failure has a reason in words: that of {name} is {reason!r}")
    return expected
