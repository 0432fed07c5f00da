"""Moments by hand: each on a table small enough to count on paper; and a moment that is broken is noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.cli.small import scenarios
from vsim.errors import UsageError
from vsim.run.moments import MOMENTS, REGISTER, TRUTH, moments, since_registration
from vsim.run.reasons import REASONS, WHY, reason
from vsim.run.run import simulate
from vsim.run.validate import targets_of
from vsim.run.window import Lives, Window, lives_of, window_of
from vsim.spec.targets import Target, load_targets, target


def ints(*values: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


# Eight weeks, two districts, three persons: 1 comes twice in week 0 and once in week 4, 2 in week 4, 3 in week 5.
REGISTER_OF_FIVE = Window(
    person=ints(1, 1, 1, 2, 3), week=ints(0, 0, 4, 4, 5), task=ints(10, 11, 12, 12, 13), hours=ints(4, 8, 4, 4, 20),
    registered=10.0, last_week=7, weeks=8, organisation=ints(7, 7, 7, 7, 9), district=ints(0, 0, 0, 0, 1),
    day=ints(0, 4, 5, 4, 6), age=ints(20, 20, 20, 40, 24), months=ints(2, 2, 2, 2, 3, 3, 3, 3),
    stock=np.array([8.0, 2.0]), tenure=np.array([16.0, 40.0]), posted=20, on_list=12, population=60,
    earned=80, spent=16,
)


@pytest.mark.parametrize(("name", "value"), [
    ("person_times_per_registered_year", 5 / 10),
    ("recorded_hours_per_registered_year", 10 / 10),
    ("hours_per_record", 2.0),
    ("active_share_year", 3 / 10),
    ("share_100_hours_year", 0.0),
    ("share_single", 2 / 3),
    ("gini_participations", (3 - 1) * 2 * 2 / (2 * 9 * 5 / 3)),              # mean difference over twice the mean
    ("top_decile_share", 0.3 * 3 / 5),                                       # three tenths of the busiest person
    ("volunteers_per_task_median", 1.0),
    ("volunteers_per_task_mean", 5 / 4),
    ("registered_share", 12 / 60),
    ("hours_since_registration", (5 / 8 * 16 + 5 / 8 * 40) / 10),            # by district: hours / stock / 8 * tenure
    ("hours_since_registration_highest", 5 / 2 / 8 * 40),
    ("records_per_posted", 5 / 20),
    ("share_young", 2 / 3),                                                  # persons, not records
    ("weekday_share", 3 / 5),
    ("peak_month", 3 / 2.5),                                                 # four weeks with 2, four with 3
    ("march_ratio", 3 / 2),
    ("gini_organisers", 0.3),                                                # 4 and 1
    ("credits_spent_per_member_year", 4 * 52 / 8 / 10),
    ("credits_spent_over_earned", 0.2),
])
def test_a_moment_of_the_register_by_hand(name: str, value: float) -> None:
    assert REGISTER[name](REGISTER_OF_FIVE) == pytest.approx(value)


def test_hours_since_registration_are_told_by_district() -> None:
    np.testing.assert_allclose(since_registration(REGISTER_OF_FIVE), [5 / 8 / 8 * 16, 5 / 2 / 8 * 40])


# Six residents: ages 15, 16, 22, 30, 40, 70; who served: 16, 22 (both halves), 40 (second half), and the child of 15.
PEOPLE = Lives(
    age=ints(15, 16, 22, 30, 40, 70), female=np.array([1, 1, 1, 0, 0, 0], dtype=bool), education=ints(0, 0, 2, 2, 3, 0),
    parent=np.array([0, 0, 0, 1, 1, 0], dtype=bool), worker=np.array([0, 0, 1, 1, 1, 0], dtype=bool),
    before=ints(2, 1, 3, 0, 0, 0), after=ints(0, 0, 1, 0, 2, 0), hours=ints(8, 4, 40, 0, 16, 0),
    online=ints(1, 0, 1, 0, 0, 0), months=ints(2, 1, 3, 0, 1, 0), windows=4,
)


@pytest.mark.parametrize(("name", "value"), [
    ("adult_rate", 3 / 5),
    ("adult_rate_month", 5 / 5 / 4),                       # five person-windows of five adults in four windows
    ("online_share", 1 / 3),
    ("hours_median", 4.0),
    ("hours_mean", 5.0),
    ("not_returning", 1 / 2),                              # of 16 and 22, who served in the first half
    ("women_minus_men", 100 * (1 - 1 / 3)),
    ("adult_rate_35_44", 1.0),
    ("adult_rate_20_24", 1.0),
    ("adult_rate_parents", 1 / 2),
    ("adult_rate_others", 2 / 3),
    ("employed_over_others", (2 / 3) / (1 / 2)),
])
def test_a_moment_of_the_truth_by_hand(name: str, value: float) -> None:
    assert TRUTH[name](PEOPLE) == pytest.approx(value)


def test_schooling_is_compared_among_those_of_25_and_over() -> None:
    assert np.isnan(TRUTH["degree_over_lower_secondary"](PEOPLE))          # the only one without school did not serve
    more = replace(PEOPLE, age=ints(25, 26, 27, 30, 40, 70))
    assert TRUTH["degree_over_lower_secondary"](more) == pytest.approx((2 / 3) / (2 / 3))


def test_every_moment_is_tried_here_or_beside_a_register() -> None:
    assert set(MOMENTS) == set(REGISTER) | set(TRUTH)
    assert not set(REGISTER) & set(TRUTH)


def test_the_truth_of_a_run_adds_up_to_its_weekly_counts() -> None:
    run = simulate(scenarios()[0].model_copy(update={"policies": []}), 3)
    weeks = run.settled.weeks
    lives, weekly = lives_of(run, weeks), run.weekly("all")
    assert lives.times.sum() == weekly["attended"].sum() > 0
    assert lives.hours.sum() == weekly["hours"].sum()
    assert lives.before.sum() == weekly["attended"].iloc[: weeks // 2].sum()
    assert lives.months.max() <= lives.windows == weeks // 4
    window = window_of(run, weeks)
    assert window.on_list == weekly["registered"].iloc[-1]
    assert window.posted == weekly["posted"].sum()
    assert window.stock.sum() == pytest.approx(window.registered)


def test_a_broken_moment_is_noticed() -> None:
    run = simulate(scenarios()[0].model_copy(update={"policies": []}), 3)
    whole = target("E1")
    for broken in (replace(whole, indicator="gini_of_nothing"), replace(whole, window="900 weeks")):
        with pytest.raises(UsageError, match=f"target E1: indicator is '{broken.indicator}' over {broken.weeks} weeks"):
            moments(run, [broken])
    value = moments(run, [replace(whole, window="20 weeks")])
    assert 0 < value[0] < 1


def test_every_row_of_the_list_has_a_moment_or_a_reason_and_none_has_both() -> None:
    for item in load_targets().values():
        assert bool(item.indicator) != (item.id in WHY), item.id
        if not item.indicator:
            assert reason(item) in REASONS.values()
    assert set(WHY) <= set(load_targets())
    assert set(WHY.values()) == set(REASONS)
    computed = {item.id for item in load_targets().values() if item.indicator}
    presets = {item.preset for item in load_targets().values() if item.indicator}
    assert {item.id for preset in presets for item in targets_of(preset)} == computed


def test_a_row_without_a_moment_and_without_a_reason_is_refused() -> None:
    stray: Target = replace(target("A5"), id="Z1")
    with pytest.raises(UsageError, match="Z1: has neither an indicator nor a reason"):
        reason(stray)
