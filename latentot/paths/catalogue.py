"""Interpolations by name, as the command line and study files write them."""

__all__ = ["check_options", "interpolation", "interpolations", "method"]

import dataclasses
from collections.abc import Iterable
from typing import Any

from latentot.errors import InputError, unknown_name
from latentot.names import resolve
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
from latentot.priors import Prior, as_prior

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

_ALSO = {
    "lerp": "linear",
    "linear-interpolation": "linear",
    "straight": "linear",
    "slerp": "spherical",
    "spherical-linear": "spherical",
    "great-circle": "spherical",
    "nlerp": "normalized",
    "normalised": "normalized",
    "normalized-linear": "normalized",
    "cdf": "cdf-linear",
    "lerp-gaussian": "cdf-linear",
    "cauchy-linear": "cauchy",
    "cauchy-spherical": "spherical-cauchy",
    "slerp-cauchy": "spherical-cauchy",
    "distribution-matching": "matched",
    "matching": "matched",
    "alpha-stable": "stable",
    "ot": "earth-mover",
    "emd": "earth-mover",
    "optimal-transport": "earth-mover",
    "wasserstein": "earth-mover",
    "norm-aware": "nao",
    "lol": "it is 'stable' with its option alpha = 2",
    "monge": "write 'matched' for the map in closed form, 'earth-mover' for one that is learned from samples",
    "geodesic": "write 'spherical' for geodesics of the sphere; those of a decoder are not here",
}
"""Other words of the field, for names or with what to write instead."""


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
        name: a name out of `interpolations()`, or another word for it, such as "slerp"; case does not matter.

    Raises:
        InputError: no interpolation has this name.

    >>> method("slerp").name
    'spherical'
    """
    return _METHODS[resolve("method", name, _METHODS, _ALSO)]


def interpolation(name: str, prior: Prior, **options: Any) -> Interpolation:
    """The interpolation of a name, for latents of a prior.

    Args:
        name: a name out of `interpolations()`, or another word for it, such as "slerp".
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
    name, prior = chosen.name, as_prior(prior)
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
