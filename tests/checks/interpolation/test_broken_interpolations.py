"""Every check catches the interpolation that breaks what it asserts, and says what to change; right ones pass all."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

import latentot as lot
from latentot.checks.interpolation import CHECKS, check_interpolation
from latentot.paths import Interpolation
from latentot.paths.laws import CONTINUITY, DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY

PRIOR = lot.Normal(4)


def lerp(z0: Any, z1: Any, t: float) -> Any:
    return z0.copy() if t == 0 else z1.copy() if t == 1 else ((1 - t) * z0 + t * z1).astype(z0.dtype)


def other_shape(z0: Any, z1: Any, t: float) -> Any:
    return lerp(z0, z1, t)[:, :2]


def other_dtype(z0: Any, z1: Any, t: float) -> Any:
    return lerp(z0.astype(np.float64), z1.astype(np.float64), t)


def rescaled(z0: Any, z1: Any, t: float) -> Any:
    return (lerp(z0, z1, t) / np.hypot(1 - t, t) * (1 + 1e-15)).astype(z0.dtype)


def slerp_of_equal_ends(z0: Any, z1: Any, t: float) -> Any:
    if t in {0, 1}:
        return lerp(z0, z1, t)
    cosine = (z0 * z1).sum(1, keepdims=True) / (np.linalg.norm(z0, axis=1) * np.linalg.norm(z1, axis=1))[:, None]
    with np.errstate(all="ignore"):
        angle = np.arccos(cosine)
        return (np.sin((1 - t) * angle) * z0 + np.sin(t * angle) * z1) / np.sin(angle)


def changing(z0: Any, z1: Any, t: float) -> Any:
    points = lerp(z0, z1, t)
    z0 *= 2
    return points


def handing_back(z0: Any, z1: Any, t: float) -> Any:
    return z0 if t == 0 else lerp(z0, z1, t)


def one_angle_for_all(z0: Any, z1: Any, t: float) -> Any:
    if t in {0, 1}:
        return lerp(z0, z1, t)
    angle = np.arccos((z0 * z1).sum() / (np.linalg.norm(z0) * np.linalg.norm(z1) + 1e-9))
    return ((np.sin((1 - t) * angle) * z0 + np.sin(t * angle) * z1) / np.sin(angle + 1e-9)).astype(z0.dtype)


def noisy(z0: Any, z1: Any, t: float) -> Any:
    points = lerp(z0, z1, t)
    return (
        points if t in {0, 1} else (points + 1e-12 * np.random.default_rng().standard_normal(z0.shape)).astype(z0.dtype)
    )


@dataclass(frozen=True)
class Claiming(Interpolation):
    """An interpolation that claims a law which it does not keep."""

    name: ClassVar[str] = "claiming"
    title: ClassVar[str] = "claiming"
    formula: ClassVar[str] = ""
    citation: ClassVar[str] = ""
    needs: ClassVar[frozenset[str]] = frozenset()

    law: str = ""
    walk: Callable[..., Any] = lerp

    def claims(self) -> frozenset[str]:
        return frozenset({self.law})

    def _between(self, z0: Any, z1: Any, weights: Any) -> Any:
        return self.walk(z0, z1, weights[1])


def per_coordinate(z0: Any, z1: Any, t: float) -> Any:
    return lerp(z0, z1, t) * np.arange(1, 5)


def jumping(z0: Any, z1: Any, t: float) -> Any:
    return lerp(z0, z1, t) + (t > 0.4)


def exchanged(z0: Any, z1: Any, t: float) -> Any:
    """The Cauchy transform and its inverse taken for each other, as in a public implementation."""
    from scipy.stats import cauchy, norm

    return cauchy.ppf(norm.cdf(lerp(*(norm.ppf(cauchy.cdf(z)) for z in (z0, z1)), t)))


cauchy = lot.interpolation("cauchy", PRIOR)
BROKEN: list[tuple[str, Any, str]] = [
    ("shape", other_shape, r"points have shape \(24, 2\) for endpoints of \(24, 4\)"),
    ("dtype", other_dtype, "endpoints of float32 give points of float64"),
    ("endpoints", rescaled, "at t = 0 .* points are not z0, by up to .*bit for bit"),
    ("finite", slerp_of_equal_ends, "points between equal endpoints are NaN or infinite"),
    ("inputs-kept", changing, "endpoints are changed: work on copies"),
    ("inputs-kept", handing_back, "points at t = 0 are the endpoints' own memory: return a copy"),
    ("batch", one_angle_for_all, "points change when pairs come in batches of 5"),
    ("deterministic", noisy, "points differ the second time"),
    ("claims", Claiming(PRIOR, "magic"), "it claims 'magic', which is not one of the laws"),
    ("distribution-matching", Claiming(PRIOR, DISTRIBUTION), "points do not follow .*: fix it, or do not claim"),
    ("distribution-matching", Claiming(PRIOR, DISTRIBUTION, exchanged), "points do not follow"),
    ("symmetry", Claiming(PRIOR, SYMMETRY, lambda a, b, t: lerp(a, b, t * t)), "claims symmetry, but"),
    ("self-consistency", Claiming(PRIOR, SELF_CONSISTENCY, rescaled), "between those at 0.2 and 0.6"),
    ("rotation-equivariance", Claiming(PRIOR, ROTATION, cauchy), "rotated endpoints give other points"),
    ("permutation-equivariance", Claiming(PRIOR, PERMUTATION, per_coordinate), "permuted endpoints give other"),
    ("continuity", Claiming(PRIOR, CONTINUITY, jumping), "points jump as t moves a little"),
]


@pytest.mark.parametrize(
    ("name", "path", "message"), BROKEN, ids=[f"{name}-{i}" for i, (name, *_) in enumerate(BROKEN)]
)
def test_what_is_broken_is_caught(name: str, path: Any, message: str) -> None:
    (failure,) = (failure for failure in check_interpolation(path, PRIOR).failures if failure.check == name)
    assert re.search(message, failure.message), failure.message


def test_every_check_has_an_interpolation_that_it_catches() -> None:
    assert {name for name, *_ in BROKEN} == {check.name for check in CHECKS}


@pytest.mark.parametrize(
    ("name", "prior"),
    [
        ("linear", lot.Normal((2, 3))),
        ("cauchy", lot.Uniform(5, low=-1, high=3)),
        ("spherical", lot.Sphere(6)),
        ("spherical-cauchy", lot.Normal(3)),
        ("matched", lot.Normal(1)),
    ],
)
def test_right_ones_pass(name: str, prior: lot.Prior) -> None:
    """A law that holds is called broken for one seed in a thousand; this one was not chosen."""
    check_interpolation(lot.interpolation(name, prior), prior).raise_on_failure()


def test_a_function_claims_nothing() -> None:
    report = check_interpolation(lerp, PRIOR)
    assert report.name == "lerp"
    assert {result.check for result in report.results if result.outcome == "skipped"} == {
        check.name for check in CHECKS[-6:]
    }


def test_what_cannot_be_called_is_said() -> None:
    with pytest.raises(lot.InputError, match=r"called as path\(z0, z1, t\), got int"):
        check_interpolation(3, PRIOR)  # type: ignore[arg-type]


def test_what_raises_says_what_it_is_given() -> None:
    def picky(z0: Any, z1: Any, t: float) -> Any:
        raise TypeError("I take lists")

    first, *_ = check_interpolation(picky, PRIOR).failures
    assert first.message.startswith("ended with TypeError: I take lists: take z0 and z1 of shape (n, *(4,))")
