"""The reduced model as vsim's engine does it: allocates the state, calls the compiled kernels, reports."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from benchmarks import reduced as model
from benchmarks import reduced_tables as integer
from vsim.rng import stream_key

ROOT = Path(__file__).parent.parent
FORMS = ("dense", "lazy", "coupled")
SOURCES = (
    *(f"benchmarks/reduced{part}.py" for part in ("", "_tables", "_stages", "_dense", "_lazy", "_coupled")),
    "vsim/rng.py", "vsim/exact.py", "vsim/kernels/draws.py",
)
PLENTY = 1 << 40                  # seats
LIVE = np.dtype(                  # what changes in a year, of a volunteer who may serve in it
    [("base", "i4"), ("points", "u4"), ("habit", "u2"), ("fatigue", "u2"), ("hours", "u2"), ("last", "i2"),
     ("until", "i2"), ("star", "u1")], align=True,
)


@cache
def kernels(form: str) -> ModuleType:
    """Return the module of a form, whose compiled code is kept in a folder named by the sources.

    numba looks only at the time stamp of the file of the outermost function: without this a kernel would
    survive a change of the model's constants.
    """
    import numba

    from vsim.kernels.build import cache_folder

    digest = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in SOURCES)).hexdigest()
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder() / f"bench_{digest[:20]}")
    try:
        return import_module(f"benchmarks.reduced_{form}")
    finally:
        numba.config.CACHE_DIR = before


def simulate(
    n: int, seed: int, weeks: int = model.WEEKS, share: float = model.SHARE, form: str = "lazy",
    seats: NDArray[np.int64] | None = None,
) -> model.Outcome:
    """Run the reduced model compiled, on one thread; `form` is dense, lazy or coupled, only the last knows seats."""
    return run(n, seed, weeks, share, form, seats)[0]


def run(
    n: int, seed: int, weeks: int, share: float, form: str, seats: NDArray[np.int64] | None = None, keep: bool = False
) -> tuple[model.Outcome, integer.State]:
    """Run the reduced model and return what it reports and the volunteers' state.

    Dense always keeps the state; lazy keeps it where asked, or else forgets a block when its year is over; coupled
    forgets a district. A kept state is laid out in pages that the system must first clear: about 4 ns a volunteer.
    """
    table, compiled = integer.tables(share), kernels(form)
    held = n if form == "dense" or (form == "lazy" and keep) else 0
    state = integer.State(*(np.zeros(held, dtype=kind) for kind in integer.STATE_KINDS))
    services = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    hours = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    active = np.zeros(model.DISTRICTS, dtype=np.int64)
    k0, k1 = (np.uint64(k) for k in stream_key(seed))
    if form == "dense":
        compiled.dense(n, weeks, k0, k1, state, table, services, hours, active)
        points = int(state.points.sum(dtype=np.int64))
    elif form == "lazy":
        live = np.empty(compiled.BLOCK, dtype=LIVE)
        _, points = compiled.lazy(n, weeks, k0, k1, keep, state, table, live, services, hours, active)
    else:
        largest = -(-n // model.DISTRICTS) + 1
        live = np.empty(largest, dtype=LIVE)
        if seats is None:
            seats = np.full((model.DISTRICTS, weeks), PLENTY)
        _, points = compiled.coupled(n, weeks, k0, k1, largest, table, live, seats, services, hours, active)
    size = sum(array.nbytes for array in state)
    return model.Outcome(services, hours, active, int(points), size, 0.0), state
