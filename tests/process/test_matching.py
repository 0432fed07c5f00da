"""Matching: keyed priority, no more people than seats, one task in a slot, as many tries as wanted and a few more."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import tasks_of as world_tasks
from vsim.process import matching
from vsim.world.tasks import Tasks


def tasks_of(seats: list[int], slots: list[int]) -> Tasks:
    return world_tasks(list(range(len(seats))), seats=seats, slot=slots)


def place(people: list[int], want: dict[int, int], prefer: dict[int, list[int]], tasks: Tasks, further: int = 5):
    return matching.place(np.array(people), want.__getitem__, lambda who, _left, _page: prefer[who], tasks, further)[:2]


def test_the_queue_goes_by_priority_and_ties_by_position() -> None:
    willing = np.array([10, 20, 30, 40])
    priority = np.array([5, 2**32 - 1, 5, 0], dtype=np.uint32)
    assert matching.queue(priority, willing).tolist() == [40, 10, 30, 20]


def test_the_first_in_the_queue_takes_the_last_seat() -> None:
    made, left = place([7, 3], {7: 1, 3: 1}, {7: [0], 3: [0]}, tasks_of([1], [4]))
    assert made == [(7, 0)]
    assert left.tolist() == [0]


def test_a_full_task_sends_a_person_to_the_next_preferred_one() -> None:
    made, _ = place([1, 2], {1: 1, 2: 1}, {1: [0, 1], 2: [0, 1]}, tasks_of([1, 1], [4, 5]))
    assert made == [(1, 0), (2, 1)]


def test_nobody_takes_two_tasks_in_one_slot() -> None:
    made, left = place([1], {1: 3}, {1: [0, 1, 2]}, tasks_of([2, 2, 2], [4, 4, 6]))
    assert made == [(1, 0), (1, 2)]
    assert left.tolist() == [1, 2, 1]


def test_nobody_takes_more_than_wanted() -> None:
    made, _ = place([1], {1: 2}, {1: [0, 1, 2]}, tasks_of([1, 1, 1], [1, 2, 3]))
    assert made == [(1, 0), (1, 1)]


def test_after_the_tries_a_person_gives_up() -> None:
    seats, slots = [0] * 6 + [1], list(range(7))
    assert place([1], {1: 1}, {1: list(range(7))}, tasks_of(seats, slots), further=5)[0] == []
    assert place([1], {1: 1}, {1: list(range(7))}, tasks_of(seats, slots), further=6)[0] == [(1, 6)]


def test_without_willing_people_or_tasks_nothing_happens() -> None:
    assert place([], {}, {}, tasks_of([1], [0]))[0] == []
    assert place([1], {1: 1}, {1: []}, tasks_of([], []))[0] == []


@examples(max_examples=60)
@given(st.data())
def test_any_matching_respects_seats_slots_wishes_and_tries(data: st.DataObject) -> None:
    k = data.draw(st.integers(1, 8))
    tasks = tasks_of(data.draw(st.lists(st.integers(0, 3), min_size=k, max_size=k)),
                     data.draw(st.lists(st.integers(0, 3), min_size=k, max_size=k)))
    people = data.draw(st.lists(st.integers(0, 20), unique=True, max_size=8))
    want = {person: data.draw(st.integers(1, 4)) for person in people}
    prefer = {person: data.draw(st.permutations(range(k))) for person in people}
    further = data.draw(st.integers(0, 5))
    before = tasks.seats.copy()
    made, left = place(people, want, prefer, tasks, further)
    assert np.array_equal(tasks.seats, before)
    assert np.array_equal(before - left, np.bincount([task for _, task in made], minlength=k))
    assert (left >= 0).all()
    for person in people:
        mine = [task for who, task in made if who == person]
        assert len(mine) <= want[person]
        assert len({int(tasks.slot[task]) for task in mine}) == len(mine)
        assert all(prefer[person].index(task) < want[person] + further for task in mine)


def with_pages(people: list[int], pages: dict[int, tuple[list[int], list[int]]], tasks: Tasks, second: bool):
    return matching.place(np.array(people), lambda _: 1, lambda who, _left, page: pages[who][page], tasks, 5, second)


def test_who_found_nothing_is_shown_a_second_menu_after_everybody_had_a_first() -> None:
    tasks = tasks_of([1, 1], [0, 1])
    pages = {1: ([0], [1]), 2: ([0], [1]), 3: ([1], [0])}
    assert with_pages([1, 2, 3], pages, tasks, False)[0] == [(1, 0), (3, 1)]
    made, left, direct, helped = with_pages([1, 2, 3], pages, tasks, True)
    assert (made, left.tolist(), direct, helped) == ([(1, 0), (3, 1)], [0, 0], 2, 0), "3 came first"
    made, left, direct, helped = with_pages([1, 2], pages, tasks, True)
    assert (made, left.tolist(), direct, helped) == ([(1, 0), (2, 1)], [0, 0], 1, 1)


def test_the_second_menu_is_tried_to_its_end() -> None:
    tasks = tasks_of([0] * 15 + [1], list(range(16)))
    pages = {1: ([], list(range(16)))}
    assert with_pages([1], pages, tasks, True)[0] == [(1, 15)]


def test_a_person_sees_the_seats_that_are_left_when_their_turn_comes() -> None:
    seen: list[list[int]] = []

    def prefer(_who: int, left: np.ndarray, _page: int) -> list[int]:
        seen.append(left.tolist())
        return [0]

    matching.place(np.array([4, 5, 6]), lambda _: 1, prefer, tasks_of([2], [0]), 5)
    assert seen == [[2], [1], [0]]
