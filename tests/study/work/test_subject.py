"""Subjects and their endpoints: who is paired with whom, and drawn from what."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import latentot as lot
from latentot.data import Data
from latentot.errors import InputError
from latentot.metrics import Metric
from latentot.study import Study
from latentot.study.work.subject import REFERENCE, Population, Subject, subject_of

DIM = 3
SCALE = 0.5
HELD_OUT = 120


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Of 120 images there may be no more than one repeat, which needs 20 null draws."""
    return settings | {"null_draws": 20}


def encode(x: NDArray[np.float32]) -> lot.Posterior:
    """q(z|x) of image number k is N(100 k, 0.25): a draw tells its image and its noise."""
    mean = 100.0 * np.repeat(x.reshape(len(x), 1), DIM, axis=1)
    return lot.Posterior(mean, np.full_like(mean, SCALE))


def numbered_images(n: int = HELD_OUT) -> Data:
    images = np.arange(n, dtype=np.float32).reshape(-1, 1, 1, 1)
    return Data("numbered", images - n, images)


def subject_with(data: Data | None = None, encoder: Any = encode) -> Subject:
    prior = lot.Normal(DIM)
    model = lot.Model(prior, decode=lambda z: z, encode=encoder)
    return Subject(prior, prior, model, data)


def encoded_pairs(repeats: int = 3, n: int = 20, seed: int = 0) -> NDArray[np.float64]:
    """All endpoints of all repeats, shape (repeats, 2, n, DIM)."""
    subject, population = subject_with(numbered_images()), Population("encoded", n, repeats)
    return np.stack([subject.pairs(population, seed, repeat) for repeat in range(repeats)])


class TestEncodedPairs:
    def test_no_image_is_in_two_pairs_of_any_repeat(self) -> None:
        images = np.round(encoded_pairs()[..., 0] / 100).astype(int).ravel()
        assert len(images) == HELD_OUT
        assert sorted(images) == list(range(HELD_OUT))

    def test_only_held_out_images_are_encoded(self) -> None:
        assert encoded_pairs().min() > -50, "the images to train on have negative numbers"

    def test_pairs_are_shuffled(self) -> None:
        # Held-out images may come in order of class: pairs of neighbours would be alike.
        images = np.round(encoded_pairs()[..., 0] / 100).astype(int).ravel()
        assert images.tolist() != list(range(HELD_OUT))
        assert not np.array_equal(images, np.round(encoded_pairs(seed=1)[..., 0] / 100).astype(int).ravel())

    def test_endpoints_are_draws_not_means(self) -> None:
        # 360 draws a seed and 20 seeds: 7,200 standard normal numbers. Their variance is 1 with standard deviation
        # sqrt(2 / 7200) = 0.017, their mean 0 with 0.012: six of these are missed by chance once in 2e8.
        z = np.stack([encoded_pairs(seed=seed) for seed in range(20)])
        noise = (z - 100 * np.round(z / 100)) / SCALE
        assert noise.var() == pytest.approx(1, abs=6 * 0.017)
        assert noise.mean() == pytest.approx(0, abs=6 * 0.012)
        # Coordinates are drawn each by itself: correlations have standard deviation 1 / sqrt(2400) = 0.0204.
        correlations = np.corrcoef(noise.reshape(-1, DIM).T)[np.triu_indices(DIM, 1)]
        assert np.abs(correlations).max() < 6.5 * 0.0204

    def test_the_same_seed_gives_the_same_pairs(self) -> None:
        np.testing.assert_array_equal(encoded_pairs(), encoded_pairs())

    def test_repeats_do_not_depend_on_each_other(self) -> None:
        subject, population = subject_with(numbered_images()), Population("encoded", 20, 3)
        np.testing.assert_array_equal(subject.pairs(population, 0, 2), encoded_pairs()[2])


class TestPriorPairs:
    population = Population("prior", 40, 3)

    def test_no_latent_is_in_two_pairs_of_any_repeat(self) -> None:
        subject = subject_with()
        z = np.concatenate([np.concatenate(subject.pairs(self.population, 0, repeat)) for repeat in range(3)])
        assert z.shape == (240, DIM)
        # Continuous draws in double precision: two coincide with a chance below 1e-10.
        assert len(np.unique(z[:, 0])) == 240

    def test_another_seed_gives_other_pairs(self) -> None:
        subject = subject_with()
        assert not np.isin(subject.pairs(self.population, 0, 0), subject.pairs(self.population, 1, 0)).any()

    def test_pairs_are_not_those_of_the_encoded_population(self) -> None:
        prior, subject = lot.Normal(DIM), subject_with(numbered_images())
        other = Subject(prior, prior)
        np.testing.assert_array_equal(subject.pairs(self.population, 0, 0), other.pairs(self.population, 0, 0))


def metrics_of(study: Study) -> list[Metric]:
    return [lot.drift(choice.name) for choice in study.metrics]


class TestPopulations:
    @pytest.mark.parametrize(
        ("pairs", "repeats", "expected"),
        [
            (20, 3, (20, 3)),
            (20, 5, (20, 3)),
            (60, 5, (60, 1)),
            (10_000, 5, (60, 1)),
            (59, 2, (59, 1)),
            (1, 60, (1, 60)),
        ],
    )
    def test_encoded_pairs_are_as_many_as_there_are_images(
        self, settings: dict[str, Any], pairs: int, repeats: int, expected: tuple[int, int]
    ) -> None:
        study = Study.of(**settings | {"pairs": pairs, "repeats": repeats, "metrics": ["marginal-ks"]})
        subject = subject_with(numbered_images())
        if pairs == 1:
            with pytest.raises(InputError, match="needs at least 2 points"):
                subject.populations(study, metrics_of(study))
            return
        encoded = subject.populations(study)[1]
        assert (encoded.n, encoded.repeats) == expected

    def test_all_kinds_that_can_be_had_unless_said(self, settings: dict[str, Any]) -> None:
        kinds = {
            "both": subject_with(numbered_images()),
            "no data": subject_with(),
            "no encoder": subject_with(numbered_images(), encoder=None),
        }
        study = Study.of(**settings)
        found = {what: [p.label for p in subject.populations(study)] for what, subject in kinds.items()}
        assert found == {
            "both": ["prior", "encoded", "encoded against posterior"],
            "no data": ["prior"],
            "no encoder": ["prior"],
        }

    @pytest.mark.parametrize("asked", [["prior"], ["encoded"], ["encoded", "prior"]])
    def test_kinds_that_were_asked_for(self, settings: dict[str, Any], asked: list[str]) -> None:
        study = Study.of(**settings | {"endpoints": asked, "data": "digits"})
        found = [p.endpoints for p in subject_with(numbered_images()).populations(study)]
        assert list(dict.fromkeys(found)) == asked

    def test_encoded_endpoints_need_an_encoder(self, settings: dict[str, Any]) -> None:
        study = Study.of(**settings | {"endpoints": ["encoded"], "data": "digits"})
        with pytest.raises(InputError, match="encoded endpoints need a model with an encoder, and data"):
            subject_with(numbered_images(), encoder=None).populations(study)

    def test_too_few_points_for_a_metric(self, settings: dict[str, Any]) -> None:
        study = Study.of(**settings | {"pairs": 3, "metrics": ["emd"]})
        with pytest.raises(InputError, match="emd needs at least 4 points, got 3 pairs of prior endpoints"):
            subject_with().populations(study, metrics_of(study))
        served = Study.of(**settings | {"pairs": 3, "metrics": ["marginal-ks", "emd"]})
        assert len(subject_with().populations(served, metrics_of(served))) == 1

    def test_reference_is_larger_than_what_is_judged(self) -> None:
        assert Population("prior", 70, 1).n_reference == REFERENCE * 70


class TestSubjectOf:
    def test_of_a_named_prior(self, study: Study) -> None:
        subject = subject_of(study)
        assert (subject.prior, subject.name, subject.model) == (lot.Normal(3), "normal", None)

    def test_of_a_named_prior_with_options(self, settings: dict[str, Any]) -> None:
        prior = {"name": "uniform", "options": {"low": 0, "high": 2}}
        assert subject_of(Study.of(**settings | {"prior": prior})).prior == lot.Uniform(3, low=0, high=2)

    @pytest.mark.parametrize("options", [{"lo": 0}, {"low": "a"}, {"low": 2, "high": 1}, {"name": 1}, {"shape": 4}])
    def test_options_that_the_prior_does_not_take(self, settings: dict[str, Any], options: dict[str, Any]) -> None:
        study = Study.of(**settings | {"prior": {"name": "uniform", "options": options}})
        with pytest.raises(InputError):
            subject_of(study)

    def test_of_nothing(self) -> None:
        with pytest.raises(InputError, match="a study needs a prior with a dim, or a model"):
            subject_of(Study.of())

    @pytest.mark.parametrize("given", ["normal", 64, np.zeros((5, 2)), lot.Normal])
    def test_of_something_else(self, study: Study, given: Any) -> None:
        with pytest.raises(InputError, match="compare takes a prior such as Normal"):
            subject_of(study, given)

    @pytest.mark.parametrize("replace", [False, True])
    def test_samples_that_paths_learn_from_never_judge(self, study: Study, replace: bool) -> None:
        samples = np.arange(400.0).reshape(200, 2)
        subject = subject_of(study, lot.Empirical(samples, replace=replace))
        assert isinstance(subject.fit, lot.Empirical)
        assert isinstance(subject.prior, lot.Empirical)
        learnt, judging = set(subject.fit.samples[:, 0]), set(subject.prior.samples[:, 0])
        assert learnt.isdisjoint(judging)
        assert learnt | judging == set(samples[:, 0])

    def test_endpoints_of_an_empirical_prior_judge_too(self, study: Study) -> None:
        subject = subject_of(study, lot.Empirical(np.arange(400.0).reshape(200, 2)))
        z0, z1 = subject.pairs(Population("prior", 50, 1), 0, 0)
        assert isinstance(subject.fit, lot.Empirical)
        assert not np.isin(np.concatenate([z0, z1])[:, 0], subject.fit.samples[:, 0]).any()

    def test_of_a_model_with_an_empirical_prior(self, study: Study) -> None:
        model = lot.Model(lot.Empirical(np.arange(400.0).reshape(200, 2)), decode=lambda z: z)
        subject = subject_of(study, model)
        assert subject.model is model
        assert isinstance(subject.fit, lot.Empirical)
        assert isinstance(subject.prior, lot.Empirical)
        assert not np.isin(subject.prior.samples, subject.fit.samples).any()


def test_encoded_endpoints_are_drawn_from_the_law_that_the_encoder_names() -> None:
    """Cauchy draws of scale 1 around 0: within 1 of it are half of them, of normal draws two thirds."""

    def cauchy(x: NDArray[np.float32]) -> lot.Posterior:
        return lot.Posterior(np.zeros((len(x), 2)), np.ones((len(x), 2)), law="cauchy")

    images = np.zeros((5_000, 1, 1, 1), np.float32)
    drawn = Subject(
        lot.Cauchy(2), lot.Cauchy(2), lot.Model(lot.Cauchy(2), lambda z: z, cauchy), Data("d", images, images)
    )
    inside = np.abs(drawn.encoded(np.random.default_rng(0))) < 1
    # Six standard errors of 10,000 Bernoulli trials: 0.03, a false alarm in 2e-9.
    assert abs(inside.mean() - 0.5) < 0.03
