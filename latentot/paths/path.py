"""The base classes of interpolations: walks from one latent to another."""

__all__ = ["Combination", "Interpolation", "marginal_of", "radius_of"]

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from array_api_compat import device, is_numpy_array
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.paths.blocks import BLOCK, each_block, threads
from latentot.paths.boundary import check_finite, check_latents, check_weights, is_bounded, precision
from latentot.paths.positions import Position, check_positions, weights_at
from latentot.paths.summation import add_up, load_summation
from latentot.paths.weights import MAX_TABLES, Weights, rows_of
from latentot.priors import Law, Prior

TOGETHER = 1 << 15
"""Numbers of several rows of weights that are combined at once; of more, one row after another is as fast."""


@dataclass(frozen=True, repr=False)
class Interpolation(ABC):
    """A way of walking between latents of one prior.

    A path is a pure function of its endpoints: arrays of any library that follows the Python array API go in and
    come back as the same kind, dtype and device, and gradients flow through it.

    Args:
        prior: the law that the endpoints are draws of.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    citation: ClassVar[str]
    needs: ClassVar[frozenset[str]]
    """What the prior must have, out of "samples", "marginal", "radius", "marginal or radius", "radius density"."""
    in_double: ClassVar[bool] = False
    """Whether single precision is computed in double."""
    threaded: ClassVar[bool] = False
    """Whether NumPy batches are spread over threads, which pays where arithmetic is heavy and releases the lock."""

    by_laws: ClassVar[bool] = False
    """Whether it keeps a prior by the laws of its coordinates or of its norm; where these are estimated,
    approximately."""

    adds: ClassVar[bool] = False
    """Whether a point is the weighted sum of the latents: NumPy batches then take one pass, checks included."""

    in_one_piece: ClassVar[bool] = False
    """Whether a NumPy batch is computed in one piece, not in blocks that stay in the cache."""

    prior: Prior

    @abstractmethod
    def claims(self) -> frozenset[str]:
        """The laws that hold for this method on this prior, out of those in `latentot.paths.laws`."""

    def load(self, size: int) -> None:
        """Load the compiled code that batches of so many numbers need, so that its time is not counted as a path's.

        Args:
            size: numbers in a batch of points.
        """
        if self.adds:
            load_summation(size)

    def fit_key(self, t: float) -> Hashable:  # noqa: ARG002
        """Key of what is fitted to draws of the prior before the first point at t; all t of one key share it.

        Returns:
            What `fit` takes; None where nothing is fitted.
        """
        return None

    def fit(self, key: Any) -> Any:
        """The fitted state for a key, fitted at its first use."""
        raise NotImplementedError(f"{self.name} fits nothing, got the key {key!r}")

    def set_fitted(self, key: Any, fitted: Any) -> None:
        """Use the state that an equal interpolation has fitted, possibly in another process."""
        raise NotImplementedError(f"{self.name} fits nothing, got {fitted!r} for the key {key!r}")

    @abstractmethod
    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        """Points at 0 < t < 1, for endpoints of shape (n, d); weights are 1 - t and t, numbers or columns (n, 1)."""

    def __repr__(self) -> str:
        options = "".join(f", {field.name}={getattr(self, field.name)!r}" for field in fields(self)[1:] if field.repr)
        return f"{self.name}({self.prior!r}{options})"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name == "combine":
                raise NoCombineError(f"{self.name} has no combine, it joins two latents: use {_combining()}")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def __call__(self, z0: Array, z1: Array, t: float | Sequence[float] | Sequence[Sequence[float]] | Array) -> Array:
        """Points on the way from z0 to z1.

        Args:
            z0: where the paths start, shape (..., *shape).
            z1: where they end, of the same shape, dtype and library.
            t: position between 0 and 1; or a sequence of m positions; or one position a pair, of shape (..., 1), which
                broadcasts to the leading axes of the latents: (n, 1) for n of them. As in NumPy's arithmetic there
                may be a 1 for every axis of a latent instead.

        Returns:
            Points of shape (..., *shape) for one position or one a pair, (m, ..., *shape) for a sequence. At t = 0 and
            t = 1 they are z0 and z1, bit for bit. NumPy's longdouble comes back as such; methods that go through a law
            compute it in double.

        Raises:
            InputError: shapes or dtypes disagree, t is outside [0, 1], NumPy values are not finite or not in the
                prior's support, or arrays are not plain: masked, sparse, a matrix.

        >>> import latentot as lot
        >>> prior = lot.Normal(8)
        >>> z0, z1 = prior.sample(5, rng=0), prior.sample(5, rng=1)
        >>> path = lot.interpolation("linear", prior)
        >>> path(z0, z1, [0, 0.5, 1]).shape
        (3, 5, 8)
        >>> t = np.linspace(0, 1, 5)[:, None]
        >>> path(z0, z1, t).shape, bool((path(z0, z1, t)[1] == path(z0[1], z1[1], 0.25)).all())
        ((5, 8), True)
        """
        xp = check_latents(self.prior, z0=z0, z1=z1)
        positions = check_positions(t, z0, self.prior.shape, f": {self._beyond()}")
        if not isinstance(positions, list):
            return self._at(xp, z0, z1, positions)
        if not positions:
            return xp.empty((0, *z0.shape), dtype=z0.dtype, device=device(z0))
        # NumPy stacks into the byte order of the machine.
        return xp.astype(xp.stack([self._at(xp, z0, z1, at) for at in positions]), z0.dtype, copy=False)

    def _beyond(self) -> str:
        """What to use for points that are not between the endpoints."""
        return f"{self.name} has no combine, which goes beyond the endpoints: use that of {_combining()}"

    def _at(self, xp: Any, z0: Array, z1: Array, t: Position) -> Array:
        if isinstance(t, float) and t in {0, 1}:
            check_finite(self.prior, z0=z0, z1=z1)
            return xp.asarray(z1 if t else z0, copy=True)
        flat = {name: xp.reshape(z, (-1, self.prior.dim)) for name, z in (("z0", z0), ("z1", z1))}
        points = self._inside(xp, flat, t) if isinstance(t, float) else self._each(xp, flat, t)
        return xp.reshape(points, z0.shape)

    def _inside(self, xp: Any, z: dict[str, Array], t: Position) -> Array:
        """Points at 0 < t < 1, between endpoints of shape (n, d)."""
        working = precision(xp, z["z0"], self.in_double)
        weights = weights_at(t, xp, z["z0"], working)
        if is_numpy_array(z["z0"]):
            return self._on_host(z, lambda ends, weights: self._between(ends[0], ends[1], weights), weights)
        ends = [xp.astype(end, working) for end in z.values()]
        return xp.astype(self._between(ends[0], ends[1], weights), z["z0"].dtype)

    def _each(self, xp: Any, z: dict[str, Array], t: Array) -> Array:
        """Points at a column of positions, one a pair: where these are 0 or 1, the endpoints themselves."""
        z0, z1 = z.values()
        first, last = t == 0, t == 1
        ends = first | last
        if not is_numpy_array(t):
            points = self._inside(xp, z, xp.where((t < 0) | (t > 1), math.nan, xp.where(ends, 0.5, t)))
        elif not ends.any():
            return self._inside(xp, z, t)
        elif ends.all():
            check_finite(self.prior, **z)
            points = z1
        else:
            # Rows of endpoints take another row's position, so that no table or map is made for theirs.
            points = self._inside(xp, z, np.where(ends, t[~ends][0], t))
        first, last = (xp.asarray(rows, device=device(z0)) for rows in (first, last))
        return xp.astype(xp.where(first, z0, xp.where(last, z1, points)), z0.dtype, copy=False)

    def _on_host(
        self,
        z: dict[str, NDArray[Any]],
        compute: Callable[[list[NDArray[Any]], Weights], NDArray[Any]],
        weights: Weights,
    ) -> NDArray[Any]:
        """Points between NumPy latents of shape (n, d), given by the names they have in messages, block by block."""
        first, *_ = z.values()
        working = precision(np, first, self.in_double)
        points = np.empty(first.shape, first.dtype)
        in_one_pass = self.adds and working == first.dtype and not is_bounded(self.prior)
        # A sum that is not finite is computed again the slow way, which names the endpoint that is not.
        if in_one_pass and add_up(points, list(z.values()), weights):
            return points

        def fill(rows: slice) -> None:
            # As they were given: a number that was rounded to its dtype is held to the support so rounded.
            blocks = {name: part[rows] for name, part in z.items()}
            check_finite(self.prior, first=rows.start, **blocks)
            ends = [block.astype(working, copy=False) for block in blocks.values()]
            points[rows] = compute(ends, rows_of(weights, rows))

        block = max(points.size, 1) if self.in_one_piece else BLOCK
        each_block(fill, *points.shape, block=block, workers=threads() if self.threaded else 1)
        return points


@dataclass(frozen=True, repr=False)
class Combination(Interpolation, ABC):
    """An interpolation that is a combination of two points, and of more: centroids, analogies, grids, subspaces."""

    @abstractmethod
    def _combine(self, z: Sequence[Array], weights: Weights) -> Array:
        """The combination of points of shape (n, d) with weights that are not all zero, numbers or columns (n, 1)."""

    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        return self._combine((z0, z1), weights)

    def _beyond(self) -> str:
        return "combine([z0, z1], [1 - t, t]) goes beyond the endpoints"

    def combine(self, z: Array, weights: Sequence[float] | Sequence[Sequence[float]] | NDArray[Any]) -> Array:
        """Combine several latents into one.

        Weights may be negative or sum to zero, as in the analogy a - b + c; `combine([z0, z1], [1 - t, t])` is the
        point at t.

        Args:
            z: k latents of independent draws, or k batches of them, shape (k, ..., *shape); or a list of them.
            weights: shape (k,), or (m, k) for m combinations.

        Returns:
            Latents of shape (..., *shape), or (m, ..., *shape).

        Raises:
            InputError: all weights are zero or some are not finite, k of weights and points disagree, or NumPy values
                are not finite or not in the prior's support.

        >>> import latentot as lot
        >>> prior = lot.Normal(8)
        >>> lot.interpolation("matched", prior).combine(prior.sample(3, rng=0), [1, -1, 1]).shape
        (8,)
        """
        if isinstance(z, list | tuple) and z:
            z = check_latents(self.prior, **{f"z[{i}]": part for i, part in enumerate(z)}).stack(list(z))
        xp = check_latents(self.prior, z=z)
        rows = check_weights(weights, len(z.shape) - len(self.prior.shape) and z.shape[0])
        flat = xp.reshape(z, (z.shape[0], math.prod(z.shape[1:]) // self.prior.dim, self.prior.dim))
        if rows.ndim == 1:
            return xp.reshape(self._combined(xp, flat, rows.tolist()), z.shape[1:])
        together = 1
        if is_numpy_array(z):  # paths that need a table or a map for each row take columns of weights there only
            check_finite(self.prior, first=0, **_named(flat))
            together = min(MAX_TABLES, max(1, TOGETHER // max(1, math.prod(flat.shape[1:]))))
        parts = [self._rows(xp, flat, rows[i : i + together]) for i in range(0, len(rows), together)]
        points = xp.concat(parts) if parts else flat[:0, ...]
        return xp.astype(xp.reshape(points, (len(rows), *z.shape[1:])), z.dtype, copy=False)

    def _rows(self, xp: Any, z: Array, rows: NDArray[np.float64]) -> Array:
        """Combinations of points of shape (k, n, d) with each of m rows of weights, shape (m, n, d)."""
        m, (k, n, d) = len(rows), z.shape
        if m == 1:
            return self._combined(xp, z, rows[0].tolist())[None, ...]
        repeated = np.broadcast_to(z[:, None], (k, m, n, d)).reshape(k, m * n, d)
        columns = np.repeat(rows.T, n, axis=1)[..., None].astype(precision(np, z, self.in_double))
        return self._combined(xp, repeated, list(columns)).reshape(m, n, d)

    def _combined(self, xp: Any, z: Array, weights: Weights) -> Array:
        if is_numpy_array(z):
            return self._on_host(_named(z), self._combine, weights)
        working = precision(xp, z, self.in_double)
        points = self._combine([xp.astype(z[i, ...], working) for i in range(z.shape[0])], weights)
        return xp.astype(points, z.dtype)


def _named(z: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Points by the names that they have in messages."""
    return {f"z[{i}]": part for i, part in enumerate(z)}


class NoCombineError(InputError, AttributeError):
    """A method has no `combine`: also for `hasattr`."""


def _combining() -> str:
    """The methods that combine, for messages."""
    from latentot.paths.catalogue import METHODS

    return ", ".join(name for name in METHODS.own if hasattr(METHODS.find(name), "combine"))


def marginal_of(path: Interpolation) -> Law:
    """The marginal law of a path's prior.

    Raises:
        InputError: the prior has none.
    """
    return _needed(path, "marginal")


def radius_of(path: Interpolation) -> Law:
    """The law of the norm of a path's prior.

    Raises:
        InputError: the prior has none.
    """
    return _needed(path, "radius")


def _needed(path: Interpolation, what: str) -> Law:
    law: Law | None = getattr(path.prior, what)
    if law is None:
        raise InputError(f"{path.name} needs a prior with a {what} law, {path.prior!r} has none")
    return law
