"""Handwritten digits that come with scikit-learn."""

__all__ = ["digits"]

import numpy as np

from latentot.data.split import Data, held_out


def digits(name: str) -> Data:
    """1,797 digits of 8 x 8 grey pixels.

    References:
        E. Alpaydin, C. Kaynak (1998). Optical Recognition of Handwritten Digits. UCI Machine Learning Repository.

    >>> digits("digits").shape
    (1, 8, 8)
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    return held_out(name, (found.images[:, None] / 16).astype(np.float32), found.target.astype(np.int64), "values / 16")
