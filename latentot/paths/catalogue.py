"""Interpolations by name, as the command line and study files write them."""

__all__ = ["check_options", "interpolation", "interpolations", "method"]

import dataclasses
from collections.abc import Iterable
from typing import Any

from latentot.errors import InputError, unknown_name
from latentot.paths.cauchy import CauchyLinear
from latentot.paths.cdf_linear import CdfLinear
from latentot.paths.earth_mover import EarthMover
from latentot.paths.interpolation import Interpolation
from latentot.paths.linear import Linear
from latentot.paths.matched import Matched
from latentot.paths.nao import Nao
from latentot.paths.normalized import Normalized
from latentot.paths.spherical import Spherical
from latentot.paths.spherical_cauchy import SphericalCauchy
from latentot.paths.stable import Stable
from latentot.paths.switch import Switch
from latentot.priors import Prior

_METHODS: dict[str, type[Interpolation]] = {
    method.name: method
    for method in (
        Linear,
        Spherical,
        Normalized,
        CdfLinear,
        CauchyLinear,
        SphericalCauchy,
        Matched,
        Stable,
        EarthMover,
        Nao,
        Switch,
    )
}


def interpolations(prior: Prior | None = None) -> list[str]:
    """Names of the interpolations.

    Args:
        prior: only those that this prior can serve.

    >>> interpolations()
    ['linear', 'spherical', 'normalized', 'cdf-linear', 'cauchy', 'spherical-cauchy', 'matched', 'stable',
     'earth-mover', 'nao', 'switch']
    """
    return [name for name in _METHODS if prior is None or not _lacking(name, prior)]


def method(name: str) -> type[Interpolation]:
    """The class of an interpolation, which carries its title, formula, citation and needs as data.

    Args:
        name: a name out of `interpolations()`.

    Raises:
        InputError: no interpolation has this name.
    """
    if name not in _METHODS:
        raise unknown_name("method", name, _METHODS)
    return _METHODS[name]


def interpolation(name: str, prior: Prior, **options: Any) -> Interpolation:
    """The interpolation of a name, for latents of a prior.

    Args:
        name: a name out of `interpolations()`.
        prior: the law that the endpoints are draws of.
        **options: parameters of that interpolation.

    Raises:
        InputError: the name or an option does not exist, or the prior lacks what the method needs.

    >>> import latentot as lot
    >>> path = interpolation("cauchy", lot.Normal(8))
    >>> path(lot.Normal(8).sample(5, rng=0), lot.Normal(8).sample(5, rng=1), 0.5).shape
    (5, 8)
    """
    chosen = method(name)
    lacking = _lacking(name, prior)
    if lacking:
        able = ", ".join(interpolations(prior))
        raise InputError(
            f"{name} needs a prior with a {' and a '.join(lacking)} law, which {prior!r} has not: use {able}"
        )
    check_options(name, options)
    try:
        return chosen(prior, **options)
    except TypeError as error:
        given = ", ".join(f"{key}={value!r}" for key, value in options.items())
        raise InputError(f"{name} does not take {given}: {error}") from error


def check_options(name: str, options: Iterable[str]) -> None:
    """Refuse options that an interpolation does not have.

    Args:
        name: a name out of `interpolations()`.
        options: names of options.

    Raises:
        InputError: one does not exist; the nearest is suggested.
    """
    known = [field.name for field in dataclasses.fields(method(name)) if field.init and field.name != "prior"]
    for option in options:
        if option not in known:
            raise unknown_name(f"option of {name}", option, known)


def _lacking(name: str, prior: Prior) -> list[str]:
    """What an interpolation needs and a prior has not; any prior has samples."""

    radius = prior.radius
    has = {
        "samples": True,
        "marginal": prior.marginal is not None,
        "radius": radius is not None,
        "marginal or radius": prior.marginal is not None or radius is not None,
        "radius density": radius is not None and radius.support[0] < radius.support[1],
    }

    return sorted(need for need in method(name).needs if not has[need])
