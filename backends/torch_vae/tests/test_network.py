import pytest
import torch

from latentot.errors import InputError
from latentot_torch_vae.network import Architecture, assemble, initial_weights

SMALL = Architecture(shape=(2, 4, 3), latent=5, hidden=(16, 8))


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_shapes_of_encoder_and_decoder():
    vae = assemble(SMALL, initial_weights(SMALL, generator=generator()))
    mean, log_variance = vae.encode(torch.rand(7, 2, 4, 3, generator=generator()))
    assert mean.shape == log_variance.shape == (7, 5)
    assert vae.decode(mean).shape == (7, 2, 4, 3)


def test_hidden_layers_are_mirrored():
    shapes = {name: tuple(tensor.shape) for name, tensor in assemble(SMALL).state_dict().items()}
    assert [s for name, s in shapes.items() if name.endswith("weight")] == [
        *[(16, 24), (8, 16), (10, 8)],
        *[(8, 5), (16, 8), (24, 16)],
    ]


def test_the_decoder_is_deterministic():
    vae = assemble(SMALL, initial_weights(SMALL, generator=generator()))
    z = torch.randn(3, 5, generator=generator())
    assert torch.equal(vae.decode(z), vae.decode(z))


def test_initial_weights_follow_the_generator_alone():
    before = torch.get_rng_state()
    first, same, other = (initial_weights(SMALL, generator=generator(seed)) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert not torch.equal(first["encoder.1.weight"], other["encoder.1.weight"])


def test_initial_weights_keep_within_their_bound():
    weights = initial_weights(SMALL, generator=generator())
    assert 0.9 < weights["encoder.1.weight"].abs().max().item() * 24**0.5 <= 1
    assert not weights["encoder.1.bias"].any()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shape": ()}, "shape is one or more positive whole numbers"),
        ({"latent": 0}, "latent is a whole number of at least 1, got 0"),
        ({"hidden": (16, -1)}, r"hidden is one or more positive whole numbers, got \(16, -1\)"),
        ({"body": "transformer"}, "unknown body 'transformer': There are conv, mlp"),
    ],
)
def test_an_impossible_architecture_is_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        Architecture(**({"shape": (4,), "latent": 2, "hidden": (8,)} | wrong))


@pytest.mark.parametrize("shape", [(3, 64, 64), (1, 28, 28), (2, 5, 9), (1, 1, 1)])
@pytest.mark.parametrize("prior", ["normal", "sphere", "none"])
def test_convolutions_take_images_of_any_size(shape, prior):
    architecture = Architecture(shape=shape, latent=5, hidden=(4, 6), body="conv", prior=prior)
    vae = assemble(architecture, initial_weights(architecture, generator=generator()))
    location, spread = vae.encode(torch.rand(2, *shape, generator=generator()))
    assert (location.shape, spread.shape) == ((2, 5), (2, {"normal": 5, "sphere": 1, "none": 0}[prior]))
    assert vae.decode(location).shape == (2, *shape)


def test_outputs_are_neither_dead_nor_wild_at_the_start():
    for body, hidden in (("mlp", (64, 64)), ("conv", (8, 16, 32))):
        architecture = Architecture(shape=(1, 32, 32), latent=8, hidden=hidden, body=body)
        vae = assemble(architecture, initial_weights(architecture, generator=generator()))
        outputs = vae.decode(torch.randn(50, 8, generator=generator()))
        assert 0.005 < outputs.std().item() < 2


def test_convolutions_need_images():
    with pytest.raises(InputError, match=r"images of shape \(channels, height, width\), got \(4,\)"):
        Architecture(shape=(4,), latent=2, hidden=(8,), body="conv")


def test_a_sphere_needs_two_coordinates():
    with pytest.raises(InputError, match="latent with prior 'sphere' is a whole number of at least 2, got 1"):
        Architecture(shape=(4,), latent=1, hidden=(8,), prior="sphere")
