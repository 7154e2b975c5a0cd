"""Check that a model works in a process that knows nothing but its recipe, as workers do."""

__all__ = ["FRESH_PROCESS", "serve"]

import json
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.model.case import Case, outputs, within
from latentot.checks.model.making import ALIVE
from latentot.errors import InputError, one_line

SECONDS = 600
CHILD = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from latentot.checks.model.fresh_process import serve
serve(sys.argv[2])
"""


def _fresh_process(case: Case) -> Finding | None:
    if case.recipe is None:
        return skipped(ALIVE)
    with tempfile.TemporaryDirectory() as folder:
        try:
            request = pickle.dumps((case.recipe, *case.given))
        except Exception as error:
            return failed(f"the recipe cannot be sent to another process ({one_line(error)}): name a plugin")
        (Path(folder) / "request").write_bytes(request)
        command = [sys.executable, "-c", CHILD, json.dumps(sys.path), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
            return failed(
                f"in a fresh process the model fails: {reason}; make it of its options alone, with nothing that this "
                "process has done or set before"
            )
        with np.load(Path(folder) / "reply.npz", allow_pickle=False) as reply:
            found = dict(reply)
    if not case.model.deterministic:
        return None
    for what, values in outputs(case.model, *case.given).items():
        if what not in found or not within(values, found[what]):
            return failed(
                f"in a fresh process {what} differs: the model depends on what this process has done or set before "
                "(a seed, a global, a cache); make it of its options alone"
            )
    return None


def serve(folder: str) -> None:
    """What the fresh process does: make the model of the request, and reply with all that it gives.

    Args:
        folder: where the request of the process that checks lies.
    """
    recipe, z, x = pickle.loads((Path(folder) / "request").read_bytes())  # noqa: S301 - written by our own parent
    try:
        found = outputs(recipe.make(), z, x)
    except InputError as error:
        sys.exit(str(error))
    np.savez(Path(folder) / "reply.npz", **found)  # type: ignore[arg-type]


FRESH_PROCESS = Check("fresh-process", "the model works in a process that knows its options only", _fresh_process)
