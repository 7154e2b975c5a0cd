"""Priors and endpoints that are latents in a file: as they are, or refused in a line, and anew if they change."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.priors import named_prior, prior_in_text, read_latents
from latentot.study import Study, read_studies
from latentot.study.prepared import Prepared
from latentot.study.storage.keys import part_keys

W = np.random.default_rng(0).standard_normal((600, 2, 3)).astype(np.float32)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("w.npy", W)
    np.savez("one.npz", w=W)
    np.savez("two.npz", w=W, z=2 * W)
    np.save("a,b.npy", W)


@pytest.mark.parametrize(
    ("text", "factor"),
    [("npz:w.npy", 1), ("npy:w.npy", 1), ("NPZ:one.npz", 1), ("npz:two.npz,z", 2), ("npz:a,b.npy", 1)],
)
def test_the_samples_are_those_of_the_file(text: str, factor: int) -> None:
    study = Study.of(prior=text)
    assert study.dim == (2, 3)
    assert study.prior is not None
    prior: Any = named_prior(study.prior.name, study.dim, **study.prior.options)
    np.testing.assert_array_equal(prior.samples, factor * W.astype(np.float64))


WRONG = {
    "npz:none.npy": "none.npy cannot be read: there is no such file",
    "npz:": "given as npz:FILE or npz:FILE,ARRAY, got 'npz:'",
    "npz:two.npz": "say which array, as npz:FILE,ARRAY; it has w, z",
    "npz:two.npz,v": "there is no array 'v'",
    "npz:w.npy,v": "is a single array, it has none called 'v'",
    "npz:text.npy": "not an intact .npy or .npz file",
    "npz:pickled.npy": "pickles are not opened",
    "npz:whole.npy": "floating-point numbers of shape .* got int64",
    "npz:flat.npy": r"shape \(n >= 2, \*shape\), got float64 \(5,\)",
    "npz:nan.npy": "finite numbers, some are not",
    "npz:pointer.npy": "is a Git LFS pointer",
    "empirical": "samples are named by their file, npz:FILE",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=WRONG)
def test_what_is_no_file_of_latents_is_refused_in_a_line(text: str, message: str) -> None:
    Path("text.npy").write_text("no numbers")
    np.save("pickled.npy", np.array([{}, {}], dtype=object))
    np.save("whole.npy", np.zeros((4, 2), dtype=np.int64))
    np.save("flat.npy", np.zeros(5))
    np.save("nan.npy", np.full((4, 2), np.nan))
    Path("pointer.npy").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(lot.InputError, match=message) as caught:
        Study.of(prior=text)
    assert "\n" not in str(caught.value)


def test_another_dim_than_that_of_the_file_is_refused() -> None:
    with pytest.raises(lot.InputError, match=r"has latents of shape \(2, 3\), where dim says \(6,\): leave dim out"):
        named_prior("npz", 6, file="w.npy")


def test_a_study_file_may_name_one_beside_others() -> None:
    Path("study.toml").write_text('prior = ["npz:w.npy", "npz:two.npz,z"]\nmethods = "all"\n')
    first, second = read_studies("study.toml")
    assert (first.dim, second.dim) == ((2, 3), (2, 3))
    assert [choice.name for choice in first.methods][:2] == ["linear", "spherical"]
    assert second.prior is not None
    assert second.prior.options == {"file": "two.npz", "array": "z"}


def test_names_of_priors_without_a_file_are_left_alone() -> None:
    assert prior_in_text("normal") is None
    assert prior_in_text("student-t") is None


def keys(**settings: Any) -> set[str]:
    prepared = Prepared.of(Study.of(pairs=40, repeats=2, null_draws=19, methods=["linear"], **settings))
    return {key for cell in prepared.cells for key in part_keys(prepared.plan, cell).values()}


@pytest.mark.parametrize(
    "settings",
    [{"prior": "npz:w.npy"}, {"prior": "normal", "dim": (2, 3), "latents": "npz:w.npy", "endpoints": ["encoded"]}],
    ids=["prior", "latents"],
)
def test_a_file_that_has_changed_is_computed_anew(settings: dict[str, Any]) -> None:
    before = keys(**settings)
    assert keys(**settings) == before
    changed = W.copy()
    changed[5, 1, 2] += 1
    np.save("w.npy", changed)
    assert not before & keys(**settings)


def test_latents_are_endpoints_and_the_aggregate_posterior_too() -> None:
    """Codes that are twice as wide as the prior drift from it, and follow themselves."""
    np.save("codes.npy", 2 * np.random.default_rng(1).standard_normal((2_000, 4)))
    result = lot.compare(
        lot.Normal(4), ["switch"], ["norm-wasserstein"], t=0.5, n=200, repeats=2, latents="npz:codes.npy", cache=False
    )
    verdicts = {
        (endpoints, reference): result.verdict(endpoints, reference).verdict[0]
        for endpoints, reference in [("prior", "prior"), ("encoded", "prior"), ("encoded", "posterior")]
    }
    assert verdicts["encoded", "prior"] == "drifts"
    assert verdicts["prior", "prior"] != "drifts"
    assert verdicts["encoded", "posterior"] != "drifts"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"latents": "npz:w.npy", "data": "digits"}, "of data or of latents"),
        ({"latents": "npz:w.npy"}, r"latents of shape \(2, 3\), the prior \(4,\)"),
        ({"latents": "npz:none.npy"}, "no such file"),
        ({"latents": 3}, "the setting latents is a file of NumPy"),
        ({"endpoints": "encoded"}, "or latents = 'npz:codes.npy'"),
    ],
)
def test_latents_that_do_not_fit_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(lot.InputError, match=message):
        lot.compare(lot.Normal(4), ["linear"], n=40, **settings)


def test_latents_are_read_as_they_are() -> None:
    assert read_latents("two.npz", "z").dtype == np.float32
