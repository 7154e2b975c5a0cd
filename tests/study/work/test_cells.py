"""Cells: pure functions of their description, whatever else is computed, before or elsewhere."""

import dataclasses
import pickle
import uuid
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.metrics import drift
from latentot.paths import CauchyLinear
from latentot.study import Choice, Study
from latentot.study.spec.seeds import stream
from latentot.study.work.cells import MethodCell, MethodOutcome, NullCell, Plan, StripsCell
from latentot.study.work.subject import Population

PRIOR = Population("prior", 50, 2)
LEARNT = Choice(name="earth-mover", options={"transport": "gaussian", "n_fit": 200})


@pytest.fixture
def fresh(settings: dict[str, Any]) -> Callable[..., Plan]:
    """Plans of a key each, so that nothing is shared between them."""

    def make(live: Any = None, **changes: Any) -> Plan:
        return Plan(uuid.uuid4().hex, Study.of(**settings | changes), live)

    return make


def numbers(outcome: MethodOutcome) -> tuple[Any, ...]:
    """All but the seconds."""
    return outcome.measured, outcome.spread, {t: list(counts) for t, counts in outcome.norms.items()}


class TestNull:
    def test_the_same_twice_and_in_another_process(self, fresh: Callable[..., Plan]) -> None:
        cell, plan = NullCell(PRIOR, 0, 3), fresh()
        expected = cell.compute(plan)
        assert cell.compute(plan) == expected
        assert cell.compute(fresh()) == expected
        assert pickle.loads(pickle.dumps(cell)).compute(pickle.loads(pickle.dumps(plan))) == expected  # noqa: S301

    def test_does_not_depend_on_how_draws_are_put_into_cells(self, fresh: Callable[..., Plan]) -> None:
        plan = fresh()
        single = [NullCell(PRIOR, number, number + 1).compute(plan)[0] for number in reversed(range(5))]
        assert single[::-1] == NullCell(PRIOR, 0, 5).compute(plan)

    def test_every_draw_is_fresh(self, fresh: Callable[..., Plan]) -> None:
        draws = NullCell(PRIOR, 0, 19).compute(fresh(metrics=["norm-wasserstein"]))
        values = [measurement.value for draw in draws for measurement in draw.values()]
        # A continuous value in double precision: two coincide with a chance below 1e-10.
        assert len(set(values)) == 19 * 2

    def test_populations_have_nulls_of_their_own(self, fresh: Callable[..., Plan]) -> None:
        plan = fresh()
        assert NullCell(PRIOR, 0, 1).compute(plan) != NullCell(Population("encoded", 50, 2), 0, 1).compute(plan)

    def test_another_seed_gives_another_null(self, fresh: Callable[..., Plan]) -> None:
        cell = NullCell(PRIOR, 0, 1)
        assert cell.compute(fresh()) != cell.compute(fresh(seed=1))

    def test_is_a_whole_path(self, fresh: Callable[..., Plan]) -> None:
        """At t = 0 and t = 1 a draw is its endpoints: fresh draws of the prior, judged as observations are."""
        plan = fresh(t=[0, 0.5, 1], metrics=["norm-wasserstein"])
        (draw,) = NullCell(PRIOR, 4, 5).compute(plan)
        both = lot.Normal(3).sample(100, rng=stream(0, "null", "prior", 4))
        judge = plan.judges(PRIOR)["norm-wasserstein"]
        assert [draw["norm-wasserstein", t] for t in (0, 1)] == [judge(both[:50]), judge(both[50:])]

    def test_keeps_the_prior(self, fresh: Callable[..., Plan]) -> None:
        """A null draw's drift is chance alone: squeezed midpoints would show in the norms of N(0, I_64) at once."""
        plan = fresh(dim=64, t=[0.5], metrics=["norm-wasserstein"])
        values = [draw["norm-wasserstein", 0.5].value for draw in NullCell(PRIOR, 0, 19).compute(plan)]
        # The mean norm of 50 draws has standard deviation 0.1; linear interpolation is off by 2.3. W1 of 50 norms of
        # spread 0.7 above 1 needs a mean ten deviations away: a chance below 1e-20.
        assert max(values) < 1


class TestMethods:
    @pytest.mark.parametrize("choice", [Choice(name="linear"), Choice(name="cauchy"), LEARNT, Choice(name="switch")])
    def test_the_same_twice_and_after_other_cells(self, fresh: Callable[..., Plan], choice: Choice) -> None:
        plan = fresh(methods=[choice])
        first, second = MethodCell(PRIOR, choice, 0), MethodCell(PRIOR, choice, 1)
        expected = [numbers(cell.compute(plan)) for cell in (first, second)]
        assert numbers(first.compute(plan)) == expected[0]
        back = fresh(methods=[choice])
        assert [numbers(cell.compute(back)) for cell in (second, first)] == expected[::-1]

    def test_repeats_differ(self, fresh: Callable[..., Plan]) -> None:
        plan = fresh()
        one, two = (MethodCell(PRIOR, Choice(name="linear"), repeat).compute(plan) for repeat in (0, 1))
        assert one.measured != two.measured

    def test_methods_walk_between_the_same_pairs(self, fresh: Callable[..., Plan]) -> None:
        plan = fresh(t=[0, 0.5, 1])
        measured = [MethodCell(PRIOR, Choice(name=name), 0).compute(plan).measured for name in ("linear", "cauchy")]
        at_ends = [[own[metric, t] for metric in plan.study.metric_labels for t in (0, 1)] for own in measured]
        assert at_ends[0] == at_ends[1], "at t = 0 and t = 1 every path is at its endpoints"

    def test_is_what_the_library_says_piece_by_piece(self, fresh: Callable[..., Plan]) -> None:
        plan = fresh(metrics=["norm-wasserstein", "sliced-wasserstein"])
        outcome = MethodCell(PRIOR, Choice(name="cauchy"), 1).compute(plan)
        z0, z1 = plan.subject().pairs(PRIOR, 0, 1)
        path = lot.interpolation("cauchy", lot.Normal(3))
        reference = plan.reference(PRIOR)
        expected = {
            (metric, t): drift(metric)(path(z0, z1, t), reference, rng=stream(0, "judge", "prior", metric))
            for metric in plan.metrics()
            for t in plan.study.t
        }
        assert {key: measurement.value for key, measurement in outcome.measured.items()} == expected

    def test_norms_are_counted(self, fresh: Callable[..., Plan]) -> None:
        outcome = MethodCell(PRIOR, Choice(name="linear"), 0).compute(fresh())
        assert outcome.norms.keys() == {0.25, 0.5}
        inside = np.array([counts.sum() for counts in outcome.norms.values()])
        # The histogram reaches from half the least usual norm to a third above the greatest; the 100 points that fall
        # outside are few.
        assert (inside >= 45).all()
        assert (inside <= 50).all()

    def test_there_are_seconds_for_each_t(self, fresh: Callable[..., Plan]) -> None:
        outcome = MethodCell(PRIOR, Choice(name="linear"), 0).compute(fresh(t=[0.1, 0.2, 0.3]))
        assert outcome.seconds.keys() == {0.1, 0.2, 0.3}
        assert all(second >= 0 for second in outcome.seconds.values())

    def test_learnt_maps_have_twenty_points_for_each_judged(self, fresh: Callable[..., Plan]) -> None:
        path: Any = fresh().path(Choice(name="earth-mover"), 5_000)
        assert path.n_fit == 100_000
        assert fresh().path(LEARNT, 5_000).n_fit == 200, "what the user says goes first"  # type: ignore[attr-defined]


class TestReference:
    def test_is_no_endpoint_and_no_null_draw(self, fresh: Callable[..., Plan]) -> None:
        plan = fresh()
        reference = plan.reference(PRIOR)
        assert reference.shape == (500, 3)
        null = lot.Normal(3).sample(100, rng=stream(0, "null", "prior", 0))
        for others in (*plan.subject().pairs(PRIOR, 0, 0), null):
            assert not np.isin(others, reference).any()


class TestStrips:
    @pytest.fixture
    def model(self) -> lot.Model:
        return lot.Model(lot.Normal(3), decode=lambda z: z[:, None, None, :] * np.ones((1, 1, 4, 1)))

    def test_are_walks_of_every_method(self, fresh: Callable[..., Plan], model: lot.Model) -> None:
        plan = fresh(model, prior=None, dim=None, strips=2, steps=5, methods=["linear", "cauchy", LEARNT])
        strips = StripsCell(PRIOR).compute(plan)
        assert strips.shape == (2, 3, 5, 1, 4, 3)
        z0, z1 = plan.subject().pairs(PRIOR, 0, 0)
        # Every method starts and ends at the endpoints of the pair; storage is single precision.
        np.testing.assert_allclose(strips[:, :, 0, 0, 0], np.repeat(z0[:2, None], 3, axis=1), rtol=1e-6)
        np.testing.assert_allclose(strips[:, :, -1, 0, 0], np.repeat(z1[:2, None], 3, axis=1), rtol=1e-6)
        np.testing.assert_allclose(strips[:, 0, 2, 0, 0], (z0[:2] + z1[:2]) / 2, rtol=1e-6)
        np.testing.assert_array_equal(StripsCell(PRIOR).compute(plan), strips)

    def test_are_pictures_where_the_model_draws(self, fresh: Callable[..., Plan], model: lot.Model) -> None:
        drawing = dataclasses.replace(model, draw=lambda x: np.full((len(x), 6, 7), 0.2))
        plan = fresh(drawing, prior=None, dim=None, strips=2, steps=5, methods=["linear"])
        strips = StripsCell(PRIOR).compute(plan)
        assert (strips.shape, np.unique(strips).tolist()) == ((2, 1, 5, 6, 7), [51])


def test_cells_are_plain_data() -> None:
    for cell in (NullCell(PRIOR, 0, 5), MethodCell(PRIOR, LEARNT, 1), StripsCell(PRIOR)):
        assert dataclasses.is_dataclass(cell)
        assert pickle.loads(pickle.dumps(cell)) == cell  # noqa: S301
        assert hash(pickle.loads(pickle.dumps(cell))) == hash(cell)  # noqa: S301
        with pytest.raises(dataclasses.FrozenInstanceError):
            cell.population = None  # type: ignore[misc,assignment]


def test_compiled_code_is_loaded_before_a_walk_is_timed(
    fresh: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    walk = CauchyLinear.__call__
    monkeypatch.setattr(CauchyLinear, "load", lambda _self, size: done.append(f"load {size}"))
    monkeypatch.setattr(CauchyLinear, "__call__", lambda *args: done.append("walk") or walk(*args))
    plan = fresh()
    (population,) = plan.subject().populations(plan.study)
    MethodCell(population, Choice(name="cauchy"), 0).compute(plan)
    assert done == [f"load {plan.study.pairs * 3}", *["walk"] * len(plan.study.t)]


def test_what_a_method_learns_is_in_the_seconds_of_every_repeat(fresh: Callable[..., Plan]) -> None:
    plan = fresh()
    (population,) = plan.subject().populations(plan.study)
    cells = [MethodCell(population, LEARNT, repeat) for repeat in (0, 1)]
    for fit in cells[0].fits(plan):
        plan.fitted[fit] = plan.fit(fit)._replace(seconds=1_000.0)
    assert all(second > 1_000 for cell in cells for second in cell.compute(plan).seconds.values())
