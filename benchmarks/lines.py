"""The lines of ACAI (Berthelot et al., ICLR 2019, arXiv:1807.07543): is what is between two lines one, and between?

    python benchmarks/lines.py [--epochs E] [--latent D] [--pairs N]

A VAE is trained on images of 32 x 32 pixels, each a line from the middle outwards, whose angle is all there is to
know. Of 16 frames between encodings of two lines two numbers are taken: the distance is that, in cosine, to the
nearest of 10,000 drawn lines, images from -1 to 1 as there; smoothness is the largest change of the nearest line's
angle as a share of the whole change, beyond that of an even walk. Walks that do not turn at all are left out of the
second (the published code divides by their number too). Both are 0 for lines that are drawn between. A few minutes on
one core.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

import latentot as lot
from latentot.data import Data
from latentot_torch_vae import train

SIDE, WIDTH, DRAWN, FRAMES = 32, 2.0, 10_000, 16


def lines(angles: np.ndarray) -> np.ndarray:
    """Lines from the middle, antialiased, in [0, 1], shape (n, 1, SIDE, SIDE)."""
    at = np.arange(SIDE) + 0.5 - SIDE / 2
    along = at[:, None] * np.sin(angles)[:, None, None] + at * np.cos(angles)[:, None, None]
    across = at[:, None] * np.cos(angles)[:, None, None] - at * np.sin(angles)[:, None, None]
    beyond = np.maximum(np.maximum(-along, along - (SIDE / 2 - 1)), 0)
    distance = np.hypot(beyond, across)
    return np.clip(WIDTH / 2 + 0.5 - distance, 0, 1)[:, None].astype(np.float32)


def rows(images: np.ndarray) -> np.ndarray:
    """Images from -1 to 1 as unit vectors."""
    flat = 2 * images.reshape(len(images), -1).astype(np.float64) - 1
    return flat / np.linalg.norm(flat, axis=1, keepdims=True)


def judged(frames: np.ndarray) -> tuple[float, float]:
    """Mean distance and smoothness of walks, shape (frames, n, ...)."""
    angles = np.arange(DRAWN) * 2 * np.pi / DRAWN
    known = rows(lines(angles))
    nearest, distance = [], []
    for frame in frames:
        near = rows(frame) @ known.T
        nearest.append(angles[near.argmax(axis=1)])
        distance.append(1 - near.max(axis=1))
    turned = np.unwrap(np.array(nearest), axis=0)
    total = np.abs(turned[-1] - turned[0])
    turns = total > 1e-4
    share = np.abs(np.diff(turned[:, turns], axis=0)).max(axis=0) / total[turns]
    return float(np.mean(distance)), float((share - 1 / (len(frames) - 1)).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=5_000)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--latent", type=int, default=16)
    parser.add_argument("--pairs", type=int, default=256)
    given = parser.parse_args()
    rng, start = np.random.default_rng(0), time.process_time()
    first, second = rng.uniform(0, 2 * np.pi, (2, given.pairs))
    turn = (second - first + np.pi) % (2 * np.pi) - np.pi
    t = np.linspace(0, 1, FRAMES)
    print("| walk | distance x 1e-3 | smoothness |\n|---|---|---|")
    drawn = [lines(first + at * turn) for at in t]
    ends = drawn[0], drawn[-1]
    faded = [(1 - at) * ends[0] + at * ends[1] for at in t]
    for name, frames in (("lines drawn between", drawn), ("cross-fading", faded)):
        distance, smoothness = judged(np.array(frames))
        print(f"| {name} | {1e3 * distance:.3f} | {smoothness:.3f} |", flush=True)
    data = Data(
        "lines", lines(rng.uniform(0, 2 * np.pi, given.lines)), lines(rng.uniform(0, 2 * np.pi, given.lines // 5))
    )
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Path(folder) / "lines.safetensors"
        terms = train(data, checkpoint, progress=lambda *_: None, latent=given.latent, epochs=given.epochs)
        model = lot.load_model("torch-vae", checkpoint=str(checkpoint))
    z0, z1 = (np.asarray(model.encode(end)[0]) for end in ends)
    for name in ("linear", "spherical", "cauchy", "matched"):
        path = lot.interpolation(name, model.prior)
        distance, smoothness = judged(np.array([model.decode(path(z0, z1, at)) for at in t]))
        print(f"| {name}, VAE of {given.latent} | {1e3 * distance:.3f} | {smoothness:.3f} |", flush=True)
    distance, _ = judged(np.array([model.decode(z) for z in (z0, z1)]))
    print(f"\nlines encoded and decoded: distance {1e3 * distance:.3f} x 1e-3, the floor of all walks")
    print(f"held out: {terms['held-out reconstruction']:.1f} + {terms['held-out kl']:.1f} nats")
    print(f"{time.process_time() - start:.0f} s of processor time")


if __name__ == "__main__":
    main()
