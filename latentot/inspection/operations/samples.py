"""Samples of the prior, decoded: what they look like, and whether they could be data."""

__all__ = ["prior_samples"]

import contextlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.inspection.findings import Figure, Findings, Panel, Table
from latentot.inspection.subject import TEST, Subject
from latentot.judges import Judge, judge
from latentot.judges.judgement import FEATURES

ROWS, COLUMNS = 6, 12
JUDGES = ("coverage", "frechet")
PREDICTED = ("quality", "diversity")


def prior_samples(s: Subject, judges: tuple[str | Judge, ...] = JUDGES) -> Findings:
    """Decoded draws, judged beside held-out data and beside controls that judges must tell from them."""
    import pandas as pd

    x = s.decode(s.draw(max(s.sizes.draws, ROWS * COLUMNS), "samples"))
    arrays = {"samples/prior": x[: ROWS * COLUMNS].reshape(ROWS, COLUMNS, *x.shape[1:])}
    figure = Figure("samples", "Decoded draws", "What draws of the prior decode to.", (Panel("", "samples/prior"),))
    try:
        s.data  # noqa: B018 - without data there is nothing to judge by
    except InputError as error:
        return Findings((f"Draws are shown and not judged: {error}.",), (), (figure,), arrays)
    kinds = _kinds(s, x)
    chosen = [judge(one) if isinstance(one, str) else one for one in judges]
    judging = [one.against(s.seen.real, rng=s.rng("judge", one.name)) for one in chosen if one.takes == FEATURES]
    names = [one.name for one in chosen if one.takes == FEATURES]
    rows = []
    for name, data in kinds.items():
        features = s.seen.features(data)
        row: dict[str, Any] = {"data": name, "n": len(data), "membership": s.seen.membership(features)}
        row |= {what: _value(one, features) for what, one in zip(names, judging, strict=True)}
        if s.seen.classifier is not None:
            p = s.seen.classifier.probabilities(data)
            row |= {what: judge(what)(p, rng=0).value for what in PREDICTED}
        rows.append(row)
    table = Table(
        "samples",
        f"Judged by {s.seen.called}, against {len(s.seen.real)} data trained on. Membership: the share no rarer than "
        "95 % of data. Held-out data show what is good; "
        "a cross-fading of two data must have little membership, and one image for all no coverage and no diversity.",
        pd.DataFrame(rows),
    )
    return Findings(_says(rows, s), (table,), (figure,), arrays)


def _kinds(s: Subject, x: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """As many of each, so that what chance gives is the same."""
    real = s.real(TEST)
    n = min(len(real), len(x))
    rng = s.rng("controls")
    one, other = (real[rng.permutation(len(real))[:n]] for _ in range(2))
    kinds = {"decoded draws of the prior": x[:n], "held-out data": real[:n]}
    with contextlib.suppress(InputError):  # without an encoder there are none
        kinds["held-out data, encoded and decoded"] = s.decode(s.codes(TEST, "means")[:n])
    kinds["control: two data cross-faded"] = (one + other) / 2
    kinds["control: one image for all"] = np.broadcast_to(x[:1], (n, *x.shape[1:]))
    return kinds


def _value(judging: Any, features: NDArray[Any]) -> float:
    try:
        return float(judging(features).value)
    except InputError:
        # A judge that cannot say anything of a control says nothing of it.
        return float("nan")


def _says(rows: list[dict[str, Any]], s: Subject) -> tuple[str, ...]:
    drawn, real = rows[0], rows[1]
    faded = next(row for row in rows if "cross-faded" in row["data"])
    said = [
        f"Of decoded draws of the prior {_interval(drawn)} could be real; of held-out data {_interval(real)}, of two "
        f"data cross-faded {_interval(faded)} (95 % intervals of {drawn['n']} data each)."
    ]
    if s.seen.classifier is not None:
        said.append(
            f"Classes are told by a classifier that is right of {100 * s.seen.accuracy:.0f} % of data: the entropy of "
            f"its mean prediction is {drawn['diversity']:.2f} nats for draws and {real['diversity']:.2f} for held-out "
            f"data, its mean entropy {drawn['quality']:.2f} and {real['quality']:.2f}."
        )
    elif s.seen.why:
        said.append(f"{s.seen.why[0].upper()}{s.seen.why[1:]}.")
    return tuple(said)


def _interval(row: dict[str, Any]) -> str:
    """Membership with Wilson's binomial interval: all of 40 data are no promise of all."""
    from scipy.stats import binomtest

    n = row["n"]
    ends = binomtest(round(row["membership"] * n), n).proportion_ci(method="wilson")
    return f"{100 * row['membership']:.0f} % [{100 * ends.low:.0f}, {100 * ends.high:.0f}]"
