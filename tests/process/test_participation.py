"""Participation: the value of a menu, the pull of stars, and the chance that follows from all terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import alone, city_named, halfway, settled_of, town
from vsim.process import participation
from vsim.world.settings import NO_LADDER
from vsim.world.state import NEVER, UNREGISTERED, VOLUNTEER, copy_state
from vsim.world.tasks import Tasks

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
PEOPLE, PARAMS, LOOKUPS = UNIT.people, SETTLED.params, SETTLED.lookups
FULL = np.full(14, 65536, dtype=np.int64)
LADDER = np.array([8, 20, 40, 80, 160, 800, 200, 300], dtype=np.int64)
NONE = np.zeros(PEOPLE.ids.size, dtype=np.int64)


def tasks_of(sources: list[int], gated: list[int] | None = None) -> Tasks:
    k = len(sources)
    zero = np.zeros(k, dtype=np.int64)
    return Tasks(np.array(sources, dtype=np.int64), zero + 5, np.arange(k), zero,
                 zero if gated is None else np.array(gated, dtype=np.int64), zero)


def menu(tasks: Tasks) -> np.ndarray:
    return participation.menu_values(tasks, UNIT.sources, PARAMS, LOOKUPS)


def chance(state, menu_of: np.ndarray, week: int = 15, **terms):
    given_terms = {"stars": NONE, "base": 0, "points": 0, "crowding": 0, "aware": FULL, **terms}
    return participation.chances(state, PEOPLE, PARAMS, menu_of, week=week, **given_terms)


def test_an_empty_menu_has_no_value_and_moves_nobody() -> None:
    empty = menu(tasks_of([]))
    assert (empty == participation.NO_MENU).all()
    assert not chance(halfway("lively").state, empty).any()


def test_a_gated_task_counts_for_the_trained_only() -> None:
    shut = menu(tasks_of([0, 3], [1, 1]))
    assert (shut[0::2] == participation.NO_MENU).all()
    assert (shut[1::2] > participation.NO_MENU).all()
    mixed = menu(tasks_of([0, 3], [0, 1]))
    assert (mixed[1::2] > mixed[0::2]).all()


def test_a_longer_menu_is_never_worse_and_twice_as_long_adds_the_logarithm_of_two() -> None:
    one, two = menu(tasks_of([0, 3, 5])), menu(tasks_of([0, 3, 5] * 2))
    assert (two - one) / 1024 == pytest.approx(np.full(64, 0.4 * np.log(2)), abs=4e-3)
    assert (menu(tasks_of([0, 3, 5, 6])) >= one - 1).all()


def test_a_task_in_the_own_field_and_quarter_is_worth_more() -> None:
    source = 2
    field, quarter = int(UNIT.sources.field[source]), int(UNIT.sources.quarter[source])
    values = menu(tasks_of([source]))

    def klass(own_field: int, own_quarter: int) -> int:
        return own_field * 8 + own_quarter * 2

    own = values[klass(field, quarter)]
    assert own - values[klass((field + 1) % 8, quarter)] == pytest.approx(PARAMS.fit, abs=4)
    beside, opposite = values[klass(field, quarter ^ 1)], values[klass(field, quarter ^ 3)]
    assert own > beside > opposite


def test_an_open_task_however_far_away_has_a_value() -> None:
    """A county is up to 60 km wide: one task at its other end is a bad menu, but it is a menu."""
    unit, settled = alone(town({"places.district_side": 60.0}, residents=200, districts=1))
    for source in range(4):
        values = participation.menu_values(tasks_of([source]), unit.sources, settled.params, settled.lookups)
        assert (values > participation.NO_MENU).all()


def test_only_volunteers_have_a_chance() -> None:
    state = copy_state(halfway("lively").state)
    values = menu(tasks_of([0, 3]))
    found = chance(state, values)
    assert not found[state.status != VOLUNTEER].any()
    assert found[state.status == VOLUNTEER].all()
    state.status[:] = UNREGISTERED
    assert not chance(state, values).any()


def test_habit_rest_awareness_and_reward_raise_the_chance_and_crowding_lowers_it() -> None:
    state = copy_state(halfway("lively").state)
    state.status[:] = VOLUNTEER
    state.habit[:], state.fatigue[:] = 30000, 5 * 256
    values = menu(tasks_of([0, 3]))
    middle = chance(state, values)
    assert (chance(state, values, points=300) >= middle).all()
    assert (chance(state, values, base=-300) <= middle).all()
    assert (chance(state, values, crowding=800) <= middle).all()
    assert (chance(state, values, aware=FULL // 2) < middle).all()
    state.habit[:] = 60000
    assert (chance(state, values) > middle).all()
    state.habit[:], state.fatigue[:] = 30000, 2 * 256
    assert (chance(state, values) > middle).all()
    rested = chance(state, values)
    state.fatigue[:] = 0
    assert np.array_equal(chance(state, values), rested), "below the limit nobody is tired"


def test_awareness_is_looked_up_by_asks_and_recent_service() -> None:
    state = copy_state(halfway("lively").state)
    state.status[:] = VOLUNTEER
    values = menu(tasks_of([0, 3]))
    aware = np.arange(14, dtype=np.int64) * 4000 + 4000
    full = chance(state, values)
    for recent, last in ((0, NEVER), (0, 15 - PARAMS.keep_weeks - 1), (1, 15 - PARAMS.keep_weeks), (1, 14)):
        for asks in (0, 3, 6, 9):
            state.last[:], state.asks[:] = last, asks
            expected = full * aware[recent * 7 + min(asks, 6)] >> 16
            assert np.abs(chance(state, values, aware=aware) - expected).max() <= 1


def test_without_a_ladder_stars_pull_nobody() -> None:
    state = copy_state(halfway("lively").state)
    state.star_week[:] = NEVER
    no_ladder = np.array(NO_LADDER, dtype=np.int64)
    assert not participation.star_terms(state, PEOPLE, PARAMS, LOOKUPS, no_ladder, 15).any()


def one_star_term(verified: int, star: int = 0, star_week: int = NEVER, steered: int = 1, week: int = 15,
                  ladder: np.ndarray = LADDER) -> int:
    state = copy_state(halfway("lively").state)
    state.verified[:], state.star[:], state.star_week[:] = verified, star, star_week
    people = PEOPLE._replace(steered=np.full_like(PEOPLE.steered, steered))
    found = participation.star_terms(state, people, PARAMS, LOOKUPS, ladder, week)
    assert len(set(found.tolist())) == 1
    return int(found[0])


def test_the_pull_grows_towards_the_next_star_and_is_whole_at_it() -> None:
    pulls = [one_star_term(v) for v in (1, 2, 4, 6, 7)]
    assert pulls == sorted(pulls)
    assert one_star_term(8) == LADDER[5]
    assert one_star_term(4) == pytest.approx(800 * np.exp(-3 * 0.5), abs=1)


def test_nobody_is_pulled_who_is_not_steered_has_no_hours_or_has_every_star() -> None:
    assert one_star_term(7, steered=0) == 0
    assert one_star_term(0) == 0
    assert one_star_term(1000, star=5) == 0


def test_an_unreachable_next_star_pulls_nobody() -> None:
    short = np.array([8, *NO_LADDER[1:5], 800, 200, 300], dtype=np.int64)
    assert one_star_term(12, star=1, ladder=short) == 0


def test_after_a_star_there_is_slack_for_some_weeks_and_recognition_that_fades() -> None:
    fresh = one_star_term(1000, star=5, star_week=15 - 1)
    assert fresh == pytest.approx(300 * 2 ** (-1 / 26) - 200, abs=1)
    later = one_star_term(1000, star=5, star_week=15 - PARAMS.reset_weeks)
    assert later == pytest.approx(300 * 2 ** (-PARAMS.reset_weeks / 26), abs=1)


def test_a_star_earned_on_a_lower_ladder_leaves_the_next_one_of_a_higher_ladder_far() -> None:
    high = LADDER.copy()
    high[:5] *= 100
    assert one_star_term(100, star=3, ladder=high) == pytest.approx(800 * np.exp(-3), abs=1)


TERM = st.integers(0, 1331)


@examples(max_examples=40)
@given(st.integers(0, 2**32), TERM, TERM, TERM, st.integers(0, 819), st.integers(-3000, 3000))
def test_no_bound_ever_lies_below_the_chance(
    seed: int, goal: int, reset: int, award: int, crowding: int, base: int
) -> None:
    rng = np.random.default_rng(seed)
    n = PEOPLE.ids.size
    state = copy_state(halfway("lively").state)
    state.status[:] = VOLUNTEER
    for name, most in (("habit", 65535), ("fatigue", 65535), ("verified", 400), ("star", 5), ("asks", 9)):
        getattr(state, name)[:] = rng.integers(0, most + 1, n)
    state.star_week[:] = np.where(rng.random(n) < 0.5, NEVER, rng.integers(-6, 16, n))
    state.last[:] = rng.integers(-6, 15, n)
    state.trained[:] = rng.integers(0, 30, n)
    ladder = np.array([*np.sort(rng.integers(4, 400, 5)), goal, reset, award], dtype=np.int64)
    picked = rng.integers(0, UNIT.sources.ids.size, rng.integers(1, 30)).tolist()
    values = menu(tasks_of(picked, rng.integers(0, 2, len(picked)).tolist()))
    aware = rng.integers(0, 65537, 14)
    stars = participation.star_terms(state, PEOPLE, PARAMS, LOOKUPS, ladder, 15)
    points = int(rng.integers(0, 2000))
    own = chance(state, values, stars=stars, base=base, points=points, crowding=crowding, aware=aware)
    bound = participation.ceilings(state, PEOPLE, PARAMS, LOOKUPS, values, ladder, base, points, aware)
    assert (own <= bound).all()
