"""The full model at other sizes, weeks, shares and with levers: `python -m benchmarks.growth_worker WHAT` prints JSON.

One process measures all cases of one kind in rounds, each round every case once, after the kernels are compiled. Sizes
are run as `vsim run nation` runs them, on one thread, counts alone; the rest in one county.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COUNTY = 84_388               # residents of an average county of 240 million people in 2,844 of them
SIZES = ((100_000, 15), (1_000_000, 7), (10_000_000, 3), (100_000_000, 1))  # residents, rounds
EVERY = 20                    # counties of a large world after which the usual county is run again
WEEKS = (13, 26, 52, 104)
LEVELS = ((-4.0, 2.0), (-2.034, 6.0), (-0.5, 18.0))             # mean taste for service, logits; tasks for 1,000 people


def scenario_of(residents: int, weeks: int | None = None, level: tuple[float, float] | None = None) -> Any:
    """Return the nation's scenario with other numbers, in counties of the usual size."""
    import vsim

    base = vsim.scenario("nation")
    districts = max(1, round(residents / COUNTY))
    world = base.world.model_copy(update={"residents": residents, "districts": districts, "prefectures": 1})
    changed: dict[str, Any] = {"world": world}
    if weeks is not None:
        changed["weeks"] = weeks
    if level is not None:
        changed["parameters"] = {**base.parameters, "participation.taste_mean": level[0], "demand.tasks": level[1]}
    return type(base).model_validate(base.model_copy(update=changed).model_dump())


def streamed(residents: int) -> dict[str, Any]:
    """Run a world as the nation is run; return CPU seconds and what came of it.

    The speed of a shared machine drifts by a third within minutes, and a nation takes minutes. So the same one county
    is run before, in the middle of it now and then, and after: `yardstick` is the middle of its costs, in ns per
    resident-week, and its time is not counted.
    """
    from vsim.run.nation import run_nation

    scenario, usual = scenario_of(residents), scenario_of(COUNTY)
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as folder, amid(usual) as (beside, apart):
        beside.append(county(usual)["ns"])
        start = time.process_time()
        found = run_nation(scenario, Path(folder), records="none", threads=1)
        spent = time.process_time() - start - sum(apart)
        beside.append(county(usual)["ns"])
    return row(spent, found.residents, scenario.weeks, found.attended) | {"yardstick": statistics.median(beside)}


@contextmanager
def amid(usual: Any) -> Iterator[tuple[list[float], list[float]]]:
    """Run the usual county now and then between the batches of a nation, in their thread; yield its costs and times."""
    from vsim.run.nation_batch import Batch

    original, beside, apart, since = Batch.to_end, list[float](), list[float](), [0]

    def to_end(self: Batch, here: Any) -> None:
        original(self, here)
        since[0] += len(self.districts)
        if since[0] >= EVERY:
            since[0] = 0
            start = time.process_time()
            beside.append(county(usual)["ns"])
            apart.append(time.process_time() - start)

    Batch.to_end = to_end  # type: ignore[method-assign]
    try:
        yield beside, apart
    finally:
        Batch.to_end = original  # type: ignore[method-assign]


def row(cpu: float, residents: int, weeks: int, attended: int) -> dict[str, Any]:
    return {"cpu": cpu, "residents": residents, "weeks": weeks, "attended": attended,
            "ns": 1e9 * cpu / residents / weeks, "share": attended / residents / weeks}


def county(scenario: Any) -> dict[str, Any]:
    """Run one county in memory, its people made anew; return CPU seconds and what came of it."""
    from vsim.run.nation import nation_of
    from vsim.world.metrics import M

    nation = nation_of(scenario)
    gc.collect()
    start = time.process_time()
    unit, settled, end = nation.run(nation.districts[0])
    spent = time.process_time() - start
    attended = int(end.counts.people[settled.warmup :, :, M.ATTENDED].sum())
    return row(spent, int(unit.people.ids.size), settled.weeks, attended)


def levers(many: int) -> tuple[Any, ...]:
    """Return declarative levers that edit tables of people, places and organisations, so slight that little moves."""
    import vsim

    every = (
        vsim.Culture(intensity=0.1), vsim.Publicity(posts=0.05), vsim.Media(adverts=0.05, places=0.05),
        vsim.Recruitment(outreach=20), vsim.Skills(outreach=20), vsim.RoleModels(yearly=1), vsim.Learning(hours=0.1),
        vsim.Coordination(level=0.05),
    )
    return every[:many]


def cases(what: str) -> dict[str, tuple[int, Callable[[], dict[str, Any]]]]:
    """Return the cases of a kind by name: rounds, and what to run."""
    if what == "residents":
        return {f"{n:,}": (times, lambda n=n: streamed(n)) for n, times in SIZES}
    if what == "weeks":
        return {f"{weeks}": (3, lambda weeks=weeks: county(scenario_of(COUNTY, weeks))) for weeks in WEEKS}
    if what == "participation":
        return {f"taste {level[0]:g}, tasks {level[1]:g}": (3, lambda at=level: county(scenario_of(COUNTY, level=at)))
                for level in LEVELS}
    if what == "levers":
        return {f"{many}": (21, lambda many=many: county(scenario_of(COUNTY).with_levers(*levers(many))))
                for many in (0, 1, 8)}
    raise SystemExit(f"benchmarks.growth_worker: '{what}'; allowed residents, weeks, participation, levers.")


def measure(what: str) -> dict[str, list[dict[str, Any]]]:
    """Return the measurements of a kind by case, in the order of rounds."""
    todo = cases(what)
    county(scenario_of(2_000, weeks=2))
    out: dict[str, list[dict[str, Any]]] = {name: [] for name in todo}
    for number in range(max(times for times, _ in todo.values())):
        for name, (times, run) in todo.items():
            if number < times:
                out[name].append(run())
    return out


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
