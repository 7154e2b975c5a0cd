import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from latentot.errors import InputError
from latentot_torch_vae import coder
from latentot_torch_vae.checkpoint import from_bytes, to_bytes
from latentot_torch_vae.coder import Coder

Z = np.random.default_rng(0).standard_normal((50, 3))


@pytest.fixture
def tiny(checkpoint):
    return Coder(checkpoint, "cpu")


def test_decoding_gives_images(tiny):
    images = tiny.decode(Z)
    assert images.shape == (50, 1, 8, 8)
    assert images.dtype == np.float32
    assert images.min() >= 0
    assert images.max() <= 1
    assert images.std(0).max() > 0.01


def test_encoding_gives_a_posterior(tiny, digits):
    posterior = tiny.encode(digits.test)
    assert posterior.mean.shape == posterior.scale.shape == (64, 3)
    assert posterior.mean.dtype == posterior.scale.dtype == np.float32
    assert (posterior.scale > 0).all()
    assert tiny.decode(posterior.sample(rng=0)).shape == digits.test.shape


def test_the_round_trip_decodes_alike(tiny, checkpoint):
    again = Coder(from_bytes(to_bytes(checkpoint)), "cpu")
    assert np.array_equal(again.decode(Z), tiny.decode(Z))


def test_batches_do_not_matter(tiny, digits, monkeypatch):
    images, posterior = tiny.decode(Z), tiny.encode(digits.test)
    monkeypatch.setattr(coder, "BATCH", 7)
    np.testing.assert_allclose(tiny.decode(Z), images, atol=1e-6)
    np.testing.assert_allclose(tiny.encode(digits.test), posterior, atol=1e-5)


def test_no_latents_give_no_images(tiny):
    assert tiny.decode(np.empty((0, 3))).shape == (0, 1, 8, 8)
    assert tiny.encode(np.empty((0, 1, 8, 8))).mean.shape == (0, 3)


def test_read_only_and_strided_arrays_are_taken_and_kept(tiny):
    z = np.repeat(Z, 2, axis=0)[::2]
    z.flags.writeable = False
    assert np.array_equal(tiny.decode(z), tiny.decode(Z))
    assert np.array_equal(z, Z)
    assert np.array_equal(tiny.decode(Z[::-1]), tiny.decode(Z[::-1].copy()))


@pytest.mark.parametrize("shape", [(3,), (5, 4), (5, 3, 1), ()])
def test_latents_of_another_shape_are_refused(tiny, shape):
    with pytest.raises(InputError, match=r"latents of shape \(n, 3\) are expected, got"):
        tiny.decode(np.zeros(shape))


def test_images_of_another_shape_are_refused(tiny):
    with pytest.raises(InputError, match=r"images of shape \(n, 1, 8, 8\) are expected, got \(2, 8, 8\)"):
        tiny.encode(np.zeros((2, 8, 8)))


WORKER = """
import pickle, sys
import numpy as np
decode, z = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(pickle.dumps(decode(z)))
"""


def test_it_decodes_in_another_process(tiny):
    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        input=pickle.dumps((tiny.decode, Z)),
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    np.testing.assert_allclose(pickle.loads(done.stdout), tiny.decode(Z), atol=1e-6)  # noqa: S301
