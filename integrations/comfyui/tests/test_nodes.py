"""The nodes as ComfyUI loads, checks and calls them, by a stand-in that follows its documentation of custom nodes."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import latentot as lot

torch = pytest.importorskip("torch", reason="latents of ComfyUI are tensors of torch")

FOLDER = Path(__file__).parents[1]
SHAPE = (4, 16, 16)


@pytest.fixture(scope="module")
def package() -> Iterator[ModuleType]:
    """A folder in custom_nodes is a package by its path."""
    spec = importlib.util.spec_from_file_location("custom_nodes_latentot", FOLDER / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    for name in [name for name in sys.modules if name.startswith(spec.name)]:
        del sys.modules[name]


class RandomNoise:
    """NOISE as the node RandomNoise gives it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def generate_noise(self, input_latent: dict[str, Any]) -> Any:
        shape = input_latent["samples"].shape
        return torch.randn(shape, generator=torch.Generator().manual_seed(self.seed))


def execute(package: ModuleType, name: str, **inputs: Any) -> Any:
    """Check the inputs against INPUT_TYPES as the server does, then call FUNCTION on a new object."""
    node = package.NODE_CLASS_MAPPINGS[name]
    types = node.INPUT_TYPES()
    known = types["required"] | types.get("optional", {})
    assert set(types["required"]) - set(inputs) <= {"method", "weights", "law"}
    assert set(inputs) <= set(known)
    for key, (kind, *options) in types["required"].items():
        if options:
            inputs.setdefault(key, options[0]["default"])
        if isinstance(kind, list):
            assert inputs[key] in kind
    found = getattr(node(), node.FUNCTION)(**inputs)
    assert isinstance(found, tuple)
    assert len(found) == len(node.RETURN_TYPES) == 1
    return found[0]


def latent(seed: int, batch: int = 3, **more: Any) -> dict[str, Any]:
    return {"samples": torch.randn(batch, *SHAPE, generator=torch.Generator().manual_seed(seed)), **more}


def test_the_mappings_are_those_that_comfyui_reads(package: ModuleType) -> None:
    assert package.NODE_CLASS_MAPPINGS.keys() == package.NODE_DISPLAY_NAME_MAPPINGS.keys()
    for node in package.NODE_CLASS_MAPPINGS.values():
        assert callable(getattr(node, node.FUNCTION))
        assert isinstance(node.CATEGORY, str)
        assert {"required", "optional"} == set(node.INPUT_TYPES())
        for kind, *_ in (node.INPUT_TYPES()["required"] | node.INPUT_TYPES()["optional"]).values():
            assert isinstance(kind, list | str)


@pytest.mark.parametrize("method", ["matched", "cauchy", "spherical-cauchy"])
def test_noise_of_two_seeds_stays_noise(package: ModuleType, method: str) -> None:
    """3,072 numbers: the standard error of the variance is 0.026."""
    noise = execute(package, "LatentotBlendNoise", noise_1=RandomNoise(1), noise_2=RandomNoise(2), method=method)
    made = noise.generate_noise({"samples": torch.zeros(3, *SHAPE)})
    assert made.shape == (3, *SHAPE)
    assert made.var().item() == pytest.approx(1, abs=0.1)
    assert noise.seed == 1
    torch.testing.assert_close(made, noise.generate_noise({"samples": torch.zeros(3, *SHAPE)}))


def test_many_inputs_with_a_negative_weight(package: ModuleType) -> None:
    inputs = {f"latents_{place}": latent(place) for place in (1, 2, 5)}
    made = execute(package, "LatentotBlendLatents", **inputs, weights="1, 0.5, -0.5", law="noise: N(0, 1)")
    z = [inputs[name]["samples"] for name in inputs]
    torch.testing.assert_close(made["samples"], (z[0] + 0.5 * z[1] - 0.5 * z[2]) / 1.5**0.5)


def test_all_of_one_is_that_one(package: ModuleType) -> None:
    first, second = latent(1), latent(2)
    made = execute(
        package, "LatentotBlendLatents", latents_1=first, latents_2=second, weights="1 0", method="spherical-cauchy",
        law="noise: N(0, 1)",
    )  # fmt: skip
    assert torch.equal(made["samples"], first["samples"])


def test_latents_keep_mean_and_spread_of_each_channel(package: ModuleType) -> None:
    """As after VAEEncode: channels of means and spreads of their own, and two images that are independent."""
    mean, spread = torch.tensor([3.0, -1, 0, 9]).view(1, 4, 1, 1), torch.tensor([4.0, 1, 0.2, 2]).view(1, 4, 1, 1)
    inputs = {f"latents_{place}": {"samples": latent(place, 8)["samples"] * spread + mean} for place in (1, 2)}
    made = execute(package, "LatentotBlendLatents", **inputs)["samples"]
    torch.testing.assert_close(made.std(dim=(0, 2, 3)), spread.flatten(), rtol=0.1, atol=0)
    torch.testing.assert_close(made.mean(dim=(0, 2, 3)) / spread.flatten(), (mean / spread).flatten(), rtol=0, atol=0.1)
    plain = execute(package, "LatentotBlendLatents", **inputs, method="linear")["samples"]
    assert (plain.std(dim=(0, 2, 3)) / spread.flatten()).max() < 0.8


def test_a_channel_that_is_constant_stays_so(package: ModuleType) -> None:
    inputs = {f"latents_{place}": {"samples": torch.ones(1, *SHAPE)} for place in (1, 2)}
    made = execute(package, "LatentotBlendLatents", **inputs)["samples"]
    torch.testing.assert_close(made, torch.ones(1, *SHAPE))


def test_mask_and_indices_of_the_first_are_kept_and_inputs_are_not_changed(package: ModuleType) -> None:
    mask = torch.ones(3, 1, 128, 128)
    first, second = latent(1, noise_mask=mask, batch_index=[4, 5, 6]), latent(2, batch_index=[0, 1, 2])
    before = first["samples"].clone()
    made = execute(package, "LatentotBlendLatents", latents_1=first, latents_2=second)
    assert made["noise_mask"] is mask
    assert made["batch_index"] == [4, 5, 6]
    assert made is not first
    assert torch.equal(first["samples"], before)


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_a_batch_of_another_size_goes_over_again(package: ModuleType, batch: int) -> None:
    made = execute(
        package, "LatentotBlendLatents", latents_1=latent(1), latents_2=latent(2, batch), law="noise: N(0, 1)"
    )
    z0, z1 = latent(1)["samples"], latent(2, batch)["samples"]
    torch.testing.assert_close(made["samples"][2], (z0[2] + z1[2 % batch]) / 2**0.5)


def test_half_precision_stays_so(package: ModuleType) -> None:
    inputs = {f"latents_{place}": {"samples": latent(place)["samples"].half()} for place in (1, 2)}
    assert execute(package, "LatentotBlendLatents", **inputs)["samples"].dtype == torch.float16


def test_video_latents_have_an_axis_more(package: ModuleType) -> None:
    inputs = {f"latents_{place}": {"samples": torch.randn(1, 4, 3, 8, 8)} for place in (1, 2, 3)}
    assert execute(package, "LatentotBlendLatents", **inputs)["samples"].shape == (1, 4, 3, 8, 8)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"weights": "1"}, "2 inputs need 2 weights"),
        ({"weights": "0, 0"}, "not all zero"),
        ({"weights": "half"}, "weights are numbers such as"),
        ({"weights": "1, -1", "method": "spherical"}, "joins two inputs, with weights of one sign"),
        ({"latents_3": latent(3), "method": "spherical-cauchy"}, "choose matched, cauchy, linear"),
        ({"latents_2": {"samples": torch.zeros(3, 4, 8, 8)}}, r"of one size, got \(4, 16, 16\) and \(4, 8, 8\)"),
    ],
)
def test_what_cannot_be_blended_is_a_line(package: ModuleType, inputs: dict[str, Any], message: str) -> None:
    given = {"latents_1": latent(1), "latents_2": latent(2)} | inputs
    with pytest.raises(lot.InputError, match=message):
        execute(package, "LatentotBlendLatents", **given)


def test_what_is_no_noise_is_refused(package: ModuleType) -> None:
    with pytest.raises(lot.InputError, match="as RandomNoise makes one"):
        execute(package, "LatentotBlendNoise", noise_1=RandomNoise(1), noise_2=latent(2))
