"""Service: who shows up and for how long, and how an experience is folded into satisfaction."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import board_of, city_named, halfway, one_class, quiet, settled_of
from tests.engine_worlds import tasks_of as world_tasks
from vsim.process import service
from vsim.rng import stream_key
from vsim.world.state import FULL, State, copy_state
from vsim.world.tasks import Tasks

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
N = UNIT.people.ids.size
EVERYONE = np.arange(N)
KEY = stream_key(3)


STATE = copy_state(halfway("lively").state)
STATE.sworn[:] = 0


def tasks_of(hours_log: int = 1024, lead: int = 0, source: int = 0, **columns: int) -> Tasks:
    return world_tasks([source], hours_log=hours_log, lead=lead, **columns)


def attendance(
    tasks: Tasks, week: int = 4, now: dict[str, int | list[int]] | None = None, state: State = STATE,
    reach: np.ndarray | None = None, classes: int = 1, **changes: int,
) -> service.Attendance:
    board = board_of(UNIT, SETTLED, tasks, quiet(classes, **(now or {})), **changes)
    return service.attend(KEY, UNIT.people, state, EVERYONE, np.zeros(N, dtype=np.int64), board, SETTLED.lookups,
                          one_class(UNIT) if reach is None else reach, week)


def attend(tasks: Tasks, week: int = 4, **changes: int) -> tuple[np.ndarray, np.ndarray]:
    return attendance(tasks, week, **changes)[:2]


def test_longer_notice_and_distance_keep_people_away_and_keep_nobody_else() -> None:
    near = attend(tasks_of())[0]
    late = attend(tasks_of(lead=13), show_lead=2048)[0]
    far = attend(tasks_of(), show_distance=2048)[0]
    assert near.sum() > late.sum()
    assert near.sum() > far.sum()
    assert not (late & ~near).any()
    assert not (far & ~near).any()


def test_a_certain_volunteer_always_comes_and_an_impossible_one_never() -> None:
    assert attend(tasks_of(), show_once=20000, show_recurring=20000, show_distance=0, show_lead=0)[0].all()
    assert not attend(tasks_of(), show_once=-20000, show_recurring=-20000)[0].any()


def test_hours_are_quarters_between_the_shortest_and_the_longest() -> None:
    params = SETTLED.params
    short, long = attend(tasks_of(-8000))[1], attend(tasks_of(8000))[1]
    assert (short == params.hours_least).all()
    assert (long == params.hours_most).all()
    usual = attend(tasks_of(1024))[1]
    assert abs(np.median(usual) / 4 - np.e) < 0.3
    assert (attend(tasks_of(1024), hours_person=0)[1] == round(4 * np.e)).all()


def test_one_attendance_is_the_same_alone_and_among_many() -> None:
    shows, hours = attend(tasks_of())
    zero = np.zeros(1, dtype=np.int64)
    for person in (0, 5, N - 1):
        one = service.attend(KEY, UNIT.people, STATE, np.array([person]), zero, board_of(UNIT, SETTLED, tasks_of()),
                             SETTLED.lookups, one_class(UNIT), 4)
        assert (one[0][0], one[1][0]) == (shows[person], hours[person])


def test_a_better_organiser_field_and_training_make_a_better_experience() -> None:
    def after(field: int, quality: int, trained: int) -> int:
        state = copy_state(halfway("lively").state)
        state.satisfaction[0], state.trained[0] = 30000, trained
        board = board_of(UNIT, SETTLED, tasks_of(), quality=quality)
        board = board._replace(sources=UNIT.sources._replace(field=np.full_like(UNIT.sources.field, field)))
        service.experience(state, UNIT.people, 0, 0, board, False, 15)
        return int(state.satisfaction[0])

    own = int(UNIT.people.field[0])
    other = (own + 1) % 8
    assert after(own, 30000, -1) > after(other, 30000, -1)
    assert after(own, 60000, -1) > after(own, 30000, -1)
    assert after(own, 30000, 15) > after(own, 30000, 14)
    assert after(other, 0, -1) < 30000 < after(own, 65536, 99)


def test_satisfaction_stays_within_its_range_and_settles() -> None:
    state = copy_state(halfway("lively").state)
    extreme = board_of(UNIT, SETTLED, tasks_of(), experience_base=FULL * 2, satisfaction_rate=65536)
    service.experience(state, UNIT.people, 0, 0, extreme, False, 4)
    assert state.satisfaction[0] == FULL
    low = board_of(UNIT, SETTLED, tasks_of(), experience_base=-FULL * 3, satisfaction_rate=65536)
    service.experience(state, UNIT.people, 0, 0, low, False, 4)
    assert state.satisfaction[0] == 0


def test_a_task_done_online_keeps_nobody_away_by_distance() -> None:
    here, online = (attend(tasks_of(online=mode), show_distance=2048)[0] for mode in (0, 1))
    assert np.array_equal(online, attend(tasks_of(), show_distance=0)[0])
    assert here.sum() < online.sum()


def test_policy_and_the_pledge_bring_people_who_would_stay_away() -> None:
    usual = attendance(tasks_of()).shows
    pushed = attendance(tasks_of(), now={"show": 2000}).shows
    assert (pushed >= usual).all()
    assert pushed.sum() > usual.sum()
    reach = (EVERYONE % 2).astype(np.uint8)
    half = attendance(tasks_of(), now={"show": [0, 2000]}, reach=reach, classes=2).shows
    assert np.array_equal(half, np.where(reach == 1, pushed, usual))
    sworn = copy_state(STATE)
    sworn.sworn[::2] = 1
    pledged = attendance(tasks_of(), state=sworn, oath_show=2000).shows
    assert np.array_equal(pledged, np.where(EVERYONE % 2 == 0, pushed, usual))


def test_incidents_grow_with_risk_hours_and_the_factor_of_policy() -> None:
    lookups = SETTLED.lookups._replace(risk=np.array([1 << 24, 1 << 26, 1 << 27]))

    def hurt(risk: int, hours_log: int = 1024, hazard: int = 1024) -> np.ndarray:
        board = board_of(UNIT, SETTLED, tasks_of(hours_log, risk=risk), quiet(hazard=hazard), hours_person=0)
        return service.attend(KEY, UNIT.people, STATE, EVERYONE, np.zeros(N, dtype=np.int64), board, lookups,
                              one_class(UNIT), 4).hurt

    low, middle, high = (hurt(risk) for risk in (0, 1, 2))
    assert (middle >= low).all()
    assert (high >= middle).all()
    assert low.sum() < middle.sum() < high.sum()
    assert hurt(1, hazard=2048).sum() > middle.sum() > hurt(1, hazard=512).sum() >= hurt(1, hazard=0).sum() == 0
    assert hurt(1, 2048).sum() > middle.sum()


def test_breaches_follow_the_card_and_the_factor_of_policy() -> None:
    usual, twice, none = (attendance(tasks_of(), now={"conduct": factor}, breach=13107).breach
                          for factor in (1024, 2048, 0))
    assert not none.any()
    assert (twice >= usual).all()
    assert abs(usual.mean() - 0.2) < 5 * (0.16 / N) ** 0.5
    assert abs(twice.mean() - 0.4) < 5 * (0.24 / N) ** 0.5


def test_the_spare_word_has_sixteen_bits_and_differs_between_people() -> None:
    spare = attendance(tasks_of()).spare
    assert ((spare >= 0) & (spare < 65536)).all()
    assert len(set(spare.tolist())) > N // 2


def test_an_incident_and_a_wasted_way_spoil_the_experience_and_policy_moves_it() -> None:
    def after(hurt: bool = False, felt: int = 0) -> int:
        state = copy_state(STATE)
        state.satisfaction[0] = 30000
        service.experience(state, UNIT.people, 0, 0, board_of(UNIT, SETTLED, tasks_of(), quiet(felt=felt)), hurt, 15)
        return int(state.satisfaction[0])

    assert after(hurt=True) < after()
    assert after(felt=-5000) < after() < after(felt=5000)
    state = copy_state(STATE)
    state.satisfaction[0] = 30000
    service.sent_home(state, 0, SETTLED.params)
    assert state.satisfaction[0] == 30000 + (SETTLED.params.satisfaction_rate * -SETTLED.params.unused >> 16)
    for _ in range(200):
        service.sent_home(state, 0, SETTLED.params)
    assert 0 <= state.satisfaction[0] < 1000
