"""Where torch computes, for models that are made with it."""

__all__ = ["torch_device"]

from latentot.errors import InputError


def torch_device(device: object) -> str:
    """The device, if it is there.

    Args:
        device: "cpu", "cuda", "cuda:0", "mps" (of Apple's processors), "xpu" (of Intel's), ...

    Raises:
        InputError: it is not.

    >>> torch_device("cpu")
    'cpu'
    """
    import torch

    here = ["cpu"]
    for kind in (torch.cuda, torch.xpu):
        if kind.is_available():
            name = kind.__name__.rpartition(".")[2]
            here += [name, *(f"{name}:{i}" for i in range(kind.device_count()))]
    if torch.backends.mps.is_available():
        here += ["mps", "mps:0"]
    if not isinstance(device, str) or device not in here:
        raise InputError(f"the device {device!r} is not available: choose one of {', '.join(here)}")
    return device
