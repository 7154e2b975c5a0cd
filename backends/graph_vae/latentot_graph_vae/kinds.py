"""Random graphs of a few kinds, as adjacency matrices: a data source."""

__all__ = ["KINDS", "MOST_NODES", "graphs", "matrix"]

from collections.abc import Callable
from itertools import combinations

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from latentot.data import Data
from latentot.data.split import held_out, pictures_of
from latentot.errors import InputError, unknown_name

MOST_NODES = 20
FEWEST_NODES = 6
SPLIT = 0.1
"""Copies are kept on one side where at least such a share of the graphs differ."""
Matrices = NDArray[np.float32]
Maker = Callable[[int, np.random.Generator], nx.Graph]


def graphs(name: str, kind: str = "", nodes: str = "20", n: str = "2000", seed: str = "0") -> Data:
    """Random graphs as images (n, 1, nodes, nodes): 1 where there is an edge, and on the diagonal a node.

    A graph has from half of the nodes to all of them, those in front that a breadth-first walk from a node of the
    highest degree comes to first: else the same graph would be many matrices.

    Args:
        name: the source as the user named it.
        kind: trees, rings, communities (two), or planar.
        nodes: size of the matrix.
        n: graphs in all; the last fifth is held out.
        seed: the same seed gives the same graphs.

    Raises:
        InputError: there is no such kind, or a number is not accepted.

    >>> graphs("graphs:trees,8,20", "trees", "8", "20").shape
    (1, 8, 8)
    """
    if kind not in KINDS:
        raise unknown_name("kind of graphs", kind, KINDS)
    size, count, start = (_whole(what, given) for what, given in (("nodes", nodes), ("n", n), ("seed", seed)))
    if not FEWEST_NODES <= size <= MOST_NODES or not 10 <= count <= 100_000:
        raise InputError(
            f"graphs have {FEWEST_NODES} to {MOST_NODES} nodes, and there are 10 to 100,000, got {size} and {count}"
        )
    rng = np.random.default_rng([start, size])
    matrices = np.stack([matrix(KINDS[kind](int(rng.integers(size // 2, size + 1)), rng), size) for _ in range(count)])
    images = matrices[:, None]
    if len(set(pictures_of(images))) > SPLIT * count:
        return held_out(name, images, scale="0 or 1")
    # Of rings there is one of each size: with all copies of it on one side, other sizes would be held out.
    rest = count - count // 5
    return Data(name, images[:rest], images[rest:], scale="0 or 1")


def matrix(graph: nx.Graph, size: int) -> Matrices:
    """The adjacency matrix of a graph, nodes in breadth-first order, shape (size, size).

    >>> matrix(nx.path_graph(2), 3)
    array([[1., 1., 0.],
           [1., 1., 0.],
           [0., 0., 0.]], dtype=float32)
    """
    order: list[int] = []
    for part in sorted(nx.connected_components(graph), key=len, reverse=True):
        first = max(part, key=lambda node: (graph.degree[node], -node))
        order += [first, *(node for _, node in nx.bfs_edges(graph, first, sort_neighbors=sorted))]
    found = np.zeros((size, size), np.float32)
    k = len(order)
    found[:k, :k] = nx.to_numpy_array(graph, nodelist=order) + np.eye(k)
    return found


def _tree(n: int, rng: np.random.Generator) -> nx.Graph:
    return nx.from_prufer_sequence(rng.integers(n, size=n - 2).tolist())


def _ring(n: int, rng: np.random.Generator) -> nx.Graph:  # noqa: ARG001 - there is one ring of n nodes
    return nx.cycle_graph(n)


def _communities(n: int, rng: np.random.Generator) -> nx.Graph:
    """Two halves whose nodes are friends with a chance of 0.7, joined by one edge or two."""
    half = n // 2
    while True:
        graph = nx.empty_graph(n)
        for members in (range(half), range(half, n)):
            graph.add_edges_from(pair for pair in combinations(members, 2) if rng.random() < 0.7)
        for _ in range(int(rng.integers(1, 3))):
            graph.add_edge(int(rng.integers(half)), int(rng.integers(half, n)))
        if nx.is_connected(graph):
            return graph


def _planar(n: int, rng: np.random.Generator) -> nx.Graph:
    """The Delaunay triangulation of random points of the plane."""
    from scipy.spatial import Delaunay

    graph = nx.empty_graph(n)
    for triangle in Delaunay(rng.random((n, 2))).simplices.tolist():
        graph.add_edges_from(combinations(triangle, 2))
    return graph


KINDS: dict[str, Maker] = {"trees": _tree, "rings": _ring, "communities": _communities, "planar": _planar}


def _whole(what: str, given: str) -> int:
    try:
        return int(given)
    except ValueError:
        raise InputError(f"{what} of graphs is a whole number, got {given!r}: graphs:KIND[,NODES[,N[,SEED]]]") from None
