"""The axis a set of values needs: linear, logarithmic, or logarithmic on both sides of zero."""

__all__ = ["Scale", "choose_scale"]

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Below this ratio a linear axis still shows the null band as a band.
_WIDE = 6.0


@dataclass(frozen=True)
class Scale:
    """A vertical axis: `kind` is linear, log or symlog, `ticks` are empty where matplotlib chooses."""

    kind: str
    ticks: tuple[float, ...] = ()
    threshold: float = 0.0

    @property
    def note(self) -> str:
        """What the axis has to say beside its unit."""
        return "" if self.kind == "linear" else "log scale"

    def apply(self, axes: "Axes", values: np.ndarray) -> None:
        """Sets the vertical axis of `axes` so that all `values` are seen."""
        if self.kind == "log":
            axes.set_yscale("log")
        elif self.kind == "symlog":
            axes.set_yscale("symlog", linthresh=self.threshold, linscale=0.6)
        if self.ticks:
            # matplotlib labels logarithmic axes through its formula language, which is switched off here.
            axes.set_yticks(self.ticks, [f"{tick:g}" for tick in self.ticks])
            axes.set_yticks([], minor=True)
        finite = values[np.isfinite(values)]
        if finite.size:
            # The room above and below is a part of the height as seen, not as measured.
            to_height = axes.yaxis.get_transform()
            low, high = to_height.transform(np.array([finite.min(), finite.max()]))
            room = 0.06 * (high - low) or 0.5 * abs(high) or 1.0
            axes.set_ylim(*to_height.inverted().transform(np.array([low - room, high + room])))


def choose_scale(values: np.ndarray, threshold: float) -> Scale:
    """Chooses by the range of the values, and by whether they are all positive.

    Args:
        values: all that is to be drawn, any shape; what is not finite is ignored.
        threshold: the size of what is nothing but noise, the largest of the null band.

    Returns:
        The scale.

    >>> choose_scale(np.array([0.02, 0.03]), 0.03).kind, choose_scale(np.array([0.02, 3.0]), 0.03).kind
    ('linear', 'log')
    >>> choose_scale(np.array([-0.01, 3.0]), 0.03).kind
    'symlog'
    """
    finite = values[np.isfinite(values)]
    sizes = np.abs(finite[finite != 0])
    if not sizes.size:
        return Scale("linear")
    top = float(sizes.max())
    if finite.min() > 0:
        bottom = float(sizes.min())
        return Scale("log", _log_ticks(bottom, top)) if top > _WIDE * bottom else Scale("linear")
    threshold = _one_digit_up(threshold if threshold > 0 else float(sizes.min()))
    if top <= _WIDE * threshold:
        return Scale("linear")
    # Just above the threshold a label would touch that of zero.
    above = _log_ticks(threshold * 2, top)
    below = tuple(-tick for tick in above if tick <= -float(finite.min()))
    return Scale("symlog", (*reversed(below), 0.0, *above), threshold)


def _one_digit_up(size: float) -> float:
    unit = 10.0 ** max(math.floor(math.log10(size)), -323)  # the least power that is not 0
    return float(f"{math.ceil(size / unit * (1 - 1e-9)) * unit:.1g}")


def _log_ticks(bottom: float, top: float) -> tuple[float, ...]:
    decades = range(math.floor(math.log10(bottom)), math.ceil(math.log10(top)) + 1)
    steps = (1, 2, 5) if top < 30 * bottom else (1, 3) if len(decades) <= 4 else (1,)
    every = max(1, math.ceil(len(decades) / 6))
    ticks = (float(f"{step}e{decade}") for decade in decades[::every] for step in steps)
    return tuple(tick for tick in ticks if bottom / 1.5 <= tick <= top * 1.5)
