"""One measurement, a process of its own: `python -m benchmarks.worker CONTENDER N SEED REPEATS SHARE` prints JSON.

CPU seconds are those of this process, all threads counted. Imports and a small warm-up run (compiling
included) come first and are reported apart. Each repeat is a whole run: make the population, simulate,
report. A peer's worker runs in the peer's own environment, in which vsim's dependencies need not be.
"""

from __future__ import annotations

import importlib
import json
import mmap
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.reduced import SHARE, WEEKS, Outcome

CONTENDERS = {
    "mesa": "Mesa, object per agent", "agentpy": "AgentPy, object per agent", "starsim": "Starsim, arrays",
    "polars": "Polars, one frame", "numpy": "NumPy float32", "dense": "vsim, dense", "coupled": "vsim, week by week",
    "lazy": "vsim, unlimited seats",
}
VSIM = ("dense", "coupled", "lazy")
WARM_UP = 200


def contender(name: str) -> Callable[..., Outcome]:
    """Return the simulate function of a contender (n, seed, share=...)."""
    if name not in CONTENDERS:
        raise SystemExit(f"worker: contender is '{name}'; allowed {', '.join(CONTENDERS)}.")
    if name in VSIM:
        from benchmarks.reduced_vsim import simulate

        return partial(simulate, form=name)
    return importlib.import_module(f"benchmarks.reduced_{name}").simulate


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


def measure(name: str, n: int, seed: int, repeats: int, share: float = SHARE) -> dict[str, object]:
    """Time `repeats` runs of a contender with the seeds seed, seed + 1, ..., and return what was seen."""
    simulate = contender(name)
    imported = time.process_time()
    simulate(WARM_UP, 0, share=share)
    warmed = time.process_time()
    before, peak_before = resident_bytes(), peak_bytes()
    cpu, weeks_cpu, totals, state = [], [], [], 0
    for repeat in range(repeats):
        start = time.process_time()
        outcome = simulate(n, seed + repeat, share=share)
        cpu.append(time.process_time() - start)
        weeks_cpu.append(outcome.weeks_cpu or cpu[-1])
        totals.append(outcome.totals())
        state = outcome.state_bytes
    peak = peak_bytes()
    return {
        "contender": name, "n": n, "weeks": WEEKS, "share": share, "seed": seed, "repeats": repeats, "cpu": cpu,
        "weeks_cpu": weeks_cpu, "totals": totals, "import_cpu": imported, "warm_up_cpu": warmed - imported,
        "peak_bytes": peak, "run_bytes": peak - before if peak > peak_before else None, "state_bytes": state,
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], *(int(word) for word in sys.argv[2:5]), *map(float, sys.argv[5:6]))))
