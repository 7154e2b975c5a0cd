"""Features: data as numbers that a judge can compare."""

from typing import Any

from latentot.catalogue import Catalogue
from latentot.features.classifier import Classifier
from latentot.features.features import Features, Learned
from latentot.features.function import as_features
from latentot.features.pca import Pca
from latentot.features.pixels import Pixels
from latentot.features.resizing import resized

__all__ = ["FEATURES", "Features", "Learned", "as_features", "feature_extractor", "resized"]

FEATURES = Catalogue(
    "kind of features",
    "latentot.features",
    {one.name: one for one in (Pixels, Pca, Classifier)},
    {
        "raw": "pixels",
        "identity": "pixels",
        "principal-components": "pca",
        "labels": "classifier",
        "mlp": "classifier",
        "logistic": "write 'classifier' with its option hidden = 0",
        "onnx": "install latentot-onnx, which brings it",
        "photo": "install latentot-photo-features, which brings it",
        "inception": "give a callable, or install latentot-onnx and write onnx:FILE: no weights come with latentot",
    },
)
"""Features by name: plugins announce factories in this group, factory(**options) gives `Features`, or a callable
data -> (n, k)."""


def feature_extractor(name: str, **options: Any) -> Features:
    """The features of a name.

    Args:
        name: a name out of `FEATURES.names()`; `onnx:FILE` is `onnx` with its option `file`.
        **options: parameters of these features.

    Raises:
        InputError: no features have this name, or they do not take these options.

    >>> feature_extractor("pca", components=8)
    pca(components=8, whiten=False)
    """
    if isinstance(name, str) and ":" in name:
        name, _, options["file"] = name.partition(":")
    name = FEATURES.resolve(name)
    return as_features(FEATURES.make(name, **options), name)
