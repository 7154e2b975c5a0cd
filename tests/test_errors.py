"""What latentot says of a name that does not exist."""

import pytest

from latentot.errors import InputError, unknown_name


@pytest.mark.parametrize(
    ("given", "nearest"), [("sfherical", "spherical"), ("earthmover", "earth-mover"), ("linaer", "linear")]
)
def test_nearest_name_is_suggested(given: str, nearest: str) -> None:
    error = unknown_name("method", given, ["linear", "spherical", "earth-mover"])
    assert str(error) == (
        f"unknown method {given!r}: did you mean {nearest!r}? There are earth-mover, linear, spherical"
    )


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    error = unknown_name("method", "xyzzy", ["spherical", "linear"])
    assert str(error) == "unknown method 'xyzzy': There are linear, spherical"


def test_no_names_at_all() -> None:
    assert str(unknown_name("model", "mine", [])) == "unknown model 'mine': There are none"


@pytest.mark.parametrize("given", [None, 3, "two\nlines", ""])
def test_whatever_is_given_the_message_is_one_line(given: object) -> None:
    assert "\n" not in str(unknown_name("metric", given, ["mmd", "emd"]))


def test_is_a_value_error() -> None:
    # Callers who know nothing of latentot catch ValueError.
    assert issubclass(InputError, ValueError)
    assert isinstance(unknown_name("metric", "x", []), InputError)
