"""Designs of Q10, Q11, Q15 and Q17 to Q20: what they draw and their truths, held against slower ways to the same."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.rng import stream_key
from vsim.run.designs import (
    DESIGNS,
    audit_sample,
    best_group,
    cost_per_hour,
    course,
    early_service,
    forecast,
    transport,
)
from vsim.run.designs.kinds import city_for, run, small, under
from vsim.run.district import advance, begin
from vsim.run.run import simulate
from vsim.run.settle import settle
from vsim.spec.policy import Policy
from vsim.world.state import NEVER, VOLUNTEER, State

pytestmark = pytest.mark.slow
QUESTIONS = {"course_offer": "Q10", "early_service": "Q11", "audit_sample": "Q15", "best_group": "Q17",
             "cost_per_hour": "Q18", "transport": "Q19", "forecast": "Q20"}


def test_each_design_stands_for_its_question() -> None:
    assert {name: DESIGNS[name].question for name in QUESTIONS} == QUESTIONS
    assert all(any(not entrant.named for entrant in DESIGNS[name].entrants) for name in QUESTIONS)


def test_a_stay_ends_at_the_reading_that_finds_a_volunteer_gone() -> None:
    scenario = small(course.RESIDENTS, course.DISTRICTS, course.WEEKS, course.LEAVING)
    stays = course.stays(scenario, 4)
    (unit,) = city_for(scenario)
    settled, key = settle(scenario, [unit]), stream_key(4, 0)

    def state(week: int) -> State:
        return advance(unit, settled, key, begin(unit, settled), week).state

    first = state(0)
    cohort = np.flatnonzero((first.status == VOLUNTEER) & (first.first != NEVER))
    assert len(stays) == cohort.size
    for week in (4, 20, 52):
        gone = state(week).status[cohort] != VOLUNTEER
        assert (gone == ((stays["left"] == 1) & (stays["weeks"] <= week)).to_numpy()).all()
    assert set(stays["weeks"]) <= set(range(4, 53, 4))
    assert (stays.loc[stays["left"] == 0, "weeks"] == course.WEEKS).all()


def test_who_finished_was_offered_and_had_to_be_there() -> None:
    on, off = (DESIGNS["course_offer"].draw(2, holds).frame for holds in (True, False))
    finished = off[off["finished"] == 1]
    assert (finished["offered"] == 1).all()
    assert (finished["weeks"] > course.COURSE).all()
    assert (off["course"] == off["finished"]).all()
    assert (on["course"] == on["offered"]).all()
    assert on["offered"].mean() == pytest.approx(0.5, abs=0.05)


def test_without_habit_nothing_goes_through_early_service(monkeypatch: pytest.MonkeyPatch) -> None:
    with_habit = early_service.drawn(3, True).truth.value
    monkeypatch.setattr(early_service, "ROOM", {
        **early_service.ROOM, "participation.habit_weight": 0.0, "participation.keep": 0.0,
        "participation.fatigue_weight": 0.0})
    assert with_habit > 0.1
    assert abs(early_service.drawn(3, True).truth.value) < 0.01


def test_the_analyst_of_early_service_lacks_own_motive_where_the_assumption_fails() -> None:
    on, off = (early_service.drawn(5, holds) for holds in (True, False))
    assert on.truth == off.truth
    assert off.frame.equals(on.frame.drop(columns="motive"))
    assert 0.1 < on.frame["early"].mean() < 0.5


def test_records_without_errors_are_the_hours_served(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = audit_sample.drawn(2, False).frame
    assert drawn["hours"].sum() == drawn["recorded"].sum()
    audited = audit_sample.drawn(2, True).frame
    assert (audited["recorded"] >= audited["hours"]).all()
    assert len(audited) / len(drawn) == pytest.approx(audit_sample.AUDITED, abs=0.05)
    monkeypatch.setattr(audit_sample, "ROOM", {
        **audit_sample.ROOM, "student_assessment.temptation": 0.0, "recording.inflated": 0.0,
        "recording.rounded_half": 0.0, "recording.rounded_up": 0.0})
    plain = audit_sample.drawn(2, True).frame
    assert (plain["recorded"] == plain["hours"]).all()


def test_who_is_kept_for_the_measuring_has_no_say_in_the_choice() -> None:
    frame = DESIGNS["best_group"].draw(6, True).frame
    chosen = best_group.best(frame)
    loud = frame.assign(hours=frame["hours"].where(frame["kept"] == 0, 1000.0 * frame["offered"] * frame["place"]))
    assert best_group.best(loud) == chosen
    assert best_group.in_the_best(loud).value != best_group.in_the_best(frame).value
    half = frame[frame["kept"] == 0]
    gains = {place: part.loc[part["offered"] == 1, "hours"].mean() - part.loc[part["offered"] == 0, "hours"].mean()
             for place, part in half.groupby("place")}
    assert chosen == max(gains, key=gains.__getitem__)
    assert len(gains) == best_group.DISTRICTS * best_group.IN_DISTRICT


def test_gross_hours_are_part_of_net_hours_and_both_are_those_of_the_weekly_table() -> None:
    table = cost_per_hour.drawn(3, True).frame
    assert len(table) == cost_per_hour.DISTRICTS // 2
    base = small(cost_per_hour.RESIDENTS, cost_per_hour.DISTRICTS, cost_per_hour.BEFORE + cost_per_hour.AFTER,
                 {**cost_per_hour.FEW, **cost_per_hour.CALM}, cost_per_hour.SETTLED)
    policy = Policy(lever=cost_per_hour.LEVER, values=cost_per_hour.OUTREACH, start_week=cost_per_hour.BEFORE,
                    share=cost_per_hour.HALF, salt=3)
    made = run(under(base, policy), 3)
    number = np.repeat(np.arange(cost_per_hour.DISTRICTS), [unit.people.ids.size for unit in made.city])
    weekly = made.weekly("district")
    later = weekly["week"] >= cost_per_hour.BEFORE
    hours = (weekly["hours"].where(later, -weekly["hours"]) / 4).groupby(weekly["district"], sort=False).sum()
    everybody = np.ones(number.size)
    assert cost_per_hour.gained(made, number, everybody) == pytest.approx(hours.to_numpy())
    asked = np.concatenate([made.settled.reach(unit) for unit in made.city])
    parts = [cost_per_hour.gained(made, number, part) for part in (asked, 1 - asked)]
    assert sum(parts) == pytest.approx(hours.to_numpy())
    assert parts[1].sum() < 0 < parts[0].sum()
    per_head = cost_per_hour.OUTREACH["outreach"] / 1000 * cost_per_hour.AFTER / 52
    assert cost_per_hour.yearly(np.array([0, 80])) == pytest.approx([0.0, 80 * per_head])


def test_the_cost_of_an_hour_is_a_ratio_of_sums() -> None:
    table = cost_per_hour.drawn(3, True).frame
    said = cost_per_hour.per_hour(table)
    assert said.value == pytest.approx(table["cost"].sum() / table["net"].sum())
    assert said.low < said.value < said.high


def test_the_other_city_is_another_mix_of_people_and_shows_no_hours() -> None:
    frame = transport.drawn(2, True).frame
    other = frame["trial"] == 0
    assert frame.loc[other, ["hours", "offered"]].isna().all(axis=None)
    assert frame.loc[~other, ["hours", "offered"]].notna().all(axis=None)
    assert frame.loc[other, "student"].mean() > 2 * frame.loc[~other, "student"].mean()
    assert transport.reweighted(frame).value != transport.as_it_stands(frame).value
    without = frame.drop(columns="student")
    assert transport.reweighted(without) == transport.as_it_stands(without)


def test_the_past_is_the_same_whether_a_policy_begins_or_not_and_the_truth_is_what_came() -> None:
    on, off = (forecast.drawn(3, holds) for holds in (True, False))
    assert on.frame.equals(off.frame)
    assert off.truth.value > on.truth.value
    weeks = forecast.MONTHS * 4
    scenario = small(forecast.RESIDENTS, forecast.DISTRICTS, weeks, {**forecast.EVEN, **forecast.ROOM},
                     forecast.SETTLED)
    told = simulate(scenario, 3, engine="kernels").weekly("all")["hours"].to_numpy() / 4
    assert on.truth.value == told[-4:].sum()
    assert on.frame["hours"].to_numpy() == pytest.approx(told[:-4].reshape(-1, 4).sum(axis=1))
