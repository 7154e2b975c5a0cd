"""How many threads a test has, and what pytest passes over where an optional library is absent.

All else that cannot be imported is an error.
"""

import os
from importlib.util import find_spec

# Linear algebra and OpenMP read it when they are loaded, here and in the processes that tests start. Arrays of tests
# are small: with workers on all cores, further threads wait for each other for longer than they compute.
os.environ.setdefault("OMP_NUM_THREADS", "1")

collect_ignore_glob = [
    *([] if find_spec("numba") else ["latentot/paths/compiled*.py"]),
    *([] if find_spec("torch") else ["backends/torch_*", "backends/onnx/*"]),
    *([] if find_spec("onnxruntime") else ["backends/onnx/*"]),
]
