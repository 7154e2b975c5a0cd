"""Laws whose tail probabilities and quantiles are available as functions."""

__all__ = ["DirectLaw"]

from array_api_compat import array_namespace

from latentot.numerics.special import Array, clip
from latentot.priors.law import Law, greatest_period


class DirectLaw(Law):
    """A law, not necessarily symmetric, whose charts follow from its `cdf`, `sf`, `mid` and their inverses."""

    def center(self, x: Array) -> Array:
        return self.mid(x)

    def center_inverse(self, c: Array) -> Array:
        return self.mid_inverse(c)

    def period(self, x: Array, upper: Array) -> Array:
        xp = array_namespace(x)
        tail = xp.where(upper, self.sf(x), self.cdf(x))
        return 1 / clip(tail, 1 / greatest_period(x), None)

    def period_inverse(self, w: Array, upper: Array) -> Array:
        return array_namespace(w).where(upper, self.isf(1 / w), self.quantile(1 / w))

    def quantile_log(self, log_q: Array) -> Array:
        return self.quantile(array_namespace(log_q).exp(log_q))

    def isf_log(self, log_q: Array) -> Array:
        return self.isf(array_namespace(log_q).exp(log_q))
