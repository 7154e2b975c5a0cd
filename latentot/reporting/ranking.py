"""The picture of the first screen: a method a row, its drift as a share of linear's beside the margin."""

__all__ = ["ROWS", "Ranked", "Ranking", "Tick", "rank"]

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from latentot.reporting.formats import NOTHING, share, signed
from latentot.reporting.tables import SYMBOLS
from latentot.runformat import Population, RunFolder, Verdict

ROWS = 8
"""Rows of the first screen of a phone; of more methods the first are shown."""
MARGIN = 0.05
"""Of a run that does not state its own: the default of all versions."""
_DECADE = 1.9
"""How long a decade is beyond the margin, where from 0 to the margin is 1."""
_TICKS = (0.1, 0.25, 0.5, 1.0, 10.0, 100.0, 1000.0)
_ORDER = {"keeps": 0, "inconclusive": 1, "drifts": 2}
_ROOM = 0.04  # on either side of the axis, as a part of it
_NEAR = 9.0  # per cent of the axis, within which two labels would touch


@dataclass(frozen=True)
class Tick:
    """A labelled place of the axis, in per cent of its length; minor where a narrow axis has no room for it."""

    at: float
    text: str
    minor: bool = False


@dataclass(frozen=True)
class Ranked:
    """One method, written out; places are per cent of the axis, None where the run knows no share.

    Args:
        method: its name.
        look: which of the colours of methods it has.
        state, symbol, verdict: its verdict.
        share, excess: how far it drifts, as text.
        theory: what theory says, as text; empty where the run does not know.
        against_theory: whether it drifts where theory says that it cannot.
        low, at, high: of the mark and its interval.
    """

    method: str
    look: int
    state: str
    symbol: str
    verdict: str
    share: str
    excess: str
    theory: str
    against_theory: bool
    low: float | None = None
    at: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Ranking:
    """Methods of one population, those that keep first.

    Args:
        rows: the first `ROWS`.
        hidden: how many there are beyond them.
        ticks: of the axis; none where no share is known.
        zero, margin: their places on the axis.
        margin_text: the margin in words.
        counts: how many methods have which verdict, in signs.
    """

    rows: tuple[Ranked, ...]
    hidden: int
    ticks: tuple[Tick, ...]
    zero: float
    margin: float
    margin_text: str
    counts: str


def rank(run: RunFolder, population: Population, most: int = ROWS) -> Ranking:
    """The methods of one population, those that keep first, then by how far they drift.

    Args:
        run: the run.
        population: the one that is drawn.
        most: rows that there is room for.
    """
    verdicts = sorted((own for own in run.facts.verdicts if own.key == population.key), key=_order)
    given = run.facts.study.get("margin")
    margin = float(given) if isinstance(given, int | float) and 0 < given < 1 else MARGIN
    shares = [x for own in verdicts for x in (own.share, own.share_low, own.share_high) if x is not None]
    known = [x for x in shares if math.isfinite(x)]
    low, high = _place(min([-margin, *known]), margin), _place(max([1.0, *known]), margin)
    room = _ROOM * (high - low)

    def on_axis(value: float | None) -> float | None:
        if value is None or not math.isfinite(value):
            return None
        return round(100 * (_place(value, margin) - low + room) / (high - low + 2 * room), 2)

    looks = {name: number for number, name in enumerate(run.method_names())}
    rows = tuple(_row(own, looks[own.method], on_axis) for own in verdicts)
    ticks: list[Tick] = []
    places = [(0.0, "0"), (margin, f"{100 * margin:g} %"), *((tick, f"{100 * tick:g} %") for tick in _TICKS)]
    for value, text in places if known else ():
        at = on_axis(value)
        if at is not None and at <= 100 and (not ticks or at - ticks[-1].at > _NEAR or value == margin):
            ticks.append(Tick(at, text, minor=value not in (0.0, margin, 1.0)))
    return Ranking(
        rows[:most], max(0, len(rows) - most), tuple(ticks), on_axis(0.0) or 0.0, on_axis(margin) or 0.0,
        f"{100 * margin:g} %", _counts([row.state for row in rows]),
    )  # fmt: skip


def _counts(states: Sequence[str]) -> str:
    return " ".join(f"{SYMBOLS[state]}{states.count(state)}" for state in _ORDER if state in states)


def _order(verdict: Verdict) -> tuple[int, float]:
    far = verdict.share if verdict.share is not None else verdict.excess
    state = verdict.verdict if verdict.verdict in _ORDER else "inconclusive"
    # Between methods that keep, differences of drift are chance: what they cost counts.
    by = verdict.seconds if state == "keeps" else far
    return _ORDER[state], math.inf if by is None else by


def _place(value: float, margin: float) -> float:
    """Where a share stands: linear up to the margin, logarithmic beyond it."""
    size = abs(value) / margin
    return math.copysign(size if size <= 1 else 1 + _DECADE * math.log10(size), value)


def _row(verdict: Verdict, look: int, on_axis: Callable[[float | None], float | None]) -> Ranked:
    state = verdict.verdict if verdict.verdict in SYMBOLS else "inconclusive"
    low, at, high = on_axis(verdict.share_low), on_axis(verdict.share), on_axis(verdict.share_high)
    whole = None not in (low, at, high)
    return Ranked(
        method=verdict.method,
        look=look,
        state=state,
        symbol=SYMBOLS.get(verdict.verdict, "?"),
        verdict=verdict.verdict,
        share=share(verdict.share, verdict.share_low, verdict.share_high) if whole else NOTHING,
        excess=signed(verdict.excess),
        theory={"exact": "kept by theory", "not claimed": "no claim in theory"}.get(verdict.theory, verdict.theory),
        against_theory=verdict.theory == "exact" and verdict.verdict == "drifts",
        low=low if whole else None,
        at=at if whole else None,
        high=high if whole else None,
    )
