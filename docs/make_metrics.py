"""Write docs/metrics.md: every drift metric, what it costs and assumes, and what it was measured to see.

python docs/make_metrics.py
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import latentot as lot
from latentot.metrics import DEFAULT, Metric, OneSample

PAGE = Path(__file__).with_name("metrics.md")
TABLE = Path(__file__).parent / "figures" / "metric-power.csv"

ALTERNATIVES = {
    "linear": "half way on a straight line",
    "spherical": "half way on a sphere",
    "shift": "one mean shifted by 0.2",
    "correlation": "one correlation of 0.3",
}
N, D, WIDE = 4_000, 16, 256
SEEN = 3.0
"""Null standard deviations that a test of about 15 measurements asks for."""


@dataclass(frozen=True)
class Power:
    """What was measured: effects in standard deviations of the null, by (metric, alternative, n, d)."""

    effects: dict[tuple[str, str, int, int], float]
    milliseconds: dict[str, float]

    @classmethod
    def read(cls, table: Path) -> "Power":
        effects, milliseconds = {}, {}
        with table.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                n, d = int(row["n"]), int(row["d"])
                effects[row["metric"], row["alternative"], n, d] = float(row["effect"])
                if (n, d) == (N, D):
                    milliseconds[row["metric"]] = float(row["milliseconds"])
        return cls(effects, milliseconds)

    def of(self, alternative: str, n: int, d: int) -> dict[str, float]:
        """The effect of an alternative on each metric, the greatest first."""
        found = {key[0]: value for key, value in self.effects.items() if key[1:] == (alternative, n, d)}
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def page() -> str:
    """The whole page."""
    power = Power.read(TABLE)
    metrics = [lot.drift(name) for name in lot.drifts()]
    facts = [
        "name",
        "what it is",
        "formula",
        "unit",
        "cost",
        "Monte-Carlo error",
        "finite moments",
        "options",
        "source",
    ]
    lines = [
        "# Drift metrics",
        "",
        "Made by `python docs/make_metrics.py`, from what each metric says of itself and from",
        "[what was measured](figures/metric-power.csv) by `python benchmarks/validity/scaling.py`. Lower is closer.",
        "z is the sample, r the reference, for which a metric of a prior's own laws takes the prior itself.",
        "",
        *_table(facts, [_facts(metric) for metric in metrics]),
        "",
        'Options are given as in `lot.drift("mmd", width=2.0)`; `help(lot.drift("mmd"))` is the page of that metric.',
        "",
        *_equivariance(metrics),
        "",
        f"What `lot.compare` measures by default: {_listed([f'`{name}`' for name in DEFAULT])}.",
        "",
        "## Which to trust when",
        "",
        guide(power),
        "",
        "## What each sees",
        "",
        f"Standard deviations of the null by which an alternative stands out, {N:,} points of N(0, I_{D}) against 10",
        "times as many: medians of 3 observations above means of 25 null draws, the mean over 3 references, so that a",
        "number is right to about 15 %, and one between -2 and 2 is chance. Milliseconds are those of one judgement on",
        "one core, the reference prepared.",
        "",
        *_table(["metric", *ALTERNATIVES.values(), "ms"], [_measured(metric.name, power) for metric in metrics]),
        "",
        "![Effect of four alternatives on each metric, against n and against d](figures/metric-power.svg)",
        "",
    ]
    return "\n".join(lines)


def guide(power: Power) -> str:
    """One paragraph, every number of it out of the table."""
    sentences = [_sentence(power, alternative) for alternative in ALTERNATIVES if power.of(alternative, N, D)]
    if not sentences:
        return "Nothing is measured."
    opening = [
        f"Numbers are standard deviations of the null at n = {N:,} and d = {D}; from about {SEEN:g} a test sees it."
    ]
    missing = [f"`{name}`" for name in lot.drifts() if name not in power.milliseconds]
    if missing:
        opening.append(f"Nothing is said here of what is not measured: {_listed(missing)}.")
    return " ".join([*opening, *sentences, _together(power)])


def _sentence(power: Power, alternative: str) -> str:
    here, wide = power.of(alternative, N, D), power.of(alternative, N, WIDE)
    seen = [f"`{name}` ({_number(effect)})" for name, effect in here.items() if effect >= SEEN]
    blind = [f"`{name}`" for name, effect in here.items() if effect < SEEN]
    title = ALTERNATIVES[alternative]
    sentence = f"**{title[0].upper()}{title[1:]}** is seen by "
    if not seen:
        sentence += "none that was measured"
    elif not blind:
        sentence += f"all, from {seen[-1]} to {seen[0]}"
    elif len(seen) <= len(blind):
        sentence += f"{_listed(seen)} only"
    else:
        sentence += f"most, best by {_listed(seen[:3])}, and not by {_listed(blind)}"
    still = [f"`{name}` ({_number(effect)})" for name, effect in wide.items() if effect >= SEEN]
    if wide:
        sentence += f"; at d = {WIDE} " + (f"best by {_listed(still[:2])}" if still else "by none")
    return sentence + "."


def _together(power: Power) -> str:
    """The fewest metrics found, one after the other, that see all that any sees, at d = 16 and at d = 256."""
    open_ = {
        (alternative, d): {name for name, effect in power.of(alternative, N, d).items() if effect >= SEEN}
        for alternative in ALTERNATIVES
        for d in (D, WIDE)
    }
    open_ = {key: names for key, names in open_.items() if names}
    taken: list[str] = []
    while open_:
        gains = {name: sum(name in names for names in open_.values()) for name in sorted(set.union(*open_.values()))}
        # Among those that add as much, the one that takes the least time.
        best = min(gains, key=lambda name: (-gains[name], power.milliseconds.get(name, float("inf"))))
        taken.append(best)
        open_ = {key: names for key, names in open_.items() if best not in names}
    if len(taken) > 1:
        names = _listed([f"`{name}`" for name in taken])
        return f"No metric sees everything: {names} together see all that any measured one does."
    return f"`{taken[0]}` sees all that any measured one does." if taken else ""


def _facts(metric: Metric) -> list[str]:
    held = f"a sample and the prior's {metric.needs}" if isinstance(metric, OneSample) else "two samples"
    return [
        f"`{metric.name}`",
        f"{metric.title}, of {held}",
        f"`{metric.formula}`",
        metric.unit,
        metric.cost,
        metric.error,
        "any law" if metric.moments == 0 else f"order {metric.moments:g}",
        ", ".join(f"`{field.name}` = {_plain(field.default)}" for field in fields(metric)),
        metric.citation,
    ]


def _plain(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def _measured(name: str, power: Power) -> list[str]:
    cells = [power.effects.get((name, alternative, N, D)) for alternative in ALTERNATIVES]
    cost = power.milliseconds.get(name)
    return [
        f"`{name}`",
        *("not measured" if effect is None else _number(effect) for effect in cells),
        "" if cost is None else f"{cost:g}",
    ]


def _number(effect: float) -> str:
    """Two digits: more are chance."""
    return f"{float(f'{effect:.2g}'):.0f}" if abs(effect) >= 10 else f"{effect:.1f}"


def _equivariance(metrics: Sequence[Metric]) -> list[str]:
    """How values answer to points and reference both scaled and moved."""
    scaled = {k: _listed([f"`{metric.name}`" for metric in metrics if metric.degree == k]) for k in (1, 2)}
    fixed = _listed([f"`{metric.name}`" for metric in metrics if metric.origin])
    return [
        "With points and reference (a prior's mean and scale) both multiplied by a > 0, values are a times as large",
        f"for {scaled[1]},",
        f"a^2 times for {scaled[2]}, and the same for the others. With both moved they are the same, but for",
        f"{fixed},",
        "which measure from the origin. It holds in floating point too, from 1e-300 to 1e300 and at any offset, as far",
        "as the points themselves have digits: points are measured from the middle of the reference, in units of its",
        "spread, before anything is rounded to single precision. Numbers farther from it than 1e15 spreads are",
        "refused, and so are values that double precision does not hold: squares of what is beyond 1e-154 or 1e154.",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
