"""The full model's figures for a city: `python -m benchmarks.full_model` prints JSON."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from benchmarks.summary import span

SCENARIO = "riverside"
TIMES = 3


def full_model_row() -> dict[str, object]:
    """Simulate riverside, time it, and return its resident-weeks per CPU second (median) and bytes.

    The first run compiles or loads the kernels; its CPU time is reported apart. A timed run makes its people
    and places as well. CPU seconds count all threads. Raises VsimError when vsim cannot simulate.
    """
    import vsim
    from vsim.errors import VsimError

    missing = [name for name in ("scenario", "simulate") if not callable(getattr(vsim, name, None))]
    if missing:
        raise VsimError(
            f"benchmarks.full_model: vsim has no {' and no '.join(missing)}; the full model cannot be timed. "
            "Install the whole of vsim, or measure other parts with --only."
        )
    from benchmarks.worker import peak_bytes

    start = time.process_time()
    scenario = vsim.scenario(SCENARIO)
    vsim.simulate(scenario, seed=1)
    first = time.process_time() - start
    cpu, wall = [], []
    for _ in range(TIMES):
        start, clock = time.process_time(), time.perf_counter()
        run = vsim.simulate(scenario, seed=1)
        cpu.append(time.process_time() - start)
        wall.append(time.perf_counter() - clock)
    weeks = scenario.weeks + scenario.warmup_weeks
    return {
        "scenario": SCENARIO, "residents": scenario.world.residents, "weeks": weeks, "first_cpu": first,
        "cpu": cpu, "wall": wall, "rate": scenario.world.residents * weeks / statistics.median(cpu),
        "state_bytes_per_resident": float(run.state_bytes_per_resident), "peak_bytes": peak_bytes(),
    }


def lines(found: dict[str, Any]) -> list[str]:
    """Return the figures as text."""
    return [
        (f"{found['scenario']}, {found['residents']:,} residents, {found['weeks']} weeks with run-up: "
         f"{found['rate'] / 1e6:,.1f} M resident-weeks per CPU second, {1e9 / found['rate']:,.0f} ns each;"),
        (f"{found['state_bytes_per_resident']:.0f} bytes per resident; {span(found['cpu'], '.2f')} CPU-s a run, "
         f"{statistics.median(found['wall']):.2f} s wall, peak {found['peak_bytes'] / 1e6:,.0f} MB;"),
        f"first run, kernels compiled or loaded: {found['first_cpu']:.1f} CPU-s.",
    ]


def problems(found: dict[str, Any]) -> list[str]:
    """Return nothing: there is no target for this row."""
    return []


if __name__ == "__main__":
    print(json.dumps(full_model_row()))
