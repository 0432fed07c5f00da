"""What the tables of an answer are made from: the cells of base and pilot, their study, and the sets of runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.run.question import Question
from vsim.run.store import Store
from vsim.run.study import Study
from vsim.run.sweep_plan import Cell
from vsim.run.sweep_table import COUNTS, name_of_set

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]
KEY, RUNS = "row", "runs"     # columns that every table has: its name, and the SHA-256 of the keys behind it
HOUR = 0.25                   # of a quarter hour


@dataclass
class Told:
    """What the tables are made from, and the sets of runs that they name."""

    question: Question
    store: Store
    base: Cell
    pilot: Cell
    study: Study
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _read: dict[str, dict[str, NDArray[np.int64]]] = field(default_factory=dict)

    def behind(self, *cells: Cell) -> str:
        """Return the name of the set of runs of some cells."""
        keys = tuple(sorted({job.key for cell in cells for job in cell.jobs}))
        name = name_of_set(keys)
        self.sets[name] = keys
        return name

    @property
    def both(self) -> str:
        """The runs of base and pilot."""
        return self.behind(self.base, self.pilot)

    def kept(self, cell: Cell, name: str) -> NDArray[np.int64]:
        """Return what is kept of the runs of a cell, the first axis its lucks."""
        return np.stack([self._loaded(job.key)[name] for job in cell.jobs])

    def kept_sum(self, cell: Cell, name: str) -> Float:
        """Return the sum of what is kept of each run of a cell, shape (lucks,); 0 where there is nothing to sum."""
        return np.array([self._loaded(job.key)[name].sum() for job in cell.jobs], dtype=np.float64)

    def _loaded(self, key: str) -> dict[str, NDArray[np.int64]]:
        """Return what is kept of a run but for the weekly counts, which the study holds; it is read once."""
        if key not in self._read:
            self._read[key] = {name: one for name, one in self.store.load(key).items() if name not in COUNTS}
        return self._read[key]


def named(frame: pd.DataFrame, keys: Any, runs: str) -> pd.DataFrame:
    """Return a table with the names of its rows and the set of runs behind them."""
    return frame.assign(**{KEY: keys, RUNS: runs})
