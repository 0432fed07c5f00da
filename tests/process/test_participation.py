"""Participation: the value of a menu, the pull of stars, and the chance that follows from all terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import alone, city_named, halfway, one_class, quiet, settled_of, tasks_of, town
from vsim.process import participation
from vsim.world.settings import NO_LADDER
from vsim.world.state import NEVER, UNREGISTERED, VOLUNTEER, copy_state
from vsim.world.tasks import Tasks

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
PEOPLE, PARAMS, LOOKUPS = UNIT.people, SETTLED.params, SETTLED.lookups
FULL = np.full(14, 65536, dtype=np.int64)
LADDER = np.array([[8, 20, 40, 80, 160, 800, 200, 300]], dtype=np.int64)     # of the one class
REACH, N = one_class(UNIT), PEOPLE.ids.size
NONE = np.zeros(PEOPLE.ids.size, dtype=np.int64)


def menu(tasks: Tasks) -> np.ndarray:
    return participation.menu_values(tasks, UNIT.sources, SETTLED.sites[0].quarter[0], PARAMS, LOOKUPS)


def chance(state, menu_of: np.ndarray, week: int = 15, terms=NONE, aware=FULL, reach=REACH, classes=1, **tables):
    now = quiet(classes, **tables)
    return participation.chances(state, PEOPLE, PARAMS, menu_of, terms, now, aware, reach, week)


def test_an_empty_menu_has_no_value_and_moves_nobody() -> None:
    empty = menu(tasks_of([]))
    assert (empty == participation.NO_MENU).all()
    assert not chance(halfway("lively").state, empty).any()


def test_a_gated_task_counts_for_the_trained_only() -> None:
    shut = menu(tasks_of([0, 3], gated=[1, 1]))
    assert (shut[0::2] == participation.NO_MENU).all()
    assert (shut[1::2] > participation.NO_MENU).all()
    mixed = menu(tasks_of([0, 3], gated=[0, 1]))
    assert (mixed[1::2] > mixed[0::2]).all()


def test_a_longer_menu_is_never_worse_and_twice_as_long_adds_the_logarithm_of_two() -> None:
    one, two = menu(tasks_of([0, 3, 5])), menu(tasks_of([0, 3, 5] * 2))
    assert (two - one) / 1024 == pytest.approx(np.full(64, 0.4 * np.log(2)), abs=4e-3)
    assert (menu(tasks_of([0, 3, 5, 6])) >= one - 1).all()


def test_a_task_in_the_own_field_and_quarter_is_worth_more() -> None:
    source = 2
    field, quarter = int(UNIT.sources.field[source]), int(SETTLED.sites[0].quarter[0, source])
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
        quarters = settled.sites[0].quarter[0]
        values = participation.menu_values(tasks_of([source]), unit.sources, quarters, settled.params,
                                            settled.lookups)
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
    assert (chance(state, values, points_logit=300) >= middle).all()
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
    no_ladder = np.array([NO_LADDER], dtype=np.int64)
    assert not participation.star_terms(state, PEOPLE, PARAMS, LOOKUPS, no_ladder, REACH, 15).any()


def one_star_term(verified: int, star: int = 0, star_week: int = NEVER, steered: int = 1, week: int = 15,
                  ladder: np.ndarray = LADDER) -> int:
    state = copy_state(halfway("lively").state)
    state.verified[:], state.star[:], state.star_week[:] = verified, star, star_week
    people = PEOPLE._replace(steered=np.full_like(PEOPLE.steered, steered))
    found = participation.star_terms(state, people, PARAMS, LOOKUPS, ladder, REACH, week)
    assert len(set(found.tolist())) == 1
    return int(found[0])


def test_the_pull_grows_towards_the_next_star_and_is_whole_at_it() -> None:
    pulls = [one_star_term(v) for v in (1, 2, 4, 6, 7)]
    assert pulls == sorted(pulls)
    assert one_star_term(8) == LADDER[0, 5]
    assert one_star_term(4) == pytest.approx(800 * np.exp(-3 * 0.5), abs=1)


def test_nobody_is_pulled_who_is_not_steered_has_no_hours_or_has_every_star() -> None:
    assert one_star_term(7, steered=0) == 0
    assert one_star_term(0) == 0
    assert one_star_term(1000, star=5) == 0


def test_an_unreachable_next_star_pulls_nobody() -> None:
    short = np.array([[8, *NO_LADDER[1:5], 800, 200, 300]], dtype=np.int64)
    assert one_star_term(12, star=1, ladder=short) == 0


def test_after_a_star_there_is_slack_for_some_weeks_and_recognition_that_fades() -> None:
    fresh = one_star_term(1000, star=5, star_week=15 - 1)
    assert fresh == pytest.approx(300 * 2 ** (-1 / 26) - 200, abs=1)
    later = one_star_term(1000, star=5, star_week=15 - PARAMS.reset_weeks)
    assert later == pytest.approx(300 * 2 ** (-PARAMS.reset_weeks / 26), abs=1)


def test_a_star_earned_on_a_lower_ladder_leaves_the_next_one_of_a_higher_ladder_far() -> None:
    high = LADDER.copy()
    high[:, :5] *= 100
    assert one_star_term(100, star=3, ladder=high) == pytest.approx(800 * np.exp(-3), abs=1)


def lively_state():
    state = copy_state(halfway("lively").state)
    state.status[:] = VOLUNTEER
    return state


def own(state, classes: int = 1, reach=REACH, week: int = 15, **tables):
    return participation.own_terms(state, PARAMS, LOOKUPS, quiet(classes, **tables), reach, week)


def test_each_class_of_persons_reads_its_own_column() -> None:
    state, reach = lively_state(), (np.arange(N) % 2).astype(np.uint8)
    values = menu(tasks_of([0, 3]))
    first, second = REACH, np.ones(N, dtype=np.uint8)
    tables = {"base": [0, 400], "points_logit": [300, 0], "crowding": [0, 200], "heard": [0, 30000]}
    mixed, ones, others = (chance(state, values, aware=FULL // 2, reach=r, classes=2, **tables)
                           for r in (reach, first, second))
    assert np.array_equal(mixed, np.where(reach == 0, ones, others))
    assert (ones != others).any()
    ladders = np.stack([LADDER[0], LADDER[0] * 2])
    state.verified[:] = 7
    split = participation.star_terms(state, PEOPLE, PARAMS, LOOKUPS, ladders, reach, 15)
    one, other = (participation.star_terms(state, PEOPLE, PARAMS, LOOKUPS, ladders, r, 15) for r in (first, second))
    assert np.array_equal(split, np.where(reach == 0, one, other))
    assert (one != other).any()


def test_what_more_people_have_heard_adds_to_awareness_and_never_above_one() -> None:
    state, values = lively_state(), menu(tasks_of([0, 3]))
    half, more, all_of_it = (chance(state, values, aware=FULL // 2, heard=heard) for heard in (0, 20000, 65536))
    assert (half < more).all()
    assert np.array_equal(all_of_it, chance(state, values))


def test_a_task_done_online_is_as_near_as_can_be_and_a_skilled_one_is_on_no_menu() -> None:
    online, here = menu(tasks_of([2], online=[1])), menu(tasks_of([2]))
    field, quarter = int(UNIT.sources.field[2]), int(SETTLED.sites[0].quarter[0, 2])
    assert (online >= here).all()
    assert online[field * 8 + quarter * 2] >= here[field * 8 + quarter * 2]
    assert len({int(online[field * 8 + own_quarter * 2]) for own_quarter in range(4)}) == 1
    assert (menu(tasks_of([0, 3], skill=[4, 4])) == participation.NO_MENU).all()
    assert np.array_equal(menu(tasks_of([0, 3], skill=[0, 4])), menu(tasks_of([0])))


def test_a_menu_is_valued_by_the_quarter_in_which_its_tasks_are_served() -> None:
    moved = SETTLED.sites[0].quarter[0] ^ 3
    there = participation.menu_values(tasks_of([2]), UNIT.sources, moved, PARAMS, LOOKUPS)
    field, quarter = int(UNIT.sources.field[2]), int(SETTLED.sites[0].quarter[0, 2])
    assert there[field * 8 + quarter * 2] < menu(tasks_of([2]))[field * 8 + quarter * 2]


def plain_own():
    state = lively_state()
    state.honoured[:], state.star[:], state.duty[:], state.sworn[:], state.shift[:] = NEVER, 0, 0, 0, 0
    return state


def test_without_policy_nothing_of_ones_own_pulls() -> None:
    assert not own(plain_own(), courtesy_star=8).any()


def test_an_honour_pulls_and_fades_by_half_in_its_half_life() -> None:
    state = plain_own()
    for age, share in ((0, 1.0), (26, 0.5), (52, 0.25)):
        state.honoured[:] = 60 - age
        assert own(state, week=60)[0] == pytest.approx(PARAMS.honour * share, abs=1)


def test_benefits_pull_those_with_enough_stars_only() -> None:
    state = plain_own()
    state.star[: N // 2] = 2
    pull = own(state, courtesy=150, courtesy_star=2)
    assert (pull[: N // 2] == 150).all()
    assert not pull[N // 2 :].any()


def test_a_requirement_pulls_until_it_is_met() -> None:
    state = plain_own()
    state.duty[: N // 2] = 16
    pull = own(state, duty=16, duty_logit=200, courtesy_star=8)
    assert not pull[: N // 2].any()
    assert (pull[N // 2 :] == 200).all()
    assert not own(state, duty=0, duty_logit=200, courtesy_star=8).any(), "nothing is required"


def test_credits_pledge_and_what_a_requirement_left_behind_add_up() -> None:
    state = plain_own()
    state.sworn[:], state.shift[:] = 1, -70
    assert (own(state, credit_logit=90, courtesy_star=8) == 90 + PARAMS.oath - 70).all()


def test_friends_who_served_pull_and_a_busy_town_does_not() -> None:
    state = lively_state()
    params = PARAMS._replace(peer=1024)
    state.asks[:] = 0
    assert not participation.peer_terms(state, params, 0).any()
    state.asks[:] = np.arange(N) % 7
    quiet_town = participation.peer_terms(state, params, 0)
    assert quiet_town[6] == 1024
    assert (np.diff(quiet_town[:7]) > 0).all()
    busy = participation.peer_terms(state, params, N // 2)
    assert np.array_equal(quiet_town - busy, np.full(N, (N // 2) * 1024 // N))
    assert not participation.peer_terms(state, params._replace(peer=0), N).any()


TERM = st.integers(0, 1331)


@examples(max_examples=60)
@given(st.integers(0, 2**32), TERM, TERM, TERM, st.integers(0, 819), st.integers(-3000, 3000))
def test_no_bound_ever_lies_below_the_chance(
    seed: int, goal: int, reset: int, award: int, crowding: int, base: int
) -> None:
    rng = np.random.default_rng(seed)
    state = lively_state()
    for name, most in (("habit", 65535), ("fatigue", 65535), ("verified", 400), ("star", 5), ("asks", 9), ("sworn", 1),
                       ("duty", 60)):
        getattr(state, name)[:] = rng.integers(0, most + 1, N)
    for name in ("star_week", "honoured"):
        getattr(state, name)[:] = np.where(rng.random(N) < 0.5, NEVER, rng.integers(-6, 16, N))
    state.last[:], state.trained[:] = rng.integers(-6, 15, N), rng.integers(0, 30, N)
    state.shift[:] = rng.integers(-8192, 8193, N)
    ladders = np.array([[*np.sort(rng.integers(4, 400, 5)), goal, reset, award],
                        [*np.sort(rng.integers(4, 400, 5)), award, goal, reset]], dtype=np.int64)
    picked = rng.integers(0, UNIT.sources.ids.size, rng.integers(1, 30)).tolist()
    values = menu(tasks_of(picked, gated=rng.integers(0, 2, len(picked)).tolist(),
                           online=rng.integers(0, 2, len(picked)).tolist()))
    aware = rng.integers(0, 65537, 14)
    now = quiet(2, base=[base, -base], crowding=[crowding, 0], heard=rng.integers(0, 65537, 2).tolist(),
                points_logit=rng.integers(0, 2000, 2).tolist(), courtesy=rng.integers(-300, 300, 2).tolist(),
                duty=[30, 0], duty_logit=rng.integers(-300, 300, 2).tolist(),
                credit_logit=rng.integers(-300, 300, 2).tolist(), courtesy_star=int(rng.integers(0, 6)))
    reach = (np.arange(N) % 2).astype(np.uint8)
    params = PARAMS._replace(peer=int(rng.integers(0, 2049)), oath=int(rng.integers(0, 308)))
    terms = (
        participation.star_terms(state, PEOPLE, params, LOOKUPS, ladders, reach, 15)
        + participation.own_terms(state, params, LOOKUPS, now, reach, 15)
        + participation.peer_terms(state, params, int(rng.integers(0, N)))
    )
    chances = participation.chances(state, PEOPLE, params, values, terms, now, aware, reach, 15)
    bound = participation.ceilings(state, PEOPLE, params, LOOKUPS, values, ladders, now, aware)
    assert (chances <= bound).all()
