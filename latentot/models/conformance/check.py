"""What a check is: a name, what it asserts, and how it is found out."""

__all__ = ["OUTCOMES", "Check", "CheckResult", "Finding", "failed", "skipped"]

from collections.abc import Callable
from dataclasses import dataclass

from latentot.brief import brief
from latentot.errors import one_line
from latentot.models.conformance.case import Case

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


@dataclass(frozen=True)
class Check:
    """A property that every model must have.

    Args:
        name: its name, to expect its failure by.
        title: what it asserts.
        run: finds out; None where the property holds. An exception is a failure that says so.
    """

    name: str
    title: str
    run: Callable[[Case], Finding | None]

    def result(self, case: Case, expected_failure: str | None = None) -> CheckResult:
        """Run it.

        Args:
            case: the model, and what it is tried on.
            expected_failure: the reason why it is known to fail; that it passes is a failure then.
        """
        try:
            finding = self.run(case)
        except Exception as error:
            finding = failed(f"ended with {one_line(error)}: make the model take latents and data of these shapes")
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
