"""What must hold of one district after any run: each audit reads books, counts and state and fails on what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tests.engine_worlds import book
from vsim.process import choice
from vsim.process.recording import COPIED, INFLATED, MOST, RECORDED, VERIFIED
from vsim.run.district import Progress
from vsim.run.settle import Settled
from vsim.world.bodies import (
    BY_LAW,
    CLOSED,
    FORMING,
    GROWING,
    INSTITUTION,
    LATENT,
    MATURE,
    Event,
    first_bodies,
)
from vsim.world.city import Unit
from vsim.world.ledgers import BREACH, INCIDENT, SECOND, SHOWED, STAND_IN, UNUSED, Book
from vsim.world.metrics import MONTH, YEAR, A, M
from vsim.world.people import CELLS
from vsim.world.state import LAPSED, NEVER, REGISTERED, UNREGISTERED, VOLUNTEER

Int = NDArray[np.int64]
Audit = Callable[[Unit, Progress, Settled, tuple[int, int]], None]      # the key is that of the run
WEEK, PERSON, TASK, HOURS, ENTERED, DUE, FLAGS = range(7)               # of the book of placements
SOURCE, SEATS, FILLED, STAFFED, SLOT, GATED, LEAD, NEEDED, ONLINE, SKILL = 1, 2, 3, 4, 5, 7, 8, 9, 10, 11
HIGH = 2
AUDITS: list[Audit] = []


def audit(one: Audit) -> Audit:
    AUDITS.append(one)
    return one


def by_cell(unit: Unit, settled: Settled, rows: Int, person: int, amount: Int | None = None) -> Int:
    """Return amounts summed by week (run-up first) and cell of the person, shape (weeks, cells)."""
    out = np.zeros((settled.length, CELLS), dtype=np.int64)
    weights = np.ones(len(rows), dtype=np.int64) if amount is None else amount
    np.add.at(out, (rows[:, 0] + settled.warmup, unit.people.cell[rows[:, person]]), weights)
    return out


def first_in_window(rows: Int, weeks: int) -> Int:
    """Return the rows that are the first of a person in each window of so many weeks."""
    _, first = np.unique(np.stack([rows[:, PERSON], rows[:, WEEK] // weeks]), axis=1, return_index=True)
    return rows[np.sort(first)]


def flagged(rows: Int, flag: int) -> NDArray[np.bool_]:
    return (rows[:, FLAGS] & flag) > 0


def attended(rows: Int) -> Int:
    """Return the rows of those who came and were needed."""
    return rows[flagged(rows, SHOWED) & ~flagged(rows, UNUSED)]


@audit
def hours_given_are_hours_received(unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]) -> None:
    served = book(end, Book.PLACEMENTS)
    given = end.counts.people[:, :, M.HOURS]
    assert np.array_equal(given, by_cell(unit, settled, served, PERSON, served[:, HOURS]))
    assert np.array_equal(given.sum(axis=1), end.counts.tasks[:, A.RECEIVED])
    total = np.bincount(served[:, PERSON], weights=served[:, HOURS], minlength=unit.people.ids.size)
    assert np.array_equal(end.state.served, total.astype(np.int64))


@audit
def only_who_came_and_was_needed_has_hours(_: Unit, end: Progress, settled: Settled, __: tuple[int, int]) -> None:
    served = book(end, Book.PLACEMENTS)
    came = flagged(served, SHOWED)
    away, home = served[~came], served[flagged(served, UNUSED)]
    assert not away[:, [HOURS, ENTERED, DUE]].any()
    assert not (away[:, FLAGS] & ~(STAND_IN | SECOND)).any()
    assert not home[:, [HOURS, ENTERED, DUE]].any()
    assert (home[:, FLAGS] & ~(STAND_IN | SECOND) == SHOWED | UNUSED).all()
    hours = attended(served)[:, HOURS]
    assert ((hours >= settled.params.hours_least) & (hours <= settled.params.hours_most)).all()


@audit
def seats_bind_and_no_more_serve_than_are_needed(_: Unit, end: Progress, settled: Settled, __: tuple[int, int]) -> None:
    tasks, served = book(end, Book.TASKS), book(end, Book.PLACEMENTS)
    stand_in, came = flagged(served, STAND_IN), flagged(served, SHOWED)

    def number(rows: Int) -> Int:
        return np.bincount(rows[:, TASK], minlength=len(tasks))

    assert np.array_equal(number(served[~stand_in]), tasks[:, FILLED])
    assert np.array_equal(number(attended(served)), tasks[:, STAFFED])
    assert (number(served[stand_in]) <= number(served[~stand_in & ~came])).all(), "a stand-in takes an empty seat"
    assert (number(served[came]) <= tasks[:, FILLED]).all()
    assert (tasks[:, STAFFED] <= tasks[:, NEEDED]).all()
    assert (tasks[:, FILLED] <= tasks[:, SEATS]).all()
    assert (tasks[:, SEATS] >= 1).all()
    assert np.array_equal(tasks[served[:, TASK], WEEK], served[:, WEEK])
    passed_on = np.unique(served[flagged(served, SECOND)][:, [WEEK, PERSON]], axis=0)
    weeks = end.counts.tasks[:, A.HELPED_ON]
    assert np.array_equal(np.bincount(passed_on[:, 0] + settled.warmup, minlength=weeks.size), weeks)
    assert not (stand_in & flagged(served, SECOND)).any()
    full = np.flatnonzero(number(served[flagged(served, UNUSED)]))
    assert np.array_equal(tasks[full, STAFFED], tasks[full, NEEDED]), "nobody is sent home while people are missing"


@audit
def nobody_is_in_two_places_at_once(_: Unit, end: Progress, __: Settled, ___: tuple[int, int]) -> None:
    tasks, served = book(end, Book.TASKS), book(end, Book.PLACEMENTS)
    assert tasks[:, SLOT].min(initial=0) >= 0
    assert tasks[:, SLOT].max(initial=0) < 21
    busy = np.stack([served[:, WEEK], served[:, PERSON], tasks[served[:, TASK], SLOT]])
    assert np.unique(busy, axis=1).shape[1] == len(served)
    stood = served[flagged(served, STAND_IN)]
    seated = {(week, person) for week, person in served[~flagged(served, STAND_IN)][:, :2].tolist()}
    assert not any((week, person) in seated for week, person in stood[:, :2].tolist())
    assert len(np.unique(stood[:, :2], axis=0)) == len(stood), "who stands in does so once a week"


@audit
def nobody_takes_a_task_without_what_it_asks_for(
    unit: Unit, end: Progress, settled: Settled, key: tuple[int, int]
) -> None:
    """Certificate, skill with a valid credential, insurance; also those who stand in."""
    passed = defaultdict(list)
    for week, person, good in book(end, Book.COURSES).tolist():
        if good:
            passed[person].append(week)
    tasks, served = book(end, Book.TASKS), book(end, Book.PLACEMENTS)
    task = tasks[served[:, TASK]]
    for row in served[task[:, GATED] == 1]:
        week, person = row[WEEK], row[PERSON]
        assert any(course < week <= course + settled.params.course_validity for course in passed[person])
    skilled = task[:, SKILL] > 0
    who = served[skilled][:, PERSON]
    assert np.array_equal(unit.people.skill[who], task[skilled][:, SKILL])
    assert (unit.people.credential[who] == 1).all()
    index = unit.district.index
    risky = served[unit.sources.risk[task[:, SOURCE]] == HIGH]
    for row in risky:
        pos = row[WEEK] + settled.warmup
        if settled.weekly.cover_asked[index, pos]:
            cover = int(settled.weekly.cover[index, pos])
            assert choice.insured(key, unit.people.ids[[row[PERSON]]], cover)


@audit
def a_course_holds_no_more_people_than_seats_and_each_person_once(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    courses = book(end, Book.COURSES)
    assert (by_cell(unit, settled, courses, 1).sum(axis=1) <= end.counts.tasks[:, A.COURSE_SEATS]).all()
    assert len(np.unique(courses[:, :2], axis=0)) == len(courses)
    passed = by_cell(unit, settled, courses, 1, courses[:, 2])
    assert np.array_equal(passed, end.counts.people[:, :, M.TRAINED])
    hours = by_cell(unit, settled, courses, 1) * settled.params.course_hours
    assert np.array_equal(hours, end.counts.people[:, :, M.COURSE_HOURS])


@audit
def points_earned_are_spent_expired_or_held(unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]) -> None:
    balance = np.zeros(unit.people.ids.size, dtype=np.int64)
    rows = book(end, Book.POINTS)
    for _week, person, kind, amount, after in rows.tolist():
        assert (amount > 0) == (kind == 0)
        balance[person] += amount
        assert balance[person] == after >= 0
    assert np.array_equal(balance, end.state.points)
    counts = end.counts.people
    flow = counts[:, :, M.POINTS_EARNED] - counts[:, :, M.POINTS_SPENT] - counts[:, :, M.POINTS_EXPIRED]
    assert np.array_equal(np.cumsum(flow, axis=0), counts[:, :, M.POINTS_HELD])
    for kind, metric in enumerate((M.POINTS_EARNED, M.POINTS_SPENT, M.POINTS_EXPIRED)):
        own = rows[rows[:, 2] == kind]
        assert np.array_equal(by_cell(unit, settled, own, 1, np.abs(own[:, 3])), counts[:, :, metric])


@audit
def credits_given_are_spent_donated_expired_or_held(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    """Earned + seeded = spent + donated + expired + the change in what is held; what one spends a helper earns."""
    rows, counts = book(end, Book.CREDITS), end.counts.people
    balance = np.zeros(unit.people.ids.size, dtype=np.int64)
    limits = settled.weekly.credit_limit[unit.district.index]
    for week, person, kind, amount, after in rows.tolist():
        assert (amount > 0) == (kind in (0, 1, 2)), "earned, helped, seeded"
        assert amount != 0
        balance[person] += amount
        assert balance[person] == after
        if kind == 3:
            assert after >= -limits[week + settled.warmup], "spent beyond the limit"
        assert after >= -limits.max(initial=0)
    assert np.array_equal(balance, end.state.credit)
    given = counts[:, :, M.CREDIT_EARNED] + counts[:, :, M.CREDIT_SEEDED]
    gone = counts[:, :, M.CREDIT_SPENT] + counts[:, :, M.CREDIT_DONATED] + counts[:, :, M.CREDIT_EXPIRED]
    held = counts[:, :, M.CREDIT_HELD]
    assert np.array_equal(given, gone + np.diff(held, axis=0, prepend=0))
    kinds = {(0, 1): M.CREDIT_EARNED, (2,): M.CREDIT_SEEDED, (3,): M.CREDIT_SPENT, (4,): M.CREDIT_DONATED,
             (5,): M.CREDIT_EXPIRED}
    for members, metric in kinds.items():
        own = rows[np.isin(rows[:, 2], members)]
        assert np.array_equal(by_cell(unit, settled, own, 1, np.abs(own[:, 3])), counts[:, :, metric])
    helped, spent = (by_cell(unit, settled, rows[rows[:, 2] == kind], 1, rows[rows[:, 2] == kind][:, 3]).sum(axis=1)
                     for kind in (1, 3))
    assert np.array_equal(helped, -spent)


@audit
def money_of_organisations_in_is_money_out_and_balance(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    area = end.counts.tasks
    assert end.bodies.cash.min(initial=0) >= 0
    assert np.array_equal(np.diff(area[:, A.ORG_CASH], prepend=int(unit.organisations.cash.sum())),
                          area[:, A.ORG_INCOME] - area[:, A.ORG_SPENT])
    assert area[-1, A.ORG_CASH] == end.bodies.cash.sum()
    assert area[:, A.ORG_SPENT].min(initial=0) >= 0
    looked = (np.arange(settled.length) - settled.warmup) % 4 == 3
    assert not area[~looked][:, [A.ORG_INCOME, A.ORG_SPENT, A.INSPECTED, A.ORGS_CLOSED]].any()


@audit
def only_working_organisations_post_and_none_while_suspended(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    """Replays the book of events week by week: stages, forms, rules, practices, suspensions, and their counts."""
    start = first_bodies(unit.organisations, 0)
    stage, rules, form, practice = start.stage, start.rules, start.form, start.practice
    until = np.full(stage.size, -(1 << 20))
    host = unit.sources.organisation
    tasks, events, area = book(end, Book.TASKS), book(end, Book.EVENTS), end.counts.tasks
    enters = {Event.STARTED: (LATENT, FORMING), Event.PASSED: (FORMING, GROWING), Event.MATURED: (GROWING, MATURE)}
    named = {Event.STARTED: A.ORGS_STARTED, Event.CLOSED: A.ORGS_CLOSED, Event.INSPECTED: A.INSPECTED,
             Event.VIOLATION: A.VIOLATIONS, Event.ADOPTED: A.ADOPTED}
    for week in range(-settled.warmup, settled.weeks):
        posting = np.unique(host[tasks[tasks[:, WEEK] == week][:, SOURCE]])
        assert np.isin(stage[posting], (GROWING, MATURE)).all(), "a latent, forming or closed organisation posted"
        assert (until[posting] <= week).all(), "a suspended organisation posted"
        own = events[events[:, 0] == week]
        for _week, o, kind, value in own.tolist():
            assert stage[o] != CLOSED, "something happened to a closed organisation"
            if kind in enters:
                before, after = enters[Event(kind)]
                assert stage[o] == before
                stage[o] = after
            elif kind == Event.CLOSED:
                assert stage[o] == value
                stage[o] = CLOSED
            elif kind == Event.VIOLATION:
                until[o] = week + 1 + value
                rules[o] = min(rules[o] + 1, 10)
            elif kind == Event.RULES:
                assert value > rules[o]
                rules[o] = value
            elif kind == Event.REGISTERED:
                assert form[o] > BY_LAW
                form[o] = INSTITUTION
            elif kind == Event.ADOPTED:
                assert practice[o] == 0
                practice[o] = 1
        pos = week + settled.warmup
        for event, metric in named.items():
            assert (own[:, 2] == event).sum() == area[pos, metric]
        assert area[pos, A.ORGS] == np.isin(stage, (GROWING, MATURE)).sum()
        assert area[pos, A.SUSPENDED] == (np.isin(stage, (GROWING, MATURE)) & (until > week + 1)).sum()
    for name, replayed in (("stage", stage), ("rules", rules), ("form", form), ("practice", practice)):
        assert np.array_equal(replayed, getattr(end.bodies, name)), name


@audit
def shares_of_the_district_stay_shares(_: Unit, end: Progress, settled: Settled, __: tuple[int, int]) -> None:
    trust, area = end.counts.tasks[:, A.TRUST], end.counts.tasks
    assert ((trust >= 0) & (trust <= 65536)).all()
    assert end.bodies.district[0] == trust[-1]
    assert ((end.bodies.quality >= 0) & (end.bodies.quality <= 65536)).all()
    assert ((end.bodies.rules >= 0) & (end.bodies.rules <= 10)).all()
    assert (area[:, A.QUALITY] <= 65536 * area[:, A.ORGS]).all()
    assert (area[:, A.ORGS_REGISTERED] <= area[:, A.ORGS]).all()
    assert end.bodies.district[1] == end.counts.people[-1, :, M.SERVING].sum()
    assert settled.length == len(area)


@audit
def verified_hours_are_credited_when_due(unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]) -> None:
    served, size = book(end, Book.PLACEMENTS), unit.people.ids.size
    entered = np.bincount(served[:, PERSON], weights=served[:, ENTERED], minlength=size)
    assert (end.state.verified <= entered).all()
    credited = served[flagged(served, VERIFIED) & (served[:, DUE] < settled.weeks)]
    total = np.bincount(credited[:, PERSON], weights=credited[:, ENTERED], minlength=size).astype(np.int64)
    assert np.array_equal(end.state.verified, total)
    at_due = credited.copy()
    at_due[:, WEEK] = credited[:, DUE]
    assert np.array_equal(by_cell(unit, settled, at_due, PERSON, credited[:, ENTERED]),
                          end.counts.people[:, :, M.VERIFIED_HOURS])


@audit
def records_are_only_of_attendances_and_follow_their_flags(
    _: Unit, end: Progress, __: Settled, ___: tuple[int, int]
) -> None:
    came = attended(book(end, Book.PLACEMENTS))
    recorded = flagged(came, RECORDED)
    assert not came[~recorded][:, ENTERED].any()
    assert not (came[~recorded][:, FLAGS] & (COPIED | VERIFIED)).any()
    assert (came[:, DUE] >= came[:, WEEK]).all()
    assert came[:, ENTERED].max(initial=0) <= MOST
    assert (came[recorded][:, ENTERED] >= np.minimum(came[recorded][:, HOURS], MOST)).all()
    plain = recorded & ((came[:, FLAGS] & (8 | 16 | 32)) == 0)
    assert np.array_equal(came[plain][:, ENTERED], np.minimum(came[plain][:, HOURS], MOST))


@audit
def stars_follow_the_ladder_in_force_and_never_fall(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    star, reach = np.zeros(unit.people.ids.size, dtype=np.int64), settled.reach(unit)
    ladders = settled.ladders[settled.weekly.ladder[unit.district.index]]     # by week of the run and class of persons
    risen: dict[tuple[int, int], int] = defaultdict(int)
    for week, person, after, verified in book(end, Book.STARS).tolist():
        ladder = ladders[week + settled.warmup, reach[person], :5]
        assert after > star[person]
        risen[week, unit.people.cell[person]] += after - star[person]
        assert after == (ladder <= verified).sum()
        star[person] = after
    assert np.array_equal(star, end.state.star)
    reached = (end.state.verified[:, None].astype(np.int64) >= ladders[-1][reach, :5]).sum(axis=1)
    assert (end.state.star >= reached).all()
    for (week, cell), number in risen.items():
        assert end.counts.people[week + settled.warmup, cell, M.STARS] == number
    assert end.counts.people[:, :, M.STARS].sum() == sum(risen.values()) == star.sum()


@audit
def stocks_change_by_joining_leaving_and_returning_only(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    counts, cell = end.counts.people, unit.people.cell
    before = np.bincount(cell[unit.state.status != UNREGISTERED], minlength=CELLS)
    assert np.array_equal(counts[:, :, M.REGISTERED], before + np.cumsum(counts[:, :, M.JOINED], axis=0))
    joined = np.flatnonzero((end.state.status != UNREGISTERED) & (unit.state.status == UNREGISTERED))
    rows = np.stack([end.state.since[joined].astype(np.int64), joined], axis=1)
    assert np.array_equal(by_cell(unit, settled, rows, 1), counts[:, :, M.JOINED])
    ready = by_cell(unit, settled, rows[unit.ready[joined]], 1)
    start = {kind: np.bincount(cell[unit.state.status == kind], minlength=CELLS) for kind in (VOLUNTEER, LAPSED)}
    moved = np.cumsum(counts[:, :, M.RETURNED] - counts[:, :, M.LEFT], axis=0)
    assert np.array_equal(counts[:, :, M.VOLUNTEERS], start[VOLUNTEER] + np.cumsum(ready, axis=0) + moved)
    assert np.array_equal(counts[:, :, M.LAPSED], start[LAPSED] - moved)
    for kind, metric in ((VOLUNTEER, M.VOLUNTEERS), (LAPSED, M.LAPSED)):
        assert np.array_equal(counts[-1, :, metric], np.bincount(cell[end.state.status == kind], minlength=CELLS))
    assert not ((end.state.status == REGISTERED) & unit.ready).any()
    assert counts.shape[0] == settled.length


@audit
def counts_are_sums_over_the_book_of_placements(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    counts, served, tasks = end.counts.people, book(end, Book.PLACEMENTS), book(end, Book.TASKS)
    stand_in, shows = flagged(served, STAND_IN), flagged(served, SHOWED)
    came = attended(served)
    recorded = came[flagged(came, RECORDED)]
    copied, inflated = recorded[flagged(recorded, COPIED)], recorded[flagged(recorded, INFLATED)]
    added = np.maximum(inflated[:, ENTERED] - inflated[:, HOURS], 0)
    amounts: dict[M, tuple[Int, Int | None]] = {
        M.PLACED: (served[~stand_in], None), M.ABSENT: (served[~stand_in & ~shows], None),
        M.STOOD_IN: (served[stand_in & shows], None), M.UNUSED: (served[flagged(served, UNUSED)], None),
        M.ATTENDED: (came, None), M.SERVING: (first_in_window(came, 1), None),
        M.SERVED_YEAR: (first_in_window(came, YEAR), None), M.RECORDED: (recorded, None),
        M.RECORDED_HOURS: (recorded, recorded[:, ENTERED]), M.COPIES: (copied, None),
        M.COPIED_HOURS: (copied, copied[:, ENTERED]), M.ACTIVE_MONTH: (first_in_window(recorded, MONTH), None),
        M.ACTIVE_YEAR: (first_in_window(recorded, YEAR), None), M.INFLATED_HOURS: (inflated, added),
        M.INCIDENTS: (came[flagged(came, INCIDENT)], None), M.BREACHES: (came[flagged(came, BREACH)], None),
        M.ONLINE: (came, tasks[came[:, TASK], ONLINE]),
    }
    unequal = [metric.name for metric, (rows, amount) in amounts.items()
               if not np.array_equal(by_cell(unit, settled, rows, PERSON, amount), counts[:, :, metric])]
    assert unequal == []
    assert np.array_equal(counts[:, :, M.PLACED] + counts[:, :, M.STOOD_IN],
                          counts[:, :, M.ATTENDED] + counts[:, :, M.ABSENT] + counts[:, :, M.UNUSED])
    assert np.array_equal(came[:, FLAGS] & UNUSED, np.zeros(len(came), dtype=np.int64))
    seated = by_cell(unit, settled, first_in_window(served[~stand_in], 1), PERSON)
    assert np.array_equal(counts[:, :, M.WILLING], seated + counts[:, :, M.UNPLACED])
    asked = by_cell(unit, settled, served[stand_in], PERSON)
    assert (asked <= counts[:, :, M.UNPLACED]).all(), "only who found no seat stands in"


@audit
def counts_of_tasks_are_sums_over_the_book_of_tasks(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    tasks, counts = book(end, Book.TASKS), end.counts.tasks
    sums = {A.POSTED: np.ones(len(tasks)), A.SEATS: tasks[:, SEATS], A.FILLED: tasks[:, FILLED],
            A.STAFFED: tasks[:, STAFFED], A.GATED: tasks[:, GATED], A.GATED_FILLED: tasks[:, FILLED] * tasks[:, GATED],
            A.NEEDED: tasks[:, NEEDED], A.ONLINE_TASKS: tasks[:, ONLINE]}
    for metric, amount in sums.items():
        weekly = np.bincount(tasks[:, WEEK] + settled.warmup, weights=amount, minlength=len(counts)).astype(np.int64)
        assert np.array_equal(weekly, counts[:, metric]), metric.name
    assert np.array_equal(counts[:, A.ARISEN], counts[:, A.POSTED] + counts[:, A.HIDDEN] + counts[:, A.BEYOND])
    assert (counts[:, A.ARISEN] <= unit.sources.ids.size).all()
    assert (counts[:, A.TWICE] <= counts[:, A.POSTED]).all()
    assert len(np.unique(tasks[:, :2], axis=0)) == len(tasks), "a source gives one task a week"
    assert np.array_equal(tasks[:, SKILL], unit.sources.skill[tasks[:, SOURCE]])
    layout = settled.weekly.layout[unit.district.index][tasks[:, WEEK] + settled.warmup]
    assert np.array_equal(tasks[:, 12], settled.sites[unit.district.index].station[layout, tasks[:, SOURCE]])


@audit
def nobody_serves_before_registering_or_without_being_ready(
    unit: Unit, end: Progress, _: Settled, __: tuple[int, int]
) -> None:
    served, state = book(end, Book.PLACEMENTS), end.state
    who = served[:, PERSON]
    assert (state.status[who] >= VOLUNTEER).all()
    assert unit.ready[who].all()
    assert (served[:, WEEK] >= state.since[who]).all()
    never = state.status == UNREGISTERED
    assert (state.since[never] == NEVER).all()
    assert not state.served[never].any()
    came = attended(served)
    newcomers = np.flatnonzero((unit.state.first == NEVER) & (state.first != NEVER))
    first = {person: week for week, person in came[::-1, :2].tolist()}
    assert {int(i): int(state.first[i]) for i in newcomers} == {
        person: week for person, week in first.items() if unit.state.first[person] == NEVER
    }
    last = {person: week for week, person in came[:, :2].tolist()}
    assert {int(i): int(state.last[i]) for i in np.flatnonzero(state.last != NEVER)} == last


@audit
def what_people_know_of_their_contacts_is_true(
    unit: Unit, end: Progress, settled: Settled, _: tuple[int, int]
) -> None:
    others = unit.ties != np.arange(unit.people.ids.size)[:, None]
    on = (end.state.status != UNREGISTERED)[unit.ties]
    assert np.array_equal(end.state.friends, (on & others).sum(axis=1))
    lately = (end.state.last == settled.weeks - 1)[unit.ties]
    assert np.array_equal(end.state.asks, (lately & others).sum(axis=1))


@audit
def marks_of_belonging_add_up(unit: Unit, end: Progress, _: Settled, __: tuple[int, int]) -> None:
    state, counts = end.state, end.counts.people
    assert state.sworn.sum() == counts[:, :, M.SWORN].sum()
    assert (state.team > 0).sum() == counts[:, :, M.TEAMED].sum()
    assert (state.team <= unit.organisations.weight.size).all()
    assert (state.honoured != NEVER).sum() <= counts[:, :, M.HONOURED].sum()
    assert (counts[:, :, M.HONOURED] <= counts[:, :, M.SERVING]).all()
    assert (counts[:, :, M.TEAMED] <= counts[:, :, M.SERVING]).all()
