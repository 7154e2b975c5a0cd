"""Walks between draws and between encodings, by every method: strips, and what judges say of them."""

__all__ = ["KINDS", "kinds_of", "walks"]

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.inspection.findings import Figure, Findings, Panel, Table
from latentot.inspection.sizes import FRAMES
from latentot.inspection.subject import TEST, Subject
from latentot.judges import judge
from latentot.numerics.lengths import lengths

KINDS = ("draws of the prior", "encodings, same class", "encodings, different classes")
ALIKE = "encodings"
"""Where data have no labels."""
STRIPS = 2
"""Pairs of each kind that are shown."""
SHOWN = slice(0, FRAMES, 2)
MIDDLE = slice(FRAMES // 4, FRAMES - FRAMES // 4)
"""Frames from t = 1/4 to 3/4."""
FRAME_JUDGES = ("betweenness", "path-length", "max-jump")
CROSS_FADING, SWITCH = "control: cross-fading", "control: switch"


@dataclass(frozen=True, eq=False)
class Ends:
    """Pairs of latents, and the data they stand for: encoded, or what draws decode to."""

    kind: str
    z0: NDArray[Any]
    z1: NDArray[Any]
    x0: NDArray[Any]
    x1: NDArray[Any]


def kinds_of(s: Subject) -> tuple[str, ...]:
    """The kinds of endpoints that there are."""
    try:
        s.posterior(TEST)
    except InputError:
        return KINDS[:1]
    labels = s.labels(TEST)
    if labels is None:
        return (KINDS[0], ALIKE)
    _, counts = np.unique(labels, return_counts=True)
    return (
        KINDS[0],
        *(kind for kind, there in zip(KINDS[1:], (counts.max() > 1, len(counts) > 1), strict=True) if there),
    )


def walks(s: Subject, paths: Mapping[str, Callable[..., Any]]) -> Findings:
    """Every method between every kind of endpoints, with cross-fading and a switch of the data as controls."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    figures: list[Figure] = []
    arrays: dict[str, NDArray[Any]] = {}
    for number, kind in enumerate(kinds_of(s)):
        ends = _ends(s, kind)
        strips = {}
        for name, frames, norm in _walked(s, paths, ends):
            strips[name] = frames[:, : max(STRIPS, 1)]
            rows.append({"between": kind, "walk": name, "n": frames.shape[1], "norm": norm} | _judged(s, frames))
        shown = min(STRIPS, len(ends.z0))
        panels = []
        for pair in range(shown):
            key = f"walks/{number}-{pair}"
            arrays[key] = np.stack([frames[SHOWN, pair] for frames in strips.values()])
            at = tuple(f"{t:.3g}" for t in _t()[SHOWN])
            panels.append(Panel(f"pair {pair + 1}", key, tuple(strips), at))
        caption = f"Walks between {kind}, from t = 0 to t = 1, the same pairs for all."
        figures.append(Figure(f"walks-{number}", f"Between {kind}", caption, tuple(panels)))
        moving = np.stack([frames[:, 0] for frames in strips.values()])
        last = f"walks/{number}-moving", tuple(strips), kind
        if number == len(kinds_of(s)) - 1:
            arrays[last[0]] = moving
            panel = Panel("", last[0], last[1])
            caption = f"A walk between {kind}, there and back, by every method at once."
            figures.insert(0, Figure("walk", "In motion", caption, (panel,), animated=True))
    table = Table("walks", _caption(s), pd.DataFrame(rows))
    return Findings(_says(rows, s), (table,), tuple(figures), arrays)


def _t() -> NDArray[np.float64]:
    return np.linspace(0, 1, FRAMES)


def _ends(s: Subject, kind: str) -> Ends:
    n = s.sizes.pairs
    if kind == KINDS[0]:
        z0, z1 = s.draw(n, "walks", 0), s.draw(n, "walks", 1)
        return Ends(kind, z0, z1, s.decode(z0), s.decode(z1))
    x, z = s.real(TEST), s.codes(TEST, s.ends)
    first, second = _pairs(s, kind, n)
    return Ends(kind, z[first], z[second], x[first], x[second])


def _pairs(s: Subject, kind: str, n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of different data: any, of one class, or of two."""
    labels, rng = s.labels(TEST), s.rng("pairs", kind)
    size = len(s.rows(TEST))
    first, second = rng.integers(size, size=(2, max(200 * n, 5_000)))
    fits = first != second
    if labels is not None and kind != ALIKE:
        fits &= (labels[first] == labels[second]) == (kind == KINDS[1])
    at = np.flatnonzero(fits)[:n]
    if not len(at):
        raise InputError(f"among {size} held-out data there are no pairs of {kind}")
    return first[at], second[at]


def _walked(
    s: Subject, paths: Mapping[str, Callable[..., Any]], ends: Ends
) -> Iterator[tuple[str, NDArray[Any], float]]:
    """Name, decoded frames (frames, n, ...), and the norm half way, of the prior's median."""
    t, shape = _t(), (FRAMES, len(ends.z0))
    middle = s.shell[1]
    for name, path in paths.items():
        z = np.asarray(path(ends.z0, ends.z1, t)).reshape(-1, *s.model.prior.shape)
        half = z.reshape(*shape, *s.model.prior.shape)[FRAMES // 2]
        x = s.decode(z)
        yield name, x.reshape(*shape, *x.shape[1:]), float(np.median(lengths(half))) / middle if middle else np.nan
    at = t.reshape(-1, *(1,) * ends.x0.ndim)
    yield CROSS_FADING, (1 - at) * ends.x0 + at * ends.x1, np.nan
    yield SWITCH, np.where(at < 0.5, ends.x0, ends.x1), np.nan


def _judged(s: Subject, frames: NDArray[Any]) -> dict[str, float]:
    """What judges say of walks; nothing where there are no data to judge by."""
    try:
        seen = s.seen
    except InputError:
        return {}
    flat = frames.reshape(-1, *frames.shape[2:])
    features = seen.features(flat).reshape(*frames.shape[:2], -1)
    found = {"membership": seen.membership(features[MIDDLE].reshape(-1, features.shape[-1]))}
    for name in FRAME_JUDGES:
        # Steps of a straight line differ by what rounding leaves.
        found[name.replace("-", "_")] = round(_frame_judge(s, name)(features).value, 12)
    if seen.classifier is not None:
        p = seen.classifier.probabilities(flat).reshape(*frames.shape[:2], -1)
        found["class_changes"] = judge("class-changes")(p, rng=0).value
    return found


def _frame_judge(s: Subject, name: str) -> Any:
    made = judge(name)
    return made.against(s.seen.real if made.compares else None, rng=0)


def _caption(s: Subject) -> str:
    text = "norm: median half way, in units of the prior's median."
    if s.agreed.data is None:
        return f"{text} Walks are not judged: {s.agreed.why}."
    return (
        f"{text} Judged by {s.seen.called}: membership, the share of frames from t = 1/4 to 3/4 that could be "
        "real, for they are no rarer than 95 % of data; betweenness, 0 for "
        "a straight line in features and 1 for one jump; path length and largest jump in features"
        f"{'; changes of class that the endpoints do not need' if s.seen.classifier is not None else ''}. "
        "Cross-fading must lack membership, and a switch must have it and lack betweenness."
    )


def _says(rows: list[dict[str, Any]], s: Subject) -> tuple[str, ...]:
    said = []
    for kind in dict.fromkeys(row["between"] for row in rows):
        its = [row for row in rows if row["between"] == kind]
        own = [row for row in its if not row["walk"].startswith("control")]
        if "membership" not in own[0]:
            continue
        best, worst = (choose(own, key=lambda row: row["membership"]) for choose in (max, min))
        faded, switch = (next(row for row in its if row["walk"] == name) for name in (CROSS_FADING, SWITCH))
        said.append(
            f"Between {kind}, most of what {best['walk']} passes could be real ({100 * best['membership']:.0f} %), "
            f"and least of {worst['walk']} ({100 * worst['membership']:.0f} %); cross-fading "
            f"{100 * faded['membership']:.0f} %, jumping from one to the other {100 * switch['membership']:.0f} %."
        )
    if said:
        said.append("Whether such differences are more than chance is what `latentot compare` tells.")
    return tuple(said) or (f"Walks are shown and not judged: {s.agreed.why}.",)
