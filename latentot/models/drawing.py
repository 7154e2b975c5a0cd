"""Data that are no pictures, drawn as the pictures that their model says."""

__all__ = ["drawn"]

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line

if TYPE_CHECKING:
    from latentot.models.model import Model


def drawn(model: "Model", data: NDArray[Any], leading: int) -> NDArray[Any]:
    """Rows of data as pictures; as they are where the model draws none.

    Args:
        model: whose data they are.
        data: shape (..., k, *data shape): k that follow one another, such as a walk, and are drawn in one call.
        leading: how many axes come before those of one datum.

    Returns:
        Pictures in 8 bits, shape (..., k, height, width) or with 3 colours last.

    Raises:
        InputError: the model cannot draw, or what it draws are no pictures.

    >>> import latentot as lot
    >>> model = lot.Model(lot.Normal(2), lambda z: z, draw=lambda x: np.zeros((len(x), 8, 8)))
    >>> drawn(model, np.ones((3, 5, 2)), leading=2).shape
    (3, 5, 8, 8)
    """
    if model.draw is None:
        return data
    rows = data.reshape(-1, *data.shape[leading - 1 :])
    try:
        pictures = np.stack([np.asarray(model.draw(row)) for row in rows])
    except Exception as error:
        raise InputError(f"{model.name} cannot draw what it decodes: {one_line(error)}") from error
    shape = pictures.shape[2:]
    if pictures.shape[:2] != rows.shape[:2] or len(shape) != 2 + (shape[2:] == (3,)) or pictures.dtype.kind not in "fu":
        raise InputError(
            f"{model.name} draws {rows.shape[1]} data as {pictures.dtype} of shape {pictures.shape[1:]}: pictures have "
            "shape (k, height, width) or (k, height, width, 3), and numbers from 0 to 1"
        )
    if pictures.dtype != np.uint8:
        pictures = (255 * np.clip(np.nan_to_num(pictures), 0, 1)).round().astype(np.uint8)
    return pictures.reshape(*data.shape[:leading], *shape)
