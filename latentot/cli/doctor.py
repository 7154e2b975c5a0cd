"""The command that says what is installed, and what of it fails."""

__all__ = ["doctor"]

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from latentot.cli.app import FAILED, app, fail
from latentot.cli.catalogues import catalogues
from latentot.errors import one_line


@app.command()
def doctor() -> None:
    """Say which versions, threads, GPU, cache folder and plugins there are; status 1 where something fails."""
    from latentot.study.execution.machine import machine, versions

    found, here = versions(), machine()
    packages = (f"{name} {version}" for name, version in found.items() if name not in ("latentot", "python"))
    troubles = []
    _tell("latentot", f"{found.get('latentot', 'not installed')}, Python {found['python']}, {here['system']}")
    _tell("packages", ", ".join(packages))
    _tell("threads", f"{_cores()} cores; {', '.join(_threads()) or 'no library of linear algebra is known'}")
    for what, (said, failed) in (("GPU", _gpu("torch" in found)), ("cache", _cache())):
        _tell(what, said)
        troubles += [what] * failed
    plugins = list(_plugins())
    failing = [(who, trouble) for who, trouble in plugins if trouble]
    _tell("plugins", f"{len(plugins) - len(failing)} of {len(plugins)} can be used" if plugins else "none installed")
    for who, trouble in failing:
        sys.stdout.write(f"  {who}: {trouble}\n")
    troubles += [who for who, _ in failing]
    if troubles:
        fail(f"{len(troubles)} of the above fail{'s' * (len(troubles) == 1)}: {', '.join(troubles)}", FAILED)


def _tell(what: str, said: str) -> None:
    sys.stdout.write(f"{what:<10}{said}\n")


def _cores() -> int:
    """Those that this process may use, where the system tells: a container has fewer than its machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _threads() -> list[str]:
    """Libraries that compute on several threads, with how many, as the environment has set them."""
    import scipy.linalg  # noqa: F401 - loads the library that it brings
    from threadpoolctl import threadpool_info

    return sorted({f"{one['internal_api']} {one['num_threads']}" for one in threadpool_info()})


def _gpu(installed: bool) -> tuple[str, bool]:
    """What PyTorch sees, and whether it fails."""
    if not installed:
        return "not looked for: PyTorch is not installed", False
    try:
        import torch

        names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
        return ", ".join(names) or f"none that PyTorch {torch.__version__} sees", False
    except Exception as error:
        return f"PyTorch fails: {one_line(error)}", True


def _cache() -> tuple[str, bool]:
    """Where null bands are kept, how much is there, and whether it cannot be written to."""
    from latentot.study.storage.null_cache import default_folder

    folder = default_folder()
    try:
        _write_in(next(one for one in (folder, *folder.parents) if one.exists()))
        sizes = [one.stat().st_size for one in folder.glob("*") if one.is_file()] if folder.exists() else []
    except OSError as error:
        remedy = "set $LATENTOT_CACHE to a folder that can be written to"
        return f"{folder} cannot be used ({error.strerror}): {remedy}", True
    return f"{folder}, {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB", False


def _write_in(folder: Path) -> None:
    """Permission bits say little of disks that are full or read-only, and of the superuser."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(4096))


def _plugins() -> Iterator[tuple[str, str]]:
    """Every name that a plugin announces with who brings it, and why it cannot be used, or nothing."""
    from latentot.catalogue import OWN

    for heading, catalogue in catalogues().items():
        for name, origin in catalogue.origins().items():
            if origin != OWN:
                yield f"{name} ({heading}, {origin})", catalogue.trouble(name)
