"""Optimal matching: `latentot.numerics.matching`, by the name that transport has for it."""

__all__ = ["matching"]

from latentot.numerics.matching import matching
