"""Names by other words, in other spellings, and what is said of those that mean nothing here."""

import re

import pytest

import latentot as lot
from latentot.catalogue import Catalogue
from latentot.errors import InputError, unknown_name
from latentot.metrics import METRICS, drift
from latentot.paths import METHODS
from latentot.priors import PRIORS, Normal, named_prior
from latentot.study import Study

CATALOGUES = {"methods": METHODS, "metrics": METRICS, "priors": PRIORS}


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_other_words_mean_one_thing_that_exists(catalogue: Catalogue) -> None:
    known = catalogue.names()
    spelled = [re.sub(r"[-_ .']", "", name.casefold()) for name in (*known, *catalogue.aliases)]
    assert len(set(spelled)) == len(spelled), "two names differ in more than case and separators"
    for word, target in catalogue.aliases.items():
        advice = set(re.findall(r"'([\w-]+)'", target))
        assert target in known or advice & set(known) or "(" in target, f"{word} leads nowhere"
        assert advice <= set(known), f"{word} leads to {advice - set(known)}"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *[(word, "linear") for word in ("lerp", "Linear", "LERP")],
        *[(word, "spherical") for word in ("slerp", "Slerp", "Spherical")],
        *[("nlerp", "normalized"), ("normalised", "normalized"), ("lerp_gaussian", "cdf-linear")],
        *[(word, "earth-mover") for word in ("ot", "emd", "earth_mover", "EarthMover", "earth mover", "earthmover")],
        *[("CauchyLinear", "cauchy"), ("Spherical_Cauchy", "spherical-cauchy"), ("alpha-stable", "stable")],
    ],
)
def test_methods(given: str, name: str) -> None:
    assert METHODS.resolve(given) == name
    assert lot.interpolation(given, lot.Normal(4)).name == name
    assert Study.of(methods=[given]).methods[0].label == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *[(word, "sliced-wasserstein") for word in ("sw", "SWD", "sliced_wasserstein", "Sliced Wasserstein")],
        *[("Fréchet", "frechet"), ("frechet_distance", "frechet"), ("MMD", "mmd"), ("energy_distance", "energy")],
        *[("Earth Mover's Distance", "emd"), ("ot", "emd"), ("max-swd", "max-sliced"), ("C2ST", "c2st")],
    ],
)
def test_metrics(given: str, name: str) -> None:
    assert drift(given).name == name
    assert Study.of(metrics=[given]).metrics[0].label == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *[(word, "normal") for word in ("gaussian", "Gauss", "norm", "NORMAL")],
        *[("student", "student-t"), ("t", "student-t"), ("StudentT", "student-t"), ("MVT", "multivariate-t")],
        *[("laplacian", "laplace"), ("hypersphere", "sphere"), ("uniform_box", "uniform"), ("GammaNorm", "gamma-norm")],
    ],
)
def test_priors(given: str, name: str) -> None:
    assert PRIORS.resolve(given) == name
    found = Study.of(prior=given, dim=3).prior
    assert found is not None
    assert found.name == name


def test_a_prior_by_another_word_takes_its_options() -> None:
    assert named_prior("gaussian", 3, scale=2.0) == Normal(3, scale=2.0)


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("methods", "lol", ("'stable'", "alpha = 2")),
        ("methods", "Geodesic", ("'spherical'",)),
        ("metrics", "FID", ("of images", "'frechet'")),
        ("metrics", "kid", ("of images", "'mmd'")),
        ("metrics", "ks", ("'marginal-ks'", "'norm-ks'")),
        ("metrics", "W2", ("'emd'", "'sliced-wasserstein'", "'frechet'")),
        ("metrics", "kl", ("'gaussian-kl'", "'knn-kl'")),
        ("prior", "vMF", ("'sphere'", "Empirical")),
        ("prior", "gmm", ("GaussianMixture",)),
    ],
)
def test_what_is_not_here_says_what_is(kind: str, given: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refused:
        Study.of(**({"dim": 3} if kind == "prior" else {}) | {kind: given})
    message = str(refused.value)
    assert "\n" not in message
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    ("kind", "given", "nearest"),
    [
        *[("methods", "slrep", "spherical"), ("methods", "sferical", "spherical"), ("methods", "lin", "linear")],
        *[
            ("methods", "stable (alpha=1)", "stable"),
            ("metrics", "mmmd", "mmd"),
            ("metrics", "edm", "emd"),
            ("metrics", "frechett", "frechet"),
        ],
        *[("priors", "nromal", "normal"), ("priors", "gausian", "normal"), ("priors", "unif", "uniform")],
    ],
)
def test_the_nearest_is_suggested(kind: str, given: str, nearest: str) -> None:
    with pytest.raises(InputError, match=f"did you mean '{nearest}'"):
        CATALOGUES[kind].resolve(given)


@pytest.mark.parametrize(
    "given", ["slerp", "lerp", "lol", "bezier", "random", "barycenter", "spline", "gan", "mse", "tv"]
)
def test_no_suggestion_is_better_than_a_silly_one(given: str) -> None:
    for catalogue in CATALOGUES.values():
        assert "did you mean" not in str(unknown_name("name", given, catalogue.names()))


@pytest.mark.parametrize("given", [None, 3, ["mmd"], {"name": "mmd"}, lot.Normal(3)])
def test_no_name_at_all(given: object) -> None:
    with pytest.raises(InputError, match="is given by its name, such as"):
        METRICS.resolve(given)
