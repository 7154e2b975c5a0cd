"""Pictures and tables of a comparison in hand: those of its report, and nothing else in matplotlib is changed."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import latentot as lot
from latentot.progress import shown

PICTURES = ("drift", "norms", "strips", "tradeoff")


def compared(subject: object, methods: tuple[str, ...] = ("linear", "cauchy"), **settings: object) -> lot.Comparison:
    settings = {"t": 0.5, "n": 60, "repeats": 2, "null_draws": 19, "seed": 0, "cache": False} | settings
    return lot.compare(subject, list(methods), ["norm-ks"], **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def result() -> lot.Comparison:
    return compared(lot.Model(lot.Normal(4), decode=lambda z: np.abs(z).reshape(-1, 2, 2).clip(0, 1)))


@pytest.fixture(scope="module")
def plain() -> lot.Comparison:
    """A prior alone, one method."""
    return compared(lot.Normal(4), ("linear",))


@pytest.fixture(autouse=True)
def nothing_of_pyplot_changes() -> Iterator[None]:
    from matplotlib import pyplot

    before, figures, backend = dict(mpl.rcParams), pyplot.get_fignums(), mpl.get_backend()
    yield
    assert (dict(mpl.rcParams), pyplot.get_fignums(), mpl.get_backend()) == (before, figures, backend)


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_are_figures_to_go_on_with(result: lot.Comparison, kind: str) -> None:
    figure = getattr(result.plot, kind)()
    assert isinstance(figure, Figure)
    assert figure.axes
    figure.axes[0].axhline(0.5, color="red")
    assert figure._repr_png_().startswith(b"\x89PNG"), "notebooks show it without pyplot"


def test_drift_draws_what_was_measured(result: lot.Comparison) -> None:
    rows = result.results.query("method == 'linear' and space == 'latent'")
    drawn = [line.get_ydata() for line in result.plot.drift().axes[0].lines]
    assert any(np.allclose(own, rows["value"].mean()) for own in drawn if len(own) == 1)


def test_populations_are_chosen_as_verdicts_are() -> None:
    encoder = lambda x: lot.Posterior(x.reshape(len(x), -1)[:, :4] / 8 - 1, np.full((len(x), 4), 0.5))  # noqa: E731
    result = compared(lot.Model(lot.Normal(4), lambda z: z, encoder), ("linear",), data="digits")
    for choice in ({}, {"endpoints": "encoded"}, {"endpoints": "encoded", "reference": "posterior"}):
        own = result.verdict(**choice).iloc[0]
        rows = result.results.query(f"endpoints == '{own['endpoints']}' and reference == '{own['reference']}'")
        drawn = [line.get_ydata() for line in result.plot.drift(**choice).axes[0].lines]
        assert any(np.allclose(one, rows["value"].mean()) for one in drawn if len(one) == 1), choice
        assert f"| {own['worst_t']:g} | {own['p_value']:.3g} |" in result.to_markdown(**choice)


def test_each_call_draws_anew(result: lot.Comparison) -> None:
    assert result.plot.norms() is not result.plot.norms()


def test_pictures_are_listed(plain: lot.Comparison) -> None:
    assert all(f".{kind}()" in repr(plain.plot) for kind in PICTURES)


def test_what_there_is_nothing_to_draw_of(plain: lot.Comparison) -> None:
    with pytest.raises(lot.InputError, match="no decoded strips"):
        plain.plot.strips()
    with pytest.raises(lot.InputError, match="takes two methods or more"):
        plain.plot.tradeoff()


@pytest.mark.parametrize("show", ["plot.drift", "plot.norms", "to_markdown", "to_latex"])
def test_endpoints_that_were_not_compared(plain: lot.Comparison, show: str) -> None:
    target = plain.plot if show.startswith("plot") else plain
    with pytest.raises(lot.InputError, match=r"no endpoints 'encoded' was compared: prior"):
        getattr(target, show.rpartition(".")[2])("encoded")


def test_markdown_has_a_row_a_method(result: lot.Comparison) -> None:
    lines = result.to_markdown().splitlines()
    assert [line.split("|")[1].strip() for line in lines] == ["Method", ":--", "linear", "cauchy"]
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1
    verdicts = result.verdict()["verdict"]
    assert all(verdict in line for verdict, line in zip(verdicts, lines[2:], strict=True))


def test_latex_has_a_row_a_method_its_caption_and_label(result: lot.Comparison) -> None:
    text = result.to_latex(caption="Drift, $n = 60$", label="tab:drift")
    assert "\\caption{Drift, $n = 60$}\n\\label{tab:drift}\n" in text
    assert [line.split(" & ")[0].strip() for line in text.splitlines() if " & " in line] == [
        "Method",
        "linear",
        "cauchy",
    ]
    assert "\\label" not in result.to_latex()


def test_names_are_escaped() -> None:
    result = compared(lot.Normal(4), ("linear",), t=0.5)
    for verdict in result.outcome.facts["verdicts"]:
        verdict["method"] = "<script>|$x_1$&\\input{a}"
    assert "| &lt;script&gt;\\|\\$x\\_1\\$&amp;\\\\input{a} |" in result.to_markdown()
    assert "<script>|\\$x\\_1\\$\\&\\textbackslash{}input\\{a\\} &" in result.to_latex()


@pytest.mark.parametrize(("progress", "quiet"), [(True, False), (False, True), (None, True), (lambda *_: None, True)])
def test_progress_shows_a_bar_or_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], progress: object, quiet: bool
) -> None:
    asked = []
    monkeypatch.setattr("latentot.comparison.shown", lambda quiet: [asked.append(quiet), shown(quiet)][1])
    compared(lot.Normal(2), ("linear",), progress=progress)
    assert asked == [quiet]
    assert (" of " in capsys.readouterr().err) is not quiet
