"""The laws that an interpolation may obey: each a sentence that the tests hold to."""

__all__ = [
    "CONTINUITY",
    "DISTRIBUTION",
    "LAWS",
    "PERMUTATION",
    "ROTATION",
    "SELF_CONSISTENCY",
    "SYMMETRY",
    "kept_by_laws",
]

from latentot.priors import Prior

SYMMETRY = "symmetry"
CONTINUITY = "continuity"
DISTRIBUTION = "distribution matching"
SELF_CONSISTENCY = "self-consistency"
ROTATION = "rotation equivariance"
PERMUTATION = "permutation equivariance"

LAWS: dict[str, str] = {
    SYMMETRY: "walking from z1 to z0 visits the same points: path(z0, z1, t) = path(z1, z0, 1 - t)",
    CONTINUITY: "nearby t, z0 and z1 give nearby points",
    DISTRIBUTION: "where z0 and z1 are independent draws of the prior, the point at every t is a draw of it",
    SELF_CONSISTENCY: "the path between two points of a path stays on that path, and divides it in proportion",
    ROTATION: "the path between rotated endpoints is the rotated path",
    PERMUTATION: "the path between endpoints with permuted coordinates is the permuted path",
}


def kept_by_laws(prior: Prior) -> frozenset[str]:
    """What a method that keeps a prior by its laws may claim: distribution matching, but not where laws are estimated.

    >>> import latentot as lot
    >>> kept_by_laws(lot.Normal(2))
    frozenset({'distribution matching'})
    """
    return frozenset() if prior.estimated else frozenset({DISTRIBUTION})
