"""Encode and decode: what is lost on the way, of data that were trained on and of data that were not."""

__all__ = ["encode_and_decode"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.inspection.coordinates import coordinates
from latentot.inspection.findings import Figure, Findings, Panel, Table
from latentot.inspection.reconstruction import Reconstruction, reconstruction
from latentot.inspection.subject import TEST, TRAIN, Subject
from latentot.reporting.formats import number

SHOWN = 10
"""Data that are shown of each kind."""
EDGE = 1e-6
"""Probabilities of pixels are kept so far from 0 and 1, where a logarithm is."""


def encode_and_decode(s: Subject) -> Findings:
    """Error of what posterior means decode to, with intervals; ELBO terms of one draw; typical and worst data."""
    import pandas as pd

    found = {part: _part(s, part) for part in (TRAIN, TEST)}
    train, test = found[TRAIN][0], found[TEST][0]
    kept = {part: 1 - row["error"] / row["error_of_the_mean"] for part, (_, row, _) in found.items()}
    says = [
        f"Held-out data come back with a mean squared error of {number(test.error)} a number "
        f"[{number(test.low)}, {number(test.high)}], data trained on with {number(train.error)} "
        f"[{number(train.low)}, {number(train.high)}]; of the variance of held-out data "
        f"{100 * kept[TEST]:.0f} % is kept.",
        _generalises(train, test),
    ]
    if "kl" in found[TEST][1]:
        row = found[TEST][1]
        says.append(
            f"The divergence of the posterior from the prior is {number(row['kl'])} nats a held-out datum, and the "
            f"evidence lower bound {number(row['elbo'])} nats ({row['likelihood']})."
        )
    table = Table(
        "reconstruction",
        "Mean squared error a number of what posterior means decode to, with its 95 % interval, beside the error of "
        "one and the same mean image for all. Nats a datum of one draw of the posterior: what is expected of the "
        "likelihood, the divergence from the prior, and the bound, their difference.",
        pd.DataFrame([row for _, row, _ in found.values()]),
    )
    x, decoded = s.real(TEST), found[TEST][2]
    rows = {"typical": _typical(test), "worst": test.worst(SHOWN)}
    panels, arrays = [], {}
    for name, which in rows.items():
        arrays[f"reconstruction/{name}"] = np.stack([x[which], decoded[which]])
        title = f"{name}: errors around the median" if name == "typical" else f"{name}: the largest errors"
        errors = tuple(number(float(test.each[i])) for i in which)
        panels.append(Panel(title, f"reconstruction/{name}", ("data", "decoded"), errors))
    caption = "Held-out data, and what the means of their posteriors decode to, with the error of each."
    figure = Figure("reconstruction", "Data and what they come back as", caption, tuple(panels))
    return Findings(tuple(says), (table,), (figure,), arrays)


def _part(s: Subject, part: str) -> tuple[Reconstruction, dict[str, Any], NDArray[Any]]:
    x, q = s.real(part), s.posterior(part)
    decoded = s.decode(np.asarray(q.mean))
    found = reconstruction(x, decoded)
    row: dict[str, Any] = {"data": part, "n": len(x), "error": found.error, "low": found.low, "high": found.high}
    row["error_of_the_mean"] = float(np.square(x - s.data.train.mean(axis=0, dtype=np.float64)).mean())
    likelihood, nats = _nats(x, s.decode(s.codes(part, "draws")))
    try:
        kl = float(coordinates(q, s.model.prior).kl.sum())
    except InputError:
        return found, row | {"likelihood": likelihood, "expected": nats}, decoded
    return found, row | {"likelihood": likelihood, "expected": nats, "kl": kl, "elbo": nats - kl}, decoded


def _nats(x: NDArray[Any], decoded: NDArray[Any]) -> tuple[str, float]:
    """E log p(x|z) a datum: of pixels from 0 to 1 as probabilities, of others a normal law of the one best width."""
    data, p = (one.reshape(len(one), -1).astype(np.float64) for one in (x, decoded))
    if min(data.min(), p.min()) >= 0 and max(data.max(), p.max()) <= 1:
        p = p.clip(EDGE, 1 - EDGE)
        return "Bernoulli", float((data * np.log(p) + (1 - data) * np.log1p(-p)).sum(axis=1).mean())
    variance = max(float(np.square(data - p).mean()), np.finfo(np.float64).tiny)
    return "normal, one width for all", -data.shape[1] / 2 * (np.log(2 * np.pi * variance) + 1)


def _typical(found: Reconstruction) -> NDArray[np.intp]:
    order = np.argsort(found.each, kind="stable")
    start = max(0, (len(order) - SHOWN) // 2)
    return order[start : start + SHOWN]


def _generalises(train: Reconstruction, test: Reconstruction) -> str:
    if np.isnan(test.low) or np.isnan(train.low):
        return "There are too few data to say whether those held out come back worse than those trained on."
    if test.low > train.high:
        return f"Those held out come back worse, by {100 * (test.error / train.error - 1):.0f} %: beyond chance."
    if test.high < train.low:
        return "Those held out come back better than those trained on: is this the split that the model was trained by?"
    return "Between the two there is no difference beyond chance."
