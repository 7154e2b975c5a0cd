"""What is printed: a comparison in a few lines, everything else in one."""

import html.parser
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot import study
from latentot.data import load_data
from latentot.metrics import NullBand
from latentot.summary import ROWS

SMALL: dict[str, Any] = {"metrics": ["marginal-ks"], "t": [0.25, 0.5], "n": 20, "repeats": 2, "null_draws": 19}
MARKUP = '<script>alert("1")</script> & more'


def encode(x: np.ndarray) -> lot.Posterior:
    mean = x.reshape(len(x), -1)[:, [20, 27]].astype(float)
    return lot.Posterior(mean, np.full_like(mean, 0.5))


def compared(subject: Any, **changes: Any) -> lot.Comparison:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return lot.compare(subject, **SMALL | {"methods": ["linear", "cauchy"]} | changes)


@pytest.fixture(scope="module")
def result() -> lot.Comparison:
    return compared(lot.StudentT(2, df=3))


@pytest.fixture(scope="module")
def full() -> lot.Comparison:
    """Three populations, a name and options that are long and hold markup, pictures, and failures."""

    def fails(_: Any) -> Any:
        raise RuntimeError("x" * 500 + "\n" + MARKUP)

    model = lot.Model(lot.Normal(2), fails, encode, name=MARKUP + "y" * 20, provenance={"notes": "z" * 10_000})
    many = [{"name": "stable", "options": {"alpha": 1 + k / 100}} for k in range(12)]
    return compared(model, methods=["linear", *many], data="digits")


class TestComparison:
    def test_says_what_was_compared_and_what_came_of_it(self, result: lot.Comparison) -> None:
        first, head, *rows = repr(result).splitlines()
        assert first == "Comparison on StudentT(2, df=3): 2 methods, 1 metric, 20 pairs, seed 0"
        assert head.split() == ["method", "verdict", "share", "of", "drift", "pairs", "theory", "worst", "p"]
        for line, verdict in zip(rows, result.verdict().to_dict("records"), strict=False):
            assert line.split()[:2] == [verdict["method"], verdict["verdict"]]
            assert f"{verdict['worst_metric']}, t = {verdict['worst_t']:g}" in line

    @pytest.mark.parametrize("which", ["result", "full"])
    def test_is_short(self, which: str, request: pytest.FixtureRequest) -> None:
        text = str(request.getfixturevalue(which))
        lines = text.splitlines()
        assert len(lines) <= 25
        assert max(map(len, lines)) <= 120
        assert text.isascii()

    def test_says_what_is_left_out(self, full: lot.Comparison) -> None:
        assert len(full.outcome.facts["verdicts"]) == 3 * 13
        assert f"and {3 * 13 - ROWS} verdicts more" in str(full)
        assert "cannot decode: RuntimeError" in str(full)

    def test_html_is_small_whole_and_escaped(self, full: lot.Comparison) -> None:
        text = full._repr_html_()
        assert len(text) < 10_000
        assert "<script" not in text
        assert "&lt;script&gt;" in text
        opened: list[str] = []

        class Balanced(html.parser.HTMLParser):
            def handle_starttag(self, tag: str, attrs: Any) -> None:
                assert not attrs
                opened.append(tag)

            def handle_endtag(self, tag: str) -> None:
                assert opened.pop() == tag

        Balanced().feed(text)
        assert not opened
        assert text.count("<tr>") == 1 + ROWS

    def test_of_several_subjects(self) -> None:
        asked = study.studies_of(
            prior="normal", dim=[2, 3], methods=["linear"], metrics=["marginal-ks"], t=[0.5], pairs=20, repeats=2,
            null_draws=19,
        )  # fmt: skip
        text = str(lot.Comparison(study.run(asked)))
        assert text.startswith("Comparison on 2 subjects: 1 method")
        assert "d = 3 prior against prior: linear" in text


OBJECTS: dict[str, Callable[[], Any]] = {
    "Model": lambda: lot.Model(lot.Normal((4, 64, 64)), lambda z: z, encode, name="mine", provenance={"x": "y" * 999}),
    "Posterior": lambda: lot.Posterior(np.zeros((500, 3)), np.ones((500, 3))),
    "Data": lambda: load_data("digits"),
    "NullBand": lambda: NullBand(np.zeros((99, 6))),
    "Conformance": lambda: lot.check_model(lot.Model(lot.Normal(2), lambda z: z)),
    "CheckResult": lambda: lot.check_model(lot.Model(lot.Normal(2), lambda z: z[1:])).results[0],
    "Study": lambda: study.Study.of(
        prior={"name": "student-t", "options": {"df": 3}}, dim=3,
        methods=["linear", {"name": "stable", "options": {"alpha": 1.5}}],
    ),
    "Choice": lambda: study.Choice(name="stable", options={"alpha": list(range(999))}),
    "Outcome": lambda: compared(lot.Normal(2)).outcome,
    "Engine": lambda: study.Engine(2),
    "NullCache": lambda: study.NullCache(study.default_folder()),
    "ProductPrior": lambda: lot.ProductPrior(scipy.stats.rv_histogram(np.histogram(np.arange(99.0), 50)), 3),
    "Empirical": lambda: lot.Empirical(np.zeros((500, 3))),
}  # fmt: skip


@pytest.mark.parametrize("name", OBJECTS)
def test_every_public_object_has_one_line(name: str) -> None:
    text = repr(OBJECTS[name]())
    assert re.fullmatch(rf"{name}\(.*\)", text), text
    assert "\n" not in text
    assert len(text) <= 200, text
    assert not re.search(r"pydantic| object at 0x|array\(", text), text


def test_studies_say_what_they_were_given() -> None:
    asked = study.Study.of(prior="normal", dim=3, t=[0.5])
    assert str(asked) == "Study(prior=Choice('normal'), dim=3, t=(0.5,))"
