"""The conformance kit for pytest: a line in a test file, or `pytest --pyargs latentot.conformance`.

In an author's own test file one line makes a test for each check:

    test_mine = latentot.conformance.conforms("mine", options={"dim": 3})

`pytest --pyargs latentot.conformance` runs all checks on all installed plugins, made with their default options; one
that cannot be made without options is skipped. `-k mine` chooses one.
"""

__all__ = ["conforms"]

import functools
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from numpy.typing import NDArray

from latentot.catalogue import MissingOptionError
from latentot.checks.check import Check
from latentot.checks.model import CHECKS, Case, examined
from latentot.models import MODELS, Model

Examined = tuple[Case, dict[str, str]]

each_check = pytest.mark.parametrize("check", CHECKS, ids=[check.name for check in CHECKS])


def conforms(
    model: Model | str | Callable[..., Model],
    *,
    options: Mapping[str, Any] | None = None,
    data: NDArray[Any] | None = None,
    expected_failures: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Callable[[Check[Case]], None]:
    """A test for pytest that runs every check; the arguments are those of `check_model`.

    The model is made when the first check runs. Assign the test to a name that pytest collects.

    >>> test_mine = conforms("mine", options={"dim": 3}, expected_failures={"order": "rows are sorted by norm"})
    """

    @functools.cache
    def prepared() -> Examined:
        return examined(model, options=options, data=data, expected_failures=expected_failures, seed=seed)

    @each_check
    def test(check: Check[Case]) -> None:
        _run(check, *prepared())

    return test


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every plugin that is installed when tests are collected."""
    if "installed" in metafunc.fixturenames:
        metafunc.parametrize("installed", MODELS.names())


@each_check
def test_installed(installed: str, check: Check[Case]) -> None:
    """A plugin that is installed, made with its default options, has the property that a check asserts."""
    try:
        case, expected = _installed(installed)
    except MissingOptionError as error:
        pytest.skip(f"{error}; give it in a test file: test_mine = conforms({installed!r}, options={{...}})")
    _run(check, case, expected)


@functools.cache
def _installed(name: str) -> Examined:
    return examined(name)


def _run(check: Check[Case], case: Case, expected: Mapping[str, str]) -> None:
    result = check.result(case, expected.get(check.name))
    if result.outcome == "skipped":
        pytest.skip(result.message)
    if result.outcome == "expected failure":
        pytest.xfail(result.message)
    if result.outcome == "failed":
        pytest.fail(f"{case.model.name}: {result.message}", pytrace=False)
