import torch

from latentot_torch_vae.augment import moved


def test_augmented_images_stay_images_and_close():
    x = torch.zeros(200, 1, 9, 9)
    x[:, :, 4, 4] = 1
    moves = [moved(x, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    assert torch.equal(moves[0], moves[1])
    assert not torch.equal(moves[0], moves[2])
    assert moves[0].min() >= 0
    assert moves[0].max() <= 1
    # The middle moves by a pixel at most, each image by its own way.
    assert (moves[0][:, :, 2:7, 2:7].sum((1, 2, 3)) > 0.7).all()
    assert len(torch.unique(moves[0].flatten(1), dim=0)) == 200


def test_torchs_global_random_state_does_not_move():
    before = torch.get_rng_state()
    moved(torch.ones(2, 3, 8, 8), torch.Generator())
    assert torch.equal(torch.get_rng_state(), before)
