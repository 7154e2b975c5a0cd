"""Key figures as pictures, held to those in pictures/ by pytest-mpl.

A change that is meant: pytest tests/reporting/test_pictures.py --mpl-generate-path=tests/reporting/pictures, and look.
"""

import matplotlib as mpl
import pytest

from latentot.reporting import draw_drift, draw_norms, draw_price, draw_strips, figure_of
from latentot.runformat import RunFolder

pytest.importorskip("pytest_mpl", reason="figures are held to pictures by pytest-mpl, which is not installed")
pytestmark = pytest.mark.skipif(
    tuple(map(int, mpl.__version__.split(".")[:2])) < (3, 11), reason="before matplotlib 3.11 letters had other shapes"
)
# RMS of 8-bit levels, 0 where nothing differs: the dashed front of the smallest picture, if it is missing, makes 3.9.
held = pytest.mark.mpl_image_compare(
    baseline_dir="pictures", style="default", tolerance=2, savefig_kwargs={"dpi": 60, "metadata": {"Software": None}}
)


@held
def test_drift(make_run):
    return drawn(make_run(), draw_drift, "norm-ks")


@held
def test_norms(make_run):
    return drawn(make_run(), draw_norms)


@held
def test_price(make_run):
    run = make_run()
    for place, verdict in enumerate(run.run["verdicts"]):
        share = {"keeps": 0.01, "drifts": 1 / (1 + place)}.get(verdict["verdict"], 0.1)
        verdict |= {"share": share, "share_low": share - 0.03, "share_high": share + 0.03, "n": 500}
    return drawn(run, draw_price)


@held
def test_strips(make_run):
    return drawn(make_run(model=True), draw_strips)


def drawn(made, draw, metric="frechet"):
    """The figure of the first population, of one metric."""
    made.rows = [row for row in made.rows if row["metric"] == metric]
    run = RunFolder.read(made.write())
    return figure_of(draw, run, run.populations[0])
