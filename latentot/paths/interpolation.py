"""What every interpolation is: a walk from one latent to another."""

__all__ = ["Combination", "Interpolation", "marginal_of", "radius_of"]

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from array_api_compat import is_numpy_array
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.paths.blocks import each_block, threads
from latentot.paths.boundary import check_finite, check_latents, check_positions, check_weights, is_bounded, precision
from latentot.paths.summation import add_up, load_summation
from latentot.priors import Law, Prior
from latentot.special import Array


@dataclass(frozen=True)
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
    """What the prior must have: of samples, marginal, radius, marginal or radius, radius density."""
    in_double: ClassVar[bool] = False
    """Whether single precision is computed in double."""
    threaded: ClassVar[bool] = False
    """Whether NumPy batches are shared out to the cores: worth it where arithmetic is heavy and holds no lock."""

    adds: ClassVar[bool] = False
    """Whether a point is the weighted sum of the latents: NumPy batches then take one pass, checks included."""

    prior: Prior

    @abstractmethod
    def claims(self) -> frozenset[str]:
        """The laws that hold for this method on this prior, out of those in `latentot.paths.laws`."""

    def load(self, size: int) -> None:
        """Load the compiled code that batches of so many numbers need, once a process: no walk's own time has it then.

        Args:
            size: numbers in a batch of points.
        """
        if self.adds:
            load_summation(size)

    def lesson(self, t: float) -> Hashable:  # noqa: ARG002
        """What is learned from draws of the prior before the first point at t, alike for all t that share it.

        Returns:
            What `learn` takes; None where nothing is learned.
        """
        return None

    def learn(self, lesson: Any) -> Any:
        """What a lesson teaches, learned at its first use."""
        raise NotImplementedError(f"{self.name} learns nothing, got the lesson {lesson!r}")

    def know(self, lesson: Any, learned: Any) -> None:
        """Take what an equal interpolation, in another process maybe, has learned."""
        raise NotImplementedError(f"{self.name} learns nothing, got {learned!r} of the lesson {lesson!r}")

    @abstractmethod
    def _between(self, z0: Array, z1: Array, t: float) -> Array:
        """Points at 0 < t < 1, for endpoints of shape (n, d)."""

    def __call__(self, z0: Array, z1: Array, t: float | Sequence[float] | NDArray[Any]) -> Array:
        """Points on the way from z0 to z1.

        Args:
            z0: where the paths start, shape (..., *shape).
            z1: where they end, of the same shape, dtype and library.
            t: position between 0 and 1, or a sequence of m positions.

        Returns:
            Points of shape (..., *shape) for one position, (m, ..., *shape) for a sequence. At t = 0 and t = 1 they
            are z0 and z1, bit for bit.

        Raises:
            InputError: shapes or dtypes disagree, t is outside [0, 1], or NumPy values are not finite or not in the
                prior's support.

        >>> import latentot as lot
        >>> prior = lot.Normal(8)
        >>> z0, z1 = prior.sample(5, rng=0), prior.sample(5, rng=1)
        >>> lot.interpolation("linear", prior)(z0, z1, [0, 0.5, 1]).shape
        (3, 5, 8)
        """
        xp = check_latents(self.prior, z0=z0, z1=z1)
        positions = check_positions(t)
        if positions.ndim == 0:
            return self._at(xp, z0, z1, float(positions))
        return xp.stack([self._at(xp, z0, z1, float(position)) for position in positions])

    def _at(self, xp: Any, z0: Array, z1: Array, t: float) -> Array:
        if t in {0, 1}:
            check_finite(self.prior, z0=z0, z1=z1)
            return xp.asarray(z1 if t else z0, copy=True)
        flat = {name: xp.reshape(z, (-1, self.prior.dim)) for name, z in (("z0", z0), ("z1", z1))}
        if is_numpy_array(z0):
            return self._on_host(flat, lambda z: self._between(z[0], z[1], t), (1 - t, t)).reshape(z0.shape)
        working = precision(xp, z0, self.in_double)
        points = self._between(xp.astype(flat["z0"], working), xp.astype(flat["z1"], working), t)
        return xp.reshape(xp.astype(points, z0.dtype), z0.shape)

    def _on_host(
        self,
        z: dict[str, NDArray[Any]],
        compute: Callable[[list[NDArray[Any]]], NDArray[Any]],
        weights: Sequence[float],
    ) -> NDArray[Any]:
        """Points between NumPy latents of shape (n, d), given by the names they have in messages, block by block."""
        first, *_ = z.values()
        working = precision(np, first, self.in_double)
        points = np.empty(first.shape, first.dtype)
        in_one_pass = self.adds and working == first.dtype and not is_bounded(self.prior)
        # A sum that is not finite goes the slow way, which says whose fault it is.
        if in_one_pass and add_up(points, list(z.values()), weights):
            return points

        def fill(rows: slice) -> None:
            # As they were given: a number that was rounded to its dtype is held to the support so rounded.
            blocks = {name: part[rows] for name, part in z.items()}
            check_finite(self.prior, first=rows.start, **blocks)
            points[rows] = compute([block.astype(working, copy=False) for block in blocks.values()])

        each_block(fill, *points.shape, workers=threads() if self.threaded else 1)
        return points


@dataclass(frozen=True)
class Combination(Interpolation, ABC):
    """An interpolation that is a combination of two points, and of more: centroids, analogies, grids, subspaces."""

    @abstractmethod
    def _combine(self, z: Sequence[Array], weights: Sequence[float]) -> Array:
        """The combination of points of shape (n, d) with weights that are not all zero."""

    def _between(self, z0: Array, z1: Array, t: float) -> Array:
        return self._combine((z0, z1), (1 - t, t))

    def combine(self, z: Array, weights: Sequence[float] | Sequence[Sequence[float]] | NDArray[Any]) -> Array:
        """Combine several latents into one.

        Weights may be negative or sum to zero, as in the analogy a - b + c; `combine([z0, z1], [1 - t, t])` is the
        point at t.

        Args:
            z: k latents of independent draws, or k batches of them, shape (k, ..., *shape).
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
        xp = check_latents(self.prior, z=z)
        rows = check_weights(weights, len(z.shape) - len(self.prior.shape) and z.shape[0])
        if rows.ndim == 1:
            return self._combined(xp, z, rows.tolist())
        return xp.stack([self._combined(xp, z, row) for row in rows.tolist()])

    def _combined(self, xp: Any, z: Array, weights: list[float]) -> Array:
        flat = xp.reshape(z, (z.shape[0], -1, self.prior.dim))
        if is_numpy_array(z):
            parts = {f"z[{i}]": part for i, part in enumerate(flat)}
            return self._on_host(parts, lambda z: self._combine(z, weights), weights).reshape(z.shape[1:])
        working = precision(xp, z, self.in_double)
        points = self._combine([xp.astype(flat[i, ...], working) for i in range(len(weights))], weights)
        return xp.reshape(xp.astype(points, z.dtype), z.shape[1:])


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
        raise InputError(f"{path.name} needs a prior with a {what} law, which {path.prior!r} has not")
    return law
