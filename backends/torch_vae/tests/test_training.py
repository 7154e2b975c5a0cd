import pytest
import torch

from latentot.errors import InputError
from latentot_torch_vae import training
from latentot_torch_vae.likelihood import Bernoulli, Gaussian
from latentot_torch_vae.network import Architecture
from latentot_torch_vae.recipe import Recipe
from latentot_torch_vae.state import from_bytes, to_bytes
from latentot_torch_vae.training import fit

KEYS = ["reconstruction", "kl", "held-out reconstruction", "held-out kl"]


def run(digits, *, likelihood=None, prior="normal", body="mlp", begun=None, keep=None, **recipe):
    told = []

    def heard(epoch, epochs, terms):
        told.append((epoch, epochs, dict(terms)))

    recipe = {"epochs": 2, "batch_size": 64, "learning_rate": 2e-3, "seed": 0} | recipe
    vae, terms = fit(
        Architecture(digits.shape, latent=3, hidden=(32,), body=body, prior=prior),
        likelihood or Bernoulli(),
        Recipe(**recipe),
        train=torch.tensor(digits.train),
        held_out=torch.tensor(digits.test),
        progress=heard,
        begun=begun,
        keep=keep,
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


@pytest.mark.parametrize("prior", ["cauchy", "sphere", "none"])
@pytest.mark.parametrize("body", ["mlp", "conv"])
def test_every_family_and_body_learns(digits, prior, body):
    _, terms, told = run(digits, prior=prior, body=body, likelihood=Gaussian(), epochs=8)
    first, last = (terms["held-out reconstruction"] + terms["held-out kl"] for _, _, terms in (told[0], told[-1]))
    assert last < first - 2
    assert terms["kl"] == 0 if prior == "none" else terms["kl"] > 0.1


def test_a_larger_beta_makes_a_smaller_kl(digits):
    loose, strict = (run(digits, likelihood=Gaussian(), epochs=40, beta=beta)[1]["held-out kl"] for beta in (0.1, 10.0))
    assert strict < 0.7 * loose


def test_mixed_precision_learns_alike(digits):
    plain, mixed = (run(digits, epochs=8, precision=precision)[1] for precision in ("float32", "bfloat16"))
    assert mixed != plain
    assert mixed["held-out reconstruction"] == pytest.approx(plain["held-out reconstruction"], rel=0.02)


def test_patience_ends_training_and_keeps_the_best_epoch(digits, monkeypatch):
    """A learning rate that spoils what was learnt: the last epoch is not the best."""
    monkeypatch.setattr(training, "KEEP_SECONDS", 0)
    states = []
    weights, terms, told = run(
        digits, epochs=200, patience=3, learning_rate=0.05, keep=lambda state: states.append(through_a_file(state))
    )
    losses = [heard["held-out reconstruction"] + heard["held-out kl"] for _, _, heard in told]
    best = losses.index(min(losses))
    assert len(told) == best + 4 < 200
    assert terms == told[best][2]
    assert all(torch.equal(tensor, states[best].weights[name]) for name, tensor in weights.items())
    assert not torch.equal(weights["encoder.1.weight"], states[-1].weights["encoder.1.weight"])


@pytest.mark.parametrize(
    "options", [{}, {"patience": 2, "learning_rate": 0.05}, {"augment": True}, {"prior": "sphere"}]
)
def test_interrupted_training_goes_on_bit_for_bit(digits, monkeypatch, options):
    monkeypatch.setattr(training, "KEEP_SECONDS", 0)
    states, prior = [], options.get("prior", "normal")
    weights, terms, told = run(
        digits, epochs=4, keep=lambda state: states.append(through_a_file(state, prior)), **options
    )
    assert [state.epoch for state in states] == list(range(1, len(told) + 1))
    again, same_terms, heard = run(digits, epochs=4, begun=states[1], **options)
    assert heard == told[2:]
    assert same_terms == terms
    assert all(torch.equal(again[name], weights[name]) for name in weights)


def through_a_file(state, prior="normal"):
    return from_bytes(to_bytes({}, state), {}, Architecture((1, 8, 8), latent=3, hidden=(32,), prior=prior))


def test_what_is_finished_stays_finished(digits):
    states = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "KEEP_SECONDS", 0)
        run(digits, epochs=2, patience=1, keep=states.append)
    _, terms, told = run(digits, epochs=2, patience=1, begun=states[-1])
    assert told == []
    assert terms == states[-1].best.terms


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"epochs": 0}, "epochs is a whole number of at least 1, got 0"),
        ({"batch_size": 2.5}, "batch_size is a whole number of at least 1, got 2.5"),
        ({"learning_rate": "fast"}, "learning_rate is a finite number above 0, got 'fast'"),
        ({"seed": -1}, "seed is a whole number of at least 0, got -1"),
        ({"precision": 16}, "unknown precision 16"),
    ],
)
def test_an_impossible_recipe_is_refused(digits, wrong, message):
    with pytest.raises(InputError, match=message):
        run(digits, **wrong)
