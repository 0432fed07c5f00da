"""What each resident did in each window of a run: the outcomes of the truth engine, read from books and state.

Windows are of equal length and begin with week 0; the run-up belongs to none. Everything is a whole number (hours are
quarter hours here), so a difference of two arms is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, did_you_mean
from vsim.run.district import Engine, Progress, advance, begin
from vsim.run.settle import Settled
from vsim.run.window import RECORDED
from vsim.world.city import Unit
from vsim.world.ledgers import SHOWED, UNUSED, Book
from vsim.world.state import UNREGISTERED, VOLUNTEER

Int = NDArray[np.int64]
MONTH = 4                     # weeks of a window when nobody says otherwise
QUARTER = 0.25                # hours of a quarter hour


class Outcome(NamedTuple):
    """What is measured on a person in a window: factor from whole numbers, and unit in words."""

    factor: float
    unit: str


OUTCOMES: Mapping[str, Outcome] = {
    "hours": Outcome(QUARTER, "h"),
    "recorded_hours": Outcome(QUARTER, "recorded h"),
    "attendances": Outcome(1.0, "attendances"),
    "active": Outcome(1.0, "share who served"),
    "stayed": Outcome(1.0, "share who are volunteers at the end"),
    "registered": Outcome(1.0, "share on the register at the end"),
}


def outcome_of(name: str) -> int:
    """Return the place of an outcome, or raise UsageError naming the nearest."""
    if name not in OUTCOMES:
        raise UsageError(f"truth: outcome is '{name}'; allowed {', '.join(OUTCOMES)}.{did_you_mean(name, OUTCOMES)}")
    return list(OUTCOMES).index(name)


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a run of `weeks` weeks, each `width` weeks long.

    Raises
    ------
    UsageError
        When the width does not divide the weeks: no week may be left out.
    """

    weeks: int
    width: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.weeks % self.width:
            allowed = ", ".join(str(w) for w in range(1, self.weeks + 1) if self.weeks % w == 0)
            raise UsageError(f"truth: window is {self.width} weeks of a run of {self.weeks}; allowed {allowed}.")

    @property
    def count(self) -> int:
        """How many windows there are."""
        return self.weeks // self.width

    def holding(self, week: int) -> int:
        """Return the window that holds a week of the run; the run-up counts to the first."""
        return max(week, 0) // self.width

    @property
    def ends(self) -> tuple[int, ...]:
        """The week after the last of each window."""
        return tuple(range(self.width, self.weeks + 1, self.width))


def usual_width(weeks: int) -> int:
    """Return the width of a window when nobody says otherwise: four weeks, or the whole run where four do not fit."""
    return MONTH if weeks % MONTH == 0 else weeks


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a district has come before a week, with the status of everybody at the end of each window until then."""

    progress: Progress
    status: NDArray[np.uint8]         # (windows, n)


def first_mark(unit: Unit, settled: Settled, windows: Windows) -> Mark:
    """Return a district before its first week of run-up."""
    return Mark(begin(unit, settled), np.zeros((windows.count, unit.people.ids.size), np.uint8))


def follow(
    unit: Unit, settled: Settled, key: tuple[int, int], windows: Windows, start: Mark, until: int,
    engine: Engine = "kernels",
) -> Mark:
    """Return a district before the week `until`, with the status at the end of each window; the start is kept."""
    progress, status = start.progress, start.status.copy()
    for number, end in enumerate(windows.ends):
        if progress.week < end <= until:
            progress = advance(unit, settled, key, progress, end, engine)
            status[number] = progress.state.status
    if progress.week < until:
        progress = advance(unit, settled, key, progress, until, engine)
    return Mark(progress, status)


def stops(
    unit: Unit, settled: Settled, key: tuple[int, int], windows: Windows, weeks: Iterable[int],
    engine: Engine = "kernels",
) -> dict[int, Mark]:
    """Return a district before each of some weeks, and at the end of the run: one run, looked at on its way."""
    found, mark = {}, first_mark(unit, settled, windows)
    for week in sorted({*weeks, windows.weeks}):
        mark = follow(unit, settled, key, windows, mark, week, engine)
        found[week] = mark
    return found


def outcomes(unit: Unit, end: Mark, windows: Windows) -> Int:
    """Return the outcomes of every resident, shape (n, windows, len(OUTCOMES)), whole numbers in the order of OUTCOMES.

    Who came and was not needed did not serve. Recorded hours stand in the week of the service, whenever they were
    entered; second copies are left out.
    """
    n, count = unit.people.ids.size, windows.count
    book = end.progress.ledgers.placements[: int(end.progress.ledgers.counts[Book.PLACEMENTS])].astype(np.int64)
    rows = book[(book[:, 0] >= 0) & (book[:, 6] & (SHOWED | UNUSED) == SHOWED)]
    place = rows[:, 1] * count + rows[:, 0] // windows.width
    noted = rows[:, 6] & RECORDED

    def summed(what: Int) -> Int:
        out = np.zeros(n * count, dtype=np.int64)
        np.add.at(out, place, what)
        return out.reshape(n, count)

    times = summed(np.ones_like(place))
    status = end.status.T
    return np.stack([
        summed(rows[:, 3]), summed(rows[:, 4] * noted), times, (times > 0).astype(np.int64),
        (status == VOLUNTEER).astype(np.int64), (status != UNREGISTERED).astype(np.int64),
    ], axis=2)
