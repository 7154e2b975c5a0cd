"""Keys of cells: a digest of all that determines a cell's numbers, the same on every machine."""

__all__ = ["VERSION", "cell_key"]

import hashlib
import json
from typing import Any

from latentot.study.cells import Cell, ControlCell, MethodCell, NormsCell, NullCell, StripsCell
from latentot.study.plan import Plan

VERSION = 4
"""Rises whenever a cell of the same description gives other numbers."""

SETTINGS: dict[type, tuple[str, ...]] = {
    NullCell: ("t", "metrics"),
    MethodCell: ("t", "metrics"),
    ControlCell: ("metrics",),
    NormsCell: (),
    StripsCell: ("methods", "strips", "steps"),
}
"""What each kind of cell needs of its study, beside the subject, the seed and its own fields."""


def cell_key(plan: Plan, cell: Cell) -> str:
    """The key of a cell of a plan.

    Args:
        plan: a study whose subject is plain data.
        cell: one of its cells.
    """
    settings = plan.study.model_dump(mode="json")
    wanted = ("prior", "dim", "model", "data", "seed", *SETTINGS[type(cell)])
    described = {
        "version": VERSION,
        "kind": type(cell).__name__,
        "cell": _plain(cell),
        "study": {name: settings[name] for name in wanted},
        "provenance": _provenance(plan),
        "data": _data(plan),
    }
    text = json.dumps(described, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(cell: Cell) -> dict[str, Any]:
    """A cell's fields; how many repeats there are in all is nothing to one of them."""
    population = {name: value for name, value in vars(cell.population).items() if name != "repeats"}
    own = {name: getattr(value, "label", value) for name, value in vars(cell).items() if name != "population"}
    return own | {"population": population}


def _provenance(plan: Plan) -> dict[str, Any]:
    model = plan.subject().model
    return dict(model.provenance) if model else {}


def _data(plan: Plan) -> dict[str, Any]:
    """A file of the same name may have changed."""
    data = plan.subject().data
    return data.facts if data else {}
