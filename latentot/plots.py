"""The pictures of a comparison, as matplotlib figures to go on with."""

__all__ = ["Plots", "population_of"]

from typing import TYPE_CHECKING

from latentot.errors import InputError
from latentot.reporting import draw_drift, draw_norms, draw_price, draw_strips, figure_of
from latentot.runformat import Population, RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Plots:
    """What `result.plot` offers: each gives a matplotlib figure, whose axes are in `figure.axes`.

    Figures are those of the report, and are drawn in its style; matplotlib's settings and pyplot's list of open figures
    stay as they are. Notebooks show them; elsewhere `figure.savefig("drift.pdf")` keeps one.

    Args:
        run: what is drawn.

    >>> import latentot as lot
    >>> result = lot.compare(lot.Normal(8), ["linear", "cauchy"], ["norm-ks"], n=60, repeats=2, null_draws=19, seed=0)
    >>> result.plot.drift().axes[0].get_xlabel()
    't'
    """

    def __init__(self, run: RunFolder) -> None:
        self._run = run

    def __repr__(self) -> str:
        return f"{type(self).__name__}: .drift() .norms() .strips() .tradeoff()"

    def drift(self, endpoints: str | None = None, reference: str | None = None, space: str | None = None) -> "Figure":
        """Drift over t beside the null band: axes for each metric, a line for each method.

        Args:
            endpoints: which endpoints, as `Comparison.verdict` takes them; the first by default.
            reference: what points are held against; the first by default.
            space: where points are measured, "latent" or "data"; the first by default.

        Raises:
            InputError: nothing of the kind was compared, or nothing of it could be measured.
        """
        return figure_of(draw_drift, self._run, population_of(self._run, endpoints, reference, space))

    def norms(self, endpoints: str | None = None) -> "Figure":
        """The soap bubble: densities of the distance from the origin at t = 1/2, a row a method, beside the prior's.

        Args:
            endpoints: "prior" or "encoded"; the first that were compared by default.

        Raises:
            InputError: nothing of the kind was compared.
        """
        return figure_of(draw_norms, self._run, population_of(self._run, endpoints))

    def strips(self, endpoints: str | None = None) -> "Figure":
        """What the model decodes each method's walk to, the same pairs for every method.

        Args:
            endpoints: "prior" or "encoded"; the first that were compared by default.

        Raises:
            InputError: nothing of the kind was compared, no model decodes, or what it decodes to is no image.
        """
        return figure_of(draw_strips, self._run, population_of(self._run, endpoints))

    def tradeoff(
        self, endpoints: str | None = None, reference: str | None = None, space: str | None = None
    ) -> "Figure":
        """Drift, as a share of linear's, against time, displacement from the straight line, and how decoded walks look,
        with the front that none beats.

        Args:
            endpoints: which endpoints, as `Comparison.verdict` takes them; the first by default.
            reference: what points are held against; the first by default.
            space: where points are measured, "latent" or "data"; the first by default.

        Raises:
            InputError: nothing of the kind was compared, or fewer than two methods have a share and a time.
        """
        return figure_of(draw_price, self._run, population_of(self._run, endpoints, reference, space))


def population_of(
    run: RunFolder, endpoints: str | None = None, reference: str | None = None, space: str | None = None
) -> Population:
    """The first population that is asked for.

    Args:
        run: the run.
        endpoints, reference, space: as `Comparison.verdict` takes them.

    Raises:
        InputError: nothing of the kind was compared.
    """
    left = list(run.populations)
    for name, asked in (("endpoints", endpoints), ("reference", reference), ("space", space)):
        known = list(dict.fromkeys(getattr(own, name) for own in left))
        if asked is not None and asked not in known:
            raise InputError(f"no {name} {asked!r} was compared: {', '.join(known)}")
        left = [own for own in left if getattr(own, name) == (known[0] if asked is None else asked)]
    return left[0]
