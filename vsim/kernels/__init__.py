"""The ideas of `vsim.process` and `vsim.world` compiled: one file a stem, twice on purpose, equal by test.

The files hold plain functions. `vsim.kernels.build` joins those of a family into one module, named by the hash of its
text, in a cache folder, and lets numba compile that: a change in any stem makes a new module, so nothing stale is run.
Each file can be read by itself; what it uses of another stem it imports, and the builder drops those lines.
"""

from __future__ import annotations

from collections.abc import Callable

waiting: Callable[[], None] | None = None     # called before a use that has to compile first; the command line tells so
