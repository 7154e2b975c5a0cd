"""Write docs/leaderboard.md and the tables of docs/which-method.md and README.md from the runs in reports/.

python docs/make_leaderboard.py [FOLDER OF RUNS]
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import latentot as lot
from latentot.errors import InputError
from latentot.paths import METHODS, Combination
from latentot.runformat import SWEEP, RunFolder, read_sweep
from latentot.runformat.facts import population_label

DOCS = Path(__file__).parent
REPORTS = DOCS.parent / "reports"
PAGE, CHOICE, README = DOCS / "leaderboard.md", DOCS / "which-method.md", DOCS.parent / "README.md"
MARKS = {"keeps": "✓", "drifts": "✗", "inconclusive": "?"}
UNSEEN = 20.0
"""Standard deviations of the null, by which linear's own excess is at least so large that shares are right to 5 %."""
MOST = 10.0


@dataclass(frozen=True)
class Row:
    """What one run says of one method on one population.

    Args:
        subject: what was studied.
        endpoints: how the pairs were drawn, and what points were held against.
        method: the interpolation.
        verdict: keeps, drifts or inconclusive.
        shares: of linear's drift, the greatest over positions, by metric; none where linear keeps.
        microseconds: that a point took, what was fitted for it included.
    """

    subject: str
    endpoints: str
    method: str
    verdict: str
    shares: dict[str, float]
    microseconds: float

    @property
    def share(self) -> float:
        """The greatest of all metrics; NaN where there is nothing to compare with."""
        return max(self.shares.values(), default=np.nan)


def folders(reports: Path) -> Iterator[tuple[str, Path]]:
    """Every stored run with what it is called: those of a sweep by what tells them apart."""
    for folder in sorted(path for path in reports.iterdir() if path.is_dir()):
        if (folder / SWEEP).is_file():
            for run in read_sweep(folder).runs:
                yield f"{folder.name}: {run.label}", folder / run.folder
        elif (folder / "run.json").is_file():
            yield folder.name, folder


def rows_of(name: str, run: RunFolder) -> Iterator[Row]:
    """A row for every verdict of a run."""
    # The first round has all methods, against one null band.
    table = run.first_round
    table = table[table.status == "ok"]
    for verdict in run.facts.verdicts:
        if verdict.verdict not in MARKS:
            continue
        space = verdict.space
        same = (table.endpoints == verdict.endpoints) & (table.reference == verdict.reference) & (table.space == space)
        own = table[same]
        mine = own[own.method == verdict.method]
        yield Row(
            name,
            population_label(verdict.endpoints, verdict.reference, space),
            verdict.method,
            verdict.verdict,
            shares(own, verdict.method),
            float((mine.seconds / mine.n).median() * 1e6) if len(mine) else np.nan,
        )


def shares(table: Any, method: str) -> dict[str, float]:
    """The mean excess of a method over the null as a share of linear's, the greatest over positions, by metric."""
    found: dict[str, float] = {}
    means = table.groupby(["method", "metric", "t"])[["value", "null_mean", "null_lo", "null_hi"]].mean()
    if "linear" not in means.index or method not in means.index:
        return found
    for (metric, t), linear in means.loc["linear"].iterrows():
        spread = (linear.null_hi - linear.null_lo) / 3.92
        if not linear.value - linear.null_mean > UNSEEN * spread or (metric, t) not in means.loc[method].index:
            continue
        own = means.loc[(method, metric, t)]
        share = (own.value - own.null_mean) / (linear.value - linear.null_mean)
        found[metric] = max(found.get(metric, -np.inf), float(share))
    return found


def read(reports: Path) -> list[Row]:
    """All rows of all runs; a folder that is no run says so on standard error, and is passed over."""
    found: list[Row] = []
    for name, folder in folders(reports):
        try:
            found += rows_of(name, RunFolder.read(folder))
        except InputError as error:
            sys.stderr.write(f"{error}\n")
    if not found:
        raise InputError(f"there is no run in {reports}: give a folder of folders that `latentot compare --out` wrote")
    return found


def page(rows: Sequence[Row]) -> str:
    """The whole page of the leaderboard."""
    methods = in_order(row.method for row in rows)
    lines = [
        "# Leaderboard",
        "",
        "Interpolations on all subjects whose runs are stored in `reports/`, made by",
        "`python docs/make_leaderboard.py`; for runs of your own, `python docs/make_leaderboard.py FOLDER`.",
        "",
        "✓ keeps the prior, ✗ drifts, ? inconclusive; beside it the drift as a share of linear's, the greatest over",
        "metrics and positions where linear's excess is 20 standard deviations of the null or more: chance alone makes",
        "a few percent, of either sign. Where linear itself keeps there is nothing to take shares of.",
        "",
        "## All in all",
        "",
        "Drift from the prior, for endpoints that are draws of it. Microseconds are the wall's, a point, at whatever",
        "dimension the run had, with all that the method fits.",
        "",
        "| method | keeps | drifts | inconclusive | share of linear, median | worst | µs a point, median |",
        "|---|---|---|---|---|---|---|",
        *(overall(method, [row for row in rows if row.endpoints == "prior"]) for method in methods),
        "",
        "## By subject",
        "",
        *grid(rows, methods),
        "",
        "## By metric",
        "",
        "The share of linear's drift that each metric sees, the median over all subjects where endpoints are draws of",
        "the prior: a method may be nearly right by one metric and plainly wrong by another.",
        "",
        *by_metric([row for row in rows if row.endpoints == "prior"], methods),
        "",
    ]
    decoded = [row for row in rows if row.endpoints == "prior, decoded"]
    if decoded:
        lines += [
            "## By judge",
            "",
            "The same of what models decode points to, against what they decode draws of the prior to.",
            "",
            *by_metric(decoded, methods),
            "",
        ]
    return "\n".join(lines)


def overall(method: str, rows: Sequence[Row]) -> str:
    """How a method did everywhere."""
    mine = [row for row in rows if row.method == method]
    counts = " | ".join(str(sum(row.verdict == verdict for row in mine)) for verdict in MARKS)
    known = [row.share for row in mine if np.isfinite(row.share)]
    middle, worst = (percent(np.median(known)), percent(max(known))) if known else ("", "")
    return f"| `{method}` | {counts} | {middle} | {worst} | {micro(mine)} |"


def grid(rows: Sequence[Row], methods: Sequence[str]) -> list[str]:
    """Subjects down, methods across."""
    lines = [
        "| subject | endpoints | " + " | ".join(f"`{name}`" for name in methods) + " |",
        "|---" * (len(methods) + 2) + "|",
    ]
    for subject, endpoints in in_order((row.subject, row.endpoints) for row in rows):
        cells = {row.method: cell(row) for row in rows if (row.subject, row.endpoints) == (subject, endpoints)}
        lines.append(f"| {subject} | {endpoints} | " + " | ".join(cells.get(name, "") for name in methods) + " |")
    return lines


def by_metric(rows: Sequence[Row], methods: Sequence[str]) -> list[str]:
    """Methods down, metrics across."""
    metrics = in_order(metric for row in rows for metric in row.shares)
    lines = ["| method | " + " | ".join(f"`{name}`" for name in metrics) + " |", "|---" * (len(metrics) + 1) + "|"]
    for method in methods:
        known = [[row.shares[m] for row in rows if row.method == method and m in row.shares] for m in metrics]
        lines.append(f"| `{method}` | " + " | ".join(percent(np.median(v)) if v else "" for v in known) + " |")
    return lines


def cell(row: Row) -> str:
    """A verdict's mark, and its share."""
    return f"{MARKS[row.verdict]} {percent(row.share)}".strip()


def percent(share: float) -> str:
    """Rounded; heavy tails, whose moments have no end, are not told in digits."""
    if not np.isfinite(share):
        return ""
    return "> 1,000 %" if share > MOST else f"{100 * share + 0.0:.0f} %".replace("-0 %", "0 %")


def micro(rows: Sequence[Row]) -> str:
    """The median of microseconds, to two digits."""
    known = [row.microseconds for row in rows if np.isfinite(row.microseconds)]
    return f"{float(f'{np.median(known):.1g}'):,g}" if known else ""


def in_order(names: Iterable[Any]) -> list[Any]:
    """Each once, as they come."""
    return list(dict.fromkeys(names))


# ---- What docs/which-method.md is told

PRIORS = {
    "normal": lot.Normal(4),
    "independent coordinates": lot.Laplace(4),
    "sphere": lot.Sphere(4),
    "isotropic": lot.MultivariateT(4, df=3),
    "samples only": lot.Empirical(np.random.default_rng(0).standard_normal((100, 4))),
}


def choice(rows: Sequence[Row]) -> str:
    """The decision table: each method by what it needs, what it claims and what it was measured to do."""
    rows = [row for row in rows if row.endpoints == "prior" and row.subject.startswith("priors: ")]
    head = [
        "method",
        "needs",
        "several latents",
        *PRIORS,
        "measured: keeps",
        "worst share of linear's drift",
        "µs a point",
    ]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name in METHODS.own:
        method: Any = METHODS.find(name)
        mine = [row for row in rows if row.method == name]
        keeps = sum(row.verdict == "keeps" for row in mine)
        known = [row.share for row in mine if np.isfinite(row.share)]
        lines.append(
            "| "
            + " | ".join(
                [
                    f"`{name}`",
                    " and ".join(sorted(method.needs)) or "nothing",
                    "yes" if issubclass(method, Combination) else "",
                    *(claim(name, prior) for prior in PRIORS.values()),
                    f"{keeps} of {len(mine)}" if mine else "",
                    percent(max(known)) if known else "",
                    micro(mine),
                ]
            )
            + " |"
        )
    return "\n".join(lines)


def short(rows: Sequence[Row]) -> str:
    """The table of the README: what each method was measured to do."""
    rows = [row for row in rows if row.endpoints == "prior" and row.subject.startswith("priors: ")]
    lines = ["| method | what it does | keeps | greatest drift, of linear's | N(0, I) |", "|---|---|---|---|---|"]
    for name in METHODS.own:
        mine = [row for row in rows if row.method == name]
        if not mine:
            continue
        keeps = f"{sum(row.verdict == 'keeps' for row in mine)} of {len(mine)}"
        known = [row.share for row in mine if np.isfinite(row.share)]
        normal = next((row.verdict for row in mine if row.subject == "priors: normal"), "")
        formula = f"`{METHODS.about(name)}`".replace("|", "\\|")
        lines.append(f"| `{name}` | {formula} | {keeps} | {percent(max(known)) if known else ''} | {normal} |")
    return "\n".join(lines)


def claim(name: str, prior: lot.Prior) -> str:
    """Whether a method keeps a prior: by theorem, or not, or cannot be used on it."""
    if name not in lot.interpolations(prior):
        return ""
    return "exact" if "distribution matching" in lot.interpolation(name, prior).claims() else "no claim"


def with_table(text: str, name: str, table: str) -> str:
    """A page with the table between its marks replaced."""
    marks = rf"(<!-- {name}: made by docs/make_leaderboard.py -->\n).*?(\n<!-- end -->)"
    return re.sub(marks, lambda found: f"{found[1]}\n{table}\n{found[2]}", text, flags=re.DOTALL)


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else REPORTS
    known = read(where)
    PAGE.write_text(page(known), encoding="utf-8")
    if where == REPORTS:
        for path, name, table in ((CHOICE, "choice", choice(known)), (README, "methods", short(known))):
            path.write_text(with_table(path.read_text(encoding="utf-8"), name, table), encoding="utf-8")
