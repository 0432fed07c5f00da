"""A slot is a day and a part of the day."""

from __future__ import annotations

from tests.engine_worlds import city_named, settled_of
from vsim.process.demand import post_tasks
from vsim.rng import stream_key
from vsim.world.tasks import PARTS, Tasks


def test_a_slot_names_one_of_seven_days_and_three_parts() -> None:
    unit, settled = city_named("crowded")[0], settled_of("crowded")
    seen = set()
    for week in range(60):
        tasks = post_tasks(unit.sources, settled.params, settled.lookups, 0, 0, stream_key(1), week)[0]
        seen |= set(tasks.slot.tolist())
    assert seen == set(range(7 * PARTS))


def test_tasks_are_arrays_of_one_length() -> None:
    unit, settled = city_named("crowded")[0], settled_of("crowded")
    tasks = post_tasks(unit.sources, settled.params, settled.lookups, 0, 0, stream_key(1), 3)[0]
    assert {getattr(tasks, name).shape for name in Tasks._fields} == {tasks.source.shape}
