"""Attendance: the placed come or not, stand-ins take empty seats, and who is not needed is sent home."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import SEED, board_of, city_named, halfway, one_class, quiet, settled_of, tasks_of
from vsim.process import choice, matching
from vsim.rng import stream_key
from vsim.run.attendance import Day, come, lucks, serve, step_in
from vsim.run.simulate import empty_counts
from vsim.world.ledgers import SHOWED, STAND_IN, UNUSED, Book, empty_ledgers
from vsim.world.metrics import A, M
from vsim.world.people import People
from vsim.world.state import copy_state
from vsim.world.tasks import Tasks

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
ALWAYS, NEVER = 30000, -30000


def placed(placements: list[tuple[int, int]]) -> matching.Placed:
    """Return placements that were all made by the first menu."""
    return matching.Placed(placements, np.zeros(0, dtype=np.int64), len(placements), 0)


def day(tasks: Tasks, show: int, people: People | None = None, **now: int) -> Day:
    """Return a day on which people come (ALWAYS) or stay away (NEVER)."""
    unit = UNIT if people is None else UNIT._replace(people=people)
    state = copy_state(halfway("lively").state)
    state.trained[:] = -1
    board = board_of(unit, SETTLED, tasks, quiet(show=show, **now))
    ledgers, counts = empty_ledgers(SETTLED.length, (8,) * len(Book)), empty_counts(1)
    ledgers.tasks[: tasks.source.size, 9] = tasks.needed
    zero = np.zeros(unit.people.ids.size, dtype=np.int64)
    return Day(unit, state, board, SETTLED.lookups, one_class(unit), stream_key(SEED), 15, SETTLED.warmup, 0, ledgers,
               counts.people[0], counts.tasks[0], zero.copy(), zero.copy())


def total(of: Day, *metrics: M) -> list[int]:
    return [int(of.count[:, metric].sum()) for metric in metrics]


def test_who_comes_to_a_full_task_is_sent_home_and_gives_no_hours() -> None:
    one = day(tasks_of([0], needed=2), ALWAYS)
    before = one.state.satisfaction.copy()
    assert serve(one, placed([(3, 0), (4, 0), (5, 0)]), []) == []
    assert total(one, M.PLACED, M.ATTENDED, M.UNUSED, M.ABSENT) == [3, 2, 1, 0]
    rows = one.ledgers.placements[:3]
    assert rows[:2, 3].min() > 0
    assert rows[2].tolist() == [15, 5, 0, 0, 0, 0, SHOWED + UNUSED, -1]
    assert one.state.satisfaction[5] < before[5]
    assert one.hours[5] == one.state.served[5] - halfway("lively").state.served[5] == 0
    assert one.ledgers.tasks[0, 4] == one.area[A.STAFFED] == 2


def test_a_stand_in_takes_the_seat_of_who_stays_away_and_has_a_row_of_their_own() -> None:
    one = day(tasks_of([0]), NEVER, stand_in=65536)
    left = serve(one, placed([(3, 0), (4, 0)]), [7, 8, 9])
    assert left == [9], "two stayed away, two were asked"
    assert total(one, M.PLACED, M.ABSENT, M.STOOD_IN, M.ATTENDED) == [2, 2, 0, 0], "they stayed away as well"
    rows = one.ledgers.placements[:4]
    assert rows[:, 1].tolist() == [3, 7, 4, 8]
    assert rows[:, 6].tolist() == [0, STAND_IN, 0, STAND_IN]


def test_a_stand_in_who_comes_serves_and_is_counted() -> None:
    one = day(tasks_of([0]), ALWAYS)
    assert come(one, 7, 0, STAND_IN, lucks(one, [(7, 0)])[0]) is None
    assert total(one, M.STOOD_IN, M.ATTENDED, M.SERVING) == [1, 1, 1]
    assert one.ledgers.placements[0, 6] & (STAND_IN | SHOWED) == STAND_IN | SHOWED
    assert one.host[7] == UNIT.sources.organisation[0]
    assert total(one, M.PLACED, M.ABSENT) == [0, 0]


def test_without_the_policy_or_without_anybody_waiting_seats_stay_empty() -> None:
    assert serve(day(tasks_of([0]), NEVER, stand_in=0), placed([(3, 0)]), [7]) == [7]
    nobody = day(tasks_of([0]), NEVER, stand_in=65536)
    assert serve(nobody, placed([(3, 0)]), []) == []
    assert nobody.ledgers.counts[Book.PLACEMENTS] == 1


def test_only_who_may_take_the_task_stands_in_and_the_others_keep_their_place() -> None:
    gated = day(tasks_of([0], gated=[1]), ALWAYS)
    gated.state.trained[8] = 15
    waiting = [7, 8, 9]
    assert step_in(gated, waiting, 0) == 8
    assert waiting == [7, 9]
    assert step_in(gated, waiting, 0) is None
    skill = np.zeros_like(UNIT.people.skill)
    papers = skill.copy()
    skill[[7, 9]], papers[[7, 9]] = 4, (2, 1)
    skilled = day(tasks_of([0], skill=[4]), ALWAYS, UNIT.people._replace(skill=skill, credential=papers))
    assert step_in(skilled, [7, 8, 9], 0) == 9
    insured = np.flatnonzero(choice.insured(stream_key(SEED), UNIT.people.ids[:60], 20000)).tolist()
    risky = day(tasks_of([0], risk=[2]), ALWAYS, cover_asked=1, cover=20000)
    assert step_in(risky, list(range(60)), 0) == insured[0]
    assert step_in(day(tasks_of([0], risk=[2]), ALWAYS), [5, 6], 0) == 5, "nobody asks for insurance"
