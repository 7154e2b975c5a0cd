"""Which ridge and how many widths mmd-spectral takes by default: power on alternatives that are not those of the table.

    python benchmarks/validity/spectral_choice.py [--repetitions 40] [--permutations 99]

Ten neighbours of the cases of power_table.py, with other modes, numbers of perturbations, scales and seeds: what is
chosen here is not chosen on what it is measured on there. 500 points of either sample, level 5 %.
"""

import argparse
from functools import partial
from itertools import product

import numpy as np
from power_table import Draw, N, by_spectral, modes, permuted, perturbed, rejects

import latentot as lot
from latentot.metrics.spectral import SpectralMMD

SIX = 15.0 * np.array(list(product((-2.0, 0.0, 2.0), (-1.0, 1.0))))
THREE = 10.0 * np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, 1.5]])
CASES: dict[str, tuple[Draw, Draw]] = {
    **{
        f"{len(middles)} modes, {sd}": (partial(modes, middles=middles, sd=sd), partial(modes, middles=middles))
        for middles, sd in ((SIX, 0.6), (SIX, 1.8), (THREE, 0.8), (THREE, 1.35))
    },
    **{
        f"{d}d, {times} times {scale}": (
            partial(perturbed, d=d, scale=scale, times=times),
            partial(lambda n, rng, d: lot.Uniform(d, low=0, high=1).sample(n, rng=rng), d=d),
        )
        for d, times, scale in ((1, 1, 0.25), (1, 2, 0.33), (1, 3, 0.4), (2, 1, 0.4), (2, 2, 0.7), (2, 3, 0.9))
    },
}
"""Draws of either law."""
CHOICES = [SpectralMMD(ridge=ridge, widths=widths) for ridge in (1e-2, 1e-3, 1e-4, 1e-5) for widths in (2, 4)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Power of mmd-spectral with other options")
    parser.add_argument("--repetitions", type=int, default=40)
    parser.add_argument("--permutations", type=int, default=99)
    asked = parser.parse_args()
    print(f"{'':<20}{''.join(f'{choice.ridge:>10g} x{choice.widths}' for choice in CHOICES)}")
    powers = []
    for name, (drifted, law) in CASES.items():
        found = []
        for i in range(asked.repetitions):
            rng = np.random.default_rng([77, i])
            z, reference = drifted(N, rng), law(N, rng)
            signs = permuted(N, asked.permutations, 2 * N // CHOICES[0].landmarks, np.random.default_rng([78, i]))
            found.append([rejects(by_spectral(z, reference, signs, metric=choice)) for choice in CHOICES])
        powers.append(np.mean(found, axis=0))
        print(f"{name:<20}{''.join(f'{power:>13.3f}' for power in powers[-1])}", flush=True)
    print(f"{'mean':<20}{''.join(f'{power:>13.3f}' for power in np.mean(powers, axis=0))}")


if __name__ == "__main__":
    main()
