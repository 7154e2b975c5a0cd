"""Judges of graphs: shares that are valid, unique and novel, and kernel distances of degrees, clustering and spectrum.

Two graphs count as the same where their Weisfeiler-Lehman hashes are: isomorphic ones always have the same, and the
test takes microseconds, where one for isomorphism has no bound. Kernel distances are squared, unbiased, and in units of
what chance gives between two halves of the real graphs: 0 is as near as real graphs, 1 as far again as chance; real
against real unbiased would be 0 itself, so the unit is the biased value, which is above 0, and 1/m of m real graphs at
least.

>>> import latentot as lot
>>> from latentot_graph_vae.features import Graph
>>> from latentot_graph_vae.kinds import graphs
>>> rings = Graph()(graphs("rings", "rings", "8", "20").train)
>>> Valid(kind="rings")(rings, rng=0).value, Valid(kind="trees")(rings, rng=0).value
(1.0, 0.0)
"""

__all__ = ["ClusteringMmd", "DegreeMmd", "Novel", "SpectrumMmd", "Unique", "Valid", "interval"]

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from latentot.errors import unknown_name
from latentot.judges import Judge, Judgement
from latentot.judges.judgement import Floats, Judging
from latentot_graph_vae.features import matrices

MODULARITY = 0.2
"""Of two communities, split by the sign of the Fiedler vector, at least."""
ROUNDS = 5
"""Of Weisfeiler-Lehman, the first of which counts neighbours: beyond them hardly any graphs of 20 nodes differ."""
BINS = 20
ROUNDING = 1e-9
WL = "Shervashidze et al.: Weisfeiler-Lehman graph kernels. JMLR 2011"
GRAPHRNN = (
    "You et al.: GraphRNN. ICML 2018, arXiv:1802.08773; O'Bray et al.: Evaluation metrics for graph generative models"
)
DIGRESS = "Vignac et al.: DiGress. ICLR 2023, arXiv:2209.14734"


def interval(judged: Judgement, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share, from what a judge says of each graph.

    >>> low, high = interval(Judgement(1.0, 1.0, 10, np.ones(10)))
    >>> round(low, 2), high
    (0.72, 1.0)
    """
    from scipy.stats import binomtest

    found = binomtest(int(judged.per_point.sum()), len(judged.per_point)).proportion_ci(level, method="wilson")
    return float(found.low), float(found.high)


@dataclass(frozen=True, repr=False)
class _Share(Judge):
    """A share of graphs, with its binomial error."""

    unit: ClassVar[str] = "share"
    better: ClassVar[str] = "higher"
    points: ClassVar[str] = "data"
    min_points: ClassVar[int] = 1

    def _judged(self, good: NDArray[np.bool_]) -> Judgement:
        value, n = float(good.mean()), len(good)
        return Judgement(value, value, n, good.astype(np.float64), (value * (1 - value) / n) ** 0.5)


@dataclass(frozen=True, repr=False)
class Valid(_Share):
    """Share of graphs that are connected, and of a kind.

    Args:
        kind: trees (edges are one fewer than nodes), rings (all degrees are 2), communities (the two sides of the
            Fiedler vector have a modularity of 0.2 or more), planar, or any.

    References:
        Vignac et al.: DiGress. ICLR 2023, arXiv:2209.14734
    """

    name: ClassVar[str] = "graph-valid"
    title: ClassVar[str] = "share of graphs that are connected and of their kind"
    formula: ClassVar[str] = "(1/n) sum_i 1[G_i is connected and of the kind]"
    citation: ClassVar[str] = DIGRESS
    compares: ClassVar[bool] = False

    kind: str = "any"

    def __post_init__(self) -> None:
        if self.kind not in _IS:
            raise unknown_name("kind of graphs", self.kind, _IS)

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(data: Floats) -> Judgement:
            return self._judged(np.array([_valid(graph, self.kind) for graph in _graphs(data)]))

        return judging


@dataclass(frozen=True, repr=False)
class Unique(_Share):
    """Share of graphs of which none before is the same.

    References:
        Shervashidze et al.: Weisfeiler-Lehman graph kernels. JMLR 2011
    """

    name: ClassVar[str] = "graph-unique"
    title: ClassVar[str] = "share of graphs that are not the same as one before"
    formula: ClassVar[str] = "(1/n) sum_i 1[no j < i: h(G_j) = h(G_i)], h the Weisfeiler-Lehman hash"
    citation: ClassVar[str] = f"{DIGRESS}; {WL}"
    compares: ClassVar[bool] = False

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(data: Floats) -> Judgement:
            hashes = np.array(_hashes(data))
            first = np.zeros(len(hashes), bool)
            first[np.unique(hashes, return_index=True)[1]] = True
            return self._judged(first)

        return judging


@dataclass(frozen=True, repr=False)
class Novel(_Share):
    """Share of graphs that are the same as none of the reference, which is the training data.

    References:
        Shervashidze et al.: Weisfeiler-Lehman graph kernels. JMLR 2011
    """

    name: ClassVar[str] = "graph-novel"
    title: ClassVar[str] = "share of graphs that are the same as none trained on"
    formula: ClassVar[str] = "(1/n) sum_i 1[no j: h(R_j) = h(G_i)], h the Weisfeiler-Lehman hash"
    citation: ClassVar[str] = f"{DIGRESS}; {WL}"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        known = set(_hashes(reference))
        return lambda data: self._judged(np.array([one not in known for one in _hashes(data)]))


@dataclass(frozen=True, repr=False)
class _Mmd(Judge):
    """Squared kernel distance of histograms, unbiased, beside that of two halves of the real graphs.

    The raw value is not divided. The kernel is k(p, q) = exp(-|p - q|^2 / (2 w^2)), |p - q| half the sum of differences
    (the total variation), w = 0.3.
    """

    unit: ClassVar[str] = "what chance gives"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = GRAPHRNN
    min_points: ClassVar[int] = 4

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:
        real = self._histograms(*matrices(reference))
        order = rng.permutation(len(real))
        one, other = real[order[::2]], real[order[1::2]]
        # Where real graphs do not differ at all, as rings in their degrees, a single other graph is a step.
        chance = max(_mmd(one, other, unbiased=False), 1 / len(real))

        def judging(data: Floats) -> Judgement:
            raw = _mmd(self._histograms(*matrices(data)), real, unbiased=True)
            return Judgement(raw / chance, raw, len(data))

        return judging

    @abstractmethod
    def _histograms(self, nodes: NDArray[np.bool_], edges: NDArray[np.bool_]) -> Floats:
        """Shares of a graph's nodes in each bin, shape (n, bins)."""


@dataclass(frozen=True, repr=False)
class DegreeMmd(_Mmd):
    """Kernel distance of histograms of degrees."""

    name: ClassVar[str] = "degree-mmd"
    title: ClassVar[str] = "kernel distance of degrees, squared, unbiased, in units of chance"
    formula: ClassVar[str] = "MMD^2_u(G, R) / MMD^2(R', R''), of histograms of degrees; R', R'' halves of R"

    def _histograms(self, nodes: NDArray[np.bool_], edges: NDArray[np.bool_]) -> Floats:
        return _shares(edges.sum(axis=2) + 0.5, nodes, edges.shape[1], edges.shape[1])


@dataclass(frozen=True, repr=False)
class ClusteringMmd(_Mmd):
    """Kernel distance of histograms of clustering coefficients."""

    name: ClassVar[str] = "clustering-mmd"
    title: ClassVar[str] = "kernel distance of clustering, squared, unbiased, in units of chance"
    formula: ClassVar[str] = "MMD^2_u(G, R) / MMD^2(R', R''), of histograms of clustering coefficients"

    def _histograms(self, nodes: NDArray[np.bool_], edges: NDArray[np.bool_]) -> Floats:
        a, degree = edges.astype(np.float64), edges.sum(axis=2)
        triangles = np.einsum("nij,njk,nki->ni", a, a, a, optimize=True)
        return _shares(triangles / np.maximum(degree * (degree - 1), 1), nodes, 1.0, BINS)


@dataclass(frozen=True, repr=False)
class SpectrumMmd(_Mmd):
    """Kernel distance of histograms of eigenvalues of the normalised Laplacian."""

    name: ClassVar[str] = "spectrum-mmd"
    title: ClassVar[str] = "kernel distance of spectra, squared, unbiased, in units of chance"
    formula: ClassVar[str] = "MMD^2_u(G, R) / MMD^2(R', R''), of histograms of eigenvalues of I - D^-1/2 A D^-1/2"

    def _histograms(self, nodes: NDArray[np.bool_], edges: NDArray[np.bool_]) -> Floats:
        a, degree = edges.astype(np.float64), edges.sum(axis=2)
        scale = np.where(degree > 0, 1 / np.sqrt(np.maximum(degree, 1)), 0)
        laplacian = -scale[:, :, None] * a * scale[:, None, :]
        at = np.arange(a.shape[1])
        # What is no node has an eigenvalue of its own, which is left out.
        laplacian[:, at, at] = np.where(nodes, degree > 0, -9)
        found = np.linalg.eigvalsh(laplacian)
        return _shares(found.clip(0, 2), found > -1, 2.0, BINS)


def _shares(values: NDArray[Any], counted: NDArray[np.bool_], high: float, bins: int) -> Floats:
    """Shares of the values of each row, those that are counted, in bins from 0 to high, shape (n, bins)."""
    # Many values lie on edges, such as eigenvalues of 1: rounding, which follows the order of nodes, must not move
    # them.
    which = np.minimum((values / high * bins + ROUNDING).astype(int), bins - 1)
    found = np.zeros((len(values), bins))
    np.add.at(found, (np.arange(len(values))[:, None].repeat(values.shape[1], 1)[counted], which[counted]), 1)
    return np.asarray(found / np.maximum(counted.sum(axis=1, keepdims=True), 1))


WIDTH = 0.3


def _mmd(x: Floats, y: Floats, *, unbiased: bool) -> float:
    def kernel(p: Floats, q: Floats) -> Floats:
        apart = np.array([np.abs(row - q).sum(axis=1) / 2 for row in p])
        return np.asarray(np.exp(-np.square(apart / WIDTH) / 2))

    def within(p: Floats) -> float:
        k, n = kernel(p, p), len(p)
        return float((k.sum() - n) / (n * (n - 1)) if unbiased else k.mean())

    return within(x) + within(y) - 2 * float(kernel(x, y).mean())


def _graphs(features: Floats) -> list[nx.Graph]:
    found = []
    for nodes, edges in zip(*matrices(features), strict=True):
        graph = nx.Graph()
        graph.add_nodes_from(np.flatnonzero(nodes).tolist(), kind="")
        graph.add_edges_from(np.argwhere(np.triu(edges)).tolist())
        found.append(graph)
    return found


def _hashes(features: Floats) -> list[str]:
    # Equal matrices are hashed once.
    different, back = np.unique(features, axis=0, return_inverse=True)
    each = [nx.weisfeiler_lehman_graph_hash(graph, node_attr="kind", iterations=ROUNDS) for graph in _graphs(different)]
    return [each[i] for i in back.ravel()]


def _valid(graph: nx.Graph, kind: str) -> bool:
    return len(graph) > 0 and nx.is_connected(graph) and _IS[kind](graph)


def _two_communities(graph: nx.Graph) -> bool:
    if len(graph) < 4:
        return False
    sides = np.linalg.eigh(nx.laplacian_matrix(graph).toarray().astype(float))[1][:, 1] > 0
    names = np.array(list(graph))
    split = [set(names[sides].tolist()), set(names[~sides].tolist())]
    return all(split) and nx.community.modularity(graph, split) >= MODULARITY


_IS: dict[str, Callable[[nx.Graph], bool]] = {
    "any": lambda _graph: True,
    "trees": lambda graph: graph.number_of_edges() == len(graph) - 1,
    "rings": lambda graph: len(graph) > 2 and all(degree == 2 for _, degree in graph.degree),
    "communities": _two_communities,
    "planar": lambda graph: nx.check_planarity(graph)[0],
}
