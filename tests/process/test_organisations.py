"""Organisations: a look at each every four weeks, events that say what happened, money that adds up, and trust."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import alone, quiet, town
from vsim.process import organisations
from vsim.process.organisations import Look
from vsim.rng import stream_key
from vsim.world.bodies import (
    CLOSED,
    FILED,
    FORMING,
    GROWING,
    INSTITUTION,
    LATENT,
    MATURE,
    UNLISTED,
    Bodies,
    Event,
    first_bodies,
)

SCENARIO = town({"organisations.per_thousand": 20.0, "organisations.latent_per_thousand": 20.0}, residents=1500,
                districts=1)
UNIT, SETTLED = alone(SCENARIO)
MADE, PARAMS, K = UNIT.organisations, SETTLED.params, UNIT.organisations.weight.size
STILL = {"org_close": -100_000, "org_start": 0, "org_pass": 0, "org_register": 0, "spread": 0}
ONE16 = 65536


def fresh(stage: int = GROWING) -> Bodies:
    bodies = first_bodies(MADE, 32768)
    bodies.stage[:], bodies.form[:], bodies.rules[:] = stage, UNLISTED, 5
    return bodies


def look(bodies: Bodies, week: int = 3, params: dict[str, int] | None = None, **now: int) -> Look:
    """Look once; nothing happens but what `params` and tables let happen."""
    return organisations.look(bodies, MADE, PARAMS._replace(**{**STILL, **(params or {})}), quiet(**now),
                              stream_key(1), 0, week)


def events(found: Look, kind: Event) -> list[int]:
    return [o for o, event, _ in found.events if event == kind]


def test_nothing_happens_where_every_chance_is_zero() -> None:
    assert look(fresh()).events == []


@pytest.mark.parametrize(("stage", "table", "event", "after"), [
    (LATENT, "org_found", Event.STARTED, FORMING), (FORMING, "org_grow", Event.PASSED, GROWING),
])
def test_policy_starts_latent_groups_and_helps_forming_ones_to_pass(
    stage: int, table: str, event: Event, after: int
) -> None:
    bodies = fresh(stage)
    assert events(look(bodies, **{table: ONE16}), event) == list(range(K))
    assert (bodies.stage == after).all()
    half, more = (set(events(look(fresh(stage), **{table: share}), event)) for share in (20000, 40000))
    assert 0 < len(half) < len(more) < K
    assert half < more, "a larger chance keeps those of a smaller"


def test_many_regulars_make_an_organisation_mature() -> None:
    bodies = fresh()
    bodies.came[:3] = 4 * 40
    assert events(look(bodies), Event.MATURED) == [0, 1, 2]
    assert (bodies.stage[:3] == MATURE).all()


def test_regulars_cash_and_quality_keep_an_organisation_and_policy_can_end_it() -> None:
    def closed(**state: int) -> set[int]:
        bodies = fresh()
        for name in ("cash", "regulars", "quality"):
            getattr(bodies, name)[:] = state.get(name, 0)
        return set(events(look(bodies, params={"org_close": -1000}), Event.CLOSED))

    poor = closed()
    assert 0 < len(poor) < K
    for kept in (closed(cash=12 * PARAMS.org_fixed), closed(regulars=40 * 256), closed(quality=65536)):
        assert kept < poor
    bodies = fresh()
    look(bodies, params={"org_close": 0}, org_close=20_000)
    assert (bodies.stage == CLOSED).all()
    assert look(bodies, org_inspect=ONE16, org_register=ONE16, org_adopt=ONE16).events == [], "closed is closed"


def test_only_filed_and_unlisted_groups_register_and_become_institutions() -> None:
    bodies = fresh()
    bodies.form[:] = np.arange(K) % 9
    before = bodies.form.copy()
    registered = events(look(bodies, org_register=ONE16), Event.REGISTERED)
    assert registered == np.flatnonzero((before == FILED) | (before == UNLISTED)).tolist()
    assert (bodies.form[registered] == INSTITUTION).all()
    others = np.setdiff1d(np.arange(K), registered)
    assert np.array_equal(bodies.form[others], before[others])


def test_rules_that_are_asked_for_are_taken_up_item_by_item_and_never_given_up() -> None:
    bodies = fresh()
    bodies.rules[:2] = 9
    seen = []
    for week in (3, 7, 11, 15):
        look(bodies, week, {"org_settle": 1}, org_rules=7)
        seen.append(int(bodies.rules[5]))
    assert seen == [6, 7, 7, 7]
    assert (bodies.rules[:2] == 9).all()


def test_inspections_find_weak_governance_and_suspend_for_the_stated_weeks() -> None:
    bodies = fresh()
    bodies.rules[: K // 2], bodies.rules[K // 2 :] = 0, 10
    found = look(bodies, 3, {"org_violation": ONE16}, org_inspect=ONE16, org_suspend=6)
    assert events(found, Event.INSPECTED) == list(range(K))
    assert events(found, Event.VIOLATION) == list(range(K // 2))
    assert (bodies.suspended[: K // 2] == 3 + 1 + 6).all()
    assert bodies.suspended[K // 2 :].max() < 0
    assert (bodies.rules[: K // 2] == 1).all(), "a violation teaches one item"


def test_inspections_that_look_at_risk_go_to_the_weak() -> None:
    def visited(target: int) -> tuple[int, int]:
        bodies = fresh()
        bodies.rules[: K // 2], bodies.rules[K // 2 :] = 0, 10
        seen = events(look(bodies, params={"org_violation": 0}, org_inspect=25000, org_target=target), Event.INSPECTED)
        return sum(o < K // 2 for o in seen), sum(o >= K // 2 for o in seen)

    weak, strong = visited(ONE16)
    assert strong == 0
    assert weak > visited(0)[0] > 0
    assert visited(0)[1] > 0


def test_a_practice_spreads_from_those_who_have_it() -> None:
    nobody, some = fresh(), fresh()
    some.practice[: K // 2] = 1
    assert events(look(nobody, params={"spread": ONE16}), Event.ADOPTED) == []
    adopted = events(look(some, params={"spread": ONE16}), Event.ADOPTED)
    assert adopted
    assert min(adopted) >= K // 2
    assert events(look(fresh(), org_adopt=ONE16), Event.ADOPTED) == list(range(K))


def test_quality_moves_towards_what_rules_practice_policy_and_load_allow() -> None:
    still = {"org_noise": 0, "org_rate": ONE16}

    def quality(ran: int = 0, practice: int = 0, rules: int = 0, policy: int = 0) -> np.ndarray:
        bodies = fresh()
        bodies.ran[:], bodies.practice[:], bodies.rules[:] = ran, practice, rules
        look(bodies, params=still, capacity=0, org_quality=policy)
        return bodies.quality

    usual = quality()
    assert np.array_equal(usual, np.clip(MADE.quality, 0, ONE16))
    for better in (quality(practice=1), quality(rules=10), quality(policy=3000)):
        assert (better >= usual).all()
        assert better.sum() > usual.sum()
    assert np.array_equal(quality(ran=4), usual), "one task a week is what everybody can run"
    assert quality(ran=8).sum() < usual.sum()
    assert np.array_equal(quality(ran=8), quality(ran=800)), "twice the load is the most that is felt"
    assert quality(policy=10**6).max() == ONE16
    assert quality(policy=-(10**6)).min() == 0


def test_money_that_is_not_there_is_not_spent_and_only_the_registered_are_funded() -> None:
    bodies = fresh()
    bodies.form[: K // 2] = INSTITUTION
    bodies.cash[:], bodies.hours[:] = 1000, 40
    rich = {"org_fixed": 500, "org_cost": 10}
    found = look(bodies, params=rich, org_income=300, org_task=20)
    got, paid = 4 * 300 + 20 * 40 // 4, 500 + 10 * 40 // 4
    assert (bodies.cash[: K // 2] == 1000 + got - paid).all()
    assert (bodies.cash[K // 2 :] == 1000 - paid).all()
    assert found.income == got * (K // 2)
    assert found.spent == paid * K
    poor = fresh()
    poor.cash[:] = 100
    assert look(poor, params=rich).spent == 100 * K
    assert not poor.cash.any()


def test_the_counts_of_four_weeks_are_closed_by_a_look() -> None:
    bodies = fresh()
    for name in ("ran", "turned", "came", "hours"):
        getattr(bodies, name)[:] = 9
    look(bodies)
    assert not any(getattr(bodies, name).any() for name in ("ran", "turned", "came", "hours"))


def test_trust_is_drawn_to_quality_and_openness_and_shaken_by_incidents() -> None:
    def trust(level: int = 32768, incidents: int = 0, disclose: int = 0, quality: int = 32768, residents: int = 1000,
              stage: int = GROWING) -> int:
        bodies = fresh(stage)
        bodies.quality[:] = quality
        params = PARAMS._replace(trust_level=32768)
        return organisations.trust(level, bodies, incidents, residents, disclose, params)

    assert trust() == 32768, "at its level, with middling quality, nothing moves it"
    assert trust(quality=60000) > trust() > trust(quality=5000)
    assert trust(disclose=ONE16) > trust()
    assert trust(incidents=2) == trust() - 2 * PARAMS.trust_shock
    assert trust(incidents=2, residents=2000) == trust() - PARAMS.trust_shock
    assert trust(level=60000) < 60000
    assert trust(level=5000) > 5000
    assert trust(level=1, incidents=10**6) == 0
    assert 0 <= trust(level=ONE16, quality=ONE16, disclose=ONE16) <= ONE16
    assert trust(stage=LATENT) < trust(), "without organisations at work there is no quality to trust"
