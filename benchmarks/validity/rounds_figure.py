"""The figure of rounds: the share of verdicts that are settled with so many pairs or fewer."""

__all__ = ["draw"]

import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

SPREAD = 1.05
"""Marks of laws that agree stand beside each other."""


def draw(settled: Mapping[str, Sequence[float]]) -> str:
    """The figure as SVG.

    Args:
        settled: pairs of the round that settled each verdict, infinite where none did, by what they are of.
    """
    sizes = sorted({n for pairs in settled.values() for n in pairs if np.isfinite(n)})
    with mpl.rc_context({"svg.hashsalt": "latentot", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(6, 3.2), layout="constrained")
        axes = figure.subplots()
        for place, (name, pairs) in enumerate(settled.items()):
            shares = [np.mean(np.array(pairs) <= size) for size in sizes]
            at = np.array(sizes) * SPREAD ** (place - (len(settled) - 1) / 2)
            axes.plot(at, shares, "o-", markersize=4, linewidth=1, label=name)
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{n:,}" for n in sizes])
        axes.minorticks_off()
        axes.set(xlabel="pairs of the round", ylabel="verdicts settled", ylim=(0, 1.05))
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="lower right")
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
