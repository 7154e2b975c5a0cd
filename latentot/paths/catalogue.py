"""Interpolations by name, as the command line and study files write them, and those that users define.

Plugins announce factories in the group `latentot.interpolations`: factory(prior, **options) gives an `Interpolation`,
or a callable (z0, z1, t) -> z.
"""

__all__ = ["METHODS", "as_interpolation", "interpolation", "interpolations"]

import contextlib
from typing import TYPE_CHECKING, Any

from latentot.catalogue import Catalogue
from latentot.errors import InputError

if TYPE_CHECKING:
    from latentot.paths.path import Interpolation
    from latentot.priors import Prior

_OTHER_WORDS = {
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
    "monge": "write 'matched' for the map in closed form, 'earth-mover' for one that is fitted to samples",
    "geodesic": "write 'spherical' for geodesics of the sphere; those of a decoder are not provided",
}

_ESTIMATED = {"marginal": "coordinate", "marginal or radius": "coordinate", "radius": "norm"}
"""Laws that are estimated from the samples of a prior where a method needs them; the slope of a density, which nao
needs, is not."""

METHODS = Catalogue(
    "method",
    "latentot.interpolations",
    {
        "linear": "latentot.paths.linear:Linear",
        "spherical": "latentot.paths.spherical:Spherical",
        "normalized": "latentot.paths.normalized:Normalized",
        "cdf-linear": "latentot.paths.cdf_linear:CdfLinear",
        "cauchy": "latentot.paths.cauchy:CauchyLinear",
        "spherical-cauchy": "latentot.paths.spherical_cauchy:SphericalCauchy",
        "matched": "latentot.paths.matched:Matched",
        "stable": "latentot.paths.stable:Stable",
        "earth-mover": "latentot.paths.earth_mover:EarthMover",
        "nao": "latentot.paths.nao:Nao",
        "switch": "latentot.paths.switch:Switch",
    },
    _OTHER_WORDS,
)


def interpolations(prior: "Prior | None" = None) -> list[str]:
    """Names of the interpolations.

    Args:
        prior: list only those that work with this prior; plugins are imported to find out.

    >>> interpolations()[:7]
    ['linear', 'spherical', 'normalized', 'cdf-linear', 'cauchy', 'spherical-cauchy', 'matched']
    """
    return [name for name in METHODS.names() if prior is None or _serves(prior, name)]


def interpolation(name: str, prior: "Prior", **options: Any) -> "Interpolation":
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
    from latentot.priors import as_prior

    name = METHODS.resolve(name)
    prior = _with_laws(as_prior(prior), name)
    if lacking := _lacking(prior, name):
        able = ", ".join(interpolations(prior))
        raise InputError(f"{name} needs a prior with a {' and a '.join(lacking)} law, {prior!r} has none: use {able}")
    return as_interpolation(METHODS.make(name, prior, **options), prior, name)


def as_interpolation(given: Any, prior: "Prior", name: str = "") -> "Interpolation":
    """An interpolation as it is, or one made from any callable (z0, z1, t) -> z, which claims nothing.

    Args:
        given: an `Interpolation`, or a callable.
        prior: the law that endpoints are draws of.
        name: what a callable is called; its `__name__` by default.

    Raises:
        InputError: it is neither.

    >>> import latentot as lot
    >>> as_interpolation(lambda z0, z1, t: z0, lot.Normal(2), "stay").claims()
    frozenset()
    """
    from latentot.paths.function import FunctionPath
    from latentot.paths.path import Interpolation

    if isinstance(given, Interpolation):
        return given
    if not callable(given):
        raise InputError(f"an interpolation is called as path(z0, z1, t), got {type(given).__name__}")
    return FunctionPath(prior, given, name)


def _serves(prior: "Prior", name: str) -> bool:
    with contextlib.suppress(InputError):
        return not _lacking(_with_laws(prior, name), name)
    return False


def _with_laws(prior: "Prior", name: str) -> "Prior":
    """The prior; if it is known by samples only, with the laws estimated that a method needs."""
    from latentot.priors import Empirical
    from latentot.priors.estimated import estimated

    by = [_ESTIMATED[need] for need in _lacking(prior, name) if need in _ESTIMATED]
    return estimated(prior, by[0]) if by and isinstance(prior, Empirical) else prior


def _lacking(prior: "Prior", name: str) -> list[str]:
    """What an interpolation needs and a prior lacks; any prior has samples."""
    radius = prior.radius
    has = {
        "samples": True,
        "marginal": prior.marginal is not None,
        "radius": radius is not None,
        "marginal or radius": prior.marginal is not None or radius is not None,
        "radius density": radius is not None and radius.support[0] < radius.support[1],
    }
    return sorted(need for need in getattr(METHODS.find(name), "needs", ()) if not has[need])
