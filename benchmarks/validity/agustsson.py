"""Quality and diversity of decoded midpoints: the experiment of Agustsson et al. on a model and data of your own.

    python benchmarks/validity/agustsson.py --model torch-vae --option checkpoint=digits.safetensors --data digits

Midpoints of 2 draws, and centroids of 4, are decoded and seen by a classifier that was trained on the data. A row a way
of walking: Inception score, quality (mean entropy of predictions) and diversity (entropy of their mean), mean and
standard deviation over seeds, and how far the classifier's features are from those of fresh decoded draws, in standard
deviations of what fresh draws give. In the paper 2-point linear midpoints lose, 4-point ones lose more, and matched
ones lose nothing.

References:
    Agustsson, Sage, Timofte, Van Gool: Optimal transport maps for distribution preserving operations on latent spaces
    of generative models. ICLR 2019, arXiv:1711.01970
"""

import argparse
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

import latentot as lot
from latentot.cli.options import key_values
from latentot.data import Data, load_data

WAYS = ("random", "linear-2", "spherical-2", "cauchy-2", "matched-2", "linear-4", "cauchy-4", "matched-4")
JUDGES = ("inception-score", "quality", "diversity")
DRIFTS = ("sliced-wasserstein", "mmd")

Floats = NDArray[np.float64]


def points(prior: lot.Prior, way: str, n: int, rng: np.random.Generator) -> Floats:
    """Draws of the prior, or their midpoints or centroids, shape (n, *shape)."""
    name, _, count = way.partition("-")
    if name == "random":
        return prior.sample(n, rng=rng)
    z = np.stack([prior.sample(n, rng=rng) for _ in range(int(count))])
    path = lot.interpolation(name, prior)
    return path(z[0], z[1], 0.5) if len(z) == 2 else path.combine(z, np.full(len(z), 1 / len(z)))


def measured(model: lot.Model, data: Data, n: int, seeds: int, null_draws: int) -> Iterator[tuple[str, Floats, Floats]]:
    """Of each way of walking, judges of each seed, shape (seeds, 3), and drifts in null sd, shape (2,)."""
    rng = np.random.default_rng(0)
    seen = lot.feature_extractor("classifier").fit(data.train, data.train_labels, rng=0)
    print(f"classifier: {seen.accuracy:.1%} of held-out training data are classified rightly", flush=True)
    judges = [lot.judge(name).against(None, rng=0) for name in JUDGES]

    def decoded(way: str, rng: np.random.Generator) -> NDArray[np.floating]:
        z = points(model.prior, way, n, rng)
        return np.concatenate([model.decode(part) for part in np.array_split(z, max(1, n // 1_000))])

    reference = np.concatenate([seen(decoded("random", rng)) for _ in range(10)])
    drifts = [lot.drift(name).against(reference, rng=0, sizes=[n]) for name in DRIFTS]
    null = np.array(
        [[drift(z).value for drift in drifts] for z in (seen(decoded("random", rng)) for _ in range(null_draws))]
    )
    for way in WAYS:
        values, moved = [], []
        for seed in range(seeds):
            x = decoded(way, np.random.default_rng([1, seed]))
            predicted = seen.probabilities(x)
            values.append([judge(predicted).value for judge in judges])
            moved.append([drift(seen(x)).value for drift in drifts])
        yield way, np.array(values), (np.mean(moved, axis=0) - null.mean(axis=0)) / null.std(axis=0, ddof=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="torch-vae")
    parser.add_argument("--option", action="append", default=[], help="of the model, key=value")
    parser.add_argument("--data", default="digits", help="with labels")
    parser.add_argument("--points", type=int, default=1_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--null-draws", type=int, default=39)
    asked = parser.parse_args()
    model = lot.load_model(asked.model, **key_values(asked.option))
    print(f"{'points':<13}{'Inception score':>18}{'quality':>18}{'diversity':>18}{'sliced W':>10}{'MMD':>8}")
    for way, values, moved in measured(model, load_data(asked.data), asked.points, asked.seeds, asked.null_draws):
        each = "".join(
            f"{mean:>11.3f} +-{sd:>5.3f}"
            for mean, sd in zip(values.mean(axis=0), values.std(axis=0, ddof=1), strict=True)
        )
        print(f"{way:<13}{each}{moved[0]:>10.1f}{moved[1]:>8.1f}", flush=True)


if __name__ == "__main__":
    main()
