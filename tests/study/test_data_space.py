"""Data space: judges of what latents decode to, by the same pairs, null bands, rounds and verdicts."""

import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.data import load_data
from latentot.errors import FailureWarning, InputError, InputWarning
from latentot.study.work.decoded import Judged

SETTINGS: dict[str, Any] = {
    "metrics": "norm-wasserstein", "n": 80, "repeats": 2, "null_draws": 19, "t": 0.5, "cache": False, "margin": 0.3,
}  # fmt: skip
"""One metric of latents: they are not what is looked at here."""


def directions(z: np.ndarray) -> np.ndarray:
    """A decoder that does not care for norms, and turns a latent into its signed direction."""
    return (z / np.linalg.norm(z, axis=1, keepdims=True))[:, None, None, :]


def as_is(z: np.ndarray) -> np.ndarray:
    return z[:, None, None, :]


@pytest.fixture(scope="module")
def components() -> lot.Model:
    """Principal components of digits as a decoder: what it decodes to is too smooth to be real."""
    x = load_data("digits").train.reshape(-1, 64).astype(float)
    mean = x.mean(axis=0)
    _, singular, right = np.linalg.svd(x - mean, full_matrices=False)
    loadings = right[:8] * singular[:8, None] / len(x) ** 0.5
    return lot.Model(lot.Normal(8), lambda z: (z @ loadings + mean).reshape(-1, 1, 8, 8), name="components")


def test_a_decoder_that_changes_nothing_gives_the_numbers_of_latents_bit_for_bit() -> None:
    metrics = ["norm-wasserstein", "marginal-ks"]  # those that draw no directions of their own
    result = lot.compare(
        lot.Model(lot.Normal(3), as_is), ["linear", "matched"], judges=metrics, features="pixels",
        **SETTINGS | {"metrics": metrics},
    )  # fmt: skip
    latent, data = (result.results[result.results["space"] == space] for space in ("latent", "data"))
    numbers = ["value", "null_mean", "null_lo", "null_hi", "spread"]
    assert np.array_equal(latent[numbers].to_numpy(), data[numbers].to_numpy(), equal_nan=True)


def test_what_a_decoder_does_not_care_for_is_drift_of_latents_only() -> None:
    """Linear midpoints of N(0, I) are too short, and their directions are uniform."""
    model = lot.Model(lot.Normal(4), directions)
    asked: dict[str, Any] = {"judges": "energy", "features": "pixels", "max_decoded": 2_000, "margin": 0.3}
    result = lot.compare(model, ["linear", "matched"], "norm-wasserstein", **asked)
    latent, data = (result.verdict(space=space).set_index("method")["verdict"] for space in ("latent", "data"))
    assert latent.to_dict() == {"linear": "drifts", "matched": "keeps"}
    assert data.to_dict() == {"linear": "keeps", "matched": "keeps"}


def test_controls_of_data_are_seen_to_drift_and_a_blind_judge_decides_nothing() -> None:
    model = lot.Model(lot.Normal(4), directions)
    seen = lot.compare(model, "matched", judges="energy", features="pixels", **SETTINGS).controls
    data = seen[seen["space"] == "data"]
    assert set(data["control"]) == {"t = 0", "t = 1", "cross-fade", "constant"}
    assert data["holds"].all()
    with pytest.warns(lot.ControlWarning, match="data that are all the same is not seen to drift"):
        blind = lot.compare(model, "matched", judges=first_number, features="pixels", **SETTINGS)
    assert blind.verdict(space="data")["verdict"].tolist() == ["inconclusive"]


def test_walks_are_measured_beside_those_that_jump_and_those_that_cross_fade(components: lot.Model) -> None:
    names = ["path-length", "max-jump", "betweenness", "low-density", "ppl-full"]
    result = lot.compare(components, ["linear", "matched"], judges=names, features="pixels", **SETTINGS)
    walks = {(row["method"], row["measure"]): row for row in result.outcome.facts["walks"]}
    assert {row["status"] for row in walks.values()} == {"ok"}
    assert {method for method, _ in walks} == {"linear", "matched", "cross-fade", "switch"}
    assert walks["cross-fade", "max-jump"]["value"] == pytest.approx(0, abs=1e-9)
    assert walks["switch", "betweenness"]["value"] == pytest.approx(1, abs=0.15)
    # A decoder that is affine decodes the straight line to a straight line, as short as it can be.
    assert walks["linear", "path-length"]["value"] == pytest.approx(walks["cross-fade", "path-length"]["value"])
    assert walks["linear", "path-length"]["value"] < walks["matched", "path-length"]["value"]
    assert set(result.results["space"]) == {"latent"}, "no judge of points was asked for"


def test_the_decoder_itself_is_held_against_real_data(components: lot.Model) -> None:
    """Real data that were left out of the null are within it: five sd of 39 draws are passed once in 10^4 or less."""
    result = lot.compare(
        components, "linear", judges=["frechet", "quality"], data="digits", endpoints="prior", **SETTINGS
    )
    for row in result.outcome.facts["decoder"]:
        assert row["status"] == "ok"
        assert row["excess"] > 5
        assert row["p_value"] == 1 / 40
        assert abs(row["real"] - row["null_mean"]) < 5 * row["null_sd"]


def test_a_folder_gives_the_same(components: lot.Model, tmp_path: Path) -> None:
    asked = SETTINGS | {"judges": ["energy", "path-length"], "features": my_features}
    done: list[str] = []

    def count(_done: int, _of: int, what: str, _seconds: float) -> None:
        done.append(what)

    alone = lot.compare(components, "matched", **asked, out=tmp_path, progress=count)
    assert len(done) == len(set(done))
    again = lot.compare(components, "matched", **asked, out=tmp_path, progress=lambda *_: pytest.fail("kept"))
    assert again.results.drop(columns="seconds").equals(alone.results.drop(columns="seconds"))
    assert again.outcome.facts["walks"] == alone.outcome.facts["walks"]


def first_number(x: np.ndarray, reference: np.ndarray, *, rng: np.random.Generator) -> float:
    """A judge that sees nothing."""
    return float(x[0, 0])


def my_features(x: np.ndarray) -> np.ndarray:
    """Brightness of rows and of columns."""
    return np.concatenate([x.mean(axis=2), x.mean(axis=3)], axis=1).reshape(len(x), -1)


@pytest.mark.parametrize(
    ("subject", "asked", "said"),
    [
        (lot.Normal(2), {"judges": "energy"}, "judges see what latents decode to: give a model, not a prior"),
        (lot.Model(lot.Normal(2), as_is), {"judges": "nearest-training"}, "says neither what is better"),
        (lot.Model(lot.Normal(2), as_is), {"judges": "beauty"}, "beauty"),
        (lot.Model(lot.Normal(2), as_is), {"judges": "energy", "features": "inception"}, "give a callable"),
        (lot.Model(lot.Normal(2), as_is), {"judges": "energy", "max_decoded": 1}, "max_decoded is at least 20, got 1"),
        (lot.Model(lot.Normal(2), lambda z: z / 0), {"judges": "energy"}, "latents to values that are NaN or infinite"),
        (lot.Model(lot.Normal(2), as_is), {"judges": "energy", "features": "classifier"}, "learn from labels"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_cannot_be_judged_is_one_line(subject: Any, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)) as raised:
        lot.compare(subject, "linear", **asked, **SETTINGS)
    assert "\n" not in str(raised.value)


def test_a_judge_that_lacks_labels_costs_its_own_rows() -> None:
    model = lot.Model(lot.Normal(2), as_is)
    with pytest.warns(FailureWarning, match="quality takes predictions of classes: give data with labels"):
        result = lot.compare(model, "linear", judges=["energy", "quality"], features="pixels", **SETTINGS)
    status = result.results.query("space == 'data'").groupby("metric")["status"].first()
    assert status["energy"] == "ok"
    assert status["quality"].startswith("failed")


def test_a_slow_decoder_is_told_of_before_it_is_waited_for() -> None:
    calls: list[int] = []

    def slow(z: np.ndarray) -> np.ndarray:
        calls.append(len(z))
        if len(calls) > 3:
            raise KeyboardInterrupt  # who reads the warning gives up
        time.sleep(0.004 * min(len(z), 50))
        return as_is(z)

    asked = {"judges": "energy", "features": "pixels", "n": 30_000, "max_decoded": 30_000, "cache": False}
    with (
        pytest.warns(InputWarning, match=r"about \d+ minutes of one process: give fewer pairs than n = 30000"),
        pytest.raises(KeyboardInterrupt),
    ):
        lot.compare(lot.Model(lot.Normal(2), slow), "linear", "norm-ks", **asked)


def test_judges_of_which_more_is_better_drift_where_there_is_less() -> None:
    """Half of the sample are far from all decoded draws: precision falls, and what is reported as drift grows."""
    reference, z = lot.Normal(3).sample(400, rng=0), lot.Normal(3).sample(200, rng=1)
    measure = Judged(lot.judge("precision"), 0).against(reference, rng=0)
    good, bad = measure(z), measure(np.concatenate([z[:100], 40 + z[100:]]))
    assert bad.value > good.value
    assert (good.raw, bad.raw) == (-good.value, -bad.value)
    assert 0 <= bad.raw < good.raw <= 1


def test_other_features_are_no_longer_what_a_folder_keeps(components: lot.Model, tmp_path: Path) -> None:
    asked = SETTINGS | {"judges": ["energy", "path-length"], "out": tmp_path}
    first, other = (lot.compare(components, "matched", **asked, features=name) for name in ("pixels", "pca"))
    alone = lot.compare(components, "matched", **(asked | {"out": None}), features="pca")
    assert other.results.drop(columns="seconds").equals(alone.results.drop(columns="seconds"))
    assert other.outcome.facts["walks"] == alone.outcome.facts["walks"]
    assert not first.results["value"].equals(other.results["value"])
