"""Families of posteriors q(z|x), each with the prior that it is held against."""

from latentot_torch_vae.posteriors.cauchy import CauchyFamily
from latentot_torch_vae.posteriors.family import Family
from latentot_torch_vae.posteriors.normal import NormalFamily
from latentot_torch_vae.posteriors.point import PointFamily
from latentot_torch_vae.posteriors.power_spherical import PowerSphericalFamily

__all__ = ["FAMILIES", "Family"]

FAMILIES: dict[str, Family] = {
    "normal": NormalFamily(),
    "cauchy": CauchyFamily(),
    "sphere": PowerSphericalFamily(),
    "none": PointFamily(),
}
"""By the name of the prior; "none" is a plain autoencoder, which has none."""
