"""The page of an inspection, made of what its folder stores."""

from latentot.inspection.page.rendering import render

__all__ = ["render"]
