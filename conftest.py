"""What pytest passes over where an optional library is absent; all else that cannot be imported is an error."""

from importlib.util import find_spec

collect_ignore_glob = [
    *([] if find_spec("numba") else ["latentot/paths/compiled*.py"]),
    *([] if find_spec("torch") else ["backends/torch_*", "backends/onnx/*"]),
    *([] if find_spec("onnxruntime") else ["backends/onnx/*"]),
]
