"""Models of diffusers, made tiny with random weights: through its real loading code, offline, from safetensors."""

import importlib
import json
import pickle
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

import latentot as lot

if find_spec("diffusers") is None:
    pytest.skip("the backend of diffusers needs diffusers", allow_module_level=True)

SHAPE = (3, 8, 8)


class Bomb:
    def __init__(self, crater: Path) -> None:
        self.crater = crater

    def __reduce__(self):
        return Path.touch, (self.crater,)


def random_weights(module):
    generator = torch.Generator().manual_seed(0)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.1, generator=generator)
    return module


@pytest.fixture(scope="session")
def diffusers():
    """Imported by the process that runs these tests, not by all that collect them: it takes seconds."""
    return importlib.import_module("diffusers")


@pytest.fixture(scope="session")
def pipeline(diffusers, tmp_path_factory):
    unet = diffusers.UNet2DModel(
        sample_size=8, in_channels=3, out_channels=3, layers_per_block=1, block_out_channels=(8,), norm_num_groups=4,
        down_block_types=("DownBlock2D",), up_block_types=("UpBlock2D",), add_attention=False,
    )  # fmt: skip
    made = diffusers.ConsistencyModelPipeline(random_weights(unet), diffusers.CMStochasticIterativeScheduler())
    folder = tmp_path_factory.mktemp("models") / "pipeline"
    made.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def vae(diffusers, tmp_path_factory):
    made = diffusers.AutoencoderKL(
        in_channels=1, out_channels=1, sample_size=8, latent_channels=2, block_out_channels=(8, 8), norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2, scaling_factor=0.5,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("models") / "vae"
    random_weights(made).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("name", ["diffusers", "diffusers-autoencoder"])
def test_they_conform(name, pipeline, vae, request):
    if name == "diffusers":  # both are loaded by the same library, whose import in another process takes seconds
        request.getfixturevalue("fresh_process_is_this_one")
    path, data = {"diffusers": (pipeline, None), "diffusers-autoencoder": (vae, lot.load_data("digits").test[:32])}[
        name
    ]
    report = lot.check_model(name, options={"path": str(path)}, data=data)
    assert not report.failures, report


def test_noise_is_turned_into_what_the_pipeline_makes_of_it(diffusers, pipeline):
    model = lot.load_model("diffusers", path=str(pipeline))
    z = model.prior.sample(3, rng=0)
    assert model.prior == lot.Normal(SHAPE)
    own = diffusers.ConsistencyModelPipeline.from_pretrained(pipeline, local_files_only=True)
    wanted = own(batch_size=3, latents=torch.tensor(z, dtype=torch.float32), output_type="np").images
    np.testing.assert_allclose(model.decode(z), np.moveaxis(wanted, -1, 1), atol=1e-6)
    assert model.name == "ConsistencyModelPipeline"
    assert model.provenance["folder"] == "pipeline"


def test_noise_of_a_sampler_is_each_images_own(pipeline):
    """Two steps, between which the sampler adds noise: neither the batch nor the place in it matters."""
    options = {"path": str(pipeline), "call": {"num_inference_steps": 2}}
    one, two = (lot.load_model("diffusers", **options, batch=batch) for batch in (8, 2))
    z = one.prior.sample(5, rng=0)
    np.testing.assert_allclose(one.decode(z), two.decode(z), atol=1e-5)
    np.testing.assert_allclose(one.decode(z[::-1])[::-1], one.decode(z), atol=1e-5)
    other = lot.load_model("diffusers", **options, seed=1)
    assert np.abs(other.decode(z) - one.decode(z)).max() > 1e-3


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_interpolations_go_in_as_latents(diffusers, pipeline, dtype):
    own = diffusers.DiffusionPipeline.from_pretrained(pipeline, local_files_only=True, dtype=dtype)
    own.set_progress_bar_config(disable=True)
    z0, z1 = (torch.randn(2, *SHAPE, generator=torch.Generator().manual_seed(seed)).to(dtype) for seed in (0, 1))
    for method in ("linear", "cauchy", "spherical"):
        z = lot.interpolation(method, lot.Normal(SHAPE))(z0, z1, 0.5)
        assert (z.dtype, z.shape) == (dtype, z0.shape)
        images = own(batch_size=2, latents=z, output_type="pt").images
        assert (images.dtype, images.shape) == (dtype, (2, 3, 8, 8))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_half_precision_stays_on_the_gpu(diffusers, pipeline):
    own = diffusers.DiffusionPipeline.from_pretrained(pipeline, local_files_only=True, dtype=torch.float16)
    own = own.to("cuda")
    z0, z1 = (torch.randn(2, *SHAPE, device="cuda", dtype=torch.float16) for _ in range(2))
    z = lot.interpolation("cauchy", lot.Normal(SHAPE))(z0, z1, 0.5)
    assert (z.dtype, z.device.type) == (torch.float16, "cuda")
    assert own(batch_size=2, latents=z, output_type="pt").images.shape == (2, 3, 8, 8)
    model = lot.load_model("diffusers", path=str(pipeline), device="cuda", dtype="float16")
    assert np.isfinite(model.decode(model.prior.sample(3, rng=0))).all()


def test_an_autoencoder_scales_its_latents(diffusers, vae):
    model = lot.load_model("diffusers-autoencoder", path=str(vae))
    own = diffusers.AutoencoderKL.from_pretrained(vae, local_files_only=True)
    x = lot.load_data("digits").test[:10]
    with torch.no_grad():
        law = own.encode(torch.tensor(2 * x - 1)).latent_dist
        z = model.prior.sample(10, rng=0).astype(np.float32)
        wanted = own.decode(torch.tensor(z) / 0.5).sample / 2 + 0.5
    mean, scale = model.encode(x)
    assert model.prior == lot.Normal((2, 4, 4))
    np.testing.assert_allclose(mean, law.mean * 0.5, atol=1e-5)
    np.testing.assert_allclose(scale, law.std * 0.5, atol=1e-5)
    np.testing.assert_allclose(model.decode(z), wanted.clip(0, 1), atol=1e-5)


def test_the_prior_may_be_what_data_are_encoded_to(vae):
    model = lot.load_model("diffusers-autoencoder", path=str(vae), data="digits", batch=256)
    assert isinstance(model.prior, lot.Empirical)
    assert model.prior.samples.shape == (1438, 2, 4, 4)
    assert model.provenance["data"]["name"] == "digits"


def test_they_travel_as_plain_data(pipeline, vae):
    for model in (
        lot.load_model("diffusers", path=str(pipeline)),
        lot.load_model("diffusers-autoencoder", path=str(vae)),
    ):
        z = model.prior.sample(2, rng=0)
        packed = pickle.dumps(model)
        assert len(packed) < 5_000
        np.testing.assert_allclose(pickle.loads(packed).decode(z), model.decode(z), atol=1e-6)  # noqa: S301
        assert model.decode(z[:0]).shape == (0, *model.decode(z).shape[1:])


def copied(folder, tmp_path):
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def refused(name, message, **options):
    with pytest.raises(lot.InputError, match=message) as caught:
        lot.load_model(name, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["diffusers", "diffusers-autoencoder"])
def test_what_is_no_folder_is_refused(name, tmp_path):
    for path in ("stabilityai/sd-turbo", str(tmp_path / "none"), 3):
        refused(name, "nothing is downloaded", path=path)
    refused(name, "has no readable", path=str(tmp_path))


def test_a_damaged_file_is_refused(pipeline, vae, tmp_path):
    folder = copied(pipeline, tmp_path)
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:3000])
    refused("diffusers", "diffusers cannot load", path=str(folder))
    (folder / "model_index.json").write_text("{")
    refused("diffusers", "model_index.json is not JSON", path=str(folder))
    refused("diffusers-autoencoder", "is a UNet2DModel, not an AutoencoderKL", path=str(pipeline / "unet"))


def test_nothing_is_unpickled(pipeline, tmp_path):
    """Neither a bomb nor good weights: a pickle is not opened to find out which it is."""
    folder, crater = copied(pipeline, tmp_path), tmp_path / "crater"
    good = safetensors.torch.load_file(folder / "unet" / "diffusion_pytorch_model.safetensors")
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    for content in ({"a": Bomb(crater)}, good):
        torch.save(content, folder / "unet" / "diffusion_pytorch_model.bin")
        refused("diffusers", "diffusers cannot load .*safetensors", path=str(folder))
    assert not crater.exists()


@pytest.mark.parametrize("change", [{"_class_name": ["pipeline", "Own"]}, {"unet": ["own_unet", "Own"]}])
def test_code_of_the_folder_is_not_run(pipeline, tmp_path, change):
    folder, crater = copied(pipeline, tmp_path), tmp_path / "crater"
    for file in ("pipeline.py", "own_unet.py", "unet/own_unet.py"):
        (folder / file).write_text(f"import pathlib\npathlib.Path({str(crater)!r}).touch()\n")
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | change))
    refused("diffusers", "is code of the folder's own, which is not run", path=str(folder))
    assert not crater.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"device": "cuda:99"}, "the device 'cuda:99' is not available: choose one of cpu"),
        ({"dtype": "float8"}, "unknown dtype 'float8'"),
        ({"batch": 0}, "batch is a whole number of at least 1"),
        ({"call": {"steps": 2}}, "ConsistencyModelPipeline is not called with steps"),
        ({"call": 3}, "call is a table such as"),
    ],
)
def test_impossible_options_are_refused(pipeline, wrong, message):
    refused("diffusers", message, path=str(pipeline), **wrong)


def test_latents_of_another_shape_are_refused(pipeline, vae):
    for name, path in (("diffusers", pipeline), ("diffusers-autoencoder", vae)):
        model = lot.load_model(name, path=str(path))
        with pytest.raises(lot.InputError, match="expected, got"):
            model.decode(np.zeros((2, 3)))
