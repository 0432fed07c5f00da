"""Points: rows of the book in order - earned, spent, lapsed - and a balance that is never negative."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import halfway
from vsim.process.points import EARN, EXPIRE, SPEND, settle
from vsim.rng import stream_key
from vsim.world.state import State

ALWAYS, NEVER = 1 << 32, 0


def fresh(points: list[int]) -> State:
    state = State._make(array[: len(points)].copy() for array in halfway("lively").state)
    state.points[:] = points
    return state


def book(state: State, credited: list[int], hour: int | list[int] = 1024,
         redeem: int = NEVER, price: int = 10, expire: int = 0):
    ids = np.arange(len(credited), dtype=np.uint32)
    hours = np.zeros(len(credited), dtype=np.int64) + np.array(hour)
    return settle(state, np.array(credited, dtype=np.int64), hours, redeem, price, expire, stream_key(1), ids, 5)


def test_a_point_an_hour_is_a_point_for_four_quarters_rounded_down() -> None:
    state = fresh([0, 0, 0])
    assert book(state, [4, 7, 3]) == [(0, EARN, 1, 1), (1, EARN, 1, 1)]
    assert state.points.tolist() == [1, 1, 0]


def test_what_is_earned_may_be_spent_at_once_and_one_purchase_a_week() -> None:
    state = fresh([5, 40])
    assert book(state, [20, 0], redeem=ALWAYS) == [(0, EARN, 5, 10), (0, SPEND, -10, 0), (1, SPEND, -10, 30)]
    assert state.points.tolist() == [0, 30]


@pytest.mark.parametrize(("price", "redeem"), [(0, ALWAYS), (41, ALWAYS), (10, NEVER)])
def test_nothing_is_spent_without_a_shop_enough_points_or_a_visit(price: int, redeem: int) -> None:
    state = fresh([40])
    assert book(state, [0], redeem=redeem, price=price) == []
    assert state.points.tolist() == [40]


def test_what_is_left_lapses_after_earning_and_spending() -> None:
    state = fresh([25])
    assert book(state, [4], redeem=ALWAYS, expire=1) == [(0, EARN, 1, 26), (0, SPEND, -10, 16), (0, EXPIRE, -16, 0)]
    assert state.points.tolist() == [0]


def test_nobody_without_points_stands_in_the_book() -> None:
    assert book(fresh([0, 0]), [0, 0], redeem=ALWAYS, expire=1) == []


def test_without_a_scheme_old_balances_stay_as_they_are() -> None:
    state = fresh([12])
    assert book(state, [8], hour=0, price=0) == []
    assert state.points.tolist() == [12]


def test_each_person_earns_by_the_rate_of_their_own_class() -> None:
    state = fresh([0, 0, 0])
    assert book(state, [8, 8, 8], hour=[1024, 0, 2048]) == [(0, EARN, 2, 2), (2, EARN, 4, 4)]
