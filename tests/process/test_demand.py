"""Demand: a need arises at its source, is discovered or not, and becomes a task with seats, a slot and a length."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import city_named, quiet, settled_of
from vsim.process.demand import Posted, post_tasks, room
from vsim.rng import stream_key
from vsim.world.bodies import CLOSED, FORMING, GROWING, LATENT, MATURE, Bodies, first_bodies
from vsim.world.tasks import PARTS, Tasks
from vsim.world.weekly import WHOLE

UNIT, SETTLED = city_named("crowded")[0], settled_of("crowded")
KEY = stream_key(3)


AMPLE = 1000 * WHOLE           # every organisation can run whatever is found


def bodies() -> Bodies:
    return first_bodies(UNIT.organisations, 32768)


def posted(week: int = 4, at: Bodies | None = None, share: int | None = None, weekday: int | None = None,
           twice: int | None = None, **tables: int) -> Posted:
    """Post the tasks of a week; `share` of needs are found everywhere, else as the sites say."""
    sites, params = SETTLED.sites[0], SETTLED.params
    if share is not None:
        sites = sites._replace(found=np.full_like(sites.found, share))
    given = {name: value for name, value in (("weekday", weekday), ("twice", twice)) if value is not None}
    now = quiet(**{"capacity": AMPLE, **tables})
    return post_tasks(UNIT.sources, sites, UNIT.organisations, at or bodies(), params._replace(**given),
                      SETTLED.lookups, now, KEY, week)


def post(**changes: int) -> tuple[Tasks, int]:
    found = posted(**changes)
    return found.tasks, found.arisen


def test_only_discovered_needs_are_posted() -> None:
    everything, arisen = post(share=65536)
    assert everything.source.size == arisen > 5
    nothing, same = post(share=0)
    assert (nothing.source.size, same) == (0, arisen)
    part, _ = post(share=32768)
    assert set(part.source) < set(everything.source)


def test_a_task_keeps_its_seats_slot_and_length_when_the_gate_changes() -> None:
    free, _ = post(gated=0)
    shut, _ = post(gated=65536)
    for name in ("source", "seats", "slot", "hours_log", "lead"):
        assert np.array_equal(getattr(free, name), getattr(shut, name))
    assert not free.gated.any()
    assert shut.gated.all()


def test_a_higher_gate_keeps_the_tasks_that_a_lower_one_gated() -> None:
    some, _ = post(gated=20000)
    most, _ = post(gated=50000)
    assert (most.gated >= some.gated).all()
    assert most.gated.sum() > some.gated.sum()


@pytest.mark.parametrize("week", [-6, 0, 5, 23])
def test_slots_seats_and_leads_stay_in_their_ranges(week: int) -> None:
    tasks, _ = post(week=week)
    assert tasks.source.size > 0
    assert (np.diff(tasks.source) > 0).all(), "in the order of their sources"
    assert ((tasks.slot >= 0) & (tasks.slot < 7 * PARTS)).all()
    assert (tasks.seats >= 1).all()
    assert ((tasks.lead >= 0) & (tasks.lead < SETTLED.params.lead_days)).all()


def test_weekdays_and_weekends_follow_the_share() -> None:
    assert (post(weekday=65536)[0].slot < 5 * PARTS).all()
    assert (post(weekday=0)[0].slot >= 5 * PARTS).all()


def test_a_better_season_keeps_the_needs_of_a_worse_one() -> None:
    low, few = post(demand=-1024, share=65536)
    high, many = post(demand=0, share=65536)
    assert set(low.source) <= set(high.source)
    assert few < many


def test_another_week_brings_other_needs() -> None:
    assert set(post(week=4)[0].source) != set(post(week=5)[0].source)


def test_every_need_is_hidden_beyond_reach_or_posted() -> None:
    for share, capacity in ((65536, AMPLE), (30000, 0), (65536, 0), (0, AMPLE)):
        found = posted(share=share, capacity=capacity)
        assert found.arisen == found.hidden + found.beyond + found.tasks.source.size
    assert posted(share=65536).hidden == posted(share=65536).beyond == 0
    assert posted(share=65536, capacity=0).beyond > 0


def test_what_policy_finds_comes_on_top_of_what_is_found_and_keeps_it() -> None:
    some, more = posted(share=20000).tasks, posted(share=20000, found=30000).tasks
    assert set(some.source) < set(more.source)
    assert posted(share=0, found=65536).hidden == 0


def test_where_a_need_stands_decides_whether_it_is_found() -> None:
    sites = SETTLED.sites[0]
    half = np.where(np.arange(sites.found.shape[1]) % 2 == 0, 65536, 0)[None, :]
    found = post_tasks(UNIT.sources, sites._replace(found=half), UNIT.organisations, bodies(), SETTLED.params,
                       SETTLED.lookups, quiet(capacity=AMPLE), KEY, 4)
    assert found.tasks.source.size > 0
    assert not (found.tasks.source % 2).any()


def test_an_organisation_runs_no_more_than_its_leaders_can_and_the_first_needs_come_first() -> None:
    state, wide = bodies(), bodies()
    tight, ample = posted(at=state, share=65536, capacity=0), posted(at=wide, share=65536)
    host = UNIT.sources.organisation
    runs = np.bincount(host[tight.tasks.source], minlength=state.ran.size)
    assert runs.max() == 1, "each can run one"
    assert np.array_equal(runs, state.ran)
    assert np.array_equal(state.ran + state.turned, wide.ran)
    assert tight.beyond == state.turned.sum() > 0
    for o in np.flatnonzero(runs):
        assert tight.tasks.source[host[tight.tasks.source] == o][0] == ample.tasks.source[
            host[ample.tasks.source] == o][0]


def test_room_follows_leaders_and_policy_and_is_none_where_an_organisation_does_not_work() -> None:
    state = bodies()
    for stage, works in ((LATENT, False), (FORMING, False), (GROWING, True), (MATURE, True), (CLOSED, False)):
        state.stage[:] = stage
        assert (room(UNIT.organisations, state, SETTLED.params, WHOLE, 4) > 0).all() == works
    state.stage[:], state.suspended[:] = MATURE, 5
    assert not room(UNIT.organisations, state, SETTLED.params, WHOLE, 4).any(), "suspended up to and with week 4"
    usual = room(UNIT.organisations, state, SETTLED.params, WHOLE, 5)
    doubled = room(UNIT.organisations, state, SETTLED.params, 2 * WHOLE, 5)
    can = UNIT.organisations.leaders * SETTLED.params.org_run >> 10
    assert np.array_equal(usual, np.maximum(can, 1))
    assert np.array_equal(doubled, np.maximum(2 * can, 1))


def test_overbooking_offers_more_seats_for_the_same_need_rounded_up() -> None:
    usual, more, fewer = (posted(overbook=WHOLE * k // 4, twice=0).tasks for k in (4, 5, 1))
    assert np.array_equal(usual.seats, usual.needed)
    assert np.array_equal(more.needed, usual.needed)
    assert np.array_equal(more.seats, -(-usual.needed * 5 // 4))
    assert np.array_equal(fewer.seats, np.maximum(-(-usual.needed // 4), 1))


def test_a_task_posted_twice_offers_its_seats_twice_and_needs_no_more_people() -> None:
    never, always = posted(twice=0), posted(twice=65536)
    assert never.twice == 0
    assert always.twice == always.tasks.source.size
    assert np.array_equal(always.tasks.seats, 2 * never.tasks.seats)
    assert np.array_equal(always.tasks.needed, never.tasks.needed)


def test_policy_scales_double_posting_and_moves_tasks_online() -> None:
    def with_factor(factor: int) -> Posted:
        sites = SETTLED.sites[0]
        now = quiet(capacity=AMPLE, twice=factor, online=factor * 16)
        return post_tasks(UNIT.sources, sites, UNIT.organisations, bodies(), SETTLED.params._replace(twice=20000),
                          SETTLED.lookups, now, KEY, 4)

    none, some, more = (with_factor(factor) for factor in (0, 1024, 3000))
    assert (none.twice, int(none.tasks.online.sum())) == (0, 0)
    assert none.twice < some.twice < more.twice
    assert (more.tasks.online >= some.tasks.online).all()
    assert some.tasks.online.sum() < more.tasks.online.sum()


def test_skill_and_risk_of_a_task_are_those_of_its_source() -> None:
    tasks = posted(share=65536).tasks
    assert np.array_equal(tasks.skill, UNIT.sources.skill[tasks.source])
    assert np.array_equal(tasks.risk, UNIT.sources.risk[tasks.source])
