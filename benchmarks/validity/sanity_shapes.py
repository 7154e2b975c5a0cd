"""What a curve of values should look like, with the tolerances of Räisä et al. (ICML 2025)."""

__all__ = ["Shape", "at", "bell", "falling", "falling_by", "flat", "low_or_high", "rising", "settled"]

from collections.abc import Callable

import numpy as np

Shape = Callable[[np.ndarray, np.ndarray], bool | str]
"""Of settings x, ascending, and values there: whether they pass, or which of two ways they pass in."""

CLOSE, DIFFERENT, NEARLY = 0.05, 0.2, 0.1


def at(where: float | str, *targets: float, within: float = CLOSE) -> Shape:
    """Close to one of some targets at the first setting, the last, or a given one; of two it says which."""

    def holds(x: np.ndarray, values: np.ndarray) -> bool | str:
        index = {"first": 0, "last": -1}[where] if isinstance(where, str) else int(np.abs(x - where).argmin())
        close = [abs(values[index] - target) <= within for target in targets]
        if len(targets) == 2 and any(close):
            return "high" if close[int(np.argmax(targets))] else "low"
        return any(close)

    return holds


def bell(middle: float) -> Shape:
    """High at the middle, and lower by 0.2 at both ends."""

    def holds(x: np.ndarray, values: np.ndarray) -> bool:
        top = values[np.abs(x - middle).argmin()]
        ends = values[[0, -1]]
        return bool(
            (top - ends >= DIFFERENT).all() and values.max() - top <= NEARLY and (ends - values.min()).min() <= NEARLY
        )

    return holds


def falling(x: np.ndarray, values: np.ndarray) -> bool:  # noqa: ARG001
    """From the highest at the first setting to the lowest at the last, by 0.2."""
    first, last = values[0], values[-1]
    return bool(first - last >= DIFFERENT and values.max() - first <= NEARLY and last - values.min() <= NEARLY)


def rising(x: np.ndarray, values: np.ndarray) -> bool:
    """From the lowest at the first setting to the highest at the last, by 0.2."""
    return falling(x, -values)


def falling_by(share: float) -> Shape:
    """Falling, and by 0.1 already where this share of the settings is passed."""

    def holds(x: np.ndarray, values: np.ndarray) -> bool:
        return falling(x, values) and bool(values[0] - values[round(share * (len(x) - 1))] >= NEARLY)

    return holds


def flat(x: np.ndarray, values: np.ndarray) -> bool:  # noqa: ARG001
    """The same everywhere, within 0.05."""
    return bool(np.ptp(values) <= CLOSE)


def settled(x: np.ndarray, values: np.ndarray) -> bool:  # noqa: ARG001
    """The same, within 0.05, in the second half of the settings."""
    return bool(np.ptp(values[len(values) // 2 :]) <= CLOSE)


def low_or_high(low: Shape, high: Shape) -> Shape:
    """Of two shapes either will do; it says which."""

    def holds(x: np.ndarray, values: np.ndarray) -> bool | str:
        return "low" if low(x, values) else "high" if high(x, values) else False

    return holds
