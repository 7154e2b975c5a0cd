import pytest
import torch

from latentot_torch_vae.bodies import BODIES, default_body, default_hidden


@pytest.mark.parametrize(
    ("shape", "body"),
    [((1, 8, 8), "mlp"), ((1, 32, 32), "mlp"), ((1, 33, 20), "conv"), ((3, 8, 8), "conv"), ((9,), "mlp")],
)
def test_the_shape_of_images_chooses_the_body(shape, body):
    assert default_body(shape) == body
    encoder, decoder = BODIES[body](shape, default_hidden(body, shape), 6, 3)
    assert encoder(torch.zeros(2, *shape)).shape == (2, 6)
    assert decoder(torch.zeros(2, 3)).shape == (2, *shape)


def test_convolutions_see_neighbours_and_share_weights():
    """Shifting an image by a whole stride shifts what the first stage makes of it."""
    encoder, _ = BODIES["conv"]((1, 16, 16), (4,), 2, 2)
    stage = encoder[:3]
    x = torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(stage(x.roll(2, 3))[..., 2:-1], stage(x)[..., 1:-2])
