"""Which coordinates of the latent say anything of data."""

__all__ = ["use_of_coordinates"]

import numpy as np

from latentot.inspection.coordinates import ACTIVE, coordinates
from latentot.inspection.findings import Curve, Figure, Findings, Panel, Table
from latentot.inspection.subject import TEST, Subject
from latentot.reporting.formats import number

SHOWN = 128
"""Coordinates in the figure."""


def use_of_coordinates(s: Subject) -> Findings:
    """KL of each coordinate, and which are active, over held-out data."""
    import pandas as pd

    found = coordinates(s.posterior(TEST), s.model.prior)
    order = np.argsort(-found.kl, kind="stable")
    d, active = len(found.kl), int(found.active.sum())
    finite = found.kl[np.isfinite(found.kl)]
    half = int(np.searchsorted(np.cumsum(np.sort(finite)[::-1]), finite.sum() / 2)) + 1 if finite.sum() > 0 else 0
    says = (
        f"Of {d} coordinates {active} are active (their posterior mean moves with the data: variance above {ACTIVE:g} "
        f"of the prior's), and {half} of them carry half of the {number(float(finite.sum()))} nats.",
    )
    frame = pd.DataFrame(
        {"coordinate": order, "kl": found.kl[order], "moved": found.moved[order], "active": found.active[order]}
    )
    table = Table(
        "coordinates",
        "Divergence from the prior in nats, and variance of the posterior mean over held-out data in units of the "
        "prior's, the most used first.",
        frame,
    )
    at = np.arange(min(d, SHOWN))
    kl, used = np.nan_to_num(found.kl[order][: len(at)]), found.active[order][: len(at)]
    arrays = {
        "coordinates/active": np.stack([at[used] + 1.0, kl[used]]),
        "coordinates/idle": np.stack([at[~used] + 1.0, kl[~used]]),
    }
    curves = [Curve("coordinates/active", "bars", "active")]
    if not used.all():
        curves.append(Curve("coordinates/idle", "faint-bars", "not active"))
    panel = Panel(curves=tuple(curves), across="coordinate, the most used first", up="KL from the prior, nats")
    figure = Figure("coordinates", "What each coordinate says", "Divergence of each coordinate, sorted.", (panel,))
    return Findings(says, (table,), (figure,), arrays)
