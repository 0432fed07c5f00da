"""One measurement, a process of its own: `python -m benchmarks.worker CONTENDER N SEED REPEATS` prints JSON.

CPU seconds are those of this process, all threads counted. Imports and a small warm-up run (compiling
included) come first and are reported apart. Each repeat is a whole run: make the population, simulate,
report.
"""

from __future__ import annotations

import json
import mmap
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.reduced import WEEKS, Outcome, tables

CONTENDERS = {
    "mesa": "Mesa, object per agent", "numpy": "NumPy float32", "dense": "vsim, dense", "lazy": "vsim, lazy",
}
WARM_UP = 200


def contender(name: str) -> Callable[[int, int], Outcome]:
    """Return the simulate function of a contender (n, seed)."""
    if name == "mesa":
        from benchmarks.reduced_mesa import simulate

        return simulate
    if name == "numpy":
        from benchmarks.reduced_numpy import simulate

        return simulate
    if name in ("dense", "lazy"):
        from benchmarks.reduced_vsim import simulate

        return partial(simulate, mode=name)
    raise SystemExit(f"worker: contender is '{name}'; allowed {', '.join(CONTENDERS)}.")


def peak_bytes() -> int:
    """Return the most memory this process ever held resident (0 on Windows, where Python cannot tell)."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def resident_bytes() -> int:
    """Return the memory this process holds resident now (or, without /proc, the most it ever held)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE
    except OSError:
        return peak_bytes()


def measure(name: str, n: int, seed: int, repeats: int) -> dict[str, object]:
    """Time `repeats` runs of a contender with the seeds seed, seed + 1, ..., and return what was seen."""
    simulate = contender(name)
    imported = time.process_time()
    tables()
    simulate(WARM_UP, 0)
    warmed = time.process_time()
    before, peak_before = resident_bytes(), peak_bytes()
    cpu, weeks_cpu, totals, state = [], [], [], 0
    for repeat in range(repeats):
        start = time.process_time()
        outcome = simulate(n, seed + repeat)
        cpu.append(time.process_time() - start)
        weeks_cpu.append(outcome.weeks_cpu or cpu[-1])
        totals.append(outcome.totals())
        state = outcome.state_bytes
    peak = peak_bytes()
    return {
        "contender": name, "n": n, "weeks": WEEKS, "seed": seed, "repeats": repeats, "cpu": cpu,
        "weeks_cpu": weeks_cpu, "totals": totals, "import_cpu": imported, "warm_up_cpu": warmed - imported,
        "peak_bytes": peak, "run_bytes": peak - before if peak > peak_before else None, "state_bytes": state,
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], *(int(word) for word in sys.argv[2:5]))))
