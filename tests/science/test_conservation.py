"""What must hold in every world: hours given are hours received, books balance, seats bind, stocks add up."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine_worlds import PRESETS, book, city_named, run_of, scenario_of, settled_of
from vsim.process.recording import COPIED, MOST, RECORDED, VERIFIED
from vsim.run.district import Progress
from vsim.world.city import Unit
from vsim.world.ledgers import SHOWED, Book
from vsim.world.metrics import MONTH, YEAR, A, M
from vsim.world.people import CELLS
from vsim.world.settings import NO_LADDER
from vsim.world.state import LAPSED, NEVER, REGISTERED, UNREGISTERED, VOLUNTEER

Int = NDArray[np.int64]
WORLDS = (*PRESETS, "lively", "crowded", "many")
pytestmark = pytest.mark.parametrize("name", WORLDS)
WEEK, PERSON, TASK, HOURS, ENTERED, DUE, FLAGS = range(7)       # of the book of placements
SOURCE, SEATS, FILLED, STAFFED, SLOT, GATED, LEAD = 1, 2, 3, 4, 5, 7, 8


def districts(name: str) -> list[tuple[Unit, Progress]]:
    return list(zip(city_named(name), run_of(name).ends, strict=True))


def by_cell(unit: Unit, name: str, rows: Int, person: int, amount: Int | None = None) -> Int:
    """Return amounts summed by week (run-up first) and cell of the person, shape (weeks, cells)."""
    settled = settled_of(name)
    out = np.zeros((settled.length, CELLS), dtype=np.int64)
    weights = np.ones(len(rows), dtype=np.int64) if amount is None else amount
    np.add.at(out, (rows[:, 0] + settled.warmup, unit.people.cell[rows[:, person]]), weights)
    return out


def first_in_window(rows: Int, weeks: int) -> Int:
    """Return the rows that are the first of a person in each window of so many weeks."""
    _, first = np.unique(np.stack([rows[:, PERSON], rows[:, WEEK] // weeks]), axis=1, return_index=True)
    return rows[np.sort(first)]


def test_hours_given_are_hours_received(name: str) -> None:
    for unit, end in districts(name):
        served = book(end, Book.PLACEMENTS)
        given = end.counts.people[:, :, M.HOURS]
        assert np.array_equal(given, by_cell(unit, name, served, PERSON, served[:, HOURS]))
        assert np.array_equal(given.sum(axis=1), end.counts.tasks[:, A.RECEIVED])
        total = np.bincount(served[:, PERSON], weights=served[:, HOURS], minlength=unit.people.ids.size)
        assert np.array_equal(end.state.served, total.astype(np.int64))


def test_hours_of_an_attendance_stay_between_the_shortest_and_the_longest(name: str) -> None:
    params = settled_of(name).params
    for _, end in districts(name):
        served = book(end, Book.PLACEMENTS)
        came = (served[:, FLAGS] & SHOWED) > 0
        assert not served[~came][:, [HOURS, ENTERED, DUE, FLAGS]].any()
        hours = served[came][:, HOURS]
        assert ((hours >= params.hours_least) & (hours <= params.hours_most)).all()


def test_no_task_takes_more_people_than_it_has_seats(name: str) -> None:
    for _, end in districts(name):
        tasks, served = book(end, Book.TASKS), book(end, Book.PLACEMENTS)
        placed = np.bincount(served[:, TASK], minlength=len(tasks))
        came = np.bincount(served[(served[:, FLAGS] & SHOWED) > 0][:, TASK], minlength=len(tasks))
        assert np.array_equal(placed, tasks[:, FILLED])
        assert np.array_equal(came, tasks[:, STAFFED])
        assert (tasks[:, STAFFED] <= tasks[:, FILLED]).all()
        assert (tasks[:, FILLED] <= tasks[:, SEATS]).all()
        assert (tasks[:, SEATS] >= 1).all()
        assert np.array_equal(tasks[served[:, TASK], WEEK], served[:, WEEK])


def test_nobody_is_in_two_tasks_in_one_slot_of_a_week(name: str) -> None:
    for _, end in districts(name):
        tasks, served = book(end, Book.TASKS), book(end, Book.PLACEMENTS)
        assert tasks[:, SLOT].min(initial=0) >= 0
        assert tasks[:, SLOT].max(initial=0) < 21
        busy = np.stack([served[:, WEEK], served[:, PERSON], tasks[served[:, TASK], SLOT]])
        assert np.unique(busy, axis=1).shape[1] == len(served)


def test_nobody_serves_in_a_gated_task_without_a_valid_certificate(name: str) -> None:
    validity, gated = settled_of(name).params.course_validity, 0
    for _, end in districts(name):
        passed = defaultdict(list)
        for week, person, good in book(end, Book.COURSES).tolist():
            if good:
                passed[person].append(week)
        tasks, served = book(end, Book.TASKS), book(end, Book.PLACEMENTS)
        for row in served[tasks[served[:, TASK], GATED] == 1]:
            gated += 1
            week, person = row[WEEK], row[PERSON]
            assert any(course < week <= course + validity for course in passed[person])
    if name == "lively":
        assert gated > 10, "the test saw no gated task"


def test_a_course_holds_no_more_people_than_seats_and_each_person_once(name: str) -> None:
    for unit, end in districts(name):
        courses = book(end, Book.COURSES)
        taken = by_cell(unit, name, courses, 1).sum(axis=1)
        assert (taken <= end.counts.tasks[:, A.COURSE_SEATS]).all()
        assert len(np.unique(courses[:, :2], axis=0)) == len(courses)
        hours = settled_of(name).params.course_hours
        passed = by_cell(unit, name, courses, 1, courses[:, 2])
        assert np.array_equal(passed, end.counts.people[:, :, M.TRAINED])
        assert np.array_equal(by_cell(unit, name, courses, 1) * hours, end.counts.people[:, :, M.COURSE_HOURS])


def test_points_earned_are_spent_expired_or_held_for_each_person(name: str) -> None:
    for unit, end in districts(name):
        balance = np.zeros(unit.people.ids.size, dtype=np.int64)
        for _, person, kind, amount, after in book(end, Book.POINTS).tolist():
            assert (amount > 0) == (kind == 0)
            balance[person] += amount
            assert balance[person] == after >= 0
        assert np.array_equal(balance, end.state.points)


def test_points_earned_are_spent_expired_or_held_in_each_week_and_cell(name: str) -> None:
    for unit, end in districts(name):
        counts = end.counts.people
        flow = counts[:, :, M.POINTS_EARNED] - counts[:, :, M.POINTS_SPENT] - counts[:, :, M.POINTS_EXPIRED]
        assert np.array_equal(np.cumsum(flow, axis=0), counts[:, :, M.POINTS_HELD])
        rows = book(end, Book.POINTS)
        for kind, metric in enumerate((M.POINTS_EARNED, M.POINTS_SPENT, M.POINTS_EXPIRED)):
            own = rows[rows[:, 2] == kind]
            assert np.array_equal(by_cell(unit, name, own, 1, np.abs(own[:, 3])), counts[:, :, metric])


def test_verified_hours_never_exceed_entered_hours_and_are_credited_when_due(name: str) -> None:
    weeks = settled_of(name).weeks
    for unit, end in districts(name):
        served = book(end, Book.PLACEMENTS)
        size = unit.people.ids.size
        entered = np.bincount(served[:, PERSON], weights=served[:, ENTERED], minlength=size)
        assert (end.state.verified <= entered).all()
        credited = served[((served[:, FLAGS] & VERIFIED) > 0) & (served[:, DUE] < weeks)]
        total = np.bincount(credited[:, PERSON], weights=credited[:, ENTERED], minlength=size).astype(np.int64)
        assert np.array_equal(end.state.verified, total)
        at_due = credited.copy()
        at_due[:, WEEK] = credited[:, DUE]
        assert np.array_equal(by_cell(unit, name, at_due, PERSON, credited[:, ENTERED]),
                              end.counts.people[:, :, M.VERIFIED_HOURS])


def test_records_are_only_of_attendances_and_follow_their_flags(name: str) -> None:
    for _, end in districts(name):
        served = book(end, Book.PLACEMENTS)
        came = served[(served[:, FLAGS] & SHOWED) > 0]
        recorded = (came[:, FLAGS] & RECORDED) > 0
        assert not came[~recorded][:, ENTERED].any()
        assert not (came[~recorded][:, FLAGS] & (COPIED | VERIFIED)).any()
        assert (came[:, DUE] >= came[:, WEEK]).all()
        assert came[:, ENTERED].max(initial=0) <= MOST
        honest = recorded & ((came[:, FLAGS] & 0xFF) < 8 + SHOWED)          # not inflated, not rounded
        assert (came[recorded][:, ENTERED] >= np.minimum(came[recorded][:, HOURS], MOST)).all()
        plain = honest & ((came[:, FLAGS] & (8 | 16 | 32)) == 0)
        assert np.array_equal(came[plain][:, ENTERED], came[plain][:, HOURS])


def test_stars_follow_the_ladder_in_force_and_never_fall(name: str) -> None:
    settled = settled_of(name)
    for unit, end in districts(name):
        star = np.zeros(unit.people.ids.size, dtype=np.int64)
        ladders = settled.ladders[settled.weekly.ladder[unit.district.index]]      # by week of the run, run-up first
        risen = defaultdict(int)
        for week, person, after, verified in book(end, Book.STARS).tolist():
            ladder = ladders[week + settled.warmup][:5]
            assert after == (ladder <= verified).sum() > star[person]
            risen[week, unit.people.cell[person]] += after - star[person]
            star[person] = after
        assert np.array_equal(star, end.state.star)
        reached = (end.state.verified[:, None].astype(np.int64) >= ladders[-1][None, :5]).sum(axis=1)
        assert (end.state.star >= reached).all()
        for (week, cell), number in risen.items():
            assert end.counts.people[week + settled.warmup, cell, M.STARS] == number
        assert end.counts.people[:, :, M.STARS].sum() == sum(risen.values()) == star.sum()


def test_the_register_grows_by_those_who_join_and_nobody_leaves_it(name: str) -> None:
    for unit, end in districts(name):
        counts = end.counts.people
        before = np.bincount(unit.people.cell[unit.state.status != UNREGISTERED], minlength=CELLS)
        assert np.array_equal(counts[:, :, M.REGISTERED], before + np.cumsum(counts[:, :, M.JOINED], axis=0))


def test_volunteers_and_lapsed_change_by_joining_leaving_and_returning_only(name: str) -> None:
    for unit, end in districts(name):
        counts, settled = end.counts.people, settled_of(name)
        joined = np.flatnonzero((end.state.status != UNREGISTERED) & (unit.state.status == UNREGISTERED))
        rows = np.stack([end.state.since[joined].astype(np.int64), joined], axis=1)
        assert np.array_equal(by_cell(unit, name, rows, 1), counts[:, :, M.JOINED])
        ready = by_cell(unit, name, rows[unit.ready[joined]], 1)
        cell = unit.people.cell
        start = {kind: np.bincount(cell[unit.state.status == kind], minlength=CELLS) for kind in (VOLUNTEER, LAPSED)}
        moved = np.cumsum(counts[:, :, M.RETURNED] - counts[:, :, M.LEFT], axis=0)
        assert np.array_equal(counts[:, :, M.VOLUNTEERS], start[VOLUNTEER] + np.cumsum(ready, axis=0) + moved)
        assert np.array_equal(counts[:, :, M.LAPSED], start[LAPSED] - moved)
        final = {kind: np.bincount(cell[end.state.status == kind], minlength=CELLS) for kind in (VOLUNTEER, LAPSED)}
        assert np.array_equal(counts[-1, :, M.VOLUNTEERS], final[VOLUNTEER])
        assert np.array_equal(counts[-1, :, M.LAPSED], final[LAPSED])
        waiting = end.state.status == REGISTERED
        assert not (waiting & unit.ready).any()
        assert end.counts.people.shape[0] == settled.length


def test_counts_are_sums_over_the_books(name: str) -> None:
    for unit, end in districts(name):
        counts, served = end.counts.people, book(end, Book.PLACEMENTS)
        came = served[(served[:, FLAGS] & SHOWED) > 0]
        recorded = came[(came[:, FLAGS] & RECORDED) > 0]
        copied = recorded[(recorded[:, FLAGS] & COPIED) > 0]
        expected = {
            M.PLACED: by_cell(unit, name, served, PERSON),
            M.ABSENT: by_cell(unit, name, served[(served[:, FLAGS] & SHOWED) == 0], PERSON),
            M.ATTENDED: by_cell(unit, name, came, PERSON),
            M.SERVING: by_cell(unit, name, first_in_window(came, 1), PERSON),
            M.SERVED_YEAR: by_cell(unit, name, first_in_window(came, YEAR), PERSON),
            M.RECORDED: by_cell(unit, name, recorded, PERSON),
            M.RECORDED_HOURS: by_cell(unit, name, recorded, PERSON, recorded[:, ENTERED]),
            M.COPIES: by_cell(unit, name, copied, PERSON),
            M.COPIED_HOURS: by_cell(unit, name, copied, PERSON, copied[:, ENTERED]),
            M.ACTIVE_MONTH: by_cell(unit, name, first_in_window(recorded, MONTH), PERSON),
            M.ACTIVE_YEAR: by_cell(unit, name, first_in_window(recorded, YEAR), PERSON),
        }
        unequal = [metric.name for metric, rows in expected.items() if not np.array_equal(rows, counts[:, :, metric])]
        assert unequal == []
        assert np.array_equal(counts[:, :, M.PLACED], counts[:, :, M.ATTENDED] + counts[:, :, M.ABSENT])


def test_counts_of_tasks_are_sums_over_the_book_of_tasks(name: str) -> None:
    warmup = settled_of(name).warmup
    for unit, end in districts(name):
        tasks, counts = book(end, Book.TASKS), end.counts.tasks
        sums = {A.POSTED: np.ones(len(tasks)), A.SEATS: tasks[:, SEATS], A.FILLED: tasks[:, FILLED],
                A.STAFFED: tasks[:, STAFFED], A.GATED: tasks[:, GATED],
                A.GATED_FILLED: tasks[:, FILLED] * tasks[:, GATED]}
        for metric, amount in sums.items():
            weekly = np.bincount(tasks[:, WEEK] + warmup, weights=amount, minlength=len(counts)).astype(np.int64)
            assert np.array_equal(weekly, counts[:, metric]), metric.name
        assert (counts[:, A.POSTED] <= counts[:, A.ARISEN]).all()
        assert (counts[:, A.ARISEN] <= unit.sources.ids.size).all()
        assert len(np.unique(tasks[:, :2], axis=0)) == len(tasks), "a source gives one task a week"


def test_the_willing_are_placed_or_counted_as_unplaced(name: str) -> None:
    for unit, end in districts(name):
        counts, served = end.counts.people, book(end, Book.PLACEMENTS)
        seated = by_cell(unit, name, first_in_window(served, 1), PERSON)
        assert np.array_equal(counts[:, :, M.WILLING], seated + counts[:, :, M.UNPLACED])


def test_nobody_serves_before_registering_or_without_being_ready(name: str) -> None:
    for unit, end in districts(name):
        served, state = book(end, Book.PLACEMENTS), end.state
        who = served[:, PERSON]
        assert (state.status[who] >= VOLUNTEER).all()
        assert unit.ready[who].all()
        assert (served[:, WEEK] >= state.since[who]).all()
        never = (state.status == UNREGISTERED)
        assert (state.since[never] == NEVER).all()
        assert not state.served[never].any()
        came = served[(served[:, FLAGS] & SHOWED) > 0]
        newcomers = np.flatnonzero((unit.state.first == NEVER) & (state.first != NEVER))
        first = {person: week for week, person in came[::-1, :2].tolist()}
        assert {int(i): int(state.first[i]) for i in newcomers} == {
            person: week for person, week in first.items() if unit.state.first[person] == NEVER
        }
        last = {person: week for week, person in came[:, :2].tolist()}
        assert {int(i): int(state.last[i]) for i in np.flatnonzero(state.last != NEVER)} == last


def test_what_people_know_of_their_contacts_is_true(name: str) -> None:
    weeks = settled_of(name).weeks
    for unit, end in districts(name):
        here = np.arange(unit.people.ids.size)[:, None]
        others = unit.ties != here
        on = (end.state.status != UNREGISTERED)[unit.ties]
        assert np.array_equal(end.state.friends, (on & others).sum(axis=1))
        lately = (end.state.last == weeks - 1)[unit.ties]
        assert np.array_equal(end.state.asks, (lately & others).sum(axis=1))


def test_the_gate_and_the_ladder_are_only_where_a_policy_put_them(name: str) -> None:
    settled = settled_of(name)
    scheduled = {policy.lever for policy in scenario_of(name).schedule()}
    for unit, end in districts(name):
        laddered = {tuple(row) for row in settled.ladders[settled.weekly.ladder[unit.district.index]]} - {NO_LADDER}
        assert bool(laddered) == ("stars" in scheduled)
        assert (len(book(end, Book.STARS)) > 0) <= bool(laddered)
        assert (len(book(end, Book.POINTS)) > 0) <= ("points" in scheduled)


def test_districts_share_no_person_and_every_place_has_one_parent(name: str) -> None:
    city = city_named(name)
    ids = np.concatenate([unit.people.ids for unit in city])
    assert np.array_equal(ids, np.arange(scenario_of(name).world.residents))
    assert len({unit.district.code for unit in city}) == len(city)
    assert {unit.district.prefecture for unit in city} == set(range(scenario_of(name).world.prefectures))
    sources = np.concatenate([unit.sources.ids for unit in city])
    assert len(np.unique(sources)) == len(sources)
