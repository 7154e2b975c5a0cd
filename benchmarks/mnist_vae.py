"""How good a VAE of MNIST is after some minutes: held-out binary cross-entropy and KL, in nats an image.

    python benchmarks/mnist_vae.py t10k-images-idx3-ubyte.gz

trains on the first 8,000 of the 10,000 test images and holds the last 2,000 out: latent 16, N(0, I).
"""

import argparse
import time
from pathlib import Path

import latentot as lot
from latentot_torch_vae import train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", help="an IDX file, plain or .gz")
    parser.add_argument("--prior", default="normal")
    parser.add_argument("--latent", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("mnist.safetensors"))
    asked = parser.parse_args()
    data, start = lot.load_data(f"idx:{asked.images}"), time.perf_counter()

    def progress(epoch: int, epochs: int, terms: dict[str, float]) -> None:
        if epoch % 25 == 0 or epoch == epochs:
            held_out = terms["held-out reconstruction"] + terms["held-out kl"]
            print(f"epoch {epoch:3} {time.perf_counter() - start:6.1f} s  held out {held_out:7.2f} nats", flush=True)

    terms = train(
        data,
        asked.out,
        progress=progress,
        prior=asked.prior,
        latent=asked.latent,
        epochs=asked.epochs,
        batch_size=asked.batch_size,
        learning_rate=asked.learning_rate,
        augment=True,
        threads=asked.threads,
    )
    reconstruction, kl = terms["held-out reconstruction"], terms["held-out kl"]
    print(f"binary cross-entropy {reconstruction:.2f} + KL {kl:.2f} = {reconstruction + kl:.2f} nats an image")
    print(f"{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
