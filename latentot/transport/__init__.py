"""Transport: maps that push one law onto another (earth moving)."""

from typing import Any

from latentot.catalogue import Catalogue
from latentot.errors import InputError
from latentot.transport.auto import Auto, Chosen
from latentot.transport.bures import normal_path, posterior_path
from latentot.transport.exact import Exact
from latentot.transport.fitted import Fitted, Reached, Report, TransportMap
from latentot.transport.gaussian import Gaussian
from latentot.transport.marginal import Marginal
from latentot.transport.mixtures import mixture_barycentre
from latentot.transport.radial import Radial
from latentot.transport.sinkhorn import Sinkhorn
from latentot.transport.sliced import Sliced
from latentot.transport.transport import Transport

__all__ = [
    "TRANSPORTS",
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
    "mixture_barycentre",
    "named_transport",
    "normal_path",
    "posterior_path",
]

TRANSPORTS = Catalogue(
    "transport",
    "latentot.transports",
    {transport.name: transport for transport in (Auto, Exact, Gaussian, Marginal, Radial, Sinkhorn, Sliced)},
)
"""Transports by name: plugins announce factories in this group, factory(**options) gives a `Transport`."""


def named_transport(name: str, **options: Any) -> Transport:
    """The transport of a name.

    Args:
        name: a name out of `TRANSPORTS.names()`.
        **options: parameters of that transport.

    Raises:
        InputError: no transport has this name, or it does not take these options.

    >>> named_transport("gaussian").name
    'gaussian'
    """
    transport = TRANSPORTS.make(name, **options)
    if not isinstance(transport, Transport):
        raise InputError(f"the plugin of the transport {name!r} made {type(transport).__name__}, not a Transport")
    return transport
