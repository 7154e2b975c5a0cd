"""The sanity suite in small: each check draws what it says, and its shapes judge curves as they should."""

import numpy as np
import pytest


@pytest.fixture(name="sanity")
def the_script(script):
    return script("sanity")


@pytest.fixture(name="shapes")
def of_curves(script):
    return script("sanity_shapes")


X = np.linspace(-1, 1, 5)


@pytest.mark.parametrize(
    ("shape", "values", "expected"),
    [
        (lambda s: s.at(0.0, 1), [0, 0.5, 0.96, 0.5, 0], True),
        (lambda s: s.at("first", 1), [0.9, 0.5, 1, 0.5, 0], False),
        (lambda s: s.at("last", 0, 1), [0, 0, 0, 0, 0.99], "high"),
        (lambda s: s.at("last", 0, 1), [0, 0, 0, 0, 0.01], "low"),
        (lambda s: s.at("last", 0, 1), [0, 0, 0, 0, 0.5], False),
        (lambda s: s.bell(0.0), [0, 0.5, 1, 0.5, 0.1], True),
        (lambda s: s.bell(0.0), [0, 0.5, 1, 0.5, 0.9], False),
        (lambda s: s.bell(0.0), [0.3, 1.2, 1, 0.5, 0.3], False),
        (lambda s: s.falling, [1, 0.9, 0.5, 0.3, 0.1], True),
        (lambda s: s.falling, [1, 1.2, 0.5, 0.3, 0.1], False),
        (lambda s: s.rising, [0, 0.2, 0.5, 0.7, 0.9], True),
        (lambda s: s.falling_by(0.5), [1, 1, 0.95, 0.3, 0.1], False),
        (lambda s: s.falling_by(0.5), [1, 1, 0.85, 0.3, 0.1], True),
        (lambda s: s.flat, [0.5, 0.52, 0.54, 0.5, 0.5], True),
        (lambda s: s.flat, [0.5, 0.52, 0.56, 0.5, 0.5], False),
        (lambda s: s.settled, [0, 0.2, 0.5, 0.52, 0.54], True),
        (lambda s: s.low_or_high(s.bell(0.0), s.rising), [0, 0.5, 1, 0.5, 0], "low"),
        (lambda s: s.low_or_high(s.bell(0.0), s.rising), [0, 0.5, 1, 1, 1], "high"),
    ],
)
def test_shapes(shapes, shape, values, expected):
    assert shape(shapes)(X, np.array(values)) == expected


def test_there_are_fifteen_checks_with_fourteen_purposes(sanity):
    assert len(sanity.CHECKS) == len({check.title for check in sanity.CHECKS}) == 15
    asked = [check.fidelity.get("real rounded", check.fidelity) for check in sanity.CHECKS]
    assert sum(sanity.PURPOSE in one for one in asked) == 14


@pytest.mark.parametrize("number", range(15))
def test_every_check_draws_finite_data_of_one_width_at_settings_in_order(sanity, number):
    check = sanity.CHECKS[number]
    cases = {}
    for case, setting, real, generated in check.draws(np.random.default_rng(0), 40, 5):
        assert real.shape[1] == generated.shape[1]
        assert np.isfinite(real).all()
        assert np.isfinite(generated).all()
        cases.setdefault(case, []).append(setting)
    for settings in cases.values():
        assert settings == sorted(set(settings))
        assert len(settings) >= 5
    by_case = [
        own for own in check.fidelity if own not in {"purpose", "bounds", "data", "hyperparameters", "invariance"}
    ]
    assert set(by_case) <= set(cases)


def test_a_shifted_law_is_seen_and_one_disjoint_dimension_is_not(sanity):
    checks = {check.title: check for check in sanity.CHECKS}
    judges = ["density", "coverage"]
    for title, expected in (("Gaussian mean difference", True), ("one disjoint dimension among many", False)):
        curves = sanity.measured(checks[title], judges, n=300, points=5, repeats=2)
        for name in judges:
            failed = sanity.passed(getattr(checks[title], sanity.KINDS[name]), curves[name])
            assert (not failed["purpose"]) == expected, failed


def test_a_judge_that_is_low_in_one_case_and_high_in_another_fails(sanity, shapes):
    asked = {"bounds": {"last": shapes.at("last", 0, 1)}}
    x = np.array([0.0, 1.0])
    curves = {"d = 1": (x, np.array([0.0, 1.0])), "d = 2": (x, np.array([0.0, 0.0]))}
    assert sanity.passed(asked, curves) == {"bounds": ["low in one case and high in another"]}
    assert sanity.passed(asked, {"d = 1": curves["d = 1"]}) == {"bounds": []}
