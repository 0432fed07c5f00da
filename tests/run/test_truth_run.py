"""Runs of the truth engine equal separate full runs of the plain engine, person by person and in every estimand."""

from __future__ import annotations

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
    difference,
    lives,
    people,
    plain_town,
    run_of,
    run_with_one_changed,
)
from vsim.errors import UsageError
from vsim.levers.pledge import Pledge
from vsim.levers.service_learning import ServiceLearning
from vsim.run.truth_arms import NEVER
from vsim.run.truth_cohorts import group_time
from vsim.run.truth_effects import Truths
from vsim.run.truth_people import OUTCOMES
from vsim.run.truth_twins import truths
from vsim.spec.scenario import Scenario

FLOWS = ("hours", "recorded_hours", "attendances", "active")
REPLICATES = 2
STEPS = (ServiceLearning(required=1.0, start_week=4, groups=["women"]),
         ServiceLearning(required=1.0, start_week=8, groups=["men"]))
EVERYWHERE = (ServiceLearning(required=1.0, start_week=START), Pledge(chance=0.5, start_week=START))


def half() -> Scenario:
    return plain_town(HALF, OATH)


@cache
def found(flips: int = 4) -> Truths:
    return truths(plain_town(), half(), replicates=REPLICATES, seed=SEED, window=WIDTH, flips=flips)


@cache
def life(which: str, replicate: int) -> Y:
    scenario = {"0": plain_town(), "z": half(), "1": plain_town(*EVERYWHERE), "steps": plain_town(*STEPS),
                "-4": plain_town(STEPS[1]), "-8": plain_town(STEPS[0])}[which]
    return lives(run_of(scenario, replicate))


def cells_of(covered: bool | None) -> list[tuple[int, int]]:
    """Return cells from the first window of the policy on: treated, untreated or all."""
    run = run_of(half(), 0)
    classes = dict(zip(people(run), np.concatenate([run.settled.reach(unit) for unit in run.city]).tolist(),
                       strict=True))
    return [(person, window) for person, klass in classes.items() for window in range(START // WIDTH, 4)
            if covered is None or (klass > 0) == covered]


@pytest.mark.parametrize("outcome", FLOWS)
@pytest.mark.parametrize(("estimand", "arm", "covered"), [
    ("total", "1", None), ("overall", "z", None), ("att", "z", True), ("spillover", "z", False),
])
def test_an_estimand_is_the_difference_of_two_full_runs(estimand: str, arm: str, covered: bool, outcome: str) -> None:
    cells = cells_of(covered)
    by_hand = [difference(life(arm, r), life("0", r), cells, outcome) / len(cells) for r in range(REPLICATES)]
    assert any(by_hand)
    assert found().draws(estimand, outcome).tolist() == by_hand


def test_displacement_is_the_loss_of_the_untreated_over_the_gain_of_the_treated() -> None:
    treated, untreated = cells_of(True), cells_of(False)
    for r, told in enumerate(found().draws("displacement").tolist()):
        gain, loss = (difference(life("z", r), life("0", r), cells, "hours") for cells in (treated, untreated))
        assert gain > 0
        assert told == -loss / gain


def test_who_stays_and_who_is_on_the_register_is_read_at_the_end_of_the_last_window() -> None:
    sums = found().sums.sums
    for r in range(REPLICATES):
        for arm, scenario in (("0", plain_town()), ("z", half())):
            ends = run_of(scenario, r).ends
            for outcome, statuses in (("stayed", {2}), ("registered", {1, 2, 3})):
                by_hand = sum(status in statuses for end in ends for status in end.state.status.tolist())
                place = list(OUTCOMES).index(outcome)
                assert sums[arm][r, :, -1, place].sum() == by_hand


@pytest.mark.slow
def test_a_flipped_resident_is_the_one_change_in_a_full_run() -> None:
    flips = found().sums.flips
    assert flips is not None
    assert flips.covered.any()
    assert not flips.covered.all()
    first = np.array([0, 80])
    moved = 0
    for k in range(flips.person.size):
        other = plain_town() if flips.covered[k] else plain_town(*EVERYWHERE)
        place, person = int(flips.district[k]), int(flips.person[k])
        alone = run_with_one_changed(half(), other, place, person, int(flips.replicate[k]))
        own = [alone.get((int(first[place]) + person, window, "hours"), 0.0) for window in range(4)]
        assert (flips.flipped[k, :, 0] / 4).tolist() == own
        moved += flips.flipped[k].tolist() != flips.rollout[k].tolist()
    assert moved > 0


def test_a_cohort_alone_is_the_roll_out_less_the_roll_out_without_it() -> None:
    staged = truths(plain_town(), plain_town(*STEPS), replicates=REPLICATES, seed=SEED, window=WIDTH)
    assert staged.arms.cohorts == [4, 8]
    run = run_of(plain_town(), 0)
    female = {int(i): bool(t & 1) for unit in run.city
              for i, t in zip(unit.people.ids, unit.people.traits, strict=True)}
    table = group_time(staged, "hours").set_index(["cohort", "window", "part"])["value"]
    seen = 0
    for cohort, women in ((4, True), (8, False)):
        for window in range(cohort // WIDTH, 4):
            cells = [(person, window) for person, is_woman in female.items() if is_woman == women]
            for part, one, other in (("effect", "steps", "0"), ("own", "steps", f"-{cohort}"),
                                     ("others", f"-{cohort}", "0")):
                by_hand = [difference(life(one, r), life(other, r), cells, "hours") / len(cells)
                           for r in range(REPLICATES)]
                seen += any(by_hand)
                assert table[cohort, window, part] == np.mean(by_hand)
    assert seen > 6


@pytest.mark.slow
def test_both_engines_and_any_number_of_threads_give_the_same_sums() -> None:
    def again(**how: object) -> Truths:
        return truths(plain_town(), half(), replicates=REPLICATES, seed=SEED, window=WIDTH, flips=4,
                      **how)                  # type: ignore[arg-type]

    for other in (again(engine="oracle"), again(threads=1), again(threads=5)):
        for arm, sums in found().sums.sums.items():
            assert np.array_equal(other.sums.sums[arm], sums)
        assert other.sums.flips is not None
        assert found().sums.flips is not None
        assert np.array_equal(other.sums.flips.flipped, found().sums.flips.flipped)       # type: ignore[union-attr]


def test_later_replicates_are_those_of_a_longer_study() -> None:
    late = truths(plain_town(), half(), replicates=1, seed=SEED, first=1, window=WIDTH)
    assert np.array_equal(late.sums.sums["z"][0], found().sums.sums["z"][1])


def test_the_register_before_the_first_week_is_a_population_that_no_arm_changes() -> None:
    listed = truths(plain_town(), half(), replicates=REPLICATES, seed=SEED, window=WIDTH, among="register")
    status = [np.concatenate([end.state.since for end in run_of(plain_town(), r).ends]) for r in range(REPLICATES)]
    for r in range(REPLICATES):
        assert listed.sums.counts[r].sum() == ((status[r] < 0) & (status[r] != -32768)).sum()
    assert listed.effect("overall").unit == "h per registered person in 4 weeks"


@pytest.mark.slow
def test_an_assignment_resident_by_resident_gives_the_arm_of_the_policy_that_draws_it() -> None:
    """The lot that the pilot draws, given by hand, is the pilot."""
    chosen = np.concatenate([cohort != NEVER for cohort in found().arms.cohort])
    given = truths(plain_town(), half(), assigned=chosen, replicates=REPLICATES, seed=SEED, window=WIDTH, flips=4)
    assert np.array_equal(given.sums.sums["z"], found().sums.sums["z"])
    assert np.array_equal(given.sums.flips.flipped, found().sums.flips.flipped)           # type: ignore[union-attr]
    other = truths(plain_town(), half(), assigned=~chosen, replicates=REPLICATES, seed=SEED, window=WIDTH)
    assert not np.array_equal(other.sums.sums["z"].sum(axis=1), found().sums.sums["z"].sum(axis=1))


@pytest.mark.parametrize(("how", "message"), [
    ({"window": 5}, r"window is 5 weeks of a run of 16; allowed 1, 2, 4, 8, 16"),
    ({"among": "regster"}, r"Did you mean 'register'"), ({"replicates": 0}, r"replicates is 0; allowed 1 or more"),
    ({"flips": -1}, r"flips is -1"), ({"per_run": 0}, r"per_run is 0"),
    ({"assigned": np.ones(3, dtype=bool)}, r"a yes or no for each of 160 residents"),
])
def test_a_wrong_question_is_refused_with_what_is_allowed(how: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        truths(plain_town(), half(), **how)                   # type: ignore[arg-type]


def test_arms_that_differ_by_more_than_added_policies_are_refused() -> None:
    with pytest.raises(UsageError, match="weeks differs"):
        truths(plain_town(), plain_town(HALF, weeks=8))
    with pytest.raises(UsageError, match="parameters differ"):
        truths(plain_town(), plain_town(HALF).with_values({"participation.taste_mean": 0.1}))
    with pytest.raises(UsageError, match="has no policy"):
        truths(plain_town(), plain_town())
    with pytest.raises(UsageError, match="lacks or changes the policy service_learning"):
        truths(plain_town(HALF), plain_town(OATH))
    mixed = plain_town(STEPS[0], ServiceLearning(hours=9.0, start_week=4, groups=["men"]),
                       ServiceLearning(hours=9.0, start_week=4, groups=["women"], districts=["D01"]))
    with pytest.raises(UsageError, match="uses service_learning with different values"):
        truths(plain_town(), mixed)
    with pytest.raises(UsageError, match="starts in weeks 4, 8; allowed one start"):
        truths(plain_town(), plain_town(*STEPS), flips=2)
