"""Service: who shows up and for how long, and how an experience is folded into satisfaction."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import city_named, halfway, settled_of
from vsim.process import service
from vsim.rng import stream_key
from vsim.world.state import FULL, copy_state
from vsim.world.tasks import Tasks

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
N = UNIT.people.ids.size
EVERYONE = np.arange(N)
KEY = stream_key(3)


def tasks_of(hours_log: int = 1024, lead: int = 0, source: int = 0) -> Tasks:
    one = np.ones(1, dtype=np.int64)
    return Tasks(one * source, one, one * 0, one * hours_log, one * 0, one * lead)


def attend(tasks: Tasks, week: int = 4, **changes: int) -> tuple[np.ndarray, np.ndarray]:
    params = SETTLED.params._replace(**changes)
    return service.attend(KEY, UNIT.people, EVERYONE, np.zeros(N, dtype=np.int64), tasks, UNIT.sources, params, week)


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
        one = service.attend(KEY, UNIT.people, np.array([person]), zero, tasks_of(), UNIT.sources, SETTLED.params, 4)
        assert (one[0][0], one[1][0]) == (shows[person], hours[person])


def test_a_better_organiser_field_and_training_make_a_better_experience() -> None:
    def after(field: int, quality: int, trained: int) -> int:
        state = copy_state(halfway("lively").state)
        state.satisfaction[0], state.trained[0] = 30000, trained
        sources = UNIT.sources._replace(field=np.full_like(UNIT.sources.field, field),
                                        quality=np.full_like(UNIT.sources.quality, quality))
        service.experience(state, UNIT.people, 0, 0, tasks_of(), sources, SETTLED.params, 15)
        return int(state.satisfaction[0])

    own = int(UNIT.people.field[0])
    other = (own + 1) % 8
    assert after(own, 30000, -1) > after(other, 30000, -1)
    assert after(own, 60000, -1) > after(own, 30000, -1)
    assert after(own, 30000, 15) > after(own, 30000, 14)
    assert after(other, 0, -1) < 30000 < after(own, 65536, 99)


def test_satisfaction_stays_within_its_range_and_settles() -> None:
    state = copy_state(halfway("lively").state)
    extreme = SETTLED.params._replace(experience_base=FULL * 2, satisfaction_rate=65536)
    service.experience(state, UNIT.people, 0, 0, tasks_of(), UNIT.sources, extreme, 4)
    assert state.satisfaction[0] == FULL
    low = SETTLED.params._replace(experience_base=-FULL * 3, satisfaction_rate=65536)
    service.experience(state, UNIT.people, 0, 0, tasks_of(), UNIT.sources, low, 4)
    assert state.satisfaction[0] == 0
