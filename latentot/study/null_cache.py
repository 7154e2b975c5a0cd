"""Null bands on disk: what chance gives does not depend on the methods that are compared."""

__all__ = ["NullCache", "default_folder"]

import functools
import hashlib
import os
import pickle
import pickletools
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

from latentot.priors import Prior
from latentot.study.plan import Plan
from latentot.study.subject import Population

Floats = NDArray[np.float64]

OWN = {"latentot", "numpy", "scipy", "__builtin__", "copy_reg", "_codecs"}
"""Packages whose code is known by its version."""


@dataclass(frozen=True)
class NullCache:
    """A folder of null draws, one file for each band.

    A band is known by all that it is made of: the prior, n, the reference, metrics, t, the number of draws, the seed,
    and the source of latentot and the version of NumPy and SciPy that computed it. Bands of priors that are not
    latentot's own are not kept, since their source cannot be known, nor are those of encoded data.

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
            draws = np.load(self.folder / f"{key}.npy", allow_pickle=False)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return None
        study = plan.study
        fits = draws.shape == (study.null_draws, len(study.metrics) * len(study.t)) and draws.dtype == np.float64
        return draws if fits else None

    def keep(self, plan: Plan, population: Population, draws: Floats) -> None:
        """Keep draws for later runs; where the folder cannot be written to, they are not kept."""
        key = _key(plan, population)
        if key is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".tmp", delete=False) as file:
                np.save(file, draws, allow_pickle=False)
            Path(file.name).replace(self.folder / f"{key}.npy")
        except OSError:
            return


def default_folder() -> Path:
    """Where bands are kept: $LATENTOT_CACHE, or latentot/null in the user's cache folder."""
    if given := os.environ.get("LATENTOT_CACHE"):
        return Path(given) / "null"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "latentot" / "null"


def _key(plan: Plan, population: Population) -> str | None:
    prior = plan.subject().prior
    if population.reference != "prior" or not _is_own(prior):
        return None
    study = plan.study
    settings: tuple[Any, ...] = (population.label, population.n, study.metrics, study.t, study.null_draws, study.seed)
    return hashlib.sha256(repr((joblib.hash(prior), settings, _source())).encode()).hexdigest()


def _is_own(prior: Prior) -> bool:
    """Whether all that a prior is made of is latentot's, NumPy's or SciPy's."""
    try:
        stored = pickle.dumps(prior, protocol=2)
    except Exception:  # what cannot be pickled raises errors of many kinds
        return False
    named = (argument for operation, argument, _ in pickletools.genops(stored) if operation.name == "GLOBAL")
    return {str(name).split()[0].split(".")[0] for name in named} <= OWN


@functools.cache
def _source() -> str:
    """A digest of what computes a band: latentot's source, and the versions of what it stands on."""
    digest = hashlib.sha256(f"{np.__version__} {joblib.__version__}".encode())
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
