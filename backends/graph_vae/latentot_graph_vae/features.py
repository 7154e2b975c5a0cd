"""Graphs as features: which nodes and edges there are."""

__all__ = ["Graph", "matrices"]

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.features import Features

THERE = 0.5
"""An edge is there from this probability on."""


@dataclass(frozen=True, repr=False)
class Graph(Features):
    """f(x) = 1[(x + x^T)/2 > 1/2] of the upper triangle: edges, and on the diagonal nodes.

    An edge needs both its nodes.

    >>> Graph()(np.ones((3, 1, 4, 4))).shape
    (3, 10)
    """

    name: ClassVar[str] = "graph"
    title: ClassVar[str] = "nodes and edges"
    formula: ClassVar[str] = "f(x) = 1[(x + x^T)/2 > 1/2], the upper triangle"
    citation: ClassVar[str] = ""

    def _of(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        if rows.ndim < 3 or rows.shape[-1] != rows.shape[-2] or rows[0].size != rows.shape[-1] ** 2:
            raise InputError(f"graphs are adjacency matrices of shape (n, 1, nodes, nodes), got {rows.shape}")
        x = rows.reshape(len(rows), *rows.shape[-2:])
        there = x + x.swapaxes(1, 2) > 2 * THERE
        nodes = there.diagonal(axis1=1, axis2=2)
        there &= nodes[:, :, None] & nodes[:, None, :]
        return there[:, *np.triu_indices(there.shape[1])].astype(np.float64)


def matrices(features: NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Nodes, shape (n, nodes), and edges, shape (n, nodes, nodes), of features.

    Raises:
        InputError: these are not features of graphs.

    >>> nodes, edges = matrices(Graph()(np.ones((3, 1, 4, 4))))
    >>> nodes.shape, edges.sum(axis=(1, 2))
    ((3, 4), array([12, 12, 12]))
    """
    k = features.shape[1]
    size = (int((8 * k + 1) ** 0.5) - 1) // 2
    if size * (size + 1) // 2 != k or not np.isin(features, (0, 1)).all():
        raise InputError(f"judges of graphs take the features 'graph', zeros and ones, got {k} numbers of each")
    edges = np.zeros((len(features), size, size), bool)
    edges[:, *np.triu_indices(size)] = features > THERE
    nodes = edges.diagonal(axis1=1, axis2=2).copy()
    edges |= edges.swapaxes(1, 2)
    edges[:, np.arange(size), np.arange(size)] = False
    return nodes, edges
