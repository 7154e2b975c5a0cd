"""The software that numbers depend on: what two processes must share to find the same."""

__all__ = ["digest", "software"]

import functools
import hashlib
import importlib.metadata
import platform
from pathlib import Path

from latentot.metrics import METRICS
from latentot.paths import METHODS
from latentot.priors.described import plain_facts
from latentot.study.execution.machine import plugins, versions
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
    for catalogue, choices in ((METHODS, plan.study.methods), (METRICS, plan.study.metrics)):
        origins = catalogue.origins()
        plugged = [choice.name for choice in choices if choice.name not in catalogue.own and choice.name in origins]
        found |= {f"plugin {name}": origins[name] for name in plugged}
    model = plan.subject().model
    if model is not None:
        found |= {f"{model.name}'s {name}": str(fact) for name, fact in plain_facts(model.provenance).items()}
    return found | {"source of latentot": digest()[:12]}
