"""The machine and the software that a run was computed with, as plain data."""

__all__ = ["machine", "memory", "plugins", "source", "versions"]

import functools
import importlib.metadata
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

from latentot.models import MODELS
from latentot.study.execution.threads import libraries, one_thread

PACKAGES = ("latentot", "numpy", "scipy", "POT", "scikit-learn", "pandas", "matplotlib", "loky")
OPTIONAL = ("numba", "torch")


def versions() -> dict[str, str]:
    """Python and the packages that numbers depend on."""
    found = {name: _version(name) for name in (*PACKAGES, *OPTIONAL)}
    return {"python": platform.python_version()} | {name: version for name, version in found.items() if version}


def plugins() -> dict[str, str]:
    """The distribution and version of every installed model, by the model's name."""
    return MODELS.origins()


def machine() -> dict[str, Any]:
    """Operating system, processor, memory, linear algebra and accelerators."""
    return {
        "system": platform.platform(terse=True),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory": None if (size := memory()) is None else f"{size / 2**30:.1f} GiB",
        "blas": _blas(),
        "gpu": _gpu(),
    }


@functools.cache
def source() -> dict[str, Any] | None:
    """The commit of latentot's own source and whether it was changed since; None if it is no checkout."""
    root = Path(__file__).parents[3]
    if not (root / ".git").exists():
        return None
    commit, changes = _said("git", "-C", str(root), "rev-parse", "HEAD"), _said("git", "-C", str(root), "status", "-s")
    return None if commit is None else {"commit": commit, "dirty": bool(changes)}


@functools.cache
def _version(package: str) -> str | None:
    """Reading its metadata takes milliseconds, more than a small cell; an absent optional package has none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def memory() -> int | None:
    """Bytes that this machine has; None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _blas() -> list[str]:
    """Libraries of linear algebra, with the threads that they have in a cell."""
    with one_thread():
        found = [library for library in libraries() if library["user_api"] == "blas"]
    return sorted({f"{one['internal_api']} {one['version']}, {one['num_threads']} threads" for one in found})


@functools.cache
def _gpu() -> str | None:
    return _said("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")


def _said(*command: str) -> str | None:
    """What a program prints; None if it does not exist or fails."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=True, timeout=10)  # noqa: S603 - fixed arguments
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
