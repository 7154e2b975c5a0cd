"""Sampling around an example: do draws around its encoding belong to the data, and are they like it?"""

__all__ = ["around_examples"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.inspection.around import around
from latentot.inspection.findings import Curve, Figure, Findings, Panel, Table
from latentot.inspection.sizes import SCALES
from latentot.inspection.subject import TEST, Subject
from latentot.models import Posterior
from latentot.numerics.lengths import lengths

SHOWN = 3
"""Examples in the figure."""


def around_examples(s: Subject) -> Findings:
    """Membership and similarity of what is drawn around examples, against distance; random others are the baseline."""
    import pandas as pd

    q, x, k = s.posterior(TEST), s.real(TEST), s.sizes.around
    if len(x) < 2:
        raise InputError("one held-out datum has no others to be held against")
    chosen = s.rng("examples").permutation(len(x))[: s.sizes.examples]
    features = s.seen.features(x)
    drawn, distances = _draws(s, q, chosen)
    flat = drawn.reshape(-1, *drawn.shape[3:])
    seen = s.seen.features(flat).reshape(*drawn.shape[:3], -1)
    back = s.decode(np.asarray(q.mean)[chosen])
    others = _others(s, len(x), chosen, k)
    to_others = _apart(features[others], features[chosen])
    classes = _classes(s, x[chosen], flat, back, x[others.ravel()])
    rows = [_row(s, "what its mean decodes to", 0.0, 0.0, s.seen.features(back)[:, None], features[chosen], to_others)]
    for i, scale in enumerate(SCALES):
        name = f"{scale:g} x the posterior's width"
        rows.append(_row(s, name, scale, float(distances[i].mean()), seen[i], features[chosen], to_others))
    rows.append(_row(s, "random other data", np.nan, np.nan, features[others], features[chosen], to_others))
    if classes is not None:
        for row, same in zip(rows, classes, strict=True):
            row["same_class"] = same
    table = Table(
        "around",
        f"{k} draws around each of {len(chosen)} held-out examples. Distance in the latent space from the mean; "
        "membership, the share of draws that could be real, for they are no rarer than 95 % of data; distance in "
        "features from the example; similarity, the "
        "chance that a draw is nearer to its example than a random other datum is (1/2: no more like it than those)"
        f"{'; share of the same class as the example.' if classes is not None else '.'}",
        pd.DataFrame(rows),
    )
    return Findings(_says(rows), (table,), *_figures(s, x[chosen], back, drawn, rows))


def _draws(s: Subject, q: Posterior, chosen: NDArray[np.intp]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Decoded draws, shape (scales, examples, k, ...), and how far their latents are from the mean."""
    k = s.sizes.around
    z = np.stack(
        [
            around(
                Posterior(q.mean[i : i + 1], q.scale[i : i + 1], q.law), k, scales=SCALES, rng=s.rng("around", int(i))
            )
            for i in chosen
        ],
        axis=1,
    )
    shape = z.shape[:3]
    apart = (z - np.asarray(q.mean)[chosen][None, :, None]).reshape(np.prod(shape, dtype=int), -1)
    decoded = s.decode(z.reshape(-1, *s.model.prior.shape))
    return decoded.reshape(*shape, *decoded.shape[1:]), lengths(apart).reshape(shape)


def _others(s: Subject, n: int, chosen: NDArray[np.intp], k: int) -> NDArray[np.intp]:
    """Random other data for each example, shape (examples, k)."""
    steps = s.rng("others").integers(1, n, (len(chosen), k))
    return np.asarray((chosen[:, None] + steps) % n)


def _apart(features: NDArray[Any], example: NDArray[Any]) -> NDArray[Any]:
    """Distances of features, shape (examples, k, f), from those of the example, (examples, f)."""
    return np.asarray(np.linalg.norm(features - example[:, None], axis=-1))


def _row(
    s: Subject, name: str, scale: float, distance: float, seen: NDArray[Any], own: NDArray[Any], others: NDArray[Any]
) -> dict[str, Any]:
    apart = _apart(seen, own)
    nearer = (apart[:, :, None] < others[:, None]) + 0.5 * (apart[:, :, None] == others[:, None])
    return {
        "draws": name,
        "scale": scale,
        "latent_distance": distance,
        "membership": s.seen.membership(seen.reshape(-1, seen.shape[-1])) if seen.size > seen.shape[-1] else np.nan,
        "feature_distance": float(apart.mean()),
        "similarity": float(nearer.mean()),
    }


def _classes(
    s: Subject, x: NDArray[Any], drawn: NDArray[Any], back: NDArray[Any], others: NDArray[Any]
) -> list[float] | None:
    """Share of the same predicted class as the example, in the order of the rows."""
    if s.seen.classifier is None:
        return None
    own = s.seen.classes(x)
    around = s.seen.classes(drawn).reshape(len(SCALES), len(x), -1) == own[None, :, None]
    other = s.seen.classes(others).reshape(len(x), -1) == own[:, None]
    return [float((s.seen.classes(back) == own).mean()), *map(float, around.mean(axis=(1, 2))), float(other.mean())]


def _says(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    one = next(row for row in rows if row["scale"] == 1)
    far, other = rows[-2], rows[-1]
    return (
        f"As wide as the encoder says, {100 * one['membership']:.0f} % of draws around an example could be real "
        f"(random other data: {100 * other['membership']:.0f} %), and a draw is nearer to its example than a random "
        f"other datum is with a chance of {100 * one['similarity']:.0f} %.",
        f"At {far['scale']:g} times the width it is {100 * far['membership']:.0f} % and "
        f"{100 * far['similarity']:.0f} %.",
    )


def _figures(
    s: Subject, x: NDArray[Any], back: NDArray[Any], drawn: NDArray[Any], rows: list[dict[str, Any]]
) -> tuple[tuple[Figure, ...], dict[str, NDArray[Any]]]:
    arrays: dict[str, NDArray[Any]] = {}
    panels = []
    for i in range(min(SHOWN, len(x))):
        lead = np.broadcast_to(np.stack([x[i], back[i]])[None], (len(SCALES), 2, *x.shape[1:]))
        arrays[f"around/{i}"] = np.concatenate([lead, drawn[:, i]], axis=1)
        columns = ("data", "mean", *("" for _ in range(s.sizes.around)))
        panels.append(Panel(f"example {i + 1}", f"around/{i}", tuple(f"{scale:g} x" for scale in SCALES), columns))
    pictures = Figure(
        "around",
        "Draws around examples",
        "A held-out example, what its mean decodes to, and draws around it, the width of the posterior multiplied; "
        "along a column the same draw goes farther out.",
        tuple(panels),
    )
    at, base = np.array([row["latent_distance"] for row in rows[1:-1]]), rows[-1]
    curves = []
    for name in ("membership", "similarity"):
        arrays[f"around/{name}"] = np.stack([at, [row[name] for row in rows[1:-1]]])
        arrays[f"around/{name}-others"] = np.stack([at[[0, -1]], np.full(2, base[name])])
        curves.append(Curve(f"around/{name}", "line", name))
        curves.append(Curve(f"around/{name}-others", "level", f"{name} of random other data"))
    panel = Panel(curves=tuple(curves), across="distance from the mean, in the latent space", up="share")
    caption = "Farther out draws are less like the example; whether they still could be real is the decoder's merit."
    return (pictures, Figure("around-distance", "Against distance", caption, (panel,))), arrays
