"""How a run is repeated: what was run in one line, its study file, its software."""

__all__ = ["requirements", "study_file", "what_was_run"]

import json
from collections.abc import Mapping
from typing import Any

from latentot.reporting.formats import count, number, plain
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


def study_file(run: RunFolder) -> str:
    """The study as a file for `latentot compare`; what a file cannot hold is left out, and named in a comment."""
    top, tables, lost = [], [], []
    for name, value in run.facts.study.items():
        if value is None or value == "":
            continue
        choices = value if isinstance(value, list) else [value]
        if any(isinstance(one, Mapping) and one.get("own") for one in choices):
            lost.append(f"# {name}: some were objects given in Python, which a file cannot hold")
            continue
        if isinstance(value, Mapping):
            tables.append(f"\n[{name}]\n{_lines(value)}")
        elif any(isinstance(one, Mapping) and one.get("options") for one in choices):
            tables += [f"\n[[{name}]]\n{_lines(one if isinstance(one, Mapping) else {'name': one})}" for one in choices]
        else:
            names = [one["name"] if isinstance(one, Mapping) else one for one in choices]
            top.append(f"{name} = {_toml(names if isinstance(value, list) else value)}")
    return "\n".join([*lost, *top, *tables]) + "\n" if top or tables else ""


def requirements(run: RunFolder) -> str:
    """The versions as pip installs them, those of Python and the machine as comments."""
    machine = [f"# {name}: {plain(value)}" for name, value in run.facts.machine.items() if value not in (None, "", [])]
    versions = dict(run.facts.versions)
    python = [f"# Python {versions.pop('python')}"] if versions.get("python") else []
    commit = [f"# commit {run.facts.source['commit']}"] if run.facts.source.get("commit") else []
    pinned = [f"{name}=={version}" for name, version in versions.items() if version]
    return "\n".join([*python, *commit, *machine, *pinned]) + "\n" if pinned else ""


def _lines(choice: Mapping[str, Any]) -> str:
    options = choice.get("options") or {}
    given = f"\noptions = {_toml(options)}" if options else ""
    return f"name = {_toml(choice['name'])}{given}"


def _toml(value: Any) -> str:
    """A value of TOML.

    >>> _toml({"alpha": 1.5, "names": ["a", True]})
    '{ "alpha" = 1.5, "names" = ["a", true] }'
    """
    if isinstance(value, Mapping):
        return (
            f"{{ {', '.join(f'{_toml(str(name))} = {_toml(own)}' for name, own in value.items() if own is not None)} }}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    # Strings of JSON are strings of TOML, but for a character that it wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
