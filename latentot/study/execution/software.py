"""The software that numbers depend on: what two processes must share to find the same."""

__all__ = ["digest", "software"]

import functools
import hashlib
import importlib.metadata
import platform
from pathlib import Path

from latentot.catalogue import Catalogue
from latentot.data import SOURCES, source_of
from latentot.features import FEATURES
from latentot.judges import JUDGES
from latentot.metrics import METRICS
from latentot.paths import METHODS
from latentot.priors import PRIORS
from latentot.priors.described import plain_facts
from latentot.study.execution.machine import plugins, versions
from latentot.study.spec.study import Study
from latentot.study.work.plan import Plan

STANDS_ON = ("numpy", "scipy", "POT")
MATTERS = ("latentot", *STANDS_ON, "scikit-learn", "numba")


@functools.cache
def digest() -> str:
    """A digest of latentot's source, and of the versions of NumPy, SciPy and POT."""
    found = hashlib.sha256()
    for name in STANDS_ON:
        found.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    folder = Path(__file__).parents[2]
    for path in sorted(folder.rglob("*.py")):
        found.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return found.hexdigest()


def software(plan: Plan) -> dict[str, str]:
    """All that the numbers of a plan depend on beside its study, by name: versions, the model's plugin and weights."""
    python = ".".join(platform.python_version_tuple()[:2])
    found = {name: version for name, version in versions().items() if name in MATTERS} | {"python": python}
    if plan.study.model is not None:
        found[f"plugin {plan.study.model.name}"] = plugins().get(plan.study.model.name, "")
    for catalogue, names in _named(plan.study):
        origins = catalogue.origins()
        found |= {f"plugin {name}": origins[name] for name in names if name in origins and name not in catalogue.own}
    model = plan.subject().model
    if model is not None:
        found |= {f"{model.name}'s {name}": str(fact) for name, fact in plain_facts(model.provenance).items()}
    return found | {"source of latentot": digest()[:12]}


def _named(study: Study) -> list[tuple[Catalogue, list[str]]]:
    """What a study names, a model aside."""
    return [
        (METHODS, [choice.name for choice in study.methods]),
        (METRICS, [choice.name for choice in study.metrics]),
        (JUDGES, [choice.name for choice in study.judges]),
        (FEATURES, [study.features.name] if study.judges else []),
        (PRIORS, [study.prior.name] if study.prior else []),
        (SOURCES, [source_of(study.data)] if study.data else []),
    ]
