"""Where torch can compute on this machine."""

__all__ = ["check_device", "default_device"]

import torch

from latentot.errors import InputError


def default_device() -> str:
    """A GPU where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def check_device(device: object) -> str:
    """The device, if it is there.

    Raises:
        InputError: it is not.

    >>> check_device("cpu")
    'cpu'
    """
    here = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    here += [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if not isinstance(device, str) or device not in here:
        raise InputError(f"the device {device!r} is not there: accepted here are {', '.join(here)}")
    return device
