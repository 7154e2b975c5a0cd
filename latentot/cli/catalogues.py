"""Everything that has a name, under the heading that it is listed by."""

__all__ = ["catalogues"]

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latentot.catalogue import Catalogue


def catalogues() -> "dict[str, Catalogue]":
    """Every catalogue by its heading; no plugin is imported.

    >>> list(catalogues())[:3]
    ['methods', 'metrics', 'transports']
    """
    from latentot.data import SOURCES
    from latentot.features import FEATURES
    from latentot.judges import JUDGES
    from latentot.metrics import METRICS
    from latentot.models import MODELS, TRAINERS
    from latentot.paths import METHODS
    from latentot.priors import PRIORS
    from latentot.transport import TRANSPORTS

    all_of_them = (METHODS, METRICS, TRANSPORTS, PRIORS, MODELS, TRAINERS, SOURCES, JUDGES)
    return {f"{one.kind}s": one for one in all_of_them} | {"features": FEATURES}
