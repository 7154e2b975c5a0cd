"""Drift and its price: a tile a price, the front that no method beats, and what is recommended with its reason."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from latentot.reporting.figures import draw_price
from latentot.runformat import RunFolder, Walk

LENGTHS = {"linear": 3.0, "spherical": 4.0, "cauchy": 5.0, "matched": 4.5, "cross-fade": 1.0}
SMOOTH = {"linear": 0.7, "spherical": 0.8, "cauchy": 0.9, "matched": 0.6}


def walk(method: str, measure: str, value: float, better: str, unit: str = "") -> Walk:
    found = {"value": value, "error": 0.1, "n": 50, "better": better, "unit": unit}
    return Walk(endpoints="prior", method=method, measure=measure, **found)


@pytest.fixture(name="run")
def walked(make_run) -> RunFolder:
    """A run whose decoded walks were judged."""
    made = make_run(model=True)
    for verdict in made.run["verdicts"]:
        at = 0.01 if verdict["verdict"] == "keeps" else 0.5
        verdict |= {"share": at, "share_low": at - 0.03, "share_high": at + 0.03, "n": 500}
    run = RunFolder.read(made.write())
    walks = [walk(method, "path-length", value, "lower", "feature units") for method, value in LENGTHS.items()]
    walks += [walk(method, "gini-smoothness", value, "higher") for method, value in SMOOTH.items()]
    walks += [walk("linear", "betweenness", 0.0, "lower"), walk("linear", "pdv", 1.0, "neither")]
    return replace(run, facts=replace(run.facts, walks=tuple(walks)))


def test_a_tile_a_price_that_two_methods_have(run):
    drawn = draw_price(run, run.populations[0])
    assert len(drawn.tiles) == 3
    columns = drawn.data.splitlines()[0]
    assert "seconds for 1,000 points" in columns
    assert "path-length, feature units, lower is better" in columns
    assert "gini-smoothness, higher is better" in columns
    assert "betweenness" not in columns
    assert "cross-fade" not in drawn.data
    assert all(f">{own}<" in drawn.sheet for own in ("matched", "path-length, feature units, lower is better"))
    # Nothing was measured of walks between encodings.
    assert len(draw_price(run, run.populations[1]).tiles) == 1


def test_what_is_recommended_has_its_reason(run):
    said = "the best time and path-length; gini-smoothness 0.6, where cauchy has 0.9. "
    assert draw_price(run, run.populations[0]).caption.startswith(f"Recommended: matched, of the 2 that keep: {said}")
    first = run.populations[0].key
    failed = [replace(own, verdict="drifts") if own.key == first else own for own in run.facts.verdicts]
    none = replace(run, facts=replace(run.facts, verdicts=tuple(failed)))
    assert "none is shown to keep" in draw_price(none, run.populations[0]).caption


def test_without_a_decoder_displacement_is_a_price_too(make_run):
    made = make_run()
    for verdict in made.run["verdicts"]:
        verdict |= {"share": 0.01, "share_low": 0.0, "share_high": 0.02, "n": 500}
    for name, half_way in (("linear", 0.0), ("cauchy", 0.3), ("matched", np.nan)):
        made.artefacts[f"profile/prior/{name}/displacement"] = half_way * np.sin(np.linspace(0, np.pi, 9))
    made.artefacts["profile/t"] = np.linspace(0, 1, 9)
    run = RunFolder.read(made.write())
    drawn = draw_price(run, run.populations[0])
    assert len(drawn.tiles) == 2
    rows = list(csv.DictReader(drawn.data.splitlines()))
    column = "displacement half way, share of the endpoints' distance, lower is better"
    assert drawn.caption.endswith("Displacement is from the straight line, half way.")
    assert [(row["method"], row[column]) for row in rows if row[column]] == [("linear", "0"), ("cauchy", "0.3")]


def test_without_walks_there_is_time_only_and_without_that_nothing(run):
    bare = replace(run, facts=replace(run.facts, walks=()))
    assert len(draw_price(bare, run.populations[0]).tiles) == 1
    timeless = tuple(replace(own, seconds=None) for own in run.facts.verdicts)
    assert draw_price(replace(bare, facts=replace(bare.facts, verdicts=timeless)), run.populations[0]) is None
    assert len(draw_price(replace(run, facts=replace(run.facts, verdicts=timeless)), run.populations[0]).tiles) == 2
