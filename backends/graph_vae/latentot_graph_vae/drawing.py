"""Graphs drawn as graphs: nodes are dots, edges are lines, and from one to the next as little moves as may be."""

__all__ = ["draw"]

from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

SIDE, FINER = 96, 3
"""Pixels of a picture, and how many times as many it is drawn with, so that lines are smooth."""
THERE = 0.5
"""From this probability on nodes and edges are there, as for features."""
SEEN = 0.2
"""Edges from this probability on are shown, the fainter the less probable."""
MARGIN, DOT, LINE = 0.09, 0.026, 0.013
"""Of the side: around a graph, the radius of a node, and the width of an edge."""


def draw(x: NDArray[Any]) -> NDArray[np.uint8]:
    """Pictures of graphs that follow one another.

    Nodes are where distances in the plane are most like those in the graph (Kamada and Kawai 1989): the first graph is
    laid out from a circle, each further one from where nodes were in the one before.

    Args:
        x: probabilities of edges, and on the diagonal of nodes, shape (k, 1, nodes, nodes).

    Returns:
        Grey levels, dark on white, shape (k, 96, 96).

    >>> ring = np.eye(6) + np.roll(np.eye(6), 1, 0) + np.roll(np.eye(6), -1, 0)
    >>> draw(np.stack([ring, ring])[:, None]).shape
    (2, 96, 96)
    """
    size = x.shape[-1]
    chances = x.reshape(-1, size, size)
    chances = (chances + chances.swapaxes(1, 2)) / 2
    angles = 2 * np.pi * np.arange(size) / size
    places = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    pictures: list[NDArray[np.uint8]] = []
    for before, own in zip([np.zeros((size, size)), *chances], chances, strict=False):
        if not np.array_equal(before > THERE, own > THERE):
            places = _laid_out(own, places)
        pictures.append(_picture(own, places))
    return np.stack(pictures)


def _laid_out(chances: NDArray[Any], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where nodes are, within the unit square; those that are not there stay where they were."""
    from scipy.sparse.csgraph import shortest_path

    nodes = np.flatnonzero(chances.diagonal() > THERE)
    if len(nodes) < 2:
        return start
    steps = shortest_path(chances[np.ix_(nodes, nodes)] > THERE, unweighted=True, directed=False)
    apart = np.isfinite(steps)
    # Parts that no edge joins are beside each other, not far away.
    steps[~apart] = steps[apart].max() + 1
    names = nodes.tolist()
    distances = {a: dict(zip(names, row.tolist(), strict=True)) for a, row in zip(names, steps, strict=True)}
    graph = nx.empty_graph(names)
    found = nx.kamada_kawai_layout(graph, dist=distances, pos={node: start[node] for node in names})
    places = start.copy()
    places[nodes] = [found[node] for node in names]
    return places


def _picture(chances: NDArray[Any], places: NDArray[np.float64]) -> NDArray[np.uint8]:
    import PIL.Image
    import PIL.ImageDraw

    side = SIDE * FINER
    image = PIL.Image.new("L", (side, side), 255)
    pen = PIL.ImageDraw.Draw(image)
    at = side * (MARGIN + (1 - 2 * MARGIN) * (np.clip(places, -1, 1) + 1) / 2)
    there = chances.diagonal() > THERE
    across, down = np.triu_indices(len(chances), 1)
    shown = there[across] & there[down] & (chances[across, down] >= SEEN)
    edges = sorted(zip(chances[across, down][shown], across[shown], down[shown], strict=True))
    for chance, a, b in edges:
        pen.line([tuple(at[a]), tuple(at[b])], fill=round(235 * (1 - float(chance))), width=round(LINE * side))
    radius = DOT * side
    for x, y in at[there]:
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    return np.asarray(image.resize((SIDE, SIDE), PIL.Image.Resampling.LANCZOS))
