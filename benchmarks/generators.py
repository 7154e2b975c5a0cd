"""What draws decode to: a VAE beside a plain autoencoder, and the tails of a Cauchy prior, with and without asinh.

    python benchmarks/generators.py [--data SOURCE] [--epochs E] [--latent D]

A plain autoencoder's codes follow no law: N(0, I), as a VAE has it, decodes to little that could be data. A Cauchy
prior has draws far out, which the lecture says decode poorly: they are judged apart, by the largest of their
coordinates, with a decoder that is given z as it is and with one that is given asinh z. Judged as an inspection
does: the share of draws that are no rarer than 95 % of data, coverage, and the mean entropy of a classifier's
predictions. Minutes.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np

import latentot as lot
from latentot.data import Data
from latentot.inspection.seen import Seen
from latentot_torch_vae import train
from latentot_torch_vae.posteriors.cauchy import CauchyFamily

DRAWS = 2_000
TAIL = 0.9
"""Draws whose largest coordinate is beyond this quantile are those of the tails."""
Judging = Callable[[np.ndarray], str]


def judges_of(data: Data) -> Judging:
    """Membership, coverage and entropy of decoded data, as cells of a table."""
    seen = Seen.of(data, None, rng=np.random.default_rng(0))
    covered, quality = lot.judge("coverage").against(seen.real, rng=0), lot.judge("quality")

    def judged(x: np.ndarray) -> str:
        features, p = seen.features(x), seen.classifier.probabilities(x)
        values = seen.membership(features), covered(features).value, quality(p, rng=0).value
        return " | ".join(f"{value:.3f}" for value in values)

    return judged


def trained(data: Data, **options: object) -> lot.Model:
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Path(folder) / "model.safetensors"
        train(data, checkpoint, progress=lambda *_: None, **options)
        return lot.load_model("torch-vae", checkpoint=str(checkpoint))


def tails(model: lot.Model, name: str, judged: Judging) -> None:
    z = model.prior.sample(round(DRAWS / (1 - TAIL)), rng=1)
    farthest = np.abs(z).max(axis=1)
    beyond = farthest > np.quantile(farthest, TAIL)
    # As many of each, since coverage depends on how many there are.
    print(f"| {name}, of the nearest nine tenths of draws | {judged(model.decode(z[~beyond][:DRAWS]))} |")
    print(f"| {name}, the farthest tenth | {judged(model.decode(z[beyond][:DRAWS]))} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="digits", help="with labels, such as digits or idx:IMAGES,LABELS")
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--latent", type=int, default=8)
    given = parser.parse_args()
    start, data = time.process_time(), lot.load_data(given.data)
    judged = judges_of(data)
    options = {"epochs": given.epochs, "latent": given.latent}
    print(f"{data.about}\n\n| decoded | membership | coverage | entropy, nats |\n|---|---|---|---|")
    print(f"| data held out | {judged(data.test)} |")
    normal = lot.Normal(given.latent).sample(DRAWS, rng=0)
    vae = trained(data, **options)
    print(f"| VAE, N(0, I) | {judged(vae.decode(normal))} |", flush=True)
    plain = trained(data, prior="none", **options)
    print(f"| plain autoencoder, N(0, I) | {judged(plain.decode(normal))} |")
    codes = np.asarray(plain.encode(data.test)[0])
    print(f"| plain autoencoder, its own codes of data held out | {judged(plain.decode(codes))} |")
    print(
        f"| plain autoencoder, N(0, I) as wide as its codes | {judged(plain.decode(codes.std() * normal))} |",
        flush=True,
    )
    tails(trained(data, prior="cauchy", **options), "Cauchy prior, decoder given asinh z", judged)
    with mock.patch.object(CauchyFamily, "features", lambda _self, z: z):
        tails(trained(data, prior="cauchy", **options), "Cauchy prior, decoder given z", judged)
    print(f"\n{time.process_time() - start:.0f} s of processor time")


if __name__ == "__main__":
    main()
