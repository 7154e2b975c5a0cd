"""Data in the form that a model decodes to: whatever does not fit is said, not guessed."""

__all__ = ["Agreed", "agree"]

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.data import Data
from latentot.features import resized

OUTSIDE = 0.5
"""Decoded values beyond the range of the data by this share of it are of another scale."""


@dataclass(frozen=True)
class Agreed:
    """Data as the model would have them.

    Args:
        data: None where there are none that can be used.
        why: what is wrong with them, where they cannot be.
        notes: what was done to them.
    """

    data: Data | None
    why: str = ""
    notes: tuple[str, ...] = ()


def agree(data: Data | None, decoded: NDArray[Any]) -> Agreed:
    """Data that can be held against what a model decodes to.

    Rows that are not finite are left out, and labels of one class, which tell nothing apart. Images of another size are
    resized, arrays of another shape with as many numbers reshaped; anything else, and values of another scale, is
    refused.

    Args:
        data: in two parts.
        decoded: draws of the prior, decoded, shape (n, ...).

    >>> agree(None, np.zeros((3, 1, 8, 8))).why
    'no data are given'
    """
    if data is None:
        return Agreed(None, "no data are given")
    notes = []
    data, dropped = _finite(data)
    if dropped:
        notes.append(f"{dropped} data have values that are NaN or infinite: they are left out")
    if not len(data.train) or len(data.test) < 2:
        return Agreed(None, f"of the data {len(data.train)} to train on and {len(data.test)} held out are left")
    if data.train_labels is not None and (data.train_labels == data.train_labels[0]).all():
        n, only = len(data.train_labels), data.train_labels[0]
        notes.append(
            f"all {n} labels to train on are of one class, {only}: they are left out, no classes are told apart"
        )
        data = replace(data, train_labels=None, test_labels=None)
    wanted, shape = decoded.shape[1:], data.shape
    if wanted != shape:
        if np.prod(wanted) == np.prod(shape):
            data = _changed(data, lambda x: x.reshape(len(x), *wanted))
            notes.append(f"data of shape {shape} are reshaped to {wanted}, that of what is decoded")
        elif len(wanted) == len(shape) == 3 and wanted[0] == shape[0]:
            size = wanted[1], wanted[2]
            data = _changed(data, lambda x: resized(x, size, "bilinear"))
            notes.append(
                f"images of {shape[1]} x {shape[2]} pixels are resized to {size[0]} x {size[1]} (bilinear, "
                "antialiased), the size of what is decoded"
            )
        else:
            return Agreed(None, f"the model decodes to shape {wanted}, and the data have shape {shape}", tuple(notes))
    low, high = float(data.train.min()), float(data.train.max())
    least, most = (float(end) for end in np.quantile(decoded, [0.001, 0.999]))
    room = OUTSIDE * (high - low)
    if least < low - room or most > high + room:
        return Agreed(
            None,
            f"the model decodes to values from {least:.3g} to {most:.3g}, and the data go from {low:.3g} to {high:.3g}:"
            " give a model whose decode and encode have the scale of the data",
            tuple(notes),
        )
    return Agreed(data, "", tuple(notes))


def _finite(data: Data) -> tuple[Data, int]:
    """Data without rows that are not finite, and how many these were."""
    train, test = (np.isfinite(part.reshape(len(part), -1)).all(axis=1) for part in (data.train, data.test))
    dropped = int((~train).sum() + (~test).sum())
    if not dropped:
        return data, 0
    train_labels, test_labels = (
        None if labels is None else labels[kept]
        for labels, kept in ((data.train_labels, train), (data.test_labels, test))
    )
    return (
        replace(
            data, train=data.train[train], test=data.test[test], train_labels=train_labels, test_labels=test_labels
        ),
        dropped,
    )


def _changed(data: Data, change: Any) -> Data:
    return replace(data, train=change(data.train), test=change(data.test))
