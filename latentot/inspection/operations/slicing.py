"""A slice of the latent space: the plane through three encodings, decoded."""

__all__ = ["latent_slice"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.inspection.findings import Figure, Findings, Panel
from latentot.inspection.grid import latent_grid
from latentot.inspection.subject import TEST, Subject
from latentot.numerics.lengths import lengths

STEPS, MARGIN = 11, 0.25


def latent_slice(s: Subject) -> Findings:
    """The plane through three encodings, of different classes where there are labels; through draws without data."""
    what, z = _three(s)
    grid, at = latent_grid(*z, steps=STEPS, margin=MARGIN)
    flat = grid.reshape(-1, *s.model.prior.shape)
    x = s.decode(flat)
    low, _, high = s.shell
    r = lengths(flat)
    outside = float(((r < low) | (r > high)).mean())
    labels = tuple(f"{a:.2g}" for a in at)
    panel = Panel("", "slice/grid", labels, labels)
    caption = (
        f"The plane through {what}: z = z0 + a (z1 - z0) + b (z2 - z0), a across and b down, the three at (0, 0), "
        "(1, 0) and (0, 1)."
    )
    says = (
        f"Of this plane {100 * outside:.0f} % is outside of the shell where 99 % of the prior lies: a plane is "
        "straight in all directions, as linear is in one.",
    )
    arrays = {"slice/grid": x.reshape(STEPS, STEPS, *x.shape[1:])}
    return Findings(says, (), (Figure("slice", "A plane of the latent space", caption, (panel,)),), arrays)


def _three(s: Subject) -> tuple[str, NDArray[Any]]:
    try:
        means = s.codes(TEST, "means")
    except InputError:
        return "three draws of the prior", s.draw(3, "slice")
    labels, order = s.labels(TEST), s.rng("slice").permutation(len(means))
    if labels is not None and len(np.unique(labels)) >= 3:
        _, first = np.unique(labels[order], return_index=True)
        return "three encodings of different classes", means[order[np.sort(first)[:3]]]
    if len(means) < 3:
        raise InputError(f"a plane goes through three encodings, and there are {len(means)}")
    return "three encodings", means[order[:3]]
