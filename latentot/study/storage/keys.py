"""Keys of a cell's parts: a digest of all that determines their numbers, the same on every machine."""

__all__ = ["VERSION", "part_keys"]

import hashlib
import json
from typing import Any

from latentot.priors.described import plain_facts
from latentot.study.spec.identity import identity
from latentot.study.spec.study import Choice
from latentot.study.storage.parts import part_names
from latentot.study.work.cells import (
    Cell,
    ControlCell,
    MethodCell,
    NormsCell,
    NullCell,
    ProfileCell,
    SensitivityCell,
    StripsCell,
)
from latentot.study.work.decoded import LATENT
from latentot.study.work.decoder import DecoderCell
from latentot.study.work.plan import Plan
from latentot.study.work.walks import WalksCell

VERSION = 6
"""Rises whenever a cell of the same description gives other numbers."""

SETTINGS: dict[type, tuple[str, ...]] = {
    NullCell: ("t",),
    MethodCell: ("t",),
    ControlCell: (),
    SensitivityCell: (),
    NormsCell: (),
    StripsCell: ("methods", "strips", "steps"),
    ProfileCell: ("t", "strips", "steps"),
    WalksCell: ("judges",),
    DecoderCell: ("judges",),
}
"""What each kind of cell needs of its study, beside the subject, the seed and its own fields."""


def part_keys(plan: Plan, cell: Cell) -> dict[str, str]:
    """The key of each part of a cell of a plan, by its name.

    Args:
        plan: a study and its subject, live or by name.
        cell: one of its cells.
    """
    settings = plan.study.model_dump(mode="json")
    wanted = ("prior", "dim", "model", "data", *SETTINGS[type(cell)])
    facts = {
        "version": VERSION,
        "kind": type(cell).__name__,
        "cell": _of_cell(cell),
        "study": {name: settings[name] for name in wanted} | {"seed": plan.seed},
        "provenance": _provenance(plan),
        "data": _data(plan),
        "view": _view(plan, cell),
    } | ({} if plan.live is None else {"live": identity(plan.live)})
    facts |= _of_files(plan)
    text = json.dumps(facts, sort_keys=True, default=str)
    metrics = {choice.label: choice.described for choice in plan.study.metrics}
    described = {part: metrics.get(part, part) for part in part_names(cell, plan.study)}
    return {part: hashlib.sha256(f"{text} {_text(own)}".encode()).hexdigest() for part, own in described.items()}


def _text(part: str | dict[str, Any]) -> str:
    return part if isinstance(part, str) else json.dumps(part, sort_keys=True)


def _of_cell(cell: Cell) -> dict[str, Any]:
    """A cell's fields; how many repeats there are in all is nothing to one of them."""
    population = {name: value for name, value in vars(cell.population).items() if name != "repeats"}
    own = {
        name: value.described if isinstance(value, Choice) else value
        for name, value in vars(cell).items()
        if name != "population"
    }
    return own | {"population": population}


def _provenance(plan: Plan) -> dict[str, Any]:
    model = plan.subject().model
    return dict(plain_facts(model.provenance)) if model else {}


def _view(plan: Plan, cell: Cell) -> Any:
    """What is seen of latents: nothing but themselves in latent space."""
    if plan.space == LATENT and not isinstance(cell, WalksCell | DecoderCell):
        return LATENT
    return [plan.study.features.described, plan.classes() > 0]


def _of_files(plan: Plan) -> dict[str, Any]:
    """What latents in files are: a file of the same name may have changed."""
    study, subject = plan.study, plan.subject()
    found: dict[str, Any] = {}
    if study.prior is not None and study.prior.name == "npz":
        found["samples"] = subject.known_prior
    if study.latents is not None:
        found["latents"] = [study.latents, plain_facts(subject.latents)]
    return found


def _data(plan: Plan) -> dict[str, Any]:
    """A file of the same name may have changed."""
    data = plan.subject().data
    return data.facts if data else {}
