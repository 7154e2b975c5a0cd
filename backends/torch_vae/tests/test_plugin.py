import hashlib
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

import latentot as lot
from latentot.data import Data
from latentot.models import MODELS, TRAINERS, load_trainer
from latentot_torch_vae import load, train
from latentot_torch_vae.training import _exact


def silent(epoch, epochs, terms):
    pass


def never(epoch, epochs, terms):
    raise AssertionError("training has begun")


def test_latentot_finds_the_model(checkpoint_file):
    assert MODELS.origins()["torch-vae"].startswith("latentot-torch-vae ")
    model = lot.load_model("torch-vae", checkpoint=str(checkpoint_file))
    assert model.name == "torch-vae"
    assert model.prior == lot.Normal(3)
    assert model.decode(model.prior.sample(5, rng=0)).shape == (5, 1, 8, 8)


def test_latentot_finds_the_trainer():
    assert "torch-vae" in TRAINERS.names()
    assert load_trainer("torch-vae", {"latent": 8, "seed": 0}) is train
    with pytest.raises(lot.InputError, match="did you mean 'latent'"):
        load_trainer("torch-vae", {"latents": 8})


def test_importing_the_plugin_does_not_import_torch():
    code = "import sys, latentot_torch_vae; sys.exit('torch' in sys.modules)"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_provenance_says_where_the_model_comes_from(checkpoint_file):
    provenance = load(str(checkpoint_file)).provenance
    assert provenance["checkpoint"] == "tiny.safetensors"
    assert provenance["sha256"] == hashlib.sha256(checkpoint_file.read_bytes()).hexdigest()
    assert provenance["recipe"]["seed"] == 0
    assert provenance["terms"]["held-out kl"] > 0


def test_a_model_travels_without_its_file(digits, tmp_path):
    out = tmp_path / "m.safetensors"
    train(digits, out, progress=silent, latent=2, hidden=8, epochs=1)
    model = load(str(out))
    packed = pickle.dumps(model)
    out.unlink()
    z = model.prior.sample(4, rng=0)
    assert np.array_equal(pickle.loads(packed).decode(z), model.decode(z))  # noqa: S301


def test_training_returns_the_terms_it_writes(digits, tmp_path):
    out, told = tmp_path / "m.safetensors", []
    terms = train(
        digits, out, progress=lambda *heard: told.append(heard), likelihood="gaussian", hidden=[8, 8], epochs=2
    )
    assert [(epoch, epochs) for epoch, epochs, _ in told] == [(1, 2), (2, 2)]
    assert load(str(out)).provenance["terms"] == terms == told[-1][2]


def test_the_same_seed_gives_the_same_file(digits, tmp_path):
    files = [tmp_path / f"{name}.safetensors" for name in "abc"]
    for file, seed in zip(files, (5, 5, 6), strict=True):
        train(digits, file, progress=silent, hidden=8, epochs=1, seed=seed)
    first, same, other = (file.read_bytes() for file in files)
    assert first == same != other


def test_an_old_checkpoint_survives_failed_training(digits, tmp_path):
    def stumble(epoch, epochs, terms):
        if epoch == 2:
            raise KeyboardInterrupt

    out = tmp_path / "m.safetensors"
    out.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        train(digits, out, progress=stumble, hidden=8, epochs=3)
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"prior": "cauhcy"}, "unknown prior 'cauhcy': did you mean 'cauchy'"),
        ({"likelihood": "bernouli"}, "did you mean 'bernoulli'"),
        ({"latent": 0}, "latent is a whole number of at least 1, got 0"),
        ({"hidden": ()}, "hidden is one or more positive whole numbers"),
        ({"epochs": "many"}, "epochs is a whole number"),
        ({"learning_rate": -1.0}, "learning_rate is a finite number above 0"),
        ({"seed": 0.5}, "seed is a whole number"),
        ({"beta": 0}, "beta is a finite number above 0, got 0"),
        ({"patience": -1}, "patience is a whole number of at least 0"),
        ({"augment": "yes"}, "augment is true or false, got 'yes'"),
        ({"body": "convo"}, "unknown body 'convo': did you mean 'conv'"),
        ({"body": 3}, "unknown body 3"),
        ({"precision": "float16"}, "unknown precision 'float16': did you mean 'bfloat16'"),
        ({"threads": 0}, "threads is a whole number of at least 1"),
        ({"device": "cuda:99"}, "the device 'cuda:99' is not available: choose one of cpu"),
        ({"device": "mps"}, "the device 'mps' is not available: choose one of cpu"),
        ({"prior": "sphere", "latent": 1}, "latent with prior 'sphere' is a whole number of at least 2, got 1"),
        ({"resume": True}, r"no unfinished training to resume, .*m\.training\.safetensors"),
        ({"out": "m.pt"}, r"a checkpoint's name ends in .safetensors, got '.*m\.pt'"),
        ({"out": "missing/m.safetensors"}, "existing, writable folder"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_training(digits, tmp_path, wrong, message):
    options = dict(wrong)
    out = tmp_path / options.pop("out", "m.safetensors")
    with pytest.raises(lot.InputError, match=message):
        train(digits, out, progress=never, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((0, 1, 2, 2)), r"mine: one or more test images of shape \(1, 8, 8\) are needed"),
        (np.zeros((3, 1, 4, 4)), "mine: one or more test images"),
        (np.full((3, 1, 8, 8), 255.0), r"mine: test images lie in \[0, 1\], got 255 to 255"),
        (np.full((3, 1, 8, 8), np.nan), r"mine: test images lie in \[0, 1\], got nan to nan"),
    ],
)
def test_images_that_break_the_contract_are_refused(digits, tmp_path, images, message):
    data = Data("mine", digits.train, images.astype(np.float32))
    with pytest.raises(lot.InputError, match=message):
        train(data, tmp_path / "m.safetensors", progress=never)


def test_a_missing_checkpoint_says_how_to_make_one(tmp_path):
    missing = tmp_path / "none.safetensors"
    command = f"latentot train torch-vae --data digits --latent 8 --out {missing}"
    with pytest.raises(lot.InputError, match=command):
        load(str(missing))


@pytest.mark.parametrize("checkpoint", [None, 3, ["m.safetensors"]])
def test_a_checkpoint_that_is_no_path_is_refused(checkpoint):
    with pytest.raises(lot.InputError, match=r"checkpoint is the path of a \.safetensors file, got"):
        load(checkpoint)


def test_a_folder_is_no_checkpoint(tmp_path):
    with pytest.raises(lot.InputError, match=r"cannot read the checkpoint .*: Is a directory"):
        load(str(tmp_path))


def test_a_damaged_checkpoint_is_named(checkpoint_file, tmp_path):
    damaged = tmp_path / "half.safetensors"
    damaged.write_bytes(checkpoint_file.read_bytes()[:2000])
    with pytest.raises(lot.InputError, match=r"half\.safetensors is not a checkpoint") as caught:
        load(str(damaged))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("device", ["cuda:99", "meta", "gpu", 0, None, ["cpu"]])
def test_a_device_that_is_not_there_is_refused(checkpoint_file, device):
    with pytest.raises(lot.InputError, match="is not available: choose one of cpu"):
        load(str(checkpoint_file), device=device)


def test_cuda_where_there_is_none_is_refused(checkpoint_file, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(lot.InputError, match=r"the device 'cuda' is not available: choose one of cpu$"):
        load(str(checkpoint_file), device="cuda")


class NoDoubles(TorchDispatchMode):
    """An Apple processor, as far as double precision goes."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        assert not any(isinstance(one, torch.Tensor) and one.dtype == torch.float64 for one in tree_leaves(made))
        return made


def test_nothing_is_in_double_precision_where_there_is_none(digits, tmp_path, monkeypatch):
    monkeypatch.setattr("latentot_torch_vae.training._exact", lambda _: torch.float32)
    with NoDoubles():
        train(digits, tmp_path / "m.safetensors", progress=lambda *_: None, epochs=1, latent=2)
    assert _exact(torch.device("mps")) == torch.float32
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    with pytest.raises(lot.InputError, match="sphere is trained in double precision, which mps does not have"):
        train(digits, tmp_path / "s.safetensors", progress=never, device="mps", prior="sphere", latent=2)


def test_a_checkpoint_is_found_at_home(checkpoint_file, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(checkpoint_file.parent))
    assert load(f"~/{checkpoint_file.name}").provenance["checkpoint"] == checkpoint_file.name
    pointer = tmp_path / "m.safetensors"
    pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    with pytest.raises(lot.InputError, match=r"m\.safetensors is a Git LFS pointer"):
        lot.load_model("torch-vae", checkpoint=pointer)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_decodes_as_the_cpu_does(checkpoint_file):
    on_cpu, on_cuda = (load(str(checkpoint_file), device=device) for device in ("cpu", "cuda"))
    z = on_cpu.prior.sample(2000, rng=0)
    np.testing.assert_allclose(pickle.loads(pickle.dumps(on_cuda)).decode(z), on_cpu.decode(z), atol=1e-3)  # noqa: S301


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("prior", ["normal", "cauchy", "sphere", "none"])
def test_a_gpu_trains_in_mixed_precision_and_resumes(digits, tmp_path, monkeypatch, prior):
    def stumble(epoch, epochs, terms):
        if epoch == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("latentot_torch_vae.training.KEEP_SECONDS", 0)
    out = tmp_path / "m.safetensors"
    options = {"prior": prior, "hidden": 16, "epochs": 3, "patience": 2, "augment": True}
    with pytest.raises(KeyboardInterrupt):
        train(digits, out, progress=stumble, **options)
    train(digits, out, progress=silent, resume=True, **options)
    model = load(str(out))
    assert model.provenance["recipe"]["precision"] == "bfloat16"
    assert np.isfinite(model.decode(model.encode(digits.test).sample(rng=0))).all()
