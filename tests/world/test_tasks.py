"""A slot is a day and a part of the day."""

from __future__ import annotations

from tests.engine_worlds import city_named, quiet, settled_of
from vsim.process.demand import post_tasks
from vsim.rng import stream_key
from vsim.world.bodies import first_bodies
from vsim.world.tasks import PARTS, Tasks


def posted(week: int) -> Tasks:
    unit, settled = city_named("crowded")[0], settled_of("crowded")
    return post_tasks(unit.sources, settled.sites[0], unit.organisations, first_bodies(unit.organisations, 0),
                      settled.params, settled.lookups, quiet(), stream_key(1), week).tasks


def test_a_slot_names_one_of_seven_days_and_three_parts() -> None:
    seen: set[int] = set()
    for week in range(60):
        seen |= set(posted(week).slot.tolist())
    assert seen == set(range(7 * PARTS))


def test_tasks_are_arrays_of_one_length() -> None:
    tasks = posted(3)
    assert {getattr(tasks, name).shape for name in Tasks._fields} == {tasks.source.shape}
