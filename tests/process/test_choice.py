"""Choice: a menu of at most sixteen, and an order by field, distance, organiser and keyed noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import board_of, city_named, quiet, settled_of
from vsim.process import choice
from vsim.process.demand import post_tasks
from vsim.rng import Stream, draw, stream_key
from vsim.world.bodies import first_bodies
from vsim.world.people import People
from vsim.world.tasks import Tasks
from vsim.world.weekly import WHOLE

UNIT, SETTLED = city_named("crowded")[0], settled_of("crowded")
KEY = stream_key(3)
POSTED = post_tasks(
    UNIT.sources, SETTLED.sites[0], UNIT.organisations, first_bodies(UNIT.organisations, 0), SETTLED.params,
    SETTLED.lookups, quiet(found=65536, gated=30000, capacity=1000 * WHOLE), KEY, 4,
).tasks
NONE = np.zeros_like(POSTED.source)
TASKS = POSTED._replace(skill=NONE, risk=NONE)          # open to everybody with a certificate


def prefer(
    person: int, trained: bool = True, tasks: Tasks = TASKS, people: People = UNIT.people,
    left: np.ndarray | None = None,
    page: int = 0, now: dict[str, int] | None = None, **changes: int,
) -> list[int]:
    board = board_of(UNIT, SETTLED, tasks, quiet(**(now or {})), **changes)
    wish = choice.wishes(KEY, board, people, np.array([person]), 4, np.array([trained]), page)
    return choice.preferences(wish, 0, board, tasks.seats if left is None else left)


def menu_of(person: int, week: int, tasks: int, page: int = 0) -> list[int]:
    """Return the menu of the person with an id, without second mentions."""
    row = choice.menus_of(KEY, np.array([person], dtype=np.uint32), week, tasks, page)[0].tolist()
    return [task for task in row if task >= 0]


def covers(cover: int) -> list[bool]:
    return choice.insured(KEY, UNIT.people.ids, cover).tolist()


@examples(max_examples=60)
@given(st.integers(0, 2**31), st.integers(-100, 1000), st.integers(0, 200))
def test_a_menu_holds_at_most_sixteen_tasks_and_none_twice(person: int, week: int, tasks: int) -> None:
    menu = menu_of(person, week, tasks)
    assert len(menu) == len(set(menu)) <= choice.MENU
    assert all(0 <= task < tasks for task in menu)
    assert (menu == list(range(tasks))) if tasks <= choice.MENU else menu


def test_menus_and_wishes_of_many_are_those_of_each() -> None:
    board = board_of(UNIT, SETTLED, TASKS)
    everyone = np.arange(UNIT.people.ids.size)
    trained = everyone % 3 == 0
    together = choice.wishes(KEY, board, UNIT.people, everyone, 4, trained)
    for person in everyone[::7].tolist():
        alone = prefer(person, trained=bool(trained[person]))
        assert choice.preferences(together, person, board, TASKS.seats) == alone
        looks: list[int] = []                            # by definition: sixteen keyed looks, each task once
        for call in range(4):
            for word in draw(KEY, Stream.MENU, int(UNIT.people.ids[person]), 4, call):
                looks.append(int(word) * TASKS.source.size >> 32)
        assert TASKS.source.size > choice.MENU
        assert sorted(set(looks), key=looks.index) == [task for task in together.tasks[person].tolist() if task >= 0]


def test_the_order_is_by_score_and_then_by_the_place_on_the_menu() -> None:
    everyone = np.arange(UNIT.people.ids.size)
    board = board_of(UNIT, SETTLED, POSTED, menu_scale=0)
    wish = choice.wishes(KEY, board, UNIT.people, everyone, 4, everyone % 3 == 0)
    flat = 0
    for menu, may, score, ranked in zip(wish.tasks, wish.may, wish.score.tolist(), wish.ranked, strict=True):
        places = sorted(np.flatnonzero(may).tolist(), key=lambda place: (-score[place], place))
        assert ranked == [int(menu[place]) for place in places]
        flat += len(places) > len({score[place] for place in places})
    assert flat                                          # some have tasks of one score


def test_a_long_list_is_looked_at_evenly() -> None:
    seen = np.bincount([task for person in range(2000) for task in menu_of(person, 3, 40)], minlength=40)
    expected = seen.mean()
    assert np.abs(seen - expected).max() < 5 * expected**0.5


def test_only_open_tasks_are_preferred_by_the_untrained() -> None:
    for person in range(20):
        mine, all_of_them = prefer(person, trained=False), prefer(person, trained=True)
        assert not TASKS.gated[mine].any()
        assert mine == [task for task in all_of_them if not TASKS.gated[task]]


def test_every_task_of_the_menu_is_ranked_once() -> None:
    for person in range(20):
        menu = menu_of(int(UNIT.people.ids[person]), 4, TASKS.source.size)
        assert sorted(prefer(person)) == sorted(menu)


def test_fit_distance_and_quality_decide_when_they_weigh_enough() -> None:
    people, sources, sites = UNIT.people, UNIT.sources, SETTLED.sites[0]
    quality = UNIT.organisations.quality
    for person in range(20):
        best = prefer(person, fit=1 << 20, distance=0)
        own = sources.field[TASKS.source[best]] == people.field[person]
        assert (np.diff(own.astype(int)) <= 0).all()
        near = prefer(person, fit=0, quality=0, menu_scale=0, distance=1 << 14)
        j = TASKS.source[near]
        away = np.abs(people.x[person] - sites.x[0, j]) + np.abs(people.y[person] - sites.y[0, j])
        assert (np.diff(away) >= 0).all()
        good = prefer(person, fit=0, distance=0, menu_scale=0, quality=1 << 18)
        assert (np.diff(quality[sources.organisation[TASKS.source[good]]]) <= 0).all()


def test_equal_scores_stand_in_the_order_of_the_menu() -> None:
    for person in range(5):
        menu = menu_of(int(UNIT.people.ids[person]), 4, TASKS.source.size)
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


def test_a_second_menu_is_another_look_at_the_same_list() -> None:
    pages = [[menu_of(person, 4, 60, page) for person in range(50)] for page in (0, 1)]
    assert all(first != second for first, second in zip(*pages, strict=True))
    assert menu_of(3, 4, 10, 1) == list(range(10)), "a short list is shown whole on either page"
    assert prefer(3, page=1) != prefer(3)


def test_a_task_that_asks_for_a_skill_is_for_those_with_a_valid_credential_for_it() -> None:
    tasks = TASKS._replace(skill=NONE + 4)
    same = np.zeros_like(UNIT.people.skill)
    for skill, credential, allowed in ((4, 1, True), (4, 2, False), (4, 3, False), (4, 0, False), (5, 1, False)):
        people = UNIT.people._replace(skill=same + skill, credential=same + credential)
        assert bool(prefer(0, tasks=tasks, people=people)) is allowed


def test_high_risk_is_for_the_insured_where_insurance_is_asked_for() -> None:
    tasks = TASKS._replace(risk=NONE + 2)
    covered = covers(30000)
    assert 0.3 < np.mean(covered) < 0.6
    for person in range(40):
        open_to = bool(prefer(person, tasks=tasks, now={"cover_asked": 1, "cover": 30000}))
        assert open_to is covered[person]
        assert prefer(person, tasks=tasks, now={"cover": 30000}), "nobody asks"
        assert prefer(person, tasks=TASKS._replace(risk=NONE + 1), now={"cover_asked": 1}), "middle risk needs none"
    wider = covers(50000)
    assert all(b for a, b in zip(covered, wider, strict=True) if a), "who is insured stays insured under wider cover"


def test_high_risk_is_feared_and_cover_takes_some_of_the_fear() -> None:
    risk = NONE.copy()
    risk[::2] = 2
    for person in range(10):
        def last(cover: int, who: int = person, **changes: int) -> bool:
            order = prefer(who, tasks=TASKS._replace(risk=risk), now={"cover": cover}, fit=0, distance=0, quality=0,
                           menu_scale=0, **changes)
            return [risk[task] for task in order] == sorted(risk[task] for task in order)

        assert last(0, risk_fear=400, cover_pull=0)
        assert last(65536, risk_fear=400, cover_pull=150)
        assert not last(65536, risk_fear=400, cover_pull=900)


def test_a_task_done_online_has_no_way_to_go() -> None:
    online = NONE.copy()
    online[1::2] = 1
    for person in range(20):
        order = prefer(person, tasks=TASKS._replace(online=online), fit=0, quality=0, menu_scale=0, distance=1 << 14)
        assert [online[task] for task in order] == sorted((online[task] for task in order), reverse=True)


def test_an_emptier_task_goes_first_where_seats_are_shared_evenly() -> None:
    seats = NONE + 4
    left = np.arange(NONE.size) % 5
    tasks = TASKS._replace(seats=seats)
    for person in range(20):
        order = prefer(person, tasks=tasks, left=left, now={"equity": 2048}, fit=0, distance=0, quality=0, menu_scale=0)
        assert (np.diff(left[order]) <= 0).all()


def test_policy_adds_to_the_weights_of_distance_and_field() -> None:
    for person in range(20):
        assert prefer(person, now={"nearness": 1 << 14}, distance=0) == prefer(person, distance=1 << 14)
        assert prefer(person, now={"fitness": 1 << 14}, fit=0) == prefer(person, fit=1 << 14)
