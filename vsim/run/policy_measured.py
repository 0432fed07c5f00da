"""What a search keeps of a run: weekly counts, what its policies cost, and how evenly service is spread.

Hours are spread over people: the Gini coefficient of true hours among those who served. Service is spread over
districts: the share of need that is not met, in the worst district less that in the best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.evaluate.equity import coverage_gap, extremes, gini
from vsim.evaluate.indicators import indicator, measure
from vsim.run.policy_costs import yuan_of
from vsim.run.run import COLUMNS, TASK_COLUMNS, Run
from vsim.world.ledgers import SHOWED, UNUSED, Book
from vsim.world.metrics import A

Int = NDArray[np.int64]
Float = NDArray[np.float64]
QUARTERS = 4                  # quarter hours in an hour
EQUITY = {"gini_of_hours": "index", "gap_between_districts": "share of need"}


@dataclass(frozen=True)
class Measured:
    """One run.

    Attributes
    ----------
    people, tasks : ndarray of int64, shape (weeks, columns)
        Weekly counts of the region.
    yuan : float
        What its policies cost; NaN where it was not counted.
    equity : mapping of str to float
        By the names of `EQUITY`; NaN where there is nothing to spread.
    """

    people: Int
    tasks: Int
    yuan: float
    equity: dict[str, float]

    def value(self, key: str, weeks: range) -> float:
        """Return an indicator over a window, or a measure of equity."""
        if key in self.equity:
            return self.equity[key]
        columns = {name: self.people[weeks.start : weeks.stop, i] for i, name in enumerate(COLUMNS)}
        columns |= {name: self.tasks[weeks.start : weeks.stop, i] for i, name in enumerate(TASK_COLUMNS)}
        return float(measure(indicator(key), columns, weeks.start))


def measured(run: Run, weeks: range, costed: bool = True) -> Measured:
    """Return what is kept of a run.

    Parameters
    ----------
    run : Run
    weeks : range
        Window in which equity is measured.
    costed : bool
        Whether costs are counted; paperwork of some levers takes long.
    """
    served = hours_of(run, weeks)
    unmet = unmet_need(run.tasks[:, weeks.start : weeks.stop])
    known = unmet[np.isfinite(unmet)]
    return Measured(
        run.people.sum(axis=(0, 2)), run.tasks.sum(axis=0), float(yuan_of(run).sum()) if costed else float("nan"),
        {"gini_of_hours": gini(served) if served.size else float("nan"),
         "gap_between_districts": extremes(known, np.arange(known.size)).difference if known.size > 1
         else float("nan")},
    )


def hours_of(run: Run, weeks: range) -> Float:
    """Return the true hours of everyone who served in a window of a run, shape (people,)."""
    parts = []
    for unit, end in zip(run.city, run.ends, strict=True):
        book = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])].astype(np.int64)
        inside = (book[:, 0] >= weeks.start) & (book[:, 0] < weeks.stop)
        rows = book[inside & (book[:, 6] & (SHOWED | UNUSED) == SHOWED)]
        parts.append(np.bincount(rows[:, 1], weights=rows[:, 3], minlength=unit.people.ids.size) / QUARTERS)
    hours = np.concatenate(parts)
    return np.asarray(hours[hours > 0], dtype=np.float64)


def unmet_need(tasks: Int) -> Float:
    """Return the share of need that is not met by district, shape (districts,); NaN where there is no need.

    Need counts people: needs that nobody found or that no organisation could run are taken to be as large as those
    that were posted. It is met by seats whose volunteer came.

    Parameters
    ----------
    tasks : ndarray of int64, shape (districts, weeks, columns)
    """
    total = tasks.sum(axis=1).astype(np.float64)
    arisen, posted, needed, staffed = (total[:, place] for place in (A.ARISEN, A.POSTED, A.NEEDED, A.STAFFED))
    each = np.divide(needed, posted, out=np.ones(posted.size), where=posted > 0)
    need = arisen * each
    return coverage_gap(np.minimum(staffed, need), need)
