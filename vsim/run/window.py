"""A window on a run: the register's records of its last weeks, and the lives of the residents behind them.

`window_of` holds what an agency would have: records that were made, second copies left out, and the stock that they
are set against. `lives_of` holds what a good survey would find: who truly served, how often, how long, and who they
are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vsim.run.run import Run
from vsim.spec.calendar import MONTH, YEAR, month_of
from vsim.spec.groups import bit
from vsim.world.ledgers import SHOWED, UNUSED, Book
from vsim.world.metrics import M
from vsim.world.people import FEMALE
from vsim.world.state import NEVER, UNREGISTERED
from vsim.world.tasks import PARTS

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
RECORDED = 1                  # bit of the flags of a placement


def _none() -> Int:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Window:
    """The register of the last weeks of a run, second copies left out; records are arrays of shape (records,)."""

    person: Int
    week: Int
    task: Int
    hours: Int                # quarter hours as entered
    registered: float         # mean number on the register in the window
    last_week: int
    weeks: int = YEAR
    organisation: Int = field(default_factory=_none)      # that ran the task
    district: Int = field(default_factory=_none)          # position among the districts
    day: Int = field(default_factory=_none)               # of the task, 0 Monday
    age: Int = field(default_factory=_none)               # of the person, years
    months: Int = field(default_factory=_none)            # calendar month of each week of the window, shape (weeks,)
    stock: Float = field(default_factory=lambda: np.zeros(0))     # as `registered`, by district
    tenure: Float = field(default_factory=lambda: np.zeros(0))    # mean weeks on the register at the end, by district
    posted: int = 0           # tasks posted in the window
    on_list: int = 0          # people on the register at the end
    population: int = 0
    earned: int = 0           # time credits, quarter hours
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Lives:
    """Every resident and what they truly did in the last weeks of a run; arrays of shape (residents,)."""

    age: Int                  # years at the first week of the run
    female: Bool
    education: Int            # 0 lower secondary, 1 upper secondary, 2 degree, 3 postgraduate
    parent: Bool
    worker: Bool
    before: Int               # attendances in the first half of the window
    after: Int                # and in the second
    hours: Int                # true quarter hours
    online: Int               # attendances online
    months: Int               # 4-week windows with an attendance
    windows: int              # 4-week windows in all

    @property
    def times(self) -> Int:
        """Attendances in the window."""
        return self.before + self.after


def window_of(run: Run, weeks: int) -> Window:
    """Return the records whose service fell into the last `weeks` of a run.

    Late entries count: yearly figures are published when the entries of the year are in.
    """
    first = run.settled.weeks - weeks
    last = run.settled.weeks - 1
    parts, offset, bodies, posted = [], 0, 0, 0
    stock, tenure, on_list = [], [], 0
    for place, (unit, end) in enumerate(zip(run.city, run.ends, strict=True)):
        tasks = end.ledgers.tasks[: int(end.ledgers.counts[Book.TASKS])].astype(np.int64)
        book = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])].astype(np.int64)
        rows = book[(book[:, 6] & RECORDED == 1) & (book[:, 0] >= first)]
        who, what = rows[:, 1], rows[:, 2]
        parts.append(np.stack([
            unit.people.ids[who].astype(np.int64), rows[:, 0], offset + what, rows[:, 4],
            bodies + unit.sources.organisation[tasks[what, 1]], np.full(who.size, place), tasks[what, 5] // PARTS,
            unit.people.age[who].astype(np.int64),
        ]))
        listed = end.state.status != UNREGISTERED
        since = end.state.since[listed & (end.state.since != NEVER)].astype(np.int64)
        tenure.append(float((last + 1 - since).mean()) if since.size else float("nan"))
        stock.append(float(run.people[place, first:, :, M.REGISTERED].sum(axis=1).mean()))
        on_list += int(listed.sum())
        posted += int((tasks[:, 0] >= first).sum())
        offset += tasks.shape[0]
        bodies += unit.organisations.weight.size
    person, week, task, hours, organisation, district, day, age = np.concatenate(parts, axis=1)
    counts = run.people[:, first:].sum(axis=(0, 1, 2))
    residents = sum(unit.district.residents for unit in run.city)
    return Window(
        person, week, task, hours, float(np.sum(stock)), last, weeks, organisation, district, day, age,
        np.array([month_of(w, run.scenario.start) for w in range(first, last + 1)]), np.array(stock), np.array(tenure),
        posted, on_list, round(residents * run.scenario.values["places.population_per_resident"]),
        int(counts[M.CREDIT_EARNED]), int(counts[M.CREDIT_SPENT]),
    )


def lives_of(run: Run, weeks: int) -> Lives:
    """Return every resident with the true attendances of the last `weeks` of a run, run-up included if need be.

    Who came and was not needed did not serve.
    """
    first = run.settled.weeks - weeks
    windows = weeks // MONTH
    parts = []
    for unit, end in zip(run.city, run.ends, strict=True):
        people, n = unit.people, unit.people.ids.size
        tasks = end.ledgers.tasks[: int(end.ledgers.counts[Book.TASKS])]
        book = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])].astype(np.int64)
        rows = book[(book[:, 6] & (SHOWED | UNUSED) == SHOWED) & (book[:, 0] >= first)]
        who, late = rows[:, 1], rows[:, 0] - first >= weeks // 2
        month = np.unique(who * windows + np.minimum((rows[:, 0] - first) // MONTH, windows - 1)) // windows
        parts.append(np.stack([
            people.age.astype(np.int64), people.traits & FEMALE > 0, people.education,
            people.groups & bit("parents") > 0, people.groups & bit("workers") > 0,
            np.bincount(who[~late], minlength=n), np.bincount(who[late], minlength=n),
            np.bincount(who, weights=rows[:, 3], minlength=n).astype(np.int64),
            np.bincount(who[tasks[rows[:, 2], 10] == 1], minlength=n), np.bincount(month, minlength=n),
        ]).astype(np.int64))
    age, female, education, parent, worker, before, after, hours, online, months = np.concatenate(parts, axis=1)
    return Lives(age, female == 1, education, parent == 1, worker == 1, before, after, hours, online, months, windows)
