"""A figure that cannot be drawn costs itself only: the page says which, and why."""

__all__ = ["attempted", "attempted_all"]

import warnings
from collections.abc import Callable, Sequence

from latentot.errors import FailureWarning, one_line
from latentot.reporting.figures import style
from latentot.reporting.populations import population_title
from latentot.runformat import Population


def attempted(kind: str, population: Population, draw: Callable[[], style.Drawing]) -> style.Drawing:
    """What is drawn, or a figure without tiles whose caption says why there are none.

    Args:
        kind: of the figure, as its name begins.
        population: whose it is.
        draw: draws it.

    Warns:
        FailureWarning: it cannot be drawn.

    >>> attempted("drift", Population("prior"), lambda: style.Drawing("drift-prior", "", "as it is")).caption
    'as it is'
    """
    try:
        return draw()
    except Exception as error:
        name = style.figure_name(kind, population.label)
        warnings.warn(f"the figure {name} could not be drawn: {one_line(error)}", FailureWarning, stacklevel=2)
        caption = f"This figure could not be drawn ({one_line(error)}); the numbers are stored beside this page."
        return style.Drawing(name, population_title(population), caption)


def attempted_all(
    kind: str, population: Population, draw: Callable[[], Sequence[style.Drawing | None] | style.Drawing | None]
) -> tuple[style.Drawing, ...]:
    """The figures that there are of a kind: none where a run has nothing to draw, one that says why where it fails."""
    found: list[style.Drawing] = []

    def one() -> style.Drawing:
        drawn = draw()
        found.extend(own for own in (drawn if isinstance(drawn, Sequence) else [drawn]) if own is not None)
        return style.Drawing("", "", "")

    failure = attempted(kind, population, one)
    return (*found, failure) if failure.name else tuple(found)
