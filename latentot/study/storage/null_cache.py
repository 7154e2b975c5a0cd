"""Null bands on disk: what chance gives does not depend on the methods that are compared."""

__all__ = ["NullCache", "default_folder"]

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from latentot.metrics import METRICS
from latentot.study.execution.software import digest
from latentot.study.work.decoded import LATENT
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population
from latentot.writing import write_whole

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NullCache:
    """A folder of null draws, one file for each band: a digest, and the numbers as they are in memory.

    A band is known by all that it is made of: the facts of the prior, n, the reference, metrics, t, the number of
    draws, the seed, and the source of latentot and the versions of NumPy, SciPy and POT that computed it. Bands of
    priors and metrics that are not latentot's own are not kept, since their source cannot be known, nor are those held
    against encoded data.

    Args:
        folder: where; made when something is first kept.
    """

    folder: Path

    def load(self, plan: Plan, population: Population) -> Floats | None:
        """The draws, shape (B, k), if they are known; a damaged file is as good as none."""
        key = _key(plan, population)
        if key is None:
            return None
        try:
            stored = (self.folder / key).read_bytes()
        except OSError:
            return None
        checksum, numbers = stored[:32], stored[32:]
        study = plan.study
        shape = study.null_draws, len(study.metrics) * len(study.t)
        if checksum != _digest(key, numbers) or len(numbers) != 8 * shape[0] * shape[1]:
            return None
        return np.frombuffer(numbers, dtype="<f8").reshape(shape).astype(np.float64)

    def keep(self, plan: Plan, population: Population, draws: Floats) -> None:
        """Keep draws for later runs; where the folder cannot be written to, they are not kept."""
        key = _key(plan, population)
        if key is None:
            return
        numbers = draws.astype("<f8").tobytes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole({self.folder / key: _digest(key, numbers) + numbers})
        except OSError:
            return


def default_folder() -> Path:
    """Where bands are kept: $LATENTOT_CACHE, or the user's cache folder, on Linux ~/.cache/latentot/null."""
    if given := os.environ.get("LATENTOT_CACHE"):
        return Path(given) / "null"
    try:
        folder = platformdirs.user_cache_path("latentot", appauthor=False)
    except RuntimeError:
        folder = Path("~")
    if not folder.is_absolute():  # a user without a home, as in some containers
        folder = Path(tempfile.gettempdir()) / f"latentot-{os.getuid()}" / ".cache" / "latentot"
    return folder / "null"


def _digest(key: str, numbers: bytes) -> bytes:
    return hashlib.sha256(key.encode() + numbers).digest()


def _key(plan: Plan, population: Population) -> str | None:
    prior = plan.subject().known_prior
    if population.reference != "prior" or population.space != LATENT or prior is None:
        return None
    study = plan.study
    if any(choice.own or choice.name not in METRICS.own for choice in study.metrics):
        return None
    metrics = [choice.described for choice in study.metrics]
    settings = [population.label, population.n, metrics, study.t, study.null_draws, plan.seed]
    return hashlib.sha256(json.dumps([prior, settings, digest()], sort_keys=True).encode()).hexdigest()
