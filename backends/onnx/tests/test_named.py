"""Networks of several inputs and outputs: which is which is said by name, and what is not known is listed."""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

import latentot as lot
from latentot_onnx import load

Z = np.random.default_rng(0).standard_normal((7, 3)).astype(np.float32)
FLOAT, HALF, INT64, BOOL = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64, TensorProto.BOOL
Values = Sequence[tuple[str, int, list[Any]]]


def save(path: Path, nodes: Sequence[tuple[str, list[str], list[str]]], inputs: Values, outputs: Values) -> str:
    """A file of a few operators."""
    made = [helper.make_node(*node, **({"to": FLOAT} if node[0] == "Cast" else {})) for node in nodes]
    first, last = ([helper.make_tensor_value_info(*one) for one in some] for some in (inputs, outputs))
    graph = helper.make_graph(made, "some", first, last)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return str(path)


@pytest.fixture
def two(tmp_path: Path) -> str:
    """Images, tanh z, and what nobody asked for."""
    nodes = [("Tanh", ["z"], ["images"]), ("Neg", ["z"], ["features"])]
    outputs = [(name, FLOAT, ["n", 3]) for name in ("features", "images")]
    return save(tmp_path / "two.onnx", nodes, [("z", FLOAT, ["n", 3])], outputs)


def test_one_of_several_outputs(two: str) -> None:
    for output, wanted in (("images", np.tanh(Z)), ("features", -Z)):
        model = load(two, output=output)
        np.testing.assert_allclose(model.decode(Z), wanted, atol=1e-6)
        np.testing.assert_allclose(pickle.loads(pickle.dumps(model)).decode(Z), wanted, atol=1e-6)  # noqa: S301
        assert model.provenance["output"] == output


# What a decoder makes of z and one more input: z + that input, for a row.
@pytest.mark.parametrize(
    ("kind", "shape", "value", "wanted"),
    [
        (INT64, ["n", 1], [4], Z + 4),
        (INT64, ["n", 3], [0, 1, 0], Z + np.array([0, 1, 0])),
        (INT64, ["k", 1], [4], Z + 4),
        (FLOAT, ["n", 3], [0.5, 0, -1], Z + np.array([0.5, 0, -1])),
        (FLOAT, [], 0.25, Z + 0.25),
        (FLOAT, [1], 0.25, Z + 0.25),
        (FLOAT, [1], [0.25], Z + 0.25),
        (FLOAT, [1, 3], [[1, 2, 3]], Z + np.array([1, 2, 3])),
        (HALF, ["n", 1], [0.5], Z + 0.5),
        (BOOL, ["n", 1], [True], Z + 1),
        (TensorProto.INT32, ["n", 1], [-7], Z - 7),
        (TensorProto.UINT8, [], 200, Z + 200),
        (TensorProto.DOUBLE, ["n", 1], [1e-3], Z + 1e-3),
    ],
)
def test_an_input_beside_latents(tmp_path: Path, kind: int, shape: list[Any], value: Any, wanted: np.ndarray) -> None:
    nodes = [("Cast", ["more"], ["cast"]), ("Add", ["z", "cast"], ["x"])]
    for inputs in ([("z", FLOAT, ["n", 3]), ("more", kind, shape)], [("more", kind, shape), ("z", FLOAT, ["n", 3])]):
        file = save(tmp_path / "d.onnx", nodes, inputs, [("x", FLOAT, ["n", 3])])
        model = load(file, inputs={"more": value})
        np.testing.assert_allclose(model.decode(Z), wanted, atol=1e-6)
        assert model.decode(Z[:0]).shape == (0, 3)
        assert model.provenance["inputs"] == {"more": value}
        np.testing.assert_allclose(pickle.loads(pickle.dumps(model)).decode(Z), wanted, atol=1e-6)  # noqa: S301


def test_a_label_of_a_row_and_a_fixed_batch(tmp_path: Path) -> None:
    nodes = [
        ("Cast", ["label"], ["cast"]),
        ("Unsqueeze", ["cast", "axis"], ["column"]),
        ("Add", ["z", "column"], ["x"]),
    ]
    for n in ("n", 4):
        inputs = [("z", FLOAT, [n, 3]), ("label", INT64, [n]), ("axis", INT64, [1])]
        model = load(save(tmp_path / "d.onnx", nodes, inputs, [("x", FLOAT, [n, 3])]), inputs={"label": 2, "axis": [1]})
        np.testing.assert_allclose(model.decode(Z), Z + 2, atol=1e-6)


def test_an_encoder_of_three_outputs_and_a_label(tmp_path: Path) -> None:
    """Mean, log-variance and a draw, in any order, as encoders of conditional VAEs have them."""
    decoder = save(tmp_path / "d.onnx", [("Tanh", ["z"], ["x"])], [("z", FLOAT, ["n", 3])], [("x", FLOAT, ["n", 3])])
    nodes = [("Add", ["x", "c"], ["mean"]), ("Identity", ["x"], ["log_var"]), ("Neg", ["x"], ["draw"])]
    inputs = [("x", FLOAT, ["n", 3]), ("c", FLOAT, ["n", 3])]
    encoder = save(tmp_path / "e.onnx", nodes, inputs, [(k, FLOAT, ["n", 3]) for k in ("draw", "log_var", "mean")])
    options: dict[str, Any] = {"encoder_outputs": ["mean", "log_var"], "encoder_inputs": {"c": [1, 2, 3]}}
    model = load(decoder, encoder, spread="log-variance", **options)
    posterior = model.encode(Z)
    np.testing.assert_allclose(posterior.mean, Z + np.array([1, 2, 3]), atol=1e-6)
    np.testing.assert_allclose(posterior.scale, np.exp(Z / 2), rtol=1e-6)
    with pytest.raises(lot.InputError, match=r"has 3 outputs, draw \(n, 3\), log_var .*; 2 are .* encoder_outputs"):
        load(decoder, encoder, encoder_inputs={"c": [1, 2, 3]})
    with pytest.raises(lot.InputError, match=r"has the inputs x \(n, 3\), c \(n, 3\): .* option encoder_inputs"):
        load(decoder, encoder)


def test_half_precision_stays_in_range(tmp_path: Path) -> None:
    decoder = save(tmp_path / "d.onnx", [("Tanh", ["z"], ["x"])], [("z", HALF, ["n", 3])], [("x", HALF, ["n", 3])])
    encoder = save(
        tmp_path / "e.onnx",
        [("Identity", ["x"], [k]) for k in ("m", "s")],
        [("x", HALF, ["n", 3])],
        [(k, HALF, ["n", 3]) for k in ("m", "s")],
    )
    model = load(decoder, encoder, spread="log-variance")
    np.testing.assert_allclose(model.decode(Z), np.tanh(Z), atol=2e-3)
    np.testing.assert_allclose(model.encode(np.full((2, 3), 30.0)).scale, np.exp(15), rtol=1e-6)


def two_inputs(path: Path, kind: int = INT64, shape: Sequence[Any] = ("n", 1)) -> str:
    nodes = [("Cast", ["label"], ["cast"]), ("Add", ["z", "cast"], ["x"])]
    inputs = [("z", FLOAT, ["n", 3]), ("label", kind, list(shape))]
    return save(path, nodes, inputs, [("x", FLOAT, ["n", 3])])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r"has the inputs z \(n, 3\), label \(n, 1\): fix the value of all but one, such as \{label = 0\}"),
        ({"inputs": {"lable": 3}}, "unknown input of the decoder .*'lable': did you mean 'label'"),
        ({"inputs": {"label": [3], "z": [1, 2, 3]}}, "has the inputs z .*: fix the value of all but one"),
        ({"inputs": {"label": 3}}, r"label takes \(1\), for every row the same, got shape \(\)"),
        ({"inputs": {"label": [1, 2]}}, r"label takes \(1\), for every row the same, got shape \(2,\)"),
        ({"inputs": {"label": [0.5]}}, r"label is of tensor\(int64\), got \[0.5\]"),
        ({"inputs": {"label": ["cat"]}}, r"label is of tensor\(int64\), got \['cat'\]"),
        ({"inputs": {"label": [[1], [2, 3]]}}, r"label is of tensor\(int64\), got"),
        ({"inputs": {"label": [float("nan")]}}, r"label is of tensor\(int64\), got \[nan\]"),
        ({"inputs": {"label": [2**80]}}, r"label is of tensor\(int64\), got"),
        ({"inputs": {"label": None}}, r"label is of tensor\(int64\), got None"),
        ({"inputs": 3}, "inputs are a table, such as .*, got 3"),
        ({"inputs": {"label": [3]}, "output": "y"}, "unknown output of the decoder .*'y'.*There are x"),
        ({"inputs": {"label": [3]}, "output": 0}, "output is the name of one of the decoder's outputs, got 0"),
        ({"inputs": {"label": [3]}, "encoder": "e.onnx", "encoder_outputs": "mean"}, "cannot read the encoder"),
    ],
)
def test_what_does_not_fit_is_one_line(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(lot.InputError, match=message) as caught:
        load(two_inputs(tmp_path / "d.onnx"), **options)
    assert "\n" not in str(caught.value)


def test_types_that_take_no_number_are_named(tmp_path: Path) -> None:
    nodes = [("Identity", ["text"], ["same"]), ("Tanh", ["z"], ["x"])]
    inputs = [("z", FLOAT, ["n", 3]), ("text", TensorProto.STRING, ["n"])]
    file = save(tmp_path / "d.onnx", nodes, inputs, [("x", FLOAT, ["n", 3]), ("same", TensorProto.STRING, ["n"])])
    with pytest.raises(lot.InputError, match=r"the input text is of tensor\(string\), which cannot be given a value"):
        load(file, output="x", inputs={"text": "cat"})
    with pytest.raises(lot.InputError, match=r"numbers that are not floating-point: same tensor\(string\)"):
        load(file, output="same", inputs={"text": "cat"})


def test_where_files_lie(two: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for given in (Path(two), "~/two.onnx", Path("~/two.onnx")):
        np.testing.assert_allclose(load(given, output="images").decode(Z), np.tanh(Z), atol=1e-6)
    Path(two).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    with pytest.raises(lot.InputError, match=r"two\.onnx is a Git LFS pointer"):
        load(two)
