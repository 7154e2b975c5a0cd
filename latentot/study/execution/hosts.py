"""Computers: the machines and processes that computed the cells of a run, as plain data."""

__all__ = ["host_facts", "hosts_apart"]

import json
from collections.abc import Iterable, Mapping
from typing import Any

from latentot.study.execution.machine import machine

COUNTED = "process"
"""What tells the workers of one host apart; they are counted only."""


def host_facts(**own: Any) -> str:
    """This machine as text that tells it from others.

    Args:
        **own: further facts, such as its host.
    """
    return json.dumps(own | machine(), sort_keys=True)


def hosts_apart(hosts: Iterable[str], here: Mapping[str, Any]) -> dict[str, Any]:
    """All that hosts are, each fact with its distinct values; those that all share with this one are left out.

    Args:
        hosts: texts of `host`.
        here: the machine that they are compared with.

    >>> workers = [json.dumps({"host": host, "process": 7, "cores": 8, "gpu": None}) for host in ("b", "a")]
    >>> hosts_apart(workers, {"cores": 8, "gpu": "H100"})
    {'host': ['a', 'b'], 'workers': 2, 'gpu': ['none']}
    """
    known = [json.loads(one) for one in hosts]
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in known for name in one):
        values = [value for one in known if name in one for value in _entries(one[name])]
        if name == COUNTED:
            found["workers"] = len(values)
        # Entry by entry: a process does not tell of libraries that it has not needed yet.
        elif not set(values) <= set(_entries(here.get(name))):
            found[name] = sorted(set(values), key=str)
    return found


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else ["none" if value is None else value]
