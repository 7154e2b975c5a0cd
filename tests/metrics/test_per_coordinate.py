"""Metrics that know the prior, and studies, where coordinates have laws of their own."""

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.checks.model.sampling import PRIOR_LAW
from latentot.metrics import law_p_values
from latentot.metrics.log_density import expected_log_density
from latentot.study import Study

D, N = 5, 2_000
MEAN, SCALE = np.linspace(-5, 5, D), np.geomspace(1e-3, 1e3, D)
PRIORS = {
    "normal": lot.Normal(D, mean=MEAN, scale=SCALE),
    "uniform": lot.Uniform(D, low=MEAN, high=MEAN + SCALE),
    "laws": lot.ProductPrior([
        lot.Cauchy(1).marginal, scipy.stats.expon(scale=1e-3), lot.Normal(1, mean=3).marginal,
        lot.Normal(1, mean=3, scale=9).marginal, scipy.stats.gumbel_r(),
    ]),
}  # fmt: skip


@pytest.fixture(params=PRIORS, name="prior")
def a_prior(request):
    return PRIORS[request.param]


def to_uniform(prior, z):
    return np.stack([prior.marginal.coordinate(j).cdf(z[:, j]) for j in range(D)], axis=1)


@pytest.mark.parametrize("name", ["marginal-ks-one-sample", "marginal-anderson-darling-one-sample"])
def test_a_metric_of_coordinates_is_that_of_their_probabilities(name, prior):
    z = prior.sample(N, rng=0)
    z[:, 3] += 0.3 * (z[:, 3].max() - z[:, 3].min())
    metric, same = lot.drift(name), lot.Uniform(D, low=0, high=1)
    assert metric(z, prior, rng=0) == pytest.approx(metric(to_uniform(prior, z), same, rng=0), rel=1e-9)
    assert metric(prior.sample(N, rng=1), prior, rng=0) < metric(z, prior, rng=0) / 3


def test_the_sketch_has_the_value_in_memory(prior):
    z = prior.sample(N, rng=0)
    z[:, 2] = z[::-1, 2] + 0.05 * np.ptp(z[:, 2])
    metric = lot.drift("marginal-ks-one-sample")
    partial = metric.partial(prior, rng=0)
    partial.update(z)
    value, exact = partial.measure(), metric(z, prior, rng=0)
    assert value.value <= exact + 1e-12
    assert exact <= value.value + 2 / 4_096


def test_the_expected_log_density_is_the_sum_of_those_of_coordinates(prior):
    found = expected_log_density(prior, np.random.default_rng(0))
    alone = [lot.ProductPrior(prior.marginal.coordinate(j), 1) for j in range(D)]
    assert found == pytest.approx(sum(expected_log_density(one, np.random.default_rng(0)) for one in alone), abs=1e-9)
    if prior is PRIORS["normal"]:
        entropy = scipy.stats.norm.entropy(scale=SCALE).sum()
        assert found == pytest.approx(-entropy, abs=1e-9)


def test_draws_pass_their_own_laws_and_others_do_not(prior):
    z = prior.sample(N, rng=0)
    # Three priors at 1e-6.
    assert min(law_p_values(prior, z).values()) > 1e-6
    assert min(law_p_values(prior, z[:, ::-1]).values()) < 1e-6
    model = lot.Model(prior, decode=lambda z: z)
    assert PRIOR_LAW.name not in _failures(model)
    mirrored = lot.Model(prior, decode=lambda z: z, sample=lambda n, rng: prior.sample(n, rng=rng)[:, ::-1])
    assert PRIOR_LAW.name in _failures(mirrored)


def _failures(model):
    return {result.check for result in lot.check_model(model).failures}


def test_a_study_and_a_comparison_take_them():
    options = {"mean": MEAN.tolist(), "scale": SCALE.tolist()}
    study = Study.of(prior={"name": "normal", "options": options}, dim=D, methods="all")
    assert "cauchy" in [choice.name for choice in study.methods]
    assert Study.model_validate_json(study.model_dump_json()) == study
    result = lot.compare(
        PRIORS["normal"], methods=["linear", "cauchy", "matched"], metrics=["marginal-ks"], n=2_000, repeats=2,
        null_draws=99, t=[0.5], seed=0,
    )  # fmt: skip
    verdict = dict(result.verdict()[["method", "verdict"]].itertuples(index=False))
    assert verdict["linear"] == "drifts"
    # "keeps" takes more pairs.
    assert "drifts" not in (verdict["cauchy"], verdict["matched"])
