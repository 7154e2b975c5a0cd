"""Controls of a run: what must come out whatever is studied, and what it means where it has not."""

__all__ = ["ControlRow", "Controls", "summarise"]

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from latentot.reporting.formats import NOTHING, count, number
from latentot.reporting.populations import population_title
from latentot.runformat import Control, Population, RunFolder

_ENDPOINTS = ("t = 0", "t = 1")
_SHRUNK = "shrunk"
_MARKS = {True: "✓ holds", False: "✗ failed"}


@dataclass(frozen=True)
class ControlRow:
    """One control, written out."""

    endpoints: str
    reference: str
    control: str
    repeat: str
    state: str
    outcome: str
    metric: str
    p_value: str


@dataclass(frozen=True)
class Controls:
    """What the controls of a run say.

    Args:
        headline: the banner's first line; empty where nothing failed.
        failed: what failed and why, a line for each population and control.
        quiet: one line where nothing failed.
        brief: the same in a few words.
        rows: all of them.
    """

    headline: str
    failed: tuple[str, ...]
    quiet: str
    brief: str
    rows: tuple[ControlRow, ...]


def summarise(run: RunFolder) -> Controls:
    """The controls of a run: a banner where any failed, or one quiet line."""
    controls = run.facts.controls
    if controls is None:
        return Controls(
            "", (), said := "This run is of a version that had no controls." * bool(run.facts.verdicts), said, ()
        )
    checked = {control.key for control in controls}
    unchecked = [p for p in run.populations if p.key not in checked and any(v.key == p.key for v in run.facts.verdicts)]
    failed = [control for control in controls if not control.holds]
    lines = [_line(key, name, controls) for key, name in dict.fromkeys((c.key, c.control) for c in failed)]
    lines += [f"{population_title(population)}: no control could be measured" for population in unchecked]
    headline = ""
    if failed:
        headline = f"{len(failed)} of {len(controls)} controls failed"
    elif unchecked:
        headline = "Controls are missing"
    quiet = "" if headline else _quiet(controls)
    brief = f"✓ All {len(controls)} controls hold." if quiet else ""
    return Controls(headline, tuple(lines), quiet, brief, tuple(map(_row, controls)))


def _line(key: tuple[str, str, str], name: str, controls: Sequence[Control]) -> str:
    """Why a control failed; the reason of the first repeat stands for those of all."""
    same = [control for control in controls if (control.key, control.control) == (key, name)]
    failed = [control for control in same if not control.holds]
    reason = failed[0].reason or f"control {name!r} failed"
    also = f" ({len(failed)} of {len(same)} repeats)" if len(same) > 1 else ""
    return f"{population_title(Population(*key))}: {reason}{also}"


def _quiet(controls: Sequence[Control]) -> str:
    kinds = Counter(
        "endpoints" if control.control in _ENDPOINTS else _SHRUNK if control.control == _SHRUNK else "others"
        for control in controls
    )
    said = {
        "endpoints": "endpoints follow the law that they are held against ({n})",
        _SHRUNK: "a sample shrunk to half its size is seen to drift ({n})",
        "others": "others ({n})",
    }
    parts = [text.format(n=kinds[kind]) for kind, text in said.items() if kinds[kind]]
    return f"All {len(controls)} controls hold: {', '.join(parts)}." if parts else ""


def _row(control: Control) -> ControlRow:
    return ControlRow(
        endpoints=control.endpoints,
        reference=control.reference,
        control=control.control,
        repeat=NOTHING if control.repeat is None else count(control.repeat + 1),
        state="keeps" if control.holds else "drifts",
        outcome=_MARKS[control.holds],
        metric=control.metric or NOTHING,
        p_value=number(control.p_value),
    )
