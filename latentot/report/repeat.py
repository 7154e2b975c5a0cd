"""How a run is repeated: what was run in one line."""

__all__ = ["what_was_run"]

from latentot.report.formats import count, number
from latentot.runformat import RunFolder

_SPAN = 4  # positions that one line names


def what_was_run(run: RunFolder) -> str:
    """The run in one line: how much of what, the seed, and what it took."""
    facts = run.facts
    t = sorted(float(at) for at in run.results["t"].dropna().unique() if 0 < at < 1)
    at = ", ".join(f"{one:g}" for one in t) if len(t) <= _SPAN else f"{len(t)} positions"
    sizes = sorted({own.n for own in run.populations if own.n})
    repeats = max((own.repeats or 0 for own in run.populations), default=0)
    draws = max((own.n_null or 0 for own in run.populations), default=0)
    pairs = count(sizes[0]) if len(sizes) == 1 else f"{count(sizes[0])} to {count(sizes[-1])}" if sizes else ""
    total = facts.seconds.get("total")
    parts = (
        f"{_counted(len(run.method_names()), 'method')}, {_counted(len(run.metric_names()), 'metric')}",
        at and (f"t = {at}" if len(t) <= _SPAN else at),
        f"{pairs} pairs" + (f" × {count(repeats)} repeats" if repeats else "") if pairs else "",  # noqa: RUF001
        f"{count(draws)} null draws" if draws else "",
        f"seed {facts.seed}" if facts.seed is not None else "",
        f"{number(total)} s" if isinstance(total, int | float) else "",
        f"latentot {facts.versions['latentot']}" if facts.versions.get("latentot") else "",
    )
    return f"Run: {' · '.join(part for part in parts if part)}."


def _counted(n: int, what: str) -> str:
    return f"{count(n)} {what}{'' if n == 1 else 's'}"
