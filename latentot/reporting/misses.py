"""What a method that is found to keep may still miss by, in one sentence a population."""

__all__ = ["missed"]

import math

from latentot.reporting.formats import listed, number
from latentot.runformat import Miss, Population, RunFolder


def missed(run: RunFolder, population: Population) -> str:
    """The greatest misses that this page may not have seen, of all methods that keep; empty where none was measured."""
    own = [miss for miss in run.facts.misses if miss.key == population.key]
    greatest = {
        kind: max((miss for miss in own if miss.miss == kind), key=_size)
        for kind in dict.fromkeys(miss.miss for miss in own)
    }
    if not greatest:
        return ""
    return (
        "A method that keeps here, and is not noted as detectable, may still "
        f"{listed([_said(miss) for miss in greatest.values()]).replace(' and ', ' or ')}: a greater miss would have "
        "been seen with a chance of 95 %."
    )


def _size(miss: Miss) -> float:
    return math.inf if miss.least is None else miss.least


def _said(miss: Miss) -> str:
    size = miss.tried if miss.least is None else miss.least
    share = f"{_two(100 * (size or 0.0))} %"
    tried = " (more was not tried)" if miss.least is None else ""
    text = {
        "shift": f"be shifted by up to {_two(size)} {miss.unit} in one coordinate",
        "scale": f"be scaled by up to {share}",
        "correlation": f"have a correlation of up to {_two(size)} between two coordinates",
    }
    return text.get(miss.miss, f"have a {miss.miss} of up to {_two(size)}") + tried


def _two(size: float | None) -> str:
    return number(None if size is None else float(f"{size:.2g}"))
