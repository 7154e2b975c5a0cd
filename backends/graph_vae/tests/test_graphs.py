"""Graphs: data that are of their kind, features, judges against networkx and closed forms, a model that learns."""

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from safetensors.numpy import save_file

import latentot as lot
from latentot_graph_vae import load, train
from latentot_graph_vae.drawing import _laid_out, draw
from latentot_graph_vae.features import Graph, matrices
from latentot_graph_vae.judges import (
    ClusteringMmd,
    DegreeMmd,
    Novel,
    SpectrumMmd,
    Unique,
    Valid,
    interval,
)
from latentot_graph_vae.kinds import KINDS, graphs, matrix

SEEN = Graph()
MMDS = (DegreeMmd(), ClusteringMmd(), SpectrumMmd())


def features(*given: nx.Graph, size: int = 12) -> Any:
    return SEEN(np.stack([matrix(graph, size) for graph in given])[:, None])


def sample(kind: str, n: int = 60, seed: int = 0) -> Any:
    return SEEN(graphs(kind, kind, "12", str(n), str(seed)).train)


@pytest.mark.parametrize("kind", KINDS)
def test_graphs_are_of_their_kind(kind: str) -> None:
    data = graphs(kind, kind, "16", "60")
    assert data.shape == (1, 16, 16)
    np.testing.assert_array_equal(data.train, data.train.swapaxes(2, 3))
    nodes, _ = matrices(SEEN(data.train))
    assert set(nodes.sum(axis=1)) <= set(range(8, 17))
    assert Valid(kind=kind)(SEEN(data.train), rng=0).value == pytest.approx(1, abs=0.05)
    # Random ones with 2.5 edges a node are connected, and hardly ever of any kind.
    others = [nx.gnm_random_graph(16, 40, seed=i) for i in range(30)]
    assert Valid(kind=kind)(features(*others, size=16), rng=0).value < 0.2
    assert data.facts["sha256"] == graphs(kind, kind, "16", "60").facts["sha256"]


def test_the_matrix_of_a_graph_does_not_depend_on_the_names_of_its_nodes() -> None:
    ring = nx.cycle_graph(7)
    shuffled = nx.relabel_nodes(ring, dict(enumerate(np.random.default_rng(0).permutation(7).tolist())))
    np.testing.assert_array_equal(matrix(ring, 9), matrix(shuffled, 9))


def test_features_are_the_graph() -> None:
    graph = nx.petersen_graph()
    nodes, edges = matrices(features(graph))
    assert nodes.sum() == 10
    assert edges.sum() == 2 * graph.number_of_edges()
    # An edge to what is no node is none.
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 0, :2] = x[0, 0, :2, 0] = 1
    assert matrices(SEEN(x))[1].sum() == 0


def test_same_graphs_are_known_by_whatever_order_of_nodes() -> None:
    rng = np.random.default_rng(0)
    known = [nx.gnp_random_graph(9, 0.4, seed=i) for i in range(20)]
    shuffled = [nx.relabel_nodes(one, dict(enumerate(rng.permutation(9).tolist()))) for one in known]
    other = nx.path_graph(9)
    assert Novel()(features(*shuffled), features(*known), rng=0).value == 0
    found = Novel()(features(other, *shuffled), features(*known), rng=0)
    assert found.per_point[0] == 1
    twice = Unique()(features(*known, *shuffled), rng=0)
    assert twice.per_point[:20].mean() > 0.9
    assert twice.per_point[20:].sum() == 0


def test_shares_have_binomial_errors_and_wilson_s_interval() -> None:
    found = Valid(kind="trees")(np.concatenate([sample("trees", 40)[:30], sample("rings", 40)[:10]]), rng=0)
    assert found.value == 0.75
    assert found.error == pytest.approx((0.75 * 0.25 / 40) ** 0.5)
    low, high = interval(found)
    # Wilson's formula, by hand.
    z, n, p = 1.959964, 40, 0.75
    middle, half = (
        (p + z**2 / (2 * n)) / (1 + z**2 / n),
        z / (1 + z**2 / n) * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5,
    )
    assert (low, high) == pytest.approx((middle - half, middle + half), abs=1e-6)


def test_histograms_are_those_of_networkx() -> None:
    given = [nx.gnp_random_graph(11, 0.35, seed=i) for i in range(8)]
    nodes, edges = matrices(features(*given))
    for graph, degrees, clustering, spectrum in zip(
        given, *(judge._histograms(nodes, edges) for judge in MMDS), strict=True
    ):
        counts = np.bincount([degree for _, degree in graph.degree], minlength=12) / 11
        np.testing.assert_allclose(degrees, counts)
        # A little up, for rounding moves values that are on an edge across it.
        for found, values, high in (
            (clustering, list(nx.clustering(graph).values()), 1),
            (spectrum, nx.normalized_laplacian_spectrum(graph), 2),
        ):
            expected = np.histogram(np.clip(values, 0, high - 1e-6) + 1e-8, 20, (0, high))[0] / 11
            np.testing.assert_allclose(found, expected)


def test_what_follows_one_another_is_drawn_in_one_place() -> None:
    one, other = (matrix(graph, 9)[None] for graph in (nx.cycle_graph(7), nx.star_graph(7)))
    fading = 0.9 * one + 0.1 * other
    alone, faded, last = draw(np.stack([one, fading, other]))
    # Edges that fade are paler, and nothing else has moved; another graph is another picture, the same when alone.
    assert (alone != faded).mean() < 0.1
    assert (alone != last).mean() > 0.1
    np.testing.assert_array_equal(draw(one[None])[0], alone)
    assert alone.min() == 0
    assert draw(np.zeros((1, 1, 9, 9))).min() == 255


def test_nodes_lie_as_far_apart_as_edges_lead() -> None:
    angles = np.arange(9)
    start = np.stack([np.cos(2.4 * angles), np.sin(2.4 * angles)], axis=1)
    ring = _laid_out(matrix(nx.cycle_graph(9), 9), start)
    np.testing.assert_allclose(np.ptp(np.linalg.norm(ring - ring.mean(axis=0), axis=1)), 0, atol=1e-3)
    # Two parts that nothing joins are both in the picture.
    parts = _laid_out(matrix(nx.disjoint_union(nx.path_graph(4), nx.path_graph(4)), 9), start)[:8]
    gaps = np.linalg.norm(parts[:, None] - parts[None], axis=2)
    assert np.abs(parts).max() <= 1 + 1e-9
    # One step more than the longest way within a part, which is three.
    assert gaps[:4, 4:].min() == pytest.approx(4 * gaps[0, 1], rel=0.2)


@pytest.mark.parametrize("judge", MMDS, ids=lambda judge: judge.name)
def test_distances_are_small_between_graphs_of_one_kind_and_large_between_two(judge: Any) -> None:
    real = sample("communities", 150)
    same = judge(sample("communities", 150, seed=1), real, rng=0).value
    other = judge(sample("trees", 150), real, rng=0).value
    assert abs(same) < 3
    assert other > 10


def test_distances_are_unbiased() -> None:
    real = sample("communities", 400)
    found = [DegreeMmd()(sample("communities", 50, seed=i), real, rng=0).raw for i in range(1, 25)]
    # The mean over 24 samples, three standard errors.
    assert abs(np.mean(found)) < 3 * np.std(found, ddof=1) / 24**0.5


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("graphs") / "rings.safetensors"
    train(graphs("rings", "rings", "8", "300"), path, latent=4, hidden=64, epochs=150)
    return str(path)


def test_it_learns_rings(checkpoint: str) -> None:
    model = load(checkpoint)
    drawn = SEEN(model.decode(model.prior.sample(200, rng=0)))
    found = Valid(kind="rings")(drawn, rng=0)
    assert found.value > 0.5
    assert DegreeMmd()(drawn, SEEN(graphs("rings", "rings", "8", "300").train), rng=0).raw < 0.5


def test_it_conforms(checkpoint: str) -> None:
    data = graphs("rings", "rings", "8", "60").test
    lot.check_model("graph-vae", options={"checkpoint": checkpoint}, data=data).raise_on_failure()


def test_all_has_names(checkpoint: str) -> None:
    data = lot.load_data("graphs:trees,8,40")
    seen = lot.feature_extractor("graph")
    for name in ("graph-valid", "graph-unique", "graph-novel", "degree-mmd", "clustering-mmd", "spectrum-mmd"):
        reference = None if name in ("graph-valid", "graph-unique") else seen(data.train)
        assert np.isfinite(lot.judge(name)(seen(data.test), reference, rng=0).value)
    model = lot.load_model("graph-vae", checkpoint=checkpoint)
    assert (model.name, model.draw) == ("graph-vae", draw)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda _: graphs("g", "stars"), "unknown kind of graphs 'stars'"),
        (lambda _: graphs("g", "trees", "200"), "graphs have 6 to 20 nodes"),
        (lambda _: graphs("g", "trees", "ten"), "nodes of graphs is a whole number, got 'ten'"),
        (lambda _: Valid(kind="bush"), "unknown kind of graphs 'bush'"),
        (lambda _: SEEN(np.ones((3, 1, 4, 5))), "adjacency matrices of shape"),
        (lambda _: Unique()(np.full((3, 10), 0.5), rng=0), "take the features 'graph', zeros and ones"),
        (lambda _: Unique()(np.ones((3, 11)), rng=0), "take the features 'graph', zeros and ones"),
        (lambda path: load(str(path / "none")), "cannot read the checkpoint"),
        (lambda path: load(str(path / "other.safetensors")), "no checkpoint of graph-vae"),
        (lambda path: load(str(path / "broken.safetensors")), "not an intact safetensors file"),
        (lambda path: train(lot.load_data("digits"), path / "x", epochs=0), "latent, hidden and epochs are 1 or more"),
    ],
)
def test_what_is_refused_is_one_line(call: Any, message: str, tmp_path: Path) -> None:
    save_file({"a": np.ones(2)}, tmp_path / "other.safetensors")
    (tmp_path / "broken.safetensors").write_bytes(b"broken")
    with pytest.raises(lot.InputError, match=message) as refused:
        call(tmp_path)
    assert "\n" not in str(refused.value)
