"""Does the prior hold: encodings of data, all together, against draws of the prior."""

__all__ = ["prior_holds"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.inspection.findings import Curve, Figure, Findings, Panel, Table
from latentot.inspection.subject import TEST, TRAIN, Subject
from latentot.metrics import DEFAULT, NullBand, OneSample, drift
from latentot.reporting.formats import number, signed

NULL = 39
REFERENCE = 10
"""Points of the reference for each encoding."""
LEVEL = 0.05
SHOWN = 64
"""Coordinates in the figure."""
QUARTILES_OF_NORMAL = 1.3489795003921634


def prior_holds(s: Subject) -> Findings:
    """Drift of the aggregate posterior from the prior, each metric beside what fresh draws give of the same n."""
    import pandas as pd

    codes = {part: s.codes(part, "draws") for part in (TRAIN, TEST)}
    n = min(map(len, codes.values()))
    reference = s.draw(REFERENCE * n, "reference")
    judges: dict[str, Any] = {}
    refused = []
    for name in DEFAULT:
        metric = drift(name)
        try:
            metric.check(s.law)
            against = s.law if isinstance(metric, OneSample) else reference
            judges[name] = metric.against(against, rng=s.rng("judge", name), sizes=(n,))
        except InputError as error:
            refused.append(str(error))
    if not judges:
        raise InputError(refused[0])
    fresh = [s.draw(n, "null", i) for i in range(NULL)]
    band = NullBand(np.array([[judge(z).value for judge in judges.values()] for z in fresh]))
    rows, says = [], []
    for part, z in codes.items():
        observed = np.array([judge(z[:n]).value for judge in judges.values()])
        excess, p = (observed - band.mean) / np.maximum(band.sd, np.finfo(float).tiny), band.p_adjusted(observed)
        for name, *numbers in zip(judges, observed, band.mean, band.sd, excess, p, strict=True):
            rows.append(dict(zip(_COLUMNS, (part, name, n, *map(float, numbers)), strict=True)))
        says.append(_said(part, n, list(judges), excess, p))
    table = Table(
        "aggregate-posterior",
        f"Drift of {n} draws of q(z|x), one a datum, from the prior, beside {NULL} samples of as many fresh draws; p "
        "is corrected for the number of metrics.",
        pd.DataFrame(rows),
    )
    figure, arrays = _figure(codes[TEST][:n], fresh)
    return Findings((*says, *refused), (table,), (figure,), arrays)


_COLUMNS = ("data", "metric", "n", "drift", "null_mean", "null_sd", "excess", "p_adjusted")


def _said(part: str, n: int, names: list[str], excess: NDArray[Any], p: NDArray[Any]) -> str:
    worst = int(np.argmax(excess))
    if p.min() <= LEVEL:
        return (
            f"Encodings of data {'trained on' if part == TRAIN else part} do not follow the prior: by {names[worst]} "
            f"{n} of them are {signed(float(excess[worst]))} null standard deviations off "
            f"(p = {number(float(p.min()))})."
        )
    return (
        f"Of data {'trained on' if part == TRAIN else part}, {n} encodings are told apart from draws of the prior by "
        f"no metric (p = {number(float(p.min()))})."
    )


def _figure(z: NDArray[Any], fresh: list[NDArray[Any]]) -> tuple[Figure, dict[str, NDArray[Any]]]:
    """Middle and width of each coordinate, against those of fresh draws: quartiles, which every prior has."""
    at, null = _summary(z)[0], np.array([_summary(one)[1:] for one in fresh])
    own = _summary(z)[1:]
    arrays, panels = {}, []
    for i, (name, up) in enumerate((("middle", "median"), ("width", "quartile spread / 1.349"))):
        low, high = np.quantile(null[:, i], [0.025, 0.975], axis=0)
        arrays[f"aggregate/{name}"] = np.stack([at, own[i]])
        arrays[f"aggregate/{name}-null"] = np.stack([at, low, high])
        curves = (
            Curve(f"aggregate/{name}-null", "area", "95 % of fresh draws"),
            Curve(f"aggregate/{name}", "dots", "encodings"),
        )
        panels.append(Panel(f"{name} of each coordinate", curves=curves, across="coordinate", up=up))
    caption = "Held-out encodings, coordinate by coordinate, beside fresh draws of the prior of the same number."
    return Figure("aggregate-posterior", "Coordinate by coordinate", caption, tuple(panels)), arrays


def _summary(z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    lower, middle, upper = np.quantile(z.reshape(len(z), -1)[:, :SHOWN], [0.25, 0.5, 0.75], axis=0)
    return np.arange(len(middle)) + 1.0, middle, (upper - lower) / QUARTILES_OF_NORMAL
