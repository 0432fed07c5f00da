"""The reduced model as vsim's engine does it: allocates the state, calls the compiled kernels, reports."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks import reduced as model
from vsim.rng import stream_key

ROOT = Path(__file__).parent.parent
SOURCES = ("benchmarks/reduced.py", "benchmarks/reduced_kernels.py", "vsim/rng.py", "vsim/exact.py",
           "vsim/kernels/draws.py")

@cache
def kernels() -> ModuleType:
    """Return the kernels, whose compiled form is kept in a folder named by their sources.

    numba looks only at the time stamp of the file of the outermost function: without this a kernel would
    survive a change of the model's constants.
    """
    import numba

    from vsim.kernels.build import cache_folder

    digest = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in SOURCES)).hexdigest()
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder() / f"bench_{digest[:20]}")
    try:
        from benchmarks import reduced_kernels
    finally:
        numba.config.CACHE_DIR = before
    return reduced_kernels


def simulate(n: int, seed: int, weeks: int = model.WEEKS, mode: str = "dense") -> model.Outcome:
    """Run the reduced model compiled, on one thread; `mode` is dense or lazy."""
    table, compiled = model.tables(), kernels()
    state = model.State(*(np.zeros(n, dtype=kind) for kind in model.STATE_KINDS))
    services = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    hours = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    active = np.zeros(model.DISTRICTS, dtype=np.int64)
    k0, k1 = (np.uint64(k) for k in stream_key(seed))
    kernel = compiled.dense if mode == "dense" else compiled.lazy
    kernel(n, weeks, k0, k1, state, table, services, hours, active)
    size = sum(array.nbytes for array in state)
    return model.Outcome(services, hours, active, int(state.points.sum(dtype=np.int64)), size, 0.0)
