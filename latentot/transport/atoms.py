"""Atoms: coordinates of a target that repeat values, which a smooth map would only come near."""

__all__ = ["Coordinates", "atoms_map"]

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from array_api_compat import array_namespace

from latentot.numerics.special import Array
from latentot.transport.fitted import Floats, TransportMap
from latentot.transport.monotone import Monotone

SHARE, FEWEST = 0.005, 20
"""A value that so many points of a sample share, and so great a part of them, is an atom."""
LOOKED_AT = 4_000
"""Points that tell whether there are atoms."""
KNOTS = 16_384
"""Between two atoms a map rises over one knot's share of the points."""


@dataclass(frozen=True, eq=False, repr=False)
class Coordinates(TransportMap):
    """T(z)_j = T_j(z_j), increasing, for some coordinates; the others stay.

    Args:
        carries: by coordinate; None where it stays.
    """

    carries: tuple[Monotone | None, ...]

    def __call__(self, z: Array) -> Array:
        columns = [z[:, j] if carry is None else carry(z[:, j]) for j, carry in enumerate(self.carries)]
        return array_namespace(z).stack(columns, axis=1)


def atoms_map(carried: Callable[[], Floats], target: Floats) -> Coordinates | None:
    """What brings coordinates with atoms onto them: quantiles matched there, Q_j(F_j(z_j)), flat at each atom.

    It keeps the order in each coordinate, and moves points as far as the map before has left them beside the atoms.

    Args:
        carried: gives points that a map has carried, shape (n, d), none of which it was fitted on.
        target: points of the law wanted, shape (m, d).

    Returns:
        The map; None where no coordinate has atoms.

    >>> rng = np.random.default_rng(0)
    >>> counts = rng.poisson(3.0, (4_000, 2)).astype(float)
    >>> near = counts + 0.1 * rng.standard_normal((4_000, 2))
    >>> atoms_map(lambda: near, counts)(np.array([[2.06, 3.1]]))
    array([[2., 3.]])
    >>> atoms_map(lambda: counts, near) is None
    True
    """
    atoms = [_has_atoms(column) for column in target[:LOOKED_AT].T]
    if not any(atoms):
        return None
    pairs = zip(carried().T, target.T, atoms, strict=True)
    return Coordinates(tuple(Monotone.between(x, y, knots=KNOTS) if atom else None for x, y, atom in pairs))


def _has_atoms(column: Floats) -> bool:
    most = int(np.unique(column, return_counts=True)[1].max())
    return most >= max(FEWEST, SHARE * len(column))
