"""Choice: a menu of at most sixteen, and an order by field, distance, organiser and keyed noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import city_named, settled_of
from vsim.process import choice
from vsim.process.demand import post_tasks
from vsim.rng import stream_key

UNIT, SETTLED = city_named("crowded")[0], settled_of("crowded")
KEY = stream_key(3)
TASKS = post_tasks(UNIT.sources, SETTLED.params._replace(discovered=65536), SETTLED.lookups, 0, 30000, KEY, 4)[0]


def prefer(person: int, trained: bool = True, **changes: int) -> list[int]:
    params = SETTLED.params._replace(**changes)
    return choice.preferences(KEY, UNIT.people, person, 4, TASKS, UNIT.sources, params, trained)


@examples(max_examples=60)
@given(st.integers(0, 2**31), st.integers(-100, 1000), st.integers(0, 200))
def test_a_menu_holds_at_most_sixteen_tasks_and_none_twice(person: int, week: int, tasks: int) -> None:
    menu = choice.menu_of(KEY, person, week, tasks)
    assert len(menu) == len(set(menu)) <= choice.MENU
    assert all(0 <= task < tasks for task in menu)
    assert (menu == list(range(tasks))) if tasks <= choice.MENU else menu


def test_a_long_list_is_looked_at_evenly() -> None:
    seen = np.bincount([task for person in range(2000) for task in choice.menu_of(KEY, person, 3, 40)], minlength=40)
    expected = seen.mean()
    assert np.abs(seen - expected).max() < 5 * expected**0.5


def test_only_open_tasks_are_preferred_by_the_untrained() -> None:
    for person in range(20):
        mine, all_of_them = prefer(person, trained=False), prefer(person, trained=True)
        assert not TASKS.gated[mine].any()
        assert mine == [task for task in all_of_them if not TASKS.gated[task]]


def test_every_task_of_the_menu_is_ranked_once() -> None:
    for person in range(20):
        menu = choice.menu_of(KEY, int(UNIT.people.ids[person]), 4, TASKS.source.size)
        assert sorted(prefer(person)) == sorted(menu)


def test_fit_distance_and_quality_decide_when_they_weigh_enough() -> None:
    people, sources = UNIT.people, UNIT.sources
    for person in range(20):
        best = prefer(person, fit=1 << 20, distance=0)
        own = sources.field[TASKS.source[best]] == people.field[person]
        assert (np.diff(own.astype(int)) <= 0).all()
        near = prefer(person, fit=0, quality=0, menu_scale=0, distance=1 << 14)
        j = TASKS.source[near]
        away = np.abs(people.x[person] - sources.x[j]) + np.abs(people.y[person] - sources.y[j])
        assert (np.diff(away) >= 0).all()
        good = prefer(person, fit=0, distance=0, menu_scale=0, quality=1 << 18)
        assert (np.diff(sources.quality[TASKS.source[good]]) <= 0).all()


def test_equal_scores_stand_in_the_order_of_the_menu() -> None:
    for person in range(5):
        menu = choice.menu_of(KEY, int(UNIT.people.ids[person]), 4, TASKS.source.size)
        assert prefer(person, fit=0, distance=0, quality=0, menu_scale=0) == menu


def test_the_noise_of_a_choice_belongs_to_person_week_and_task() -> None:
    alike = {tuple(prefer(person, fit=0, distance=0, quality=0)) for person in range(20)}
    assert len(alike) == 20
    assert prefer(3) == prefer(3)


@pytest.mark.parametrize(("keen", "third"), [(-442, 0), (-441, 1), (0, 1), (441, 1), (442, 2)])
def test_the_number_wanted_is_read_from_the_third_of_taste(keen: int, third: int) -> None:
    people = UNIT.people._replace(keen=np.full_like(UNIT.people.keen, keen))
    lookups = SETTLED.lookups._replace(extra=np.arange(3)[:, None] * 100 + np.zeros((3, 4096), dtype=np.int64))
    assert choice.wanted(people, lookups, 0, 0) == 1 + 100 * third


def test_everybody_wants_at_least_one_task() -> None:
    words = np.random.default_rng(1).integers(0, 2**32, 500).tolist()
    numbers = [choice.wanted(UNIT.people, SETTLED.lookups, 0, word) for word in words]
    assert min(numbers) == 1
    assert max(numbers) <= 16
