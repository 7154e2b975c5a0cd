import pytest
import torch

from latentot.errors import InputError
from latentot_torch_vae import training
from latentot_torch_vae.likelihood import Bernoulli, Gaussian
from latentot_torch_vae.network import Architecture
from latentot_torch_vae.training import Recipe, fit

KEYS = ["reconstruction", "kl", "held-out reconstruction", "held-out kl"]


def run(digits, *, likelihood=None, **recipe):
    told = []
    recipe = {"epochs": 2, "batch_size": 64, "learning_rate": 2e-3, "seed": 0} | recipe
    vae, terms = fit(
        Architecture(digits.shape, latent=3, hidden=(32,)),
        likelihood or Bernoulli(),
        Recipe(**recipe),
        train=torch.tensor(digits.train),
        held_out=torch.tensor(digits.test),
        progress=lambda epoch, epochs, terms: told.append((epoch, epochs, dict(terms))),
    )
    return vae.state_dict(), terms, told


def test_the_same_seed_gives_the_same_weights_bit_for_bit(digits):
    (first, terms, _), (same, same_terms, _), (other, _, _) = (run(digits, seed=s) for s in (0, 0, 1))
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert terms == same_terms
    assert not any(torch.equal(first[name], other[name]) for name in first)


def test_torchs_global_random_state_neither_moves_nor_matters(digits):
    first, _, _ = run(digits)
    with torch.random.fork_rng():
        torch.manual_seed(1234)
        before = torch.get_rng_state()
        same, _, _ = run(digits)
        assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[name], same[name]) for name in first)


def test_the_number_of_torchs_threads_neither_moves_nor_matters(digits):
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        first, _, _ = run(digits, epochs=1)
        torch.set_num_threads(2)
        same, _, _ = run(digits, epochs=1)
        with pytest.raises(InputError):
            run(digits, learning_rate=1e20, epochs=5)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(first[name], same[name]) for name in first)


@pytest.mark.parametrize("likelihood", [Bernoulli(), Gaussian()])
def test_the_elbo_improves(digits, likelihood):
    _, _, told = run(digits, likelihood=likelihood, epochs=8)
    for part in ("", "held-out "):
        first, last = (terms[f"{part}reconstruction"] + terms[f"{part}kl"] for _, _, terms in (told[0], told[-1]))
        assert last < first - 2


def test_progress_hears_of_every_epoch(digits):
    _, terms, told = run(digits, epochs=3)
    assert [(epoch, epochs) for epoch, epochs, _ in told] == [(1, 3), (2, 3), (3, 3)]
    assert all(list(heard) == KEYS for _, _, heard in told)
    assert told[-1][2] == terms
    assert all(terms[key] >= 0 for key in KEYS)


def test_terms_do_not_depend_on_the_batches_of_the_evaluation(digits, monkeypatch):
    _, terms, _ = run(digits)
    monkeypatch.setattr(training, "HELD_OUT_BATCH", 7)
    _, same, _ = run(digits)
    assert same == pytest.approx(terms, rel=1e-5)


def test_divergence_is_said(digits):
    with pytest.raises(InputError, match=r"training diverged in epoch . of 5: try a learning_rate below 1e"):
        run(digits, learning_rate=1e20, epochs=5)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"epochs": 0}, "epochs is a whole number of at least 1, got 0"),
        ({"batch_size": 2.5}, "batch_size is a whole number of at least 1, got 2.5"),
        ({"learning_rate": "fast"}, "learning_rate is a finite number above 0, got 'fast'"),
        ({"seed": -1}, "seed is a whole number of at least 0, got -1"),
    ],
)
def test_an_impossible_recipe_is_refused(digits, wrong, message):
    with pytest.raises(InputError, match=message):
        run(digits, **wrong)
