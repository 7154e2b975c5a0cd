"""Arrays as callers give them: what is taken as it is, what is read on the host, and what is refused in one line."""

__all__ = ["check_plain", "on_host", "released", "shown"]

from typing import Any

import numpy as np
from array_api_compat import is_torch_array
from numpy.typing import NDArray

from latentot.errors import InputError

MAX_SHOWN = 100
"""Characters of a value that a message quotes."""
INSTEAD = {
    "MaskedArray": "fill or drop the masked values first, z.filled(value) or z.compressed()",
    "matrix": "give numpy.asarray(z)",
    "DataFrame": "give z.to_numpy()",
    "Series": "give z.to_numpy()",
    "list": "give numpy.asarray(z)",
    "tuple": "give numpy.asarray(z)",
}
"""What to write in place of a kind of array that is refused, by the name of its type."""


def check_plain(what: str, z: Any) -> None:
    """Refuse arrays that are more than their numbers, and would lose it: a mask, a unit, an algebra of their own.

    Memory-mapped files and parameters of a model are plain. Sparse arrays are not: most of their numbers are not there.

    Args:
        what: what it is, for the message.
        z: an array of any library.

    Raises:
        InputError: it is a masked array, a matrix, another subclass of NumPy's arrays, or a tensor that is not dense.

    >>> check_plain("z0", np.ma.masked_less([0.5, -1.0], 0))
    Traceback (most recent call last):
    latentot.errors.InputError: z0 must be a plain array, got MaskedArray: fill or drop the masked values first, \
z.filled(value) or z.compressed()
    """
    if isinstance(z, np.ndarray):
        if type(z) not in {np.ndarray, np.memmap}:
            raise InputError(f"{what} must be a plain array, got {_kind(z)}")
    elif is_torch_array(z) and (str(z.layout) != "torch.strided" or z.is_nested):
        raise InputError(f"{what} must be a dense tensor, got one of layout {z.layout}: give z.to_dense()")
    elif type(z).__module__.startswith("scipy.sparse"):
        raise InputError(f"{what} must be a dense array, got {type(z).__name__}: give z.toarray()")


def on_host(what: str, z: Any) -> NDArray[Any]:
    """What was given as a NumPy array: lists, tables and tensors of the host are read.

    `longdouble`, for which LAPACK and SciPy have no functions, is rounded to double, and bytes are put in the machine's
    order.

    Args:
        what: what it is, for the message.
        z: numbers.

    Raises:
        InputError: it is refused by `check_plain`, or its library does not give its numbers out.

    >>> on_host("points", [[1.0, 2.0]]), on_host("points", np.ones(1, np.longdouble)).dtype
    (array([[1., 2.]]), dtype('float64'))
    """
    check_plain(what, z)
    try:
        array = np.asarray(z)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{what} cannot be read as an array: {shown(error)}") from error
    if array.dtype == np.longdouble:
        return array.astype(np.float64)
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def released(z: Any) -> Any:
    """What somebody's function made, such that `on_host` reads it: a tensor without its gradient, and not in bfloat16,
    which NumPy does not know; all else as it is.

    >>> released([0.5])
    [0.5]
    """
    if not is_torch_array(z):
        return z
    return z.detach().float() if str(z.dtype) == "torch.bfloat16" else z.detach()


def shown(given: object) -> str:
    """A value in a message: on one line, its middle left out where it is long.

    >>> len(shown(np.zeros((100, 1))))
    100
    """
    text = " ".join((str if isinstance(given, BaseException) else repr)(given).split())
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 33]}...{text[-30:]}"


def _kind(z: Any) -> str:
    """The name of its type, and what to write instead."""
    kind = next((cls.__name__ for cls in type(z).__mro__ if cls.__name__ in INSTEAD), "")
    return f"{type(z).__name__}: {INSTEAD.get(kind, 'give numpy.asarray(z)')}"
