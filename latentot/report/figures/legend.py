"""The legend of methods and of the null band, for figures and for tiles of their own."""

__all__ = ["legend"]

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from latentot.report.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend


def legend(
    figure: "Figure",
    methods: Sequence[str],
    styles: Mapping[str, style.MethodStyle],
    shade: str | None,
    loc: Literal["outside upper left", "center left"],
    ncols: int,
) -> "Legend":
    """Draw it: a line for each method, and the band that drift by chance has, if it has a colour."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Line2D([], [], **styles[method].line()) for method in methods]
    texts = [style.label(method) for method in methods]
    if shade is not None:
        handles += [Patch(facecolor=shade), Line2D([], [], color=style.SOFT, linestyle=":", linewidth=1.2)]
        texts += ["95 % without drift", "mean without drift"]
    # Legends take labels that begin with "_" for hidden ones, so the names are set afterwards.
    drawn = figure.legend(handles, ["x"] * len(texts), loc=loc, ncols=ncols, handlelength=2.6, columnspacing=1.6)
    for text, content in zip(drawn.get_texts(), texts, strict=True):
        text.set_text(content)
    return drawn
