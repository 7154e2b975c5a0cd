"""A comparison in a few lines, as text and as HTML."""

__all__ = ["failure_lines", "summary", "summary_html"]

import html
from collections.abc import Mapping, Sequence
from typing import Any

from latentot.reporting.formats import NOTHING, count, number, share
from latentot.study import Outcome

WIDTH = 120
ROWS = 15
"""Verdicts that are shown."""
NAMED = 3
"""Names that are listed of what failed."""
LINES = 3
"""Reasons of failures that are shown."""
HEAD = ("method", "verdict", "share of drift", "pairs", "theory", "worst", "p")


def summary(outcome: Outcome) -> str:
    """At most 25 lines of 120 characters: what was compared, a verdict a method, and what failed."""
    rows = [HEAD, *_rows(outcome)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    table = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(_cut(line) for line in (_title(outcome), *table, *_remarks(outcome)))


def summary_html(outcome: Outcome) -> str:
    """The same as a table for notebooks."""

    def row(texts: Sequence[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}>{html.escape(text)}</{tag}>' for text in texts)}</tr>"

    rows = "".join(row(texts, "td") for texts in _rows(outcome))
    remarks = "".join(f"<p>{html.escape(_cut(line))}</p>" for line in _remarks(outcome))
    title = html.escape(_cut(_title(outcome)))
    return f"<p><b>{title}</b></p><table><thead>{row(HEAD, 'th')}</thead><tbody>{rows}</tbody></table>{remarks}"


def failure_lines(outcome: Outcome) -> list[str]:
    """What failed, a line a reason: what it cost, and why."""
    return [_failure(why) for why in outcome.facts["reasons"]]


def _failure(why: Mapping[str, Any]) -> str:
    cost = []
    if why["measurements"]:
        of = "; ".join(_listed(why["of"][name]) for name in ("method", "metric"))
        endpoints = " and ".join(why["of"]["endpoints"])
        cost.append(f"{why['measurements']} measurements on {endpoints} endpoints ({of})")
    if pieces := why["pieces"]:
        cost.append(f"{len(pieces)} piece{'s' * (len(pieces) > 1)} of the run ({_listed(pieces, '; ')})")
    return f"{why['reason']} (lost: {' and '.join(cost)})"


def _listed(names: Sequence[str], between: str = ", ") -> str:
    more = len(names) - NAMED
    return between.join(names[:NAMED]) + (f"{between}{more} more" if more > 0 else "")


def _title(outcome: Outcome) -> str:
    facts = outcome.facts
    studies, about, study = facts["studies"], facts["subject"], facts["study"]
    whose = f"{about['name']} ({about['label']})" if about["kind"] == "model" else about["label"]
    what = whose if len(studies) == 1 else f"{len(studies)} subjects"
    sizes = f"{_counted(study['methods'], 'method')}, {_counted(study['metrics'], 'metric')}"
    return f"Comparison on {what}: {sizes}, {_pairs(outcome)}, seed {study['seed']}"


def _pairs(outcome: Outcome) -> str:
    rounds = sorted({row["n"] for row in outcome.facts["rounds"]})
    return (
        f"{count(rounds[0])} pairs"
        if len(rounds) == 1
        else f"rounds of {count(rounds[0])} to {count(rounds[-1])} pairs"
    )


def _rows(outcome: Outcome) -> list[tuple[str, ...]]:
    verdicts = outcome.facts["verdicts"]
    several = len({(row["subject"], row["endpoints"], row["reference"], row["space"]) for row in verdicts}) > 1
    # Not every terminal has a dash.
    return [tuple(text.replace(NOTHING, "-") for text in _row(row, several)) for row in verdicts[:ROWS]]


def _row(row: Mapping[str, Any], several: bool) -> tuple[str, ...]:
    law = f"{row['endpoints']} against {row['reference']}{', decoded' * (row['space'] == 'data')}"
    where = f"{row['subject']} {law}: ".lstrip() if several else ""
    worst = NOTHING if row["worst_metric"] is None else f"{row['worst_metric']}, t = {row['worst_t']:g}"
    verdict = row["verdict"] if row["status"] == "ok" else "failed"
    method = " ".join(f"{where}{row['method']}".split())
    return (
        method if len(method) <= 40 else f"{method[:37]}...",
        verdict,
        share(row["share"], row["share_low"], row["share_high"]),
        count(row["n"]),
        row["theory"] or NOTHING,
        worst,
        number(row["p_value"]),
    )


def _remarks(outcome: Outcome) -> list[str]:
    facts = outcome.facts
    remarks = []
    if (more := len(facts["verdicts"]) - ROWS) > 0:
        remarks.append(f"and {more} verdicts more: .outcome.facts['verdicts'] has all")
    broken = [control["reason"] for control in facts["controls"] if not control["holds"]]
    if broken:
        remarks.append(f"{_counted(broken, 'control')} failed, the first: {broken[0]}")
    failures = failure_lines(outcome)
    remarks += failures[:LINES]
    if (more := len(failures) - LINES) > 0:
        remarks.append(f"and {more} reasons more: .failures() has all")
    return [*remarks, ".verdict() has the reasons, .results every measurement, .report(folder) writes the page"]


def _counted(things: Sequence[object], name: str) -> str:
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"


def _cut(line: str) -> str:
    line = " ".join(line.split()) if "\n" in line else line
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."
