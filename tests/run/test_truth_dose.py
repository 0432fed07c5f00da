"""Dose and response: equal to full runs of the plain engine, paired steps that add up, and an honest word on shape."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.run.truth_brute import SEED, START, WIDTH, lives, people, plain_town, run_of
from vsim.errors import UsageError
from vsim.levers.pledge import Pledge
from vsim.levers.service_learning import ServiceLearning
from vsim.levers.stars import Stars
from vsim.run.truth_dose import Doses, dose_response
from vsim.run.truth_people import OUTCOMES
from vsim.spec.scenario import Scenario

REPLICATES = 2
FROM = START // WIDTH
HOURS = (2.0, 6.0, 12.0)


def dosed(hours: float, share: float | None = None) -> Scenario:
    return plain_town(ServiceLearning(required=1.0, hours=hours, start_week=START, groups=["women"], share=share))


@cache
def found() -> Doses:
    return dose_response(plain_town(), {dose: dosed(dose) for dose in reversed(HOURS)}, replicates=REPLICATES,
                         seed=SEED, window=WIDTH)


@pytest.mark.parametrize("outcome", ["hours", "active"])
@pytest.mark.parametrize("over", ["all", "covered", "others"])
def test_every_dose_is_the_difference_of_two_full_runs(outcome: str, over: str) -> None:
    city = run_of(plain_town(), 0).city
    women = {int(i) for unit in city for i, trait in zip(unit.people.ids, unit.people.traits, strict=True) if trait & 1}
    who = [person for person in people(run_of(plain_town(), 0))
           if over == "all" or (person in women) == (over == "covered")]
    cells = [(person, window) for person in who for window in range(FROM, 4)]
    draws = found().draws(outcome, over=over)
    assert draws[0].tolist() == [0.0] * REPLICATES
    seen = 0
    for place, dose in enumerate(HOURS, start=1):
        for r in range(REPLICATES):
            one, other = (lives(run_of(scenario, r)) for scenario in (dosed(dose), plain_town()))
            by_hand = sum(one[cell[0], cell[1], outcome] - other[cell[0], cell[1], outcome] for cell in cells)
            assert draws[place, r] == pytest.approx(by_hand / len(cells), abs=1e-12)
            seen += by_hand != 0
    assert seen > 0


def test_steps_add_up_to_the_effect_and_the_table_tells_both_with_their_errors() -> None:
    table = found().table("hours")
    assert table["dose"].tolist() == list(HOURS)
    assert table["step"].cumsum().tolist() == pytest.approx(table["value"].tolist())
    assert table["slope"].tolist() == pytest.approx((table["step"] / np.diff([0.0, *HOURS])).tolist())
    for row in table.to_dict("records"):
        made = found().effect(row["dose"])
        assert (made.value, made.se, made.low, made.high) == (row["value"], row["se"], row["low"], row["high"])
        assert row["step_low"] <= row["step"] <= row["step_high"]
    assert table["step_se"][0] == table["se"][0]


def shaped(*steps: float, noise: float = 0.01) -> Doses:
    """Return doses whose steps are these in each replicate, with a little noise."""
    totals = np.cumsum([0.0, *steps])
    wobble = noise * np.array([[0.0], [1.0], [-1.0], [0.5]]) * np.arange(totals.size)
    sums = np.zeros((4, totals.size, 2, 4, len(OUTCOMES)))
    sums[:, :, 1, 1, 0] = 4000 * (totals + wobble)
    scenarios = {float(k): dosed(float(k)) for k in range(1, totals.size)}
    return replace(found(), scenarios=scenarios, sums=np.round(sums).astype(np.int64), counts=np.full((4, 2), 10))


@pytest.mark.parametrize(("steps", "word"), [
    ((1.0, 0.5, 0.1), "rising"), ((-1.0, -0.5), "falling"), ((1.0, -0.5), "turning"), ((1.0, 0.0), "not told apart"),
    ((0.0, 0.0), "not told apart"),
])
def test_the_shape_is_told_only_when_every_step_is_told_from_nought(steps: tuple[float, ...], word: str) -> None:
    assert shaped(*steps).shape() == word


def test_the_shape_is_judged_at_one_joint_level() -> None:
    """A step that is told from nought by itself, and not beside five others."""
    alone = shaped(0.02)
    assert alone.shape() == "rising"
    many = shaped(*[0.02] * 6)
    assert all(low > 0 for low in many.table()["step_low"])
    assert many.shape() == "not told apart"


@pytest.mark.slow
def test_a_share_may_be_the_dose_and_the_same_people_are_among_the_larger_ones() -> None:
    made = dose_response(plain_town(), {share: dosed(6.0, share) for share in (0.2, 0.8)}, replicates=1, seed=SEED,
                         window=WIDTH)
    women = found().counts[0, 1]
    assert made.counts.sum() == 160
    assert 0.5 * women < made.counts[0, 1] < women


def test_a_ladder_may_take_the_place_of_another_and_the_older_one_counts_from_its_own_start() -> None:
    def ladder(hours: float, start: int) -> Scenario:
        return plain_town(Stars(thresholds=[hours], start_week=start)).with_values({"stars.goal": 1.3})

    made = dose_response(ladder(40.0, 4), {2.0: ladder(20.0, 9), 1.0: ladder(30.0, 8)}, replicates=1, seed=SEED,
                         window=WIDTH)
    assert made.start == 4
    assert made.doses == (1.0, 2.0)


@pytest.mark.slow
def test_engines_and_threads_change_nothing() -> None:
    for how in ({"engine": "oracle"}, {"threads": 1}):
        again = dose_response(plain_town(), {dose: dosed(dose) for dose in HOURS}, replicates=REPLICATES, seed=SEED,
                              window=WIDTH, **how)             # type: ignore[arg-type]
        assert np.array_equal(again.sums, found().sums)


def test_wrong_doses_are_refused() -> None:
    with pytest.raises(UsageError, match="allowed one or more above 0"):
        dose_response(plain_town(), {0.0: dosed(2.0)})
    with pytest.raises(UsageError, match="allowed one or more above 0"):
        dose_response(plain_town(), {})
    with pytest.raises(UsageError, match="dose 1 is the base"):
        dose_response(plain_town(), {1.0: plain_town()})
    with pytest.raises(UsageError, match="parameters differ"):
        dose_response(plain_town(), {1.0: dosed(2.0).with_values({"participation.taste_mean": 0.1})})
    with pytest.raises(UsageError, match="dose is 3; allowed 2, 6, 12"):
        found().effect(3.0)
    with pytest.raises(UsageError, match="Did you mean 'covered'"):
        found().draws(over="cover")
    everyone = dose_response(plain_town(), {1.0: plain_town(Pledge(chance=0.5, start_week=START))}, replicates=1,
                             window=WIDTH)
    with pytest.raises(UsageError, match="over is 'others', and there is nobody"):
        everyone.draws(over="others")
