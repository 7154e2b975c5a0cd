"""Tiles cut out of a sheet: what a paper and a page show is drawn once."""

__all__ = ["cut"]

import re
from collections.abc import Sequence

from latentot.reporting.figures.frame import Box

_PANELS = re.compile(r'^  <g id="axes_\d+">\n.*?^  </g>\n', re.MULTILINE | re.DOTALL)
_DEFINITIONS = re.compile(r"^ *<defs>\n(.*?)^ *</defs>\n", re.MULTILINE | re.DOTALL)
_DEFINED = re.compile(r'<path id="([^"]+)"[^>]*/>|<clipPath id="([^"]+)">.*?</clipPath>', re.DOTALL)
_USED = re.compile(r'(?:xlink:href="|url\()#([^")]+)')
_POINTS = 72  # an inch


def cut(svg: str, boxes: Sequence[Box]) -> tuple[str, ...]:
    """The panels of a sheet, each as an SVG of its own.

    Matplotlib writes axes one after another, and an outline or a clip path once, where it is first used or at the end:
    each tile gets those that it uses.

    Args:
        svg: the sheet, as `to_svg` gives it.
        boxes: where its axes are, in the order in which they were made, with all that belongs to them.
    """
    head = svg[: svg.index("<svg ")]
    defined = {
        own[1] or own[2]: own[0] for defs in _DEFINITIONS.findall(svg) for own in _DEFINED.finditer(defs)
    }  # fmt: skip
    bare = _DEFINITIONS.sub("", svg)
    return tuple(head + _tile(panel[0], box, defined) for panel, box in zip(_PANELS.finditer(bare), boxes, strict=True))


def _tile(panel: str, box: Box, defined: dict[str, str]) -> str:
    left, top, width, height = (round(_POINTS * side, 4) for side in (box.left, box.top, box.width, box.height))
    # A label may read like a reference, and is none.
    used = "\n".join(defined[name] for name in dict.fromkeys(_USED.findall(panel)) if name in defined)
    return (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:g}pt" height="{height:g}pt" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg" version="1.1">\n'
        f'<defs>\n<style type="text/css">*{{stroke-linejoin: round; stroke-linecap: butt}}</style>\n{used}\n</defs>\n'
        f'<path d="M {left:g} {top:g} h {width:g} v {height:g} h {-width:g} z" style="fill: #ffffff"/>\n{panel}</svg>\n'
    )
