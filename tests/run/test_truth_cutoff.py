"""The effect at a cut-off: equal to full runs in which those near it have a ladder of their own, nought without pull.

Dates are week 8 of 16, windows four weeks long.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.run.truth_brute import SEED, WIDTH, plain_town, run_of, run_with_some_changed
from vsim.errors import UsageError
from vsim.levers.service_learning import ServiceLearning
from vsim.levers.stars import Stars
from vsim.rng import stream_key
from vsim.run.district import advance, begin
from vsim.run.truth_cutoff import Cutoff, reward_effect, title_effect
from vsim.run.truth_people import OUTCOMES
from vsim.spec.scenario import Scenario

WEEK, REPLICATES = 8, 2
CUT, BAND = 8.0, 3.0
PULL = {"stars.goal": 1.3, "stars.award": 0.5, "stars.steered": 0.3}


def ladder(*thresholds: float, start: int = WEEK, end: int | None = None) -> Stars:
    return Stars(thresholds=list(thresholds), start_week=start, end_week=end)


def starred(*policies: object) -> Scenario:
    return plain_town(*policies, residents=400).with_values(PULL)


PILOT = starred(ladder(CUT, 40.0))
REWARD = ServiceLearning(required=1.0, start_week=WEEK)


@cache
def title(withheld: str) -> Cutoff:
    return title_effect(PILOT, star=1, bandwidth=BAND, withheld=withheld, replicates=REPLICATES, seed=SEED,  # type: ignore[arg-type]
                        window=WIDTH)


def hours_before(scenario: Scenario, replicate: int, place: int, kind: str) -> list[float]:
    """Return everybody's hours in one district before the date, by the plain engine."""
    run = run_of(scenario, replicate)
    unit = run.city[place]
    end = advance(unit, run.settled, stream_key(SEED, replicate), begin(unit, run.settled), WEEK, "oracle")
    return [int(value) / 4 for value in getattr(end.state, kind)]


def by_hand(scenario: Scenario, given: Scenario, withheld: Scenario, kind: str, weeks: int = 8) -> tuple[
        list[list[int]], list[list[float]]]:
    """Return persons and change of hours below and above the cut-off in each replicate, by loops."""
    numbers, changes = [], []
    for r in range(REPLICATES):
        count, change = [0, 0], [0.0, 0.0]
        for place, unit in enumerate(run_of(scenario, r).city):
            hours = hours_before(scenario, r, place, kind)
            near = [k for k, has in enumerate(hours) if CUT - BAND <= has < CUT + BAND]
            one, other = (run_with_some_changed(scenario, with_it, place, near, r) for with_it in (given, withheld))
            for k in near:
                side = int(hours[k] >= CUT)
                count[side] += 1
                for window in range(WEEK // WIDTH, (WEEK + weeks) // WIDTH):
                    cell = int(unit.people.ids[k]), window, "hours"
                    change[side] += one.get(cell, 0.0) - other.get(cell, 0.0)
        numbers.append(count)
        changes.append(change)
    return numbers, changes


@pytest.mark.slow
@pytest.mark.parametrize(("withheld", "scenario"), [
    ("never", starred()), ("later", starred(ladder(CUT + BAND, 40.0))),
])
def test_a_title_is_given_or_withheld_as_a_ladder_of_their_own_would(withheld: str, scenario: Scenario) -> None:
    given = starred(ladder(CUT - BAND, 40.0, end=WEEK + 1), ladder(CUT, 40.0, start=WEEK + 1))
    numbers, changes = by_hand(PILOT, given, scenario, "verified")
    made = title(withheld)
    assert made.numbers.tolist() == numbers
    assert min(sum(count) for count in numbers) > 0
    assert (made.sums[:, :, 0] / 4).tolist() == changes
    assert any(any(change) for change in changes)


def test_the_mean_is_that_of_persons_on_both_sides() -> None:
    made = title("never")
    below, above, both = (made.effect("hours", side=side).value for side in ("below", "above", "both"))
    n = made.numbers.sum(axis=0)
    assert both == pytest.approx((n[0] * below + n[1] * above) / n.sum())
    assert made.effect("hours").unit == "h per person near the cut-off in 4 weeks"
    assert made.effect("hours").estimand == "effect_at_cutoff"


@pytest.mark.slow
def test_a_title_without_pull_or_recognition_changes_nobody() -> None:
    flat = starred(ladder(CUT, 40.0)).with_values({"stars.goal": 0.0, "stars.award": 0.0, "stars.reset": 0.0})
    for withheld in ("never", "later"):
        made = title_effect(flat, bandwidth=BAND, withheld=withheld, replicates=REPLICATES, seed=SEED, window=WIDTH)  # type: ignore[arg-type]
        assert made.numbers.sum() > 0
        assert not made.sums.any()


def test_a_reward_is_the_policy_given_to_those_with_the_hours() -> None:
    """Nobody outside the band has the hours when the band reaches up to all: then two full runs say it."""
    numbers, changes = [], []
    wide = 60.0
    made = reward_effect(plain_town(), plain_town(REWARD), cutoff=wide, bandwidth=wide - 0.25, hours="served",
                         replicates=REPLICATES, seed=SEED, window=WIDTH)
    for r in range(REPLICATES):
        count, change = [0, 0], [0.0, 0.0]
        for place, unit in enumerate(run_of(plain_town(), r).city):
            hours = hours_before(plain_town(), r, place, "served")
            assert max(hours) < 2 * wide - 0.25
            near = [k for k, has in enumerate(hours) if has >= 0.25]
            one = run_with_some_changed(plain_town(), plain_town(REWARD), place, near, r)
            other = run_with_some_changed(plain_town(), plain_town(), place, near, r)
            for k in near:
                side = int(hours[k] >= wide)
                count[side] += 1
                for window in range(2, 4):
                    cell = int(unit.people.ids[k]), window, "hours"
                    change[side] += one.get(cell, 0.0) - other.get(cell, 0.0)
        numbers.append(count)
        changes.append(change)
    assert made.numbers.tolist() == numbers
    assert (made.sums[:, :, 0] / 4).tolist() == changes
    assert any(any(change) for change in changes)


@pytest.mark.slow
def test_engines_threads_and_weeks_counted() -> None:
    for how in ({"engine": "oracle"}, {"threads": 1}):
        again = title_effect(PILOT, bandwidth=BAND, replicates=REPLICATES, seed=SEED, window=WIDTH, **how)  # type: ignore[arg-type]
        assert np.array_equal(again.sums, title("never").sums)
    short = title_effect(PILOT, bandwidth=BAND, weeks=4, replicates=REPLICATES, seed=SEED, window=WIDTH)
    assert short.spans == 1
    given = starred(ladder(CUT - BAND, 40.0, end=WEEK + 1), ladder(CUT, 40.0, start=WEEK + 1))
    assert (short.sums[:, :, list(OUTCOMES).index("hours")] / 4).tolist() == by_hand(
        PILOT, given, starred(), "verified", weeks=4)[1]


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(UsageError, match="has 0 ladders"):
        title_effect(plain_town(), bandwidth=1.0)
    with pytest.raises(UsageError, match="has 2 ladders"):
        title_effect(plain_town(ladder(5.0, end=12), ladder(6.0, start=12)), bandwidth=1.0)
    with pytest.raises(UsageError, match="star is 3; allowed 1 to 2"):
        title_effect(PILOT, star=3, bandwidth=1.0)
    with pytest.raises(UsageError, match=r"neighbours of star 1 \(0 and 40 hours\)"):
        title_effect(PILOT, bandwidth=8.0)
    with pytest.raises(UsageError, match="Did you mean 'later'"):
        title_effect(PILOT, bandwidth=1.0, withheld="latr")   # type: ignore[arg-type]
    with pytest.raises(UsageError, match="weeks is 40; allowed 4 to 8"):
        title_effect(PILOT, bandwidth=1.0, weeks=40)
    with pytest.raises(UsageError, match="Did you mean 'served'"):
        reward_effect(plain_town(), plain_town(REWARD), cutoff=4.0, bandwidth=1.0, hours="serve")
    with pytest.raises(UsageError, match="at most the cut-off 4"):
        reward_effect(plain_town(), plain_town(REWARD), cutoff=4.0, bandwidth=5.0)
    with pytest.raises(UsageError, match="Did you mean 'below'"):
        title("never").effect(side="belo")
    far = reward_effect(plain_town(), plain_town(REWARD), cutoff=4000.0, bandwidth=1.0, replicates=1, window=WIDTH)
    with pytest.raises(UsageError, match="Widen the bandwidth"):
        far.effect()
