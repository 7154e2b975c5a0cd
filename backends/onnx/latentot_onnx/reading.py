"""Reading an ONNX file: what it is made of is looked at before anything of it is run."""

__all__ = ["read"]

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from latentot.errors import InputError, one_line
from latentot.reading import path_of, refuse_pointer


def read(option: str, given: object) -> tuple[Path, str]:
    """Check a file: it is ONNX, whole, and refers to no file outside its folder.

    Args:
        option: the option that names it, for messages.
        given: its path.

    Returns:
        The path, and the SHA-256 of the file followed by those that it refers to, in order.

    Raises:
        InputError: it is missing, no ONNX, or refers to a file that is outside its folder or missing.
    """
    import onnx

    if not isinstance(given, str | os.PathLike) or not str(given):
        raise InputError(f"{option} is the path of an .onnx file, got {given!r}")
    path = path_of(given, option)
    refuse_pointer(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the {option} {path}: {error.strerror}; give an .onnx file") from error
    try:
        model = onnx.load_model_from_string(raw)
        if not _external(model):  # the checker would look for their files, wherever they are said to be
            onnx.checker.check_model(model)
    except Exception as error:
        raise InputError(
            f"the {option} {path} is not an intact ONNX file ({_first(error)}): export it again"
        ) from error
    digest = hashlib.sha256(raw)
    for location in sorted(set(_external(model))):
        digest.update(_inside(option, path, location).read_bytes())
    return path, digest.hexdigest()


def _inside(option: str, path: Path, location: str) -> Path:
    folder = path.resolve().parent
    data = (folder / location).resolve()
    if not data.is_relative_to(folder):
        raise InputError(
            f"the {option} {path} refers to weights outside its folder ({location}), which are never opened: put them "
            "beside it, or export with external_data=False"
        )
    if not data.is_file():
        raise InputError(f"the {option} {path} refers to weights in {location}, which is not beside it: put it there")
    refuse_pointer(data)
    return data


def _external(model: Any) -> list[str]:
    """Files that tensors refer to: those of the graph, of functions, and of graphs in them."""
    nodes = (node for function in model.functions for node in function.node)
    return [
        entry.value
        for tensor in (*_of_graph(model.graph), *_of_nodes(nodes))
        if tensor.data_location == tensor.EXTERNAL
        for entry in tensor.external_data
        if entry.key == "location"
    ]


def _of_graph(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from _of_nodes(graph.node)


def _of_nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    for node in nodes:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            for inner in (attribute.g, *attribute.graphs):
                if inner.node or inner.initializer:
                    yield from _of_graph(inner)


def _first(error: Exception) -> str:
    """The first line: protobuf and the checker go on with pages."""
    return one_line(type(error)(str(error).strip().partition("\n")[0][:200])) if str(error) else one_line(error)
