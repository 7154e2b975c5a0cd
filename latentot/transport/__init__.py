"""Transport: maps that push one law onto another (earth moving)."""

from latentot.errors import unknown_name
from latentot.transport.auto import Auto, Chosen
from latentot.transport.exact import Exact
from latentot.transport.fitted import Fitted, Reached, Report, TransportMap
from latentot.transport.gaussian import Gaussian
from latentot.transport.marginal import Marginal
from latentot.transport.radial import Radial
from latentot.transport.sinkhorn import Sinkhorn
from latentot.transport.sliced import Sliced
from latentot.transport.transport import Transport

__all__ = [
    "Auto",
    "Chosen",
    "Exact",
    "Fitted",
    "Gaussian",
    "Marginal",
    "Radial",
    "Reached",
    "Report",
    "Sinkhorn",
    "Sliced",
    "Transport",
    "TransportMap",
    "named_transport",
    "transport_names",
]

_NAMED: dict[str, type[Transport]] = {
    transport.name: transport for transport in (Auto, Exact, Gaussian, Marginal, Radial, Sinkhorn, Sliced)
}


def named_transport(name: str) -> Transport:
    """The transport of a name, with its default settings.

    Args:
        name: a name out of `transport_names()`.

    Raises:
        InputError: no transport has this name.
    """
    if name not in _NAMED:
        raise unknown_name("transport", name, _NAMED)
    return _NAMED[name]()


def transport_names() -> list[str]:
    """Names of the transports.

    >>> transport_names()
    ['auto', 'exact', 'gaussian', 'marginal', 'radial', 'sinkhorn', 'sliced']
    """
    return sorted(_NAMED)
