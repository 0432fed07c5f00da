"""What no kernel can beat: memory bandwidth and the price of a random number, and how near the reduced model comes.

`python -m benchmarks.floor` prints JSON. A volunteer's year takes five calls of Philox whatever happens (one for who it
is, four for the leading bits of 64 weeks); that is the floor of random numbers. Everything is measured in one process,
in rounds, each round all of it once.
"""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

import numpy as np

ROUNDS = 9
BIG = 16_000_000              # float32: 64 MB an array, beyond any cache here
WORDS = 4096                  # a block of random words that stays in the cache
CALLS = 5                     # of Philox for a volunteer's year
AGENTS = 1_000_000
STATE = 17                    # bytes of a volunteer, written once where the state is kept


def measure() -> dict[str, Any]:
    """Return seconds a round: copy, triad, Philox, and the reduced kernels at 1 % a week."""
    from benchmarks import floor_kernels as loops
    from benchmarks.reduced_vsim import run, simulate

    a, b, c = (np.ones(BIG, dtype=np.float32) for _ in range(3))
    words = np.empty(WORDS, dtype=np.uint32)
    k0, k1 = np.uint64(1), np.uint64(2)
    loops.triad(a[:8], b[:8], c[:8], np.float32(0.5))
    loops.random_words(0, words, k0, k1)
    for form in ("coupled", "lazy"):
        simulate(1000, 1, form=form)
    run(1000, 1, 52, 0.01, "lazy", keep=True)
    jobs = {
        "copy": lambda number: np.copyto(a, b),
        "triad": lambda number: loops.triad(a, b, c, np.float32(0.5)),
        "philox": lambda number: [loops.random_words(number * i, words, k0, k1) for i in range(500)],
        "lazy": lambda number: simulate(AGENTS, number),
        "coupled": lambda number: simulate(AGENTS, number, form="coupled"),
        "kept": lambda number: run(AGENTS, number, 52, 0.01, "lazy", keep=True),
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(ROUNDS):
        for name, job in jobs.items():
            start = time.process_time()
            job(number)
            seconds[name].append(time.process_time() - start)
    return {
        "copy": [2 * 4 * BIG / s / 1e9 for s in seconds["copy"]],
        "triad": [3 * 4 * BIG / s / 1e9 for s in seconds["triad"]],
        "philox": [1e9 * s / (500 * WORDS) for s in seconds["philox"]],
        **{name: [1e9 * s / AGENTS for s in seconds[name]] for name in ("lazy", "coupled", "kept")},
    }


def lines(found: dict[str, Any]) -> list[str]:
    """Return the figures as text."""
    middle = {name: statistics.median(values) for name, values in found.items()}
    floor = CALLS * middle["philox"]
    memory = STATE / middle["copy"]
    return [
        f"Memory, one core: copy {middle['copy']:.0f} GB/s, triad {middle['triad']:.0f} GB/s (read and written bytes).",
        f"Philox4x32-10, vectorised, in cache: {middle['philox']:.2f} ns a call of four words.",
        (f"A volunteer's year: {CALLS} calls at the least = {floor:.1f} ns; its {STATE} bytes written once "
         f"= {memory:.2f} ns."),
        *(f"  {label}: {middle[name]:.1f} ns a volunteer and year at 1 % a week; {floor / middle[name]:.0%} of the "
          "floor of random numbers"
          for name, label in (("lazy", "unlimited seats"), ("coupled", "week by week"))),
        (f"  unlimited seats, everybody's state kept in fresh memory: {middle['kept']:.1f} ns, of which "
         f"{middle['kept'] - middle['lazy']:.1f} ns for pages that the system clears and for writing them"),
    ]


def problems(found: dict[str, Any]) -> list[str]:
    """Return what cannot be: a kernel below the floor."""
    floor = CALLS * statistics.median(found["philox"])
    return [f"{name} runs below the floor of random numbers" for name in ("lazy", "coupled")
            if statistics.median(found[name]) < floor]


if __name__ == "__main__":
    print(json.dumps(measure()))
