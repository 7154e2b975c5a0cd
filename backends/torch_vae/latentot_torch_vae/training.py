"""The training loop: AdamW on the negative ELBO, every random number out of generators of its own."""

__all__ = ["Progress", "Recipe", "fit"]

import contextlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from latentot.errors import InputError
from latentot_torch_vae.likelihood import Likelihood
from latentot_torch_vae.network import VAE, Architecture, assemble, initial_weights
from latentot_torch_vae.objective import negative_elbo
from latentot_torch_vae.options import positive_number, whole_number

Progress = Callable[[int, int, Mapping[str, float]], None]
"""Called after every epoch: the epoch, from 1 on, how many there will be, the terms of the negative ELBO."""

HELD_OUT_BATCH = 1024


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch compute on one thread, and give its threads back afterwards.

    Steps this small do not gain by more, on a busy machine they wait for each other (9 times as long was measured),
    and the order of a sum, so its last bit, could depend on their number.

    >>> with _one_thread():
    ...     torch.get_num_threads()
    1
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Args:
        epochs: passes over the training images.
        batch_size: images a step.
        learning_rate: of the first step; it falls to zero along half a cosine.
        seed: of the weights, the order of images and the draws of q(z|x).

    Raises:
        InputError: one of them is no positive number (the seed: no whole number of at least 0).

    >>> Recipe(epochs=200, batch_size=64, learning_rate=2e-3, seed=0).epochs
    200
    """

    epochs: int
    batch_size: int
    learning_rate: float
    seed: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "epochs", whole_number("epochs", self.epochs))
        object.__setattr__(self, "batch_size", whole_number("batch_size", self.batch_size))
        object.__setattr__(self, "learning_rate", positive_number("learning_rate", self.learning_rate))
        object.__setattr__(self, "seed", whole_number("seed", self.seed, least=0))


@_one_thread()
def fit(
    architecture: Architecture,
    likelihood: Likelihood,
    recipe: Recipe,
    *,
    train: Tensor,
    held_out: Tensor,
    progress: Progress,
) -> tuple[VAE, dict[str, float]]:
    """Train a network; the same recipe gives the same weights bit for bit on one machine.

    Args:
        architecture: the network.
        likelihood: p(x|z).
        recipe: how to train it.
        train: images to train on, shape (n, *shape).
        held_out: images to report on, shape (m, *shape); nothing is chosen by them.
        progress: called after every epoch.

    Returns:
        The network after the last epoch, and that epoch's terms in nats per image: "reconstruction" and "kl"
        (means over the epoch's steps, while weights still move), "held-out reconstruction" and "held-out kl" (after
        it, one draw of q(z|x) an image, the same noise every epoch, so that epochs compare).

    Raises:
        InputError: a term stopped being finite.
    """
    start, order, noise, held_out_noise = _generators(recipe.seed, 4)
    vae = assemble(architecture, initial_weights(architecture, generator=start))
    optimizer = torch.optim.AdamW(vae.parameters(), lr=recipe.learning_rate, fused=True)
    steps = recipe.epochs * math.ceil(len(train) / recipe.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    fixed_noise = torch.randn(len(held_out), architecture.latent, generator=held_out_noise)

    terms: dict[str, float] = {}
    for epoch in range(1, recipe.epochs + 1):
        seen = torch.zeros(2, dtype=torch.float64)
        shuffled = torch.randperm(len(train), generator=order)
        for first in range(0, len(train), recipe.batch_size):
            x = train[shuffled[first : first + recipe.batch_size]]
            draws = torch.randn(len(x), architecture.latent, generator=noise)
            reconstruction, kl = negative_elbo(vae, likelihood, x, draws)
            optimizer.zero_grad()
            (reconstruction + kl).mean().backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            seen += torch.stack([reconstruction.detach().sum(), kl.detach().sum()])
        terms = _named(seen / len(train)) | _named(
            _evaluate(vae, likelihood, held_out, fixed_noise), prefix="held-out "
        )
        if not all(map(math.isfinite, terms.values())):
            raise InputError(
                f"training diverged in epoch {epoch} of {recipe.epochs}: "
                f"try a learning_rate below {recipe.learning_rate:g}"
            )
        progress(epoch, recipe.epochs, terms)
    return vae, terms


@torch.no_grad()
def _evaluate(vae: VAE, likelihood: Likelihood, x: Tensor, noise: Tensor) -> Tensor:
    totals = torch.zeros(2, dtype=torch.float64)
    for first in range(0, len(x), HELD_OUT_BATCH):
        some = slice(first, first + HELD_OUT_BATCH)
        totals += torch.stack([term.sum() for term in negative_elbo(vae, likelihood, x[some], noise[some])])
    return totals / len(x)


def _named(terms: Tensor, prefix: str = "") -> dict[str, float]:
    reconstruction, kl = terms.tolist()
    return {f"{prefix}reconstruction": reconstruction, f"{prefix}kl": kl}


def _generators(seed: int, n: int) -> list[torch.Generator]:
    states = np.random.SeedSequence(seed).generate_state(n, np.uint64)
    return [torch.Generator().manual_seed(int(state)) for state in states]
