"""A fixture for pytest: a test of a model fails where a method's verdict is not as expected.

It is there wherever latentot is installed beside pytest; nothing is loaded until a test asks for it.

    def test_walks(latentot_compare):
        latentot_compare(my_model, expect={"matched": "keeps", "linear": "drifts"})
"""

__all__ = ["Compare", "latentot_compare"]

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from latentot.comparison import Comparison


class Compare(Protocol):
    """What the fixture `latentot_compare` is."""

    def __call__(self, subject: Any, *, expect: Mapping[str, str], **settings: Any) -> "Comparison":
        """Compare, and fail the test where a verdict is not as expected.

        Args:
            subject: a prior or a model, as `latentot.compare` takes it.
            expect: a verdict, keeps, drifts or inconclusive, by method; they are of the comparison's first endpoints.
            settings: further arguments of `latentot.compare`; methods are those of `expect` if not said.

        Returns:
            The comparison, for further assertions.

        Raises:
            InputError: a verdict is none, or a method is not compared.
        """


@pytest.fixture(scope="session")
def latentot_compare() -> Compare:
    """`latentot.compare` whose verdicts are as `expect` says: latentot_compare(model, expect={"matched": "keeps"})."""
    return _compare


def _compare(subject: Any, *, expect: Mapping[str, str], **settings: Any) -> "Comparison":
    __tracebackhide__ = True
    from latentot.comparison import compare
    from latentot.errors import InputError
    from latentot.expectations import VERDICTS, expected_verdicts, surprises

    if not isinstance(expect, Mapping) or not expect:
        raise InputError(f"expect is verdicts by methods, such as {{'matched': 'keeps'}}, got {expect!r:.100}")
    for method, verdict in expect.items():
        # Before anything is computed; which methods there are is known afterwards.
        if verdict not in VERDICTS:
            raise InputError(f"expect takes a verdict out of {', '.join(VERDICTS)}, got {verdict!r} for {method!r}")
    result = compare(subject, **{"methods": list(expect)} | settings)
    verdicts = result.verdict()
    wrong = surprises(verdicts.to_dict("records"), expected_verdicts(expect, verdicts["method"], "expect"))
    if wrong:
        pytest.fail("verdicts are not as expected:\n  " + "\n  ".join(wrong), pytrace=False)
    return result
