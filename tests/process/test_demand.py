"""Demand: a need arises at its source, is discovered or not, and becomes a task with seats, a slot and a length."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import city_named, settled_of
from vsim.process.demand import post_tasks
from vsim.rng import stream_key
from vsim.world.tasks import PARTS

UNIT, SETTLED = city_named("crowded")[0], settled_of("crowded")
KEY = stream_key(3)


def post(gated: int = 0, season: int = 0, week: int = 4, **changes: int):
    return post_tasks(UNIT.sources, SETTLED.params._replace(**changes), SETTLED.lookups, season, gated, KEY, week)


def test_only_discovered_needs_are_posted() -> None:
    everything, arisen = post(discovered=65536)
    assert everything.source.size == arisen > 5
    nothing, same = post(discovered=0)
    assert (nothing.source.size, same) == (0, arisen)
    part, _ = post(discovered=32768)
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
    low, few = post(season=-1024, discovered=65536)
    high, many = post(season=0, discovered=65536)
    assert set(low.source) <= set(high.source)
    assert few < many


def test_another_week_brings_other_needs() -> None:
    assert set(post(week=4)[0].source) != set(post(week=5)[0].source)
