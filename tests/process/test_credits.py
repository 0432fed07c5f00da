"""Time credits: earned, seeded, capped, spent on help that somebody gives, lapsing; and never below the limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import city_named, halfway, one_class, quiet, settled_of
from vsim.process.credits import DONATE, EARN, EXPIRE, HELP, SEED, SPEND, Booked, entitled, settle
from vsim.world.state import REGISTERED, VOLUNTEER, State, copy_state

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
PEOPLE, TIES, PARAMS, N = UNIT.people, UNIT.ties, SETTLED.params, UNIT.people.ids.size
VISIT = PARAMS.visit
ALWAYS, TIMELY = 1 << 32, np.zeros(N, dtype=np.uint32)
NOTHING = np.zeros(N, dtype=np.int64)
ANYBODY = {"credit_need": ALWAYS, "credit_age": 0}


def fresh(credit: dict[int, int] | None = None) -> State:
    state = copy_state(halfway("lively").state)
    state.status[:], state.credit[:] = REGISTERED, 0
    for person, amount in (credit or {}).items():
        state.credit[person] = amount
    return state


def book(state: State, credited: dict[int, int] | None = None, reserve: list[int] | None = None,
         words: np.ndarray = TIMELY, **tables: int | list[int]) -> Booked:
    hours = NOTHING.copy()
    for person, amount in (credited or {}).items():
        hours[person] = amount
    return settle(state, PEOPLE, TIES, hours, [] if reserve is None else reserve, quiet(**tables), one_class(UNIT),
                  PARAMS, words)


def test_verified_hours_earn_by_the_rate_rounded_down() -> None:
    state = fresh()
    assert book(state, {3: 8, 5: 3}, credit_hour=512).rows == [(3, EARN, 4, 4), (5, EARN, 1, 1)]
    assert book(fresh(), {3: 8}, credit_hour=0).rows == []


def test_elders_are_seeded_and_nobody_else() -> None:
    elders = np.flatnonzero(PEOPLE.age >= PARAMS.seed_age).tolist()
    assert [row[:3] for row in book(fresh(), credit_seed=6).rows] == [(person, SEED, 6) for person in elders]


def test_what_lies_above_the_cap_is_given_away_after_earning() -> None:
    assert book(fresh({3: 18}), {3: 8}, credit_hour=1024, credit_cap=20).rows == [
        (3, EARN, 8, 26), (3, DONATE, -6, 20)]
    assert book(fresh({3: 18}), credit_cap=0).rows == [], "no cap"


def test_help_is_paid_by_who_is_helped_and_earned_by_who_helps() -> None:
    reserve = [2, 9]                # who helps after their own turn cannot spend it in the same week
    assert book(fresh({3: VISIT}), reserve=reserve, **ANYBODY).rows == [(3, SPEND, -VISIT, 0), (2, HELP, VISIT, VISIT)]
    assert reserve == [9], "who helps does not wait any longer"


def test_nobody_helps_themselves_and_a_request_without_a_helper_is_refused_and_free() -> None:
    state = fresh({3: VISIT})
    found = book(state, reserve=[3], **ANYBODY)
    assert (found.rows, found.refused) == ([], [3])
    assert state.credit[3] == VISIT


@pytest.mark.parametrize(("credit", "limit", "status", "helped"), [
    (VISIT - 1, 0, VOLUNTEER, False), (VISIT, 0, REGISTERED, True), (0, VISIT, VOLUNTEER, True),
    (0, VISIT - 1, VOLUNTEER, False), (0, VISIT, REGISTERED, False), (-1, VISIT, VOLUNTEER, False),
])
def test_nobody_spends_below_the_limit_which_is_for_volunteers(
    credit: int, limit: int, status: int, helped: bool
) -> None:
    state = fresh({3: credit})
    state.status[3] = status
    spent = [row for row in book(state, reserve=[7], credit_limit=limit, **ANYBODY).rows if row[1] == SPEND]
    assert bool(spent) is helped


def test_only_who_asks_is_helped() -> None:
    late = np.full(N, 5000, dtype=np.uint32)
    assert book(fresh({3: 90}), reserve=[7], words=late, credit_need=5000, credit_age=0).rows == []
    assert len(book(fresh({3: 90}), reserve=[7], words=late, credit_need=5001, credit_age=0).rows) == 2


def test_who_may_spend_is_old_enough_or_has_kin_who_are() -> None:
    age = np.full_like(PEOPLE.age, 30)
    age[10] = 70
    people = PEOPLE._replace(age=age)
    kin = [i for i in range(N) if 10 in TIES[i, 1:3].tolist() and i != 10]
    assert kin
    for allowed, expected in ((0, [10]), (1, sorted([10, *kin]))):
        now = quiet(credit_age=60, credit_kin=allowed)
        assert [i for i in range(N) if entitled(people, TIES, i, now)] == expected


def test_balances_lapse_at_the_end_of_the_week_and_debts_do_not() -> None:
    state = fresh({3: 10, 4: -5})
    assert book(state, {3: 4}, credit_hour=1024, credit_expire=1).rows == [(3, EARN, 4, 14), (3, EXPIRE, -14, 0)]
    assert state.credit[4] == -5


@examples(max_examples=60)
@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(0, 12), st.integers(0, 8), st.booleans(),
       st.integers(0, 90))
def test_any_week_balances(seed: int, cap: int, limit: int, seeded: int, expire: bool, age: int) -> None:
    rng = np.random.default_rng(seed)
    state = fresh({int(i): int(rng.integers(-limit, 50)) for i in rng.integers(0, N, 60)})
    state.status[:] = rng.choice([REGISTERED, VOLUNTEER], N)
    before = state.credit.astype(np.int64)
    reserve = rng.permutation(N)[: rng.integers(0, 30)].tolist()
    waiting = list(reserve)
    credited = {int(i): int(rng.integers(0, 40)) for i in rng.integers(0, N, 40)}
    found = book(state, credited, reserve, rng.integers(0, 1 << 32, N).astype(np.uint32), credit_hour=900,
                 credit_cap=cap, credit_limit=limit, credit_seed=seeded, credit_expire=int(expire), credit_need=1 << 31,
                 credit_age=age, credit_kin=1)
    moved, amounts = np.zeros(N, dtype=np.int64), np.zeros(6, dtype=np.int64)
    for person, kind, amount, balance in found.rows:
        moved[person] += amount
        amounts[kind] += amount
        assert balance == before[person] + moved[person]
        assert balance >= -limit
    assert np.array_equal(state.credit, before + moved)
    assert amounts[SPEND] == -amounts[HELP]
    helpers = [person for person, kind, _, _ in found.rows if kind == HELP]
    assert sorted(helpers + reserve) == sorted(waiting)
    assert len(set(helpers)) == len(helpers)
