"""Modules that others wrote, with their weights: the same numbers, and one line for whatever is wrong."""

import gzip
import pickle
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save, save_file

import latentot as lot
from latentot_torch_module import load

HERE = Path(__file__).parent
SHARED = HERE.parents[3] / "shared" / "data"
NAME = "factories_of_test"
Z = np.random.default_rng(0).standard_normal((30, 3))


@pytest.fixture(autouse=True)
def factories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The user's own module, on the path of Python."""
    shutil.copy(HERE / "factories.py", tmp_path / f"{NAME}.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop(NAME, None)
    yield
    sys.modules.pop(NAME, None)


@pytest.fixture
def module() -> torch.nn.Module:
    import importlib

    torch.manual_seed(1)
    return importlib.import_module(NAME).small()


@pytest.fixture
def weights(module: torch.nn.Module, tmp_path: Path) -> str:
    path = tmp_path / "theirs.safetensors"
    save_file(module.state_dict(), path)
    return str(path)


def small(weights: str, **options: Any) -> lot.Model:
    return load(f"{NAME}:small", 3, weights, **({"spread": "log-variance"} | options))


def test_it_gives_what_the_module_gives(module: torch.nn.Module, weights: str) -> None:
    model = small(weights)
    with torch.no_grad():
        images = module.decode(torch.tensor(Z, dtype=torch.float32))
        mean, log_variance = module.encode(images)
    np.testing.assert_allclose(model.decode(Z), images, atol=1e-6)
    posterior = model.encode(images.numpy())
    np.testing.assert_allclose(posterior.mean, mean, atol=1e-6)
    np.testing.assert_allclose(posterior.scale, (log_variance / 2).exp(), atol=1e-6)
    assert model.provenance["weights"] == "theirs.safetensors"
    assert model.provenance["factory"] == f"{NAME}:small"


def test_it_conforms_gradients_included(weights: str) -> None:
    options = {"factory": f"{NAME}:small", "latent": 3, "weights": weights, "spread": "log-variance"}
    report = lot.check_model("torch-module", options=options | {"factory_options": {"width": 16}})
    report.raise_on_failure()
    assert {result.outcome for result in report.results} == {"passed"}


def test_a_path_and_a_decoder_are_differentiated_as_one(weights: str) -> None:
    model = small(weights)
    z0, z1 = (torch.tensor(Z[rows], requires_grad=True) for rows in (slice(2), slice(2, 4)))
    data = model.decode(lot.interpolation("cauchy", model.prior)(z0, z1, 0.5).float())
    data.sum().backward()
    assert z0.grad is not None
    assert (z0.grad != 0).all()


def test_a_travelling_model_needs_no_file(weights: str) -> None:
    model = small(weights)
    packed = pickle.dumps(model)
    Path(weights).unlink()
    np.testing.assert_array_equal(pickle.loads(packed).decode(Z), model.decode(Z))  # noqa: S301


@pytest.mark.parametrize("factory", ["generator", "program"])
def test_what_only_decodes_has_no_encoder(factory: str, tmp_path: Path) -> None:
    import importlib

    generator = importlib.import_module(NAME).generator()
    state = {name: 2 * tensor for name, tensor in generator.state_dict().items()}
    save_file(state, tmp_path / "doubled.safetensors")
    model = load(f"{NAME}:{factory}", 3, str(tmp_path / "doubled.safetensors"))
    generator.load_state_dict(state)
    expected = generator(torch.tensor(Z, dtype=torch.float32)).detach()
    assert model.encode is None
    np.testing.assert_allclose(model.decode(Z), expected, atol=1e-6)


def test_many_rows_are_taken_in_batches(weights: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = small(weights).decode(Z)
    monkeypatch.setattr("latentot_torch_module.coder.BATCH", 7)
    np.testing.assert_allclose(small(weights).decode(Z), whole, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factory": "small"}, "factory is module:function, such as my_module:make, got 'small'"),
        ({"factory": "no_such_module_of_test:make"}, "cannot be imported .*No module named.*set PYTHONPATH"),
        ({"factory": f"{NAME}:smal"}, "cannot be imported .*has no attribute 'smal'"),
        ({"factory": f"{NAME}:nothing"}, "made dict: return a torch.nn.Module"),
        ({"factory": f"{NAME}:failing"}, "failed: OSError: no such disk"),
        ({"factory_options": {"depth": 3}}, "failed: TypeError: .*unexpected keyword argument 'depth'"),
        ({"factory_options": 3}, "factory_options are a table, such as .*got 3"),
        (
            {"factory_options": {"width": 8}},
            r"up.0.weight has shape \(16, 3\), there it is \(8, 3\); give the weights",
        ),
        ({"latent": 0}, "a latent's shape is a positive number"),
        ({"prior": "norml"}, "unknown prior 'norml'"),
        ({"spread": "sigma"}, "unknown spread 'sigma'"),
        ({"device": "cuda:99"}, "the device 'cuda:99' is not available: choose one of cpu"),
        ({"weights": 3}, "weights are the path of a .safetensors file, got 3"),
        ({"weights": "none.safetensors"}, "cannot read the weights none.safetensors: No such file"),
    ],
)
def test_options_that_are_not_accepted_are_one_line(weights: str, options: dict[str, Any], message: str) -> None:
    asked = {"factory": f"{NAME}:small", "latent": 3, "weights": weights} | options
    with pytest.raises(lot.InputError, match=message) as refused:
        load(**asked)
    assert "\n" not in str(refused.value)


class Bomb:
    def __init__(self, crater: Path) -> None:
        self.crater = crater

    def __reduce__(self) -> Any:
        return Path.touch, (self.crater,)


def test_nothing_in_the_file_is_executed(tmp_path: Path, weights: str) -> None:
    crater = tmp_path / "crater"
    torch.save({"up": Bomb(crater)}, tmp_path / "bomb.pt")
    raw = Path(weights).read_bytes()
    for content in ((tmp_path / "bomb.pt").read_bytes(), pickle.dumps(Bomb(crater)), raw[:100], b"", raw[:-9]):
        (tmp_path / "wrong.safetensors").write_bytes(content)
        with pytest.raises(
            lot.InputError, match=r"not an intact safetensors file .*pickled \.pt, are never opened"
        ) as refused:
            small(str(tmp_path / "wrong.safetensors"))
        assert "\n" not in str(refused.value)
    assert not crater.exists()
    pickle.loads(pickle.dumps(Bomb(crater)))  # noqa: S301
    assert crater.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("down.bias"), "it lacks down.bias; give the weights of this architecture"),
        (lambda state: state.update(extra=torch.zeros(1)), "it has beyond it extra"),
        (lambda state: state.update({"down.bias": torch.full((6,), torch.nan)}), "down.bias is not finite everywhere"),
    ],
)
def test_weights_of_another_module_are_refused(
    module: torch.nn.Module, tmp_path: Path, change: Any, message: str
) -> None:
    state = dict(module.state_dict())
    change(state)
    (tmp_path / "other.safetensors").write_bytes(save(state))
    with pytest.raises(lot.InputError, match=message):
        small(str(tmp_path / "other.safetensors"))


def test_latents_of_another_shape_are_one_line(weights: str) -> None:
    with pytest.raises(lot.InputError, match=r"decode of .*:small fails on shape \(2, 4\): RuntimeError"):
        small(weights).decode(np.zeros((2, 4)))


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared data beside the checkout")
@pytest.mark.usefixtures("fresh_process_is_this_one")
def test_a_vae_that_someone_else_trained() -> None:
    with gzip.open(SHARED / "t10k-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(16 + 2_000 * 784), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    x = torch.nn.functional.interpolate(torch.tensor(images / 255.0).float(), (32, 32), mode="bilinear").numpy()
    options = {"weights": str(SHARED / "external-vae-mnist.safetensors"), "spread": "log-variance"}
    model = load(f"{NAME}:external", 10, **options)
    mean, scale = model.encode(x)
    kl = ((mean**2 + scale**2 - 1) / 2 - np.log(scale)).sum(1).mean()
    codes = lot.Posterior(mean, scale).sample(rng=0)
    decoded = model.decode(mean).astype(np.float64).clip(1e-7, 1 - 1e-7)
    nats = -(x * np.log(decoded) + (1 - x) * np.log(1 - decoded)).sum((1, 2, 3)).mean()
    error = ((decoded - x) ** 2).mean()
    spread = codes.std(0)
    sys.stdout.write(f"{nats:.2f} + {kl:.2f} nats, MSE {error:.5f}, codes {spread.min():.3f} to {spread.max():.3f}\n")
    # The figures that its README states, of means decoded.
    assert nats == pytest.approx(117.1, abs=0.1)
    assert kl == pytest.approx(19.4, abs=0.1)
    assert error == pytest.approx(0.0067, abs=0.0001)
    assert spread.min() == pytest.approx(0.89, abs=0.02)
    assert spread.max() == pytest.approx(1.03, abs=0.02)
    asked = {"factory": f"{NAME}:external", "latent": 10} | options
    lot.check_model("torch-module", options=asked, data=x).raise_on_failure()
