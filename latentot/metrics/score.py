"""The score of a prior, the gradient of its log density, from the law of its coordinates or of its norm."""

__all__ = ["Score", "score_of"]

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors import Law, Prior
from latentot.priors.affine import AffineLaw
from latentot.priors.column_laws import ColumnLaws

Floats = NDArray[np.float64]
Score = Callable[[Floats], Floats]
"""Gradients of the log density at points, shape (n, d) to (n, d)."""

STEP = 1e-4
"""Of a derivative, relative to the quartiles' distance: what is left out is of its fourth power, and rounding takes
1e-12. At a kink, as of the Laplace density, two steps to either side are taken for one slope."""
NEAR = 1e-4
"""Norms this share of the median show whether the density is flat at the origin."""
FLAT = 1e-2
"""A power of the norm below this is none."""


def score_of(prior: Prior) -> Score:
    """The score s(z) = grad log p(z) of a prior with independent coordinates, or of an isotropic one.

    Of coordinates it is the derivative of the marginal log density; of an isotropic prior, with r = |z|, it is
    (d log f_r(r) / dr - (d - 1) / r) z / r. Derivatives are central differences of fourth order.

    Args:
        prior: with a marginal or a radius law.

    Raises:
        InputError: the prior has neither law; or Stein's identity, E[s(Z) f(Z) + grad f(Z)] = 0, fails for it: its
            support ends somewhere, or its score has no variance.

    >>> import latentot as lot
    >>> score_of(lot.Normal(2, mean=1, scale=2))(np.array([[3.0, 1.0]])).round(9) + 0.0
    array([[-0.5,  0. ]])
    """
    if prior.marginal is not None:
        law = prior.marginal
        ends = np.concatenate([np.ravel(end) for end in law.support])
        if np.isfinite(ends).any():
            raise InputError(_ending(prior, ends))
        return lambda z: _slope(law, z)
    if prior.radius is None:
        raise InputError(f"{prior!r} has neither a marginal law nor a law of the norm")
    return _isotropic(prior, prior.radius)


def _isotropic(prior: Prior, radius: Law) -> Score:
    d = prior.dim
    if np.isfinite(radius.support[1]):
        raise InputError(_ending(prior, np.array(radius.support)))

    def along_log(r: Floats) -> Floats:
        """d log p / d log r."""

        def log_p(u: Floats) -> Floats:
            return np.asarray(radius.log_pdf(np.exp(u))) - (d - 1) * u

        return _difference(log_p, np.log(r), np.array(STEP))

    power = float(along_log(NEAR * radius.quantile(np.array([0.5])))[0])
    # The score is power / r near the origin, where norms have a density of r^(power + d - 1).
    if abs(power) > FLAT and power + d <= 2:
        raise InputError(f"the score of {prior!r} has no variance, as its density is infinite at the origin")

    def score(z: Floats) -> Floats:
        # At the origin itself there is no direction, and a density that is flat there has no slope.
        r = np.maximum(np.linalg.norm(z, axis=1), np.finfo(np.float64).tiny)
        return z * (along_log(r) / r / r)[:, None]

    return score


def _slope(law: Law, x: Floats) -> Floats:
    """Derivative of the log density of each coordinate."""
    if isinstance(law, AffineLaw):
        return _slope(law.law, law.standard(x)) / law.scale
    if isinstance(law, ColumnLaws):
        return np.asarray(law.each(_slope, x))
    low, high = law.quartiles
    return _difference(law.log_pdf, x, STEP * (high - low + np.abs(x - (low + high) / 2)))


def _difference(of: Callable[[Floats], Floats], x: Floats, step: Floats) -> Floats:
    """The derivative by a central difference of fourth order."""
    near, far = of(x + step) - of(x - step), of(x + 2 * step) - of(x - 2 * step)
    return (8 * near - far) / (12 * step)


def _ending(prior: Prior, ends: Floats) -> str:
    return f"the support of {prior!r} ends at {ends[np.isfinite(ends)][-1]:g}, where Stein's identity fails"
