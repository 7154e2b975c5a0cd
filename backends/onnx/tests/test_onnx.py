"""A VAE of PyTorch, exported to ONNX: the same numbers, and one line for whatever is wrong with the files."""

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper

import latentot as lot
from latentot_onnx import load
from latentot_torch_vae.likelihood import Bernoulli
from latentot_torch_vae.network import VAE, Architecture, assemble, initial_weights

ARCHITECTURE = Architecture(shape=(1, 8, 8), latent=3, hidden=(16,))
Z = np.random.default_rng(0).standard_normal((30, 3))


@pytest.fixture(scope="module")
def vae() -> VAE:
    return assemble(ARCHITECTURE, initial_weights(ARCHITECTURE, generator=torch.Generator().manual_seed(0))).eval()


class Half(torch.nn.Module):
    """The decoder or the encoder of a VAE, as a module of its own."""

    def __init__(self, vae: VAE, part: str) -> None:
        super().__init__()
        self.vae, self.part = vae, part

    def forward(self, rows: torch.Tensor) -> Any:
        if self.part == "encoder":
            mean, log_variance = self.vae.encode(rows)
            return mean, log_variance
        return Bernoulli().mean(self.vae.decode(rows))


@pytest.fixture(scope="module")
def files(vae: VAE, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("exported")
    names = {}
    for part, example in (("decoder", torch.zeros(2, 3)), ("encoder", torch.zeros(2, 1, 8, 8))):
        names[part] = str(folder / f"{part}.onnx")
        dynamic = ({0: torch.export.Dim("n")},)
        module = Half(vae, part).eval()
        torch.onnx.export(module, (example,), names[part], dynamic_shapes=dynamic, external_data=False, verbose=False)
    return names


def model_of(files: dict[str, str], **options: Any) -> lot.Model:
    return load(**files, spread="log-variance", **options)


def test_it_gives_what_torch_gives(vae: VAE, files: dict[str, str]) -> None:
    model = model_of(files)
    with torch.inference_mode():
        images = Bernoulli().mean(vae.decode(torch.tensor(Z, dtype=torch.float32)))
        mean, log_variance = vae.encode(images)
    np.testing.assert_allclose(model.decode(Z), images, atol=1e-5)
    posterior = model.encode(images.numpy())
    np.testing.assert_allclose(posterior.mean, mean, atol=1e-5)
    np.testing.assert_allclose(posterior.scale, (log_variance / 2).exp(), atol=1e-5)
    assert model.prior == lot.Normal(3)
    assert model.provenance["decoder"] == "decoder.onnx"
    assert len(model.provenance["encoder sha256"]) == 64


def test_it_conforms(files: dict[str, str]) -> None:
    lot.check_model("onnx", options=files | {"spread": "log-variance"}).raise_on_failure()


def test_many_rows_are_taken_in_batches(files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = model_of(files).decode(Z)
    monkeypatch.setattr("latentot_onnx.network.BATCH", 7)
    np.testing.assert_allclose(model_of(files).decode(Z), whole, atol=1e-6)


def test_none_are_none(files: dict[str, str]) -> None:
    assert model_of(files).decode(np.empty((0, 3))).shape == (0, 1, 8, 8)


def test_it_travels(files: dict[str, str]) -> None:
    model = model_of(files)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).decode(Z), model.decode(Z))  # noqa: S301


def save(path: Path, shape: list[Any], *, operator: str = "Tanh", kind: int = TensorProto.FLOAT, **parts: Any) -> str:
    """A file with one operator."""
    x, y = (helper.make_tensor_value_info(name, kind, shape) for name in "xy")
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"])], "one", [x], [y], **parts)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return str(path)


def test_a_fixed_batch_is_filled_up(tmp_path: Path) -> None:
    model = load(save(tmp_path / "fixed.onnx", [4, 3]))
    np.testing.assert_allclose(model.decode(Z), np.tanh(Z), atol=1e-6)


@pytest.mark.parametrize(("spread", "scale"), [("scale", 4.0), ("variance", 2.0), ("log-variance", np.exp(2))])
def test_spreads(tmp_path: Path, spread: str, scale: float) -> None:
    x, *outputs = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 3]) for name in ("x", "m", "s"))
    nodes = [helper.make_node("Identity", ["x"], [name]) for name in ("m", "s")]
    model = helper.make_model(
        helper.make_graph(nodes, "two", [x], outputs), opset_imports=[helper.make_opsetid("", 18)], ir_version=9
    )
    (tmp_path / "e.onnx").write_bytes(model.SerializeToString())
    made = load(save(tmp_path / "d.onnx", ["n", 3]), str(tmp_path / "e.onnx"), spread=spread)
    np.testing.assert_allclose(made.encode(np.full((2, 3), 4.0)).scale, scale, rtol=1e-6)


def outside(path: Path, location: str) -> str:
    weights = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3], data_location=TensorProto.EXTERNAL)
    weights.external_data.add(key="location", value=location)
    return save(path, ["n", 3], initializer=[weights])


def test_weights_inside_functions_and_branches_are_seen(tmp_path: Path) -> None:
    weights = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3], data_location=TensorProto.EXTERNAL)
    weights.external_data.add(key="location", value="../secret.bin")
    constant = helper.make_node("Constant", [], ["w"], value=weights)
    inner = helper.make_graph([constant], "inner", [], [])
    branch = helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)
    opset = [helper.make_opsetid("", 18)]
    for number, parts in enumerate(({"nodes": [branch]}, {"nodes": [], "functions": [constant]})):
        functions = [helper.make_function("own", "f", [], ["w"], [node], opset) for node in parts.get("functions", [])]
        model = helper.make_model(helper.make_graph(parts["nodes"], "g", [], []), functions=functions)
        path = tmp_path / f"{number}.onnx"
        path.write_bytes(model.SerializeToString())
        with pytest.raises(lot.InputError, match=r"outside its folder \(\.\./secret\.bin\)"):
            load(str(path))


@pytest.mark.parametrize("location", ["../secret.bin", "/etc/hostname", "link.bin"])
def test_weights_outside_the_folder_are_never_opened(tmp_path: Path, location: str) -> None:
    (tmp_path / "secret.bin").write_bytes(bytes(12))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    expected = rf"refers to weights outside its folder \({re.escape(location)}\), which are never opened: put"
    with pytest.raises(lot.InputError, match=expected):
        load(outside(folder / "d.onnx", location))


def test_weights_beside_it_are_used(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(np.array([1, 2, 3], dtype=np.float32).tobytes())
    weights = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3], data_location=TensorProto.EXTERNAL)
    weights.external_data.add(key="location", value="w.bin")
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 3]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Mul", ["x", "w"], ["y"])], "one", [x], [y], initializer=[weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    path = tmp_path / "d.onnx"
    path.write_bytes(model.SerializeToString())
    made = load(str(path))
    np.testing.assert_allclose(made.decode(np.ones((1, 3))), [[1, 2, 3]])
    (tmp_path / "w.bin").write_bytes(bytes(12))
    assert load(str(path)).provenance["decoder sha256"] != made.provenance["decoder sha256"]


def test_weights_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(lot.InputError, match=r"refers to weights in w.bin, which is not beside it: put it there"):
        load(outside(tmp_path / "d.onnx", "w.bin"))


@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda _: b"", lambda _: b"pickled" * 99])
def test_a_damaged_file_is_one_line(files: dict[str, str], tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "damaged.onnx"
    path.write_bytes(damage(Path(files["decoder"]).read_bytes()))
    with pytest.raises(lot.InputError, match=r"the decoder .*damaged\.onnx is not an intact ONNX file") as refused:
        load(str(path))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decoder": 3}, "decoder is the path of an .onnx file, got 3"),
        ({"decoder": "missing.onnx"}, "cannot read the decoder missing.onnx: No such file"),
        ({"spread": "sigma"}, "unknown spread 'sigma': There are log-variance, scale, variance"),
        ({"prior": "norml"}, "unknown prior 'norml': did you mean 'normal'"),
        ({"device": "gpu"}, "the device 'gpu' is not available: choose one of cpu"),
    ],
)
def test_options_that_are_not_accepted_are_refused(
    files: dict[str, str], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(lot.InputError, match=message):
        load(**(files | options))


def test_parts_that_do_not_fit_are_refused(files: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(lot.InputError, match=r"has 2 outputs, .*\(n, 3\); 1 is expected: say which, as output"):
        load(files["encoder"])
    with pytest.raises(lot.InputError, match=r"latents of the decoder have \(4,\): export the mean and the scale"):
        load(save(tmp_path / "d.onnx", ["n", 4]), files["encoder"])
    with pytest.raises(lot.InputError, match=r"leaves the shape of its input open, \('k',\): fix all but the first"):
        load(save(tmp_path / "d.onnx", ["n", "k"]))
    with pytest.raises(lot.InputError, match="numbers that are not floating-point"):
        load(save(tmp_path / "d.onnx", ["n", 3], operator="Abs", kind=TensorProto.INT64))
    with pytest.raises(lot.InputError, match=r"the decoder .* takes shape \(n, 3\), got \(5, 4\)"):
        model_of(files).decode(np.zeros((5, 4)))


def test_unknown_operators_are_refused(tmp_path: Path) -> None:
    with pytest.raises(lot.InputError, match=r"is not an intact ONNX file|ONNX Runtime cannot run"):
        load(save(tmp_path / "d.onnx", ["n", 3], operator="Explode"))
