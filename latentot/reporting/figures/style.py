"""How every figure looks: one style, one palette, one way to SVG."""

__all__ = [
    "COLOURS",
    "Drawing",
    "MethodStyle",
    "apart",
    "collecting",
    "figure_name",
    "label",
    "method_styles",
    "new_figure",
    "styled",
    "table",
    "to_pdf",
    "to_svg",
]

import csv
import io
import math
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Line = Literal["-", "--", "-.", ":"]

SHEET_WIDTH = 7.2  # inches: a text column of a paper in one-column layout
TILE_WIDTH = 3.35  # inches: a column of a paper, 8.5 cm; fills a phone without shrinking its letters
TICK = 7.5  # points of the letters beside ticks
INK, SOFT, BAND = "#1a1a1a", "#5a5f66", "#d3d7dc"
OTHER_BAND = "#d9cfe8"  # of a reference that is not the prior: told from BAND at a glance, and as light in print

# Okabe and Ito's palette without its yellow, which vanishes on white.
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
_LINES: tuple[Line, ...] = ("-", "--", "-.", ":")
_STYLE = {
    "text.parse_math": False,  # a method called "$x_1$" is shown as it is called
    "image.composite_image": False,  # images stay as they are, where axes have several
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],  # of one width, nearly
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # else it is found by the size of everything beside it
    "axes.labelsize": 8,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": TICK,
    "ytick.labelsize": TICK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "legend.borderpad": 0.0,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.6,
}


_COLLECTED: "ContextVar[dict[str, Figure] | None]" = ContextVar("collected", default=None)


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG text: one sheet for papers, and tiles that a page lays out to fit the screen.

    `data` are the numbers that are drawn, as CSV. Without a sheet there is nothing to draw, and the caption says why.
    """

    name: str
    heading: str
    caption: str
    sheet: str = ""
    tiles: tuple[str, ...] = ()
    data: str = ""


@dataclass(frozen=True)
class MethodStyle:
    """A method's looks, the same in every figure of a report."""

    color: str
    marker: str
    linestyle: Line

    def line(self) -> dict[str, Any]:
        """What a line of this method is drawn with; the white edge keeps crossing markers apart."""
        return {**asdict(self), "markeredgecolor": "white", "markeredgewidth": 0.4}


def method_styles(methods: Sequence[str]) -> dict[str, MethodStyle]:
    """One style a method; colours repeat after 7, and then with another marker and line.

    >>> method_styles(["linear"])["linear"].marker
    'o'
    """
    return {
        method: MethodStyle(
            color=COLOURS[i % len(COLOURS)],
            marker=_MARKERS[i % len(_MARKERS)],
            linestyle=_LINES[(i + i // len(_LINES)) % len(_LINES)],
        )
        for i, method in enumerate(methods)
    }


@contextmanager
def styled() -> Iterator[None]:
    """The style of all figures, from matplotlib's own defaults, whatever the user's settings are."""
    import matplotlib.style

    with matplotlib.style.context(["default", _STYLE]), warnings.catch_warnings():
        # Letters stay text: whoever looks at it has them, whatever fonts there are here.
        warnings.filterwarnings("ignore", message=r"(Glyph|Matplotlib currently)", category=UserWarning)
        yield


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure, sides in inches; it belongs to no window and to no list of open figures."""
    from latentot.reporting.figures.sheet import Sheet

    return Sheet(figsize=(width, height))


@contextmanager
def collecting() -> Iterator[dict[str, "Figure"]]:
    """The figures that are drawn meanwhile, by their names, for formats other than SVG."""
    figures: dict[str, Figure] = {}
    token = _COLLECTED.set(figures)
    try:
        yield figures
    finally:
        _COLLECTED.reset(token)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Numbers of a figure as CSV, with as many digits as can be seen; what is NaN is left open.

    >>> table(["method", "t"], [["a,b", 0.123456789], ["c", float("nan")]])
    'method,t\\n"a,b",0.123457\\nc,\\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_seen(own) for own in row] for row in rows])
    return stream.getvalue()


def _seen(value: object) -> object:
    if not isinstance(value, float):
        return value
    return "" if math.isnan(value) else f"{value:.6g}"


def to_pdf(figure: "Figure") -> bytes:
    """A figure as PDF, its letters as text; the same figure gives the same bytes."""
    import matplotlib

    stream = io.BytesIO()
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        figure.savefig(stream, format="pdf", metadata=dict.fromkeys(("CreationDate", "Creator", "Producer")))
    return stream.getvalue()


def to_svg(figure: "Figure", name: str) -> str:
    """The figure as SVG: the same figure and name give the same text."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    if (collected := _COLLECTED.get()) is not None:
        collected[name] = figure
    stream = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name}):
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        # `savefig` draws twice, the first time for a layout that is known.
        FigureCanvasSVG(figure).print_svg(stream, metadata=nothing)  # type: ignore[no-untyped-call]
    return stream.getvalue()


def label(name: str, limit: int = 28) -> str:
    """A name short enough for a figure.

    >>> label("spherical-cauchy"), label("x" * 100, limit=5)
    ('spherical-cauchy', 'xxxx…')
    """
    name = " ".join(name.split())
    return name if len(name) <= limit else f"{name[: limit - 1]}…"


def apart(places: Sequence[float], least: float) -> list[float]:
    """Places moved so that no two are closer than `least`, in the order that they have, about where they were.

    >>> apart([0.0, 1.0, 10.0], least=4.0)
    [-1.5, 2.5, 10.0]
    """
    groups: list[list[float]] = []  # of labels that touch: [sum of wanted first places, how many]
    order = sorted(range(len(places)), key=lambda i: places[i])
    for i in order:
        groups.append([places[i], 1.0])
        while len(groups) > 1 and groups[-1][0] / groups[-1][1] < groups[-2][0] / groups[-2][1] + least * groups[-2][1]:
            total, n = groups.pop()
            # Each member of the later group wants the joined group to begin as far before it as labels are between.
            groups[-1] = [groups[-1][0] + total - n * groups[-1][1] * least, groups[-1][1] + n]
    found, at = list(places), 0
    for total, n in groups:
        for rank in range(int(n)):
            found[order[at]] = total / n + rank * least
            at += 1
    return found


def figure_name(kind: str, *parts: str) -> str:
    """A file name that is safe whatever the parts are.

    >>> figure_name("drift", "prior"), figure_name("drift", "../a b")
    ('drift-prior', 'drift-a-b')
    """
    return "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in (kind, *parts))
