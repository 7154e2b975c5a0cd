"""The training loop: AdamW on the negative ELBO, every random number out of generators of its own."""

__all__ = ["Keep", "Progress", "fit"]

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import torch
from torch import Tensor

from latentot.errors import InputError
from latentot_torch_vae.augment import moved
from latentot_torch_vae.likelihood import Likelihood
from latentot_torch_vae.network import VAE, Architecture, assemble, initial_weights
from latentot_torch_vae.objective import negative_elbo
from latentot_torch_vae.recipe import Recipe
from latentot_torch_vae.state import GENERATORS, MOMENTS, Best, State

Progress = Callable[[int, int, Mapping[str, float]], None]
"""Called after every epoch: the epoch, from 1 on, how many there will be, the terms of the negative ELBO."""

Keep = Callable[[State], None]
"""Called now and then after an epoch, with all that going on from there needs."""

KEEP_SECONDS = 30
HELD_OUT_BATCH = 1024


def fit(
    architecture: Architecture,
    likelihood: Likelihood,
    recipe: Recipe,
    *,
    train: Tensor,
    held_out: Tensor,
    progress: Progress,
    device: str = "cpu",
    begun: State | None = None,
    keep: Keep | None = None,
) -> tuple[VAE, dict[str, float]]:
    """Train a network; the same recipe gives the same weights bit for bit on one machine, interrupted or not.

    Args:
        architecture: the network.
        likelihood: p(x|z).
        recipe: how to train it.
        train: images to train on, shape (n, *shape).
        held_out: images to report on, shape (m, *shape); with patience, the epoch is chosen by them.
        progress: called after every epoch.
        device: where it computes, as torch names it.
        begun: an unfinished training to go on with.
        keep: called every half minute or so.

    Returns:
        The network on the CPU, and its epoch's terms in nats per image: "reconstruction" and "kl" (means over the
        epoch's steps, while weights still move), "held-out reconstruction" and "held-out kl" (after it, one draw of
        q(z|x) an image, the same noise every epoch, so that epochs compare).

    Raises:
        InputError: a term stopped being finite.
    """
    with _threads(recipe.threads):
        run = _Run(architecture, likelihood, recipe, train.to(device), held_out.to(device), begun)
        best, terms, kept = begun.best if begun else None, {}, time.monotonic()
        for epoch in range(begun.epoch + 1 if begun else 1, recipe.epochs + 1):
            terms = run.epoch(epoch)
            if not all(map(math.isfinite, terms.values())):
                raise InputError(
                    f"training diverged in epoch {epoch} of {recipe.epochs}: "
                    f"try a learning_rate below {recipe.learning_rate:g}"
                )
            if recipe.patience and (best is None or run.loss(terms) < run.loss(best.terms)):
                best = Best(epoch, terms, {name: tensor.clone() for name, tensor in run.vae.state_dict().items()})
            progress(epoch, recipe.epochs, terms)
            if keep is not None and time.monotonic() - kept >= KEEP_SECONDS:
                keep(run.state(epoch, best))
                kept = time.monotonic()
            if best is not None and epoch - best.epoch >= recipe.patience:
                break
        if best is not None:
            terms = dict(best.terms)
            run.vae.load_state_dict(dict(best.weights))
    return run.vae.cpu(), terms


class _Run:
    """What changes while a network is trained."""

    def __init__(
        self,
        architecture: Architecture,
        likelihood: Likelihood,
        recipe: Recipe,
        train: Tensor,
        held_out: Tensor,
        begun: State | None,
    ) -> None:
        self.likelihood, self.recipe, self.train, self.held_out = likelihood, recipe, train, held_out
        start, order, noise, held_out_noise, moves = _generators(recipe.seed, 5)
        self.generators = dict(zip(GENERATORS, (order, noise, moves), strict=True))
        weights = begun.weights if begun else initial_weights(architecture, generator=start)
        self.vae = assemble(architecture, weights).to(train.device)
        self.optimizer = torch.optim.AdamW(self.vae.parameters(), lr=recipe.learning_rate, fused=True)
        fixed = architecture.family.noise(len(held_out), architecture.latent, held_out_noise)
        self.fixed_noise = fixed.to(train.device)
        if begun:
            self._go_on(begun)

    def epoch(self, number: int) -> dict[str, float]:
        """One pass over the training images."""
        recipe, train, device = self.recipe, self.train, self.train.device
        seen = torch.zeros(2, dtype=_exact(device), device=device)
        shuffled = torch.randperm(len(train), generator=self.generators["order"]).to(device)
        per_epoch = math.ceil(len(train) / recipe.batch_size)
        for step in range(per_epoch):
            x = train[shuffled[step * recipe.batch_size : (step + 1) * recipe.batch_size]]
            if recipe.augment:
                x = moved(x, self.generators["moves"])
            architecture = self.vae.architecture
            noise = architecture.family.noise(len(x), architecture.latent, self.generators["noise"]).to(device)
            done = ((number - 1) * per_epoch + step) / (recipe.epochs * per_epoch)
            self.optimizer.param_groups[0]["lr"] = recipe.learning_rate * (1 + math.cos(math.pi * done)) / 2
            with self._precision():
                reconstruction, kl = negative_elbo(self.vae, self.likelihood, x, noise)
            self.optimizer.zero_grad()
            (reconstruction + recipe.beta * kl).mean().backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            seen += torch.stack([reconstruction.detach().sum(), kl.detach().sum()])
        return _named(seen / len(train)) | _named(self._evaluate(), prefix="held-out ")

    def loss(self, terms: Mapping[str, float]) -> float:
        """The held-out objective."""
        return terms["held-out reconstruction"] + self.recipe.beta * terms["held-out kl"]

    def state(self, epoch: int, best: Best | None) -> State:
        """All that going on after this epoch needs."""
        weights, own = self.vae.state_dict(), self.optimizer.state_dict()["state"]
        moments = {f"{name}/{what}": own[i][what] for i, name in enumerate(weights) for what in MOMENTS}
        generators = {name: generator.get_state() for name, generator in self.generators.items()}
        return State(epoch, weights, moments, generators, best)

    def _go_on(self, begun: State) -> None:
        state = {
            i: {what: begun.moments[f"{name}/{what}"] for what in MOMENTS}
            for i, name in enumerate(self.vae.state_dict())
        }
        self.optimizer.load_state_dict({"state": state, "param_groups": self.optimizer.state_dict()["param_groups"]})
        for name, generator in self.generators.items():
            generator.set_state(begun.generators[name])

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.train.device.type, dtype=torch.bfloat16, enabled=self.recipe.precision == "bfloat16")

    @torch.no_grad()
    def _evaluate(self) -> Tensor:
        x, noise = self.held_out, self.fixed_noise
        totals = torch.zeros(2, dtype=_exact(x.device), device=x.device)
        for first in range(0, len(x), HELD_OUT_BATCH):
            some = slice(first, first + HELD_OUT_BATCH)
            with self._precision():
                terms = negative_elbo(self.vae, self.likelihood, x[some], noise[some])
            totals += torch.stack([term.sum() for term in terms])
        return totals / len(x)


@contextlib.contextmanager
def _threads(n: int) -> Iterator[None]:
    """Let torch compute on n threads, and give its threads back afterwards.

    Small steps do not gain by more than one, on a busy machine they wait for each other (9 times as long was
    measured), and the order of a sum, so its last bit, could depend on their number.

    >>> with _threads(1):
    ...     torch.get_num_threads()
    1
    """
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _exact(device: torch.device) -> torch.dtype:
    """What sums are kept in: Apple's processors have no double precision."""
    return torch.float32 if device.type == "mps" else torch.float64


def _named(terms: Tensor, prefix: str = "") -> dict[str, float]:
    reconstruction, kl = terms.tolist()
    return {f"{prefix}reconstruction": reconstruction, f"{prefix}kl": kl}


def _generators(seed: int, n: int) -> list[torch.Generator]:
    states = np.random.SeedSequence(seed).generate_state(n, np.uint64)
    return [torch.Generator().manual_seed(int(state)) for state in states]
