"""What pipelines do with an autoencoder's latents, by every field of its configuration that they read."""

import inspect
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

import latentot as lot
from latentot_diffusers.scaling import scaling_of

diffusers = pytest.importorskip("diffusers", reason="the backend of diffusers needs diffusers")

MEAN, STD = [-1.6574, 1.886, -1.383, 2.5155], [8.4927, 5.9022, 6.5498, 5.2299]
"""Of playgroundai/playground-v2.5, an SDXL."""

# own = what a pipeline hands to vae.decode, written out as in its file: stable_diffusion, stable_diffusion_3 and flux,
# stable_diffusion_xl, which takes mean and std if both are there.
KINDS = {
    "stable diffusion": ({"scaling_factor": 0.18215}, lambda z: z / 0.18215),
    "explicitly none": (
        {"scaling_factor": 0.13025, "shift_factor": None, "latents_mean": None, "latents_std": None},
        lambda z: z / 0.13025,
    ),
    "stable diffusion 3": ({"scaling_factor": 1.5305, "shift_factor": 0.0609}, lambda z: z / 1.5305 + 0.0609),
    "shift of 0": ({"scaling_factor": 0.5, "shift_factor": 0}, lambda z: z / 0.5),
    "no factor": ({"scaling_factor": None, "shift_factor": 0.25}, lambda z: z + 0.25),
    "integers": ({"scaling_factor": 2, "shift_factor": 1}, lambda z: z / 2 + 1),
    "negative": ({"scaling_factor": -2.0}, lambda z: z / -2),
    "playground": (
        {"scaling_factor": 0.5, "latents_mean": MEAN, "latents_std": STD},
        lambda z: z * torch.tensor(STD).view(1, 4, 1, 1) / 0.5 + torch.tensor(MEAN).view(1, 4, 1, 1),
    ),
    "mean and std, shift of 0": (
        {"scaling_factor": 1.0, "shift_factor": 0.0, "latents_mean": tuple(MEAN), "latents_std": tuple(STD)},
        lambda z: z * torch.tensor(STD).view(1, 4, 1, 1) + torch.tensor(MEAN).view(1, 4, 1, 1),
    ),
    "a mean of 0": (
        {"scaling_factor": 0.5, "latents_mean": [0, 0, 0, 0], "latents_std": STD},
        lambda z: z * torch.tensor(STD).view(1, 4, 1, 1) / 0.5,
    ),
    "a mean alone, which pipelines pass over": ({"scaling_factor": 0.5, "latents_mean": MEAN}, lambda z: z / 0.5),
    "a std alone, which pipelines pass over": ({"scaling_factor": 0.5, "latents_std": STD}, lambda z: z / 0.5),
}


@pytest.mark.parametrize("kind", KINDS)
def test_latents_are_those_of_the_pipeline(kind: str) -> None:
    config, pipeline = KINDS[kind]
    scaling = scaling_of({"latent_channels": 4, **config}, "mine")
    z = torch.randn(5, 4, 2, 3, generator=torch.Generator().manual_seed(0))
    own = scaling.to_own(z)
    torch.testing.assert_close(own, pipeline(z))
    # The way back, of a draw of q(z|x) as of its mean: own = m + s e is z = (m + s e - shift) / spread.
    mean, std = scaling.from_own(own.numpy(), np.ones(own.shape, np.float32))
    np.testing.assert_allclose(mean, z, atol=2e-6)
    np.testing.assert_allclose(np.abs(scaling.from_own((own + 1).numpy(), std)[0] - mean), std, rtol=1e-4)
    assert (std > 0).all()
    assert json.loads(json.dumps(scaling.facts)) == scaling.facts


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"scaling_factor": 0}, "scaling_factor is 0"),
        ({"scaling_factor": float("nan")}, "scaling_factor is a number, got nan"),
        ({"scaling_factor": "0.5"}, "scaling_factor is a number, got '0.5'"),
        ({"shift_factor": [0.1]}, r"shift_factor is a number, got \[0.1\]"),
        ({"latents_mean": MEAN[:3], "latents_std": STD}, "latents_mean lists a number for each of 4 channels"),
        ({"latents_mean": MEAN, "latents_std": 2.0}, "latents_std lists a number for each of 4 channels, got 2.0"),
        ({"latents_mean": MEAN, "latents_std": [1, 2, 0, 3]}, "latents_std is 0 in a channel"),
        ({"latents_mean": [0, 0, None, 0], "latents_std": STD}, "latents_mean is a number, got None"),
        ({"latents_mean": [0, 0, float("inf"), 0], "latents_std": STD}, "latents_mean is a number, got inf"),
        ({"shift_factor": 0.1, "latents_mean": MEAN, "latents_std": STD}, "pipelines apply one or the other"),
    ],
)
def test_what_latents_cannot_be_scaled_by_is_refused(config: dict, message: str) -> None:
    with pytest.raises(lot.InputError, match=f"^mine.*{message}") as caught:
        scaling_of({"latent_channels": 4, **config}, "mine")
    assert "\n" not in str(caught.value)


def test_every_field_of_a_configuration_is_known() -> None:
    """One that pipelines come to read is noticed here: those below are of the network, or heeded."""
    network = {
        "act_fn", "block_out_channels", "down_block_types", "in_channels", "latent_channels", "layers_per_block",
        "mid_block_add_attention", "norm_num_groups", "out_channels", "up_block_types", "use_post_quant_conv",
        "use_quant_conv",
    }  # fmt: skip
    heeded = {"scaling_factor", "shift_factor", "latents_mean", "latents_std", "force_upcast", "sample_size"}
    assert set(inspect.signature(diffusers.AutoencoderKL).parameters) <= network | heeded


@pytest.fixture(scope="module")
def vae(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = diffusers.AutoencoderKL(
        in_channels=1, out_channels=1, sample_size=[8, 16], latent_channels=2, block_out_channels=(4, 4),
        norm_num_groups=2, down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
        layers_per_block=1, scaling_factor=0.5, latents_mean=[-1.0, 2.0], latents_std=[3.0, 0.25], force_upcast=True,
    )  # fmt: skip
    generator = torch.Generator().manual_seed(0)
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.2, generator=generator)
    folder = tmp_path_factory.mktemp("models") / "vae"
    made.save_pretrained(folder)
    return folder


def test_all_of_a_configuration_is_heeded(vae: Path) -> None:
    """Mean, std and factor; a side for each axis; and that half precision is too narrow."""
    model = lot.load_model("diffusers-autoencoder", path=vae, dtype="float16")
    own = diffusers.AutoencoderKL.from_pretrained(vae, local_files_only=True)
    z = model.prior.sample(6, rng=0).astype(np.float32)
    x = np.random.default_rng(0).random((6, 1, 8, 16), dtype=np.float32)
    mean, std = (torch.tensor(part).view(1, 2, 1, 1) for part in ([-1.0, 2.0], [3.0, 0.25]))
    with torch.no_grad():
        decoded = own.decode(torch.tensor(z) * std / 0.5 + mean).sample
        law = own.encode(torch.tensor(2 * x - 1)).latent_dist
    assert model.prior == lot.Normal((2, 4, 8))
    np.testing.assert_allclose(model.decode(z), (decoded / 2 + 0.5).clip(0, 1), atol=1e-5)
    posterior = model.encode(x)
    np.testing.assert_allclose(posterior.mean, (law.mean - mean) * 0.5 / std, atol=1e-5)
    np.testing.assert_allclose(posterior.scale, law.std * 0.5 / std, atol=1e-5)
    assert model.provenance["scaling"] == {"spread": [6.0, 0.5], "shift": [-1.0, 2.0]}
    assert model.provenance["dtype"] == "float32"


def test_a_pointer_is_called_one_and_a_mark_is_passed_over(vae: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(vae, tmp_path / "vae"))
    config = folder / "config.json"
    config.write_bytes(b"\xef\xbb\xbf" + config.read_bytes())
    (weights,) = folder.glob("*.safetensors")
    weights.write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 334643276\n")
    with pytest.raises(lot.InputError, match=rf"{weights.name} is a Git LFS pointer.*git lfs pull"):
        lot.load_model("diffusers-autoencoder", path=folder)
    config.write_text(weights.read_text())
    with pytest.raises(lot.InputError, match=r"config.json is a Git LFS pointer"):
        lot.load_model("diffusers-autoencoder", path=folder)


def test_a_home_is_one(vae: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(vae.parent))
    assert lot.load_model("diffusers-autoencoder", path="~/vae").prior.shape == (2, 4, 8)
