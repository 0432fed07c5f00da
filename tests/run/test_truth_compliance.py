"""Compliers and what an offer does to them: equal to loops over full runs of the plain engine, and bound by algebra."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
import pytest

from tests.run.truth_brute import (
    HALF,
    OATH,
    SEED,
    START,
    WIDTH,
    Y,
    lives,
    people,
    plain_town,
    run_of,
    run_with_one_changed,
)
from vsim.errors import UsageError
from vsim.levers.pledge import Pledge
from vsim.levers.service_learning import ServiceLearning
from vsim.run.run import Run
from vsim.run.truth_arms import NEVER
from vsim.run.truth_compliance import STRATA, Compliance, encouragement, ratio
from vsim.run.truth_people import OUTCOMES
from vsim.run.truth_takeup import TAKE_UP

REPLICATES = 2
FROM = START // WIDTH
FLOWS = ("hours", "attendances", "active")
WIDE = (ServiceLearning(required=1.0, start_week=START), Pledge(chance=0.5, start_week=START))


@cache
def found(take_up: str = "active", alone: int = 0) -> Compliance:
    return encouragement(plain_town(), plain_town(HALF, OATH), take_up=take_up, alone=alone, replicates=REPLICATES,
                         seed=SEED, window=WIDTH)


def took(run: Run, take_up: str, life: Y) -> dict[int, bool]:
    """Return who took something up, by loops."""
    if take_up == "active":
        return {person: any(life[person, window, "attendances"] for window in range(FROM, 4)) for person in people(run)}
    sworn = [int(value) for end in run.ends for value in end.state.sworn]
    return {person: value == 1 for person, value in zip(people(run), sworn, strict=True)}


@pytest.mark.parametrize("take_up", ["active", "sworn"])
def test_strata_and_effects_are_those_of_two_full_runs(take_up: str) -> None:
    numbers = np.zeros((REPLICATES, 4))
    sums: dict[tuple[int, int, str], float] = defaultdict(float)
    moved: dict[tuple[int, str], int] = defaultdict(int)
    for r in range(REPLICATES):
        runs = [run_of(scenario, r) for scenario in (plain_town(), plain_town(*WIDE))]
        life = [lives(run) for run in runs]
        d0, d1 = (took(run, take_up, y) for run, y in zip(runs, life, strict=True))
        for person in people(runs[0]):
            stratum = {(0, 1): 0, (1, 1): 1, (0, 0): 2, (1, 0): 3}[int(d0[person]), int(d1[person])]
            numbers[r, stratum] += 1
            for outcome in FLOWS:
                change = [life[1][person, w, outcome] - life[0][person, w, outcome] for w in range(FROM, 4)]
                sums[r, stratum, outcome] += sum(change)
                moved[stratum, outcome] += any(change)
    made = found(take_up)
    assert made.numbers.tolist() == numbers.tolist()
    assert numbers[:, 0].all()
    for outcome in FLOWS:
        place = list(OUTCOMES).index(outcome)
        factor = 0.25 if outcome == "hours" else 1.0
        for stratum in range(4):
            assert made.moved[stratum, place] == moved[stratum, outcome]
            assert (made.sums[:, stratum, place] * factor).tolist() == [sums[r, stratum, outcome]
                                                                        for r in range(REPLICATES)]


@pytest.mark.slow
def test_a_resident_alone_is_seen_in_full_runs_in_which_that_one_is_changed() -> None:
    """The same persons, by loops over runs with one resident changed: numbers and changes by stratum."""
    made = found("active", alone=3)
    arms, sums, seen = made.arms, np.zeros(4), np.zeros(4)
    from vsim.rng import stream_key
    from vsim.run.truth_run import to_flip

    for r in range(REPLICATES):
        run = run_of(plain_town(HALF, OATH), r)
        lot = lives(run)
        for place, unit in enumerate(run.city):
            for person in to_flip(unit, stream_key(SEED, r), np.arange(unit.people.ids.size), 3).tolist():
                own = bool(arms.cohort[place][person] != NEVER)
                other = run_with_one_changed(plain_town(HALF, OATH), plain_town() if own else plain_town(*WIDE), place,
                                             person, r)
                y1, y0 = (lot, other) if own else (other, lot)
                who = int(unit.people.ids[person])
                hours = [sum(y.get((who, w, "hours"), 0.0) for w in range(FROM, 4)) for y in (y0, y1)]
                served = [any(y.get((who, w, "hours"), 0.0) for w in range(FROM, 4)) for y in (y0, y1)]
                stratum = {(0, 1): 0, (1, 1): 1, (0, 0): 2, (1, 0): 3}[int(served[0]), int(served[1])]
                seen[stratum] += 1
                sums[stratum] += (hours[1] - hours[0]) * unit.people.ids.size / 3
    assert made.seen.tolist() == seen.tolist()
    assert (made.sums[:, :, 0].sum(axis=0) / 4).tolist() == pytest.approx(sums.tolist())


@pytest.mark.parametrize("alone", [0, 6])
@pytest.mark.parametrize("take_up", ["active", "sworn"])
@pytest.mark.parametrize("outcome", ["hours", "stayed"])
def test_the_itt_is_that_of_compliers_by_their_share_and_a_remainder(take_up: str, alone: int, outcome: str) -> None:
    made = found(take_up, alone)
    itt, share, late, rest = (made.effect(name, outcome).value
                              for name in ("itt", "complier_share", "late", "remainder"))
    assert itt == pytest.approx(share * late + rest)
    table = made.strata(outcome)
    assert list(table["stratum"]) == list(STRATA)
    assert table["share"].sum() == pytest.approx(1.0)
    assert table["adds"].sum() == pytest.approx(itt)
    assert made.excluded(outcome) == (not made.moved[1:, list(OUTCOMES).index(outcome)].any())


@pytest.mark.slow
def test_an_oath_that_only_the_sworn_feel_is_excluded_for_a_resident_alone_and_not_for_worlds() -> None:
    """Who does not swear meets the same week, so the offer moves nobody else; in whole worlds contacts and seats do."""
    def oath(alone: int) -> Compliance:
        return encouragement(plain_town(), plain_town(OATH), take_up="sworn", alone=alone, replicates=4,
                             seed=SEED, window=WIDTH)

    one, whole = oath(20), oath(0)
    assert one.excluded("hours")
    assert one.moved[0].any()
    assert one.effect("remainder").value == 0.0
    assert one.effect("wald").value == one.effect("late").value
    assert one.effect("itt").value == pytest.approx(one.effect("complier_share").value * one.effect("late").value)
    assert not whole.excluded("hours")
    assert whole.effect("remainder").value != 0.0


def test_an_offer_that_does_nothing_has_no_complier_and_moves_nobody() -> None:
    idle = encouragement(plain_town(), plain_town(Pledge(chance=0.0, start_week=START, share=0.5)), take_up="sworn",
                         replicates=2, seed=SEED, window=WIDTH)
    assert idle.numbers[:, [0, 1, 3]].sum() == 0
    assert idle.effect("itt").value == 0.0
    assert idle.excluded("hours")
    for estimand in ("late", "wald"):
        with pytest.raises(UsageError, match="there are none"):
            idle.effect(estimand)


@pytest.mark.slow
def test_engines_threads_and_a_lot_given_by_hand_change_nothing() -> None:
    chosen = np.concatenate([cohort != NEVER for cohort in found().arms.cohort])
    for how in ({"engine": "oracle"}, {"threads": 1}, {"assigned": chosen}):
        again = encouragement(plain_town(), plain_town(HALF, OATH), alone=3, replicates=REPLICATES, seed=SEED,
                              window=WIDTH, **how)             # type: ignore[arg-type]
        assert np.array_equal(again.sums, found("active", 3).sums)
        assert np.array_equal(again.numbers, found("active", 3).numbers)


@pytest.mark.slow
def test_a_whole_district_flipped_in_one_run_is_the_other_lot() -> None:
    """Everybody flipped at once: those offered get nothing, the others the offer; the run is that of the other lot."""
    chosen = np.concatenate([cohort != NEVER for cohort in found().arms.cohort])

    def lots(assigned: np.ndarray, **how: int) -> Compliance:
        return encouragement(plain_town(), plain_town(HALF, OATH), assigned=assigned, replicates=1, seed=SEED,
                             window=WIDTH, **how)              # type: ignore[arg-type]

    one, other = (lots(lot, alone=80, per_run=80) for lot in (chosen, ~chosen))
    assert one.numbers.tolist() == other.numbers.tolist()
    assert one.sums.tolist() == other.sums.tolist()
    assert one.sums.any()
    assert "80 residents of a district flipped, 80 in one run" in one.effect("itt").method


@pytest.mark.slow
def test_every_take_up_has_takers_where_it_happens_and_none_where_it_cannot() -> None:
    for name in TAKE_UP:
        numbers = found(name).numbers.sum(axis=0)
        assert numbers.sum() == REPLICATES * 160
        if name in {"starred", "honoured"}:                    # no policy of the town gives them
            assert numbers.tolist() == [0, 0, REPLICATES * 160, 0]
        if name in {"active", "recorded", "registered", "volunteer", "sworn"}:
            assert numbers[0] + numbers[1] > 0


def test_a_ratio_is_that_of_sums_and_its_error_that_of_a_mean_when_the_bottom_is_constant() -> None:
    top = np.array([1.0, 4.0, 2.0, 7.0])
    value, se = ratio(top, np.full(4, 2.0))
    assert value == (top / 2).mean()
    assert se == pytest.approx((top / 2).std(ddof=1) / 2)
    value, se = ratio(3 * np.array([1.0, 5.0]), np.array([1.0, 5.0]))
    assert (value, se) == (3.0, 0.0)
    assert np.isnan(ratio(np.array([1.0]), np.array([1.0]))[1])


@pytest.mark.parametrize(("how", "message"), [
    ({"per_run": 0}, r"per_run is 0"), ({"take_up": "activ"}, r"Did you mean 'active'"),
    ({"alone": -1}, r"flips is -1"), ({"among": "rgister"}, r"Did you mean 'register'"),
])
def test_a_wrong_question_is_refused(how: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        encouragement(plain_town(), plain_town(HALF), **how)  # type: ignore[arg-type]


def test_an_offer_in_steps_and_an_unknown_estimand_are_refused() -> None:
    steps = (ServiceLearning(required=1.0, start_week=4, groups=["women"]),
             ServiceLearning(required=1.0, start_week=8, groups=["men"]))
    with pytest.raises(UsageError, match="starts in weeks 4, 8; allowed one"):
        encouragement(plain_town(), plain_town(*steps))
    with pytest.raises(UsageError, match="Did you mean 'late'"):
        found().effect("lat")
