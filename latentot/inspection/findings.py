"""What an operation finds: sentences, tables, and figures as plain data."""

__all__ = ["Curve", "Figure", "Findings", "Panel", "Table"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Curve:
    """A curve of a panel.

    Args:
        array: the name of its points: shape (2, n), x and y; or (3, n), x, lower and upper, of an area.
        look: "line", "step", "area", "dots", "bars", "faint-bars" or "level".
        label: in the legend; none where it is empty.
    """

    array: str
    look: str
    label: str = ""


@dataclass(frozen=True)
class Panel:
    """A part of a figure: pictures in rows and columns, or curves.

    Args:
        title: above it.
        pictures: the name of an array of images, (rows, columns, ...).
        rows, columns: what each is.
        curves: where it is no pictures.
        across, up: names of the axes of curves.
    """

    title: str = ""
    pictures: str = ""
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    across: str = ""
    up: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure.

    Args:
        name: of its files; letters, digits and hyphens.
        heading: above it.
        caption: below it.
        panels: its parts; none where there is nothing to draw, and the caption says why.
        animated: whether the columns of its only panel, of pictures, are shown one after another.
    """

    name: str
    heading: str
    caption: str
    panels: tuple[Panel, ...] = ()
    animated: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """A table.

    Args:
        name: of its file.
        caption: what its columns are.
        frame: its rows.
    """

    name: str
    caption: str
    frame: "pd.DataFrame"


@dataclass(frozen=True, eq=False)
class Findings:
    """What an operation found.

    Args:
        says: sentences, the most important first.
        tables, figures: in the order of the page.
        arrays: what the figures are drawn from, by name.
    """

    says: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    arrays: Mapping[str, np.ndarray[Any, Any]] = field(default_factory=dict)
