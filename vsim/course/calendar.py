"""The calendar of a course: when each unit is due, and who was given longer.

Two lists in the course folder say so, and a trainer may edit both: `calendar.csv` (unit, due) and `extensions.csv`
(learner, unit, due, reason). Dates are on the course's own clock, `utc_offset` in course.yaml.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vsim.course.calendar_dates import CALENDAR, COLUMNS, EXTENSIONS, LONGER, clock_of, when
from vsim.course.keys import learner_id
from vsim.course.lists import Grid, list_bytes, read_grid, table_of
from vsim.course.syllabus import NAME
from vsim.course.writing import write_whole
from vsim.errors import UsageError
from vsim.spec.loading import shown
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    from vsim.course.folder import Course


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the two lists say.

    Attributes
    ----------
    dues : mapping of str to datetime
        By unit, in the order of the file; with the course's own clock.
    longer : mapping of (str, str) to datetime
        By learner and unit.
    """

    dues: Mapping[str, datetime] = field(default_factory=dict)
    longer: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    def due(self, unit: str, learner: str = "") -> datetime | None:
        """Return when a unit is due for a learner: the later of the class's date and the learner's own."""
        dates = [when for when in (self.dues.get(unit), self.longer.get((learner, unit))) if when is not None]
        return max(dates, default=None)


def due(course: Course, unit_id: str, learner: str) -> datetime | None:
    """Return when a unit is due for a learner of a course, an extension included; None where no date is set.

    Parameters
    ----------
    course : Course
    unit_id : str
        Such as "foundation-01-registers-and-rates".
    learner : str

    Raises
    ------
    UsageError
        When a line of `calendar.csv` or `extensions.csv` is wrong; the line is named.

    Returns
    -------
    datetime or None
        Aware, on the clock of the course.
    """
    return calendar_of(course).due(unit_id, learner)


def calendar_of(course: Course) -> Calendar:
    """Return the calendar of a course; files that have not changed are not read again.

    Raises
    ------
    UsageError
        As `due`.
    """
    return _read(course.root, course.settings.utc_offset, *(_stamp(course.root / name)
                                                           for name in (CALENDAR, EXTENSIONS)))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _read(root: Path, offset: str, dated: tuple[int, int] | None, longer: tuple[int, int] | None) -> Calendar:
    clock = clock_of(offset)
    return Calendar(_dues(root / CALENDAR, clock) if dated else {}, _longer(root / EXTENSIONS, clock) if longer else {})


def _dues(path: Path, clock: timezone) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for number, cells in table_of(read_grid(path), shown(path), COLUMNS, COLUMNS).rows:
        where = f"{shown(path)}:{number}"
        unit = unit_name(cells["unit"], where)
        if unit in found:
            raise UsageError(f"{where}: the unit '{unit}' stands twice; allowed one line for each. Keep one of them.")
        if cells["due"]:                                        # a unit without a date is one that is not yet planned
            found[unit] = when(cells["due"], clock, where)
    return found


def _longer(path: Path, clock: timezone) -> dict[tuple[str, str], datetime]:
    found: dict[tuple[str, str], datetime] = {}
    needed = ("learner", "unit", "due")
    for number, cells in table_of(read_grid(path), shown(path), LONGER, needed).rows:
        where = f"{shown(path)}:{number}"
        try:
            learner = learner_id(cells["learner"])
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from None
        key = learner, unit_name(cells["unit"], where)
        if key in found:
            raise UsageError(f"{where}: '{key[0]}' has two extensions for '{key[1]}'; allowed one. Keep one of them.")
        found[key] = when(cells["due"], clock, where)
    return found


def unit_name(text: str, where: str) -> str:
    """Return the id that is meant by "foundation/01-x" or "foundation-01-x".

    Raises
    ------
    UsageError
        When it is no name of a unit.
    """
    name = unicodedata.normalize("NFKC", text).strip().strip("/").replace("/", "-")
    if not NAME.fullmatch(name):
        raise UsageError(f"{where}: unit is {one_line(text)!r}; allowed the id of a unit, such as "
                         "foundation-01-registers-and-rates. Correct the line.")
    return name


def set_due(course: Course, unit_id: str, moment: datetime) -> None:
    """Write a unit's date into `calendar.csv`; every other line stays as it is.

    Raises
    ------
    UsageError
        When the file that is there is wrong.
    """
    path = course.root / CALENDAR
    text = f"{moment.astimezone(clock_of(course.settings.utc_offset)):%Y-%m-%d %H:%M}"
    grid: Grid = read_grid(path) if path.is_file() else []
    if not any(any(cells) for _, cells in grid):
        grid = [(1, list(COLUMNS))]
    table = table_of(grid, shown(path), COLUMNS, COLUMNS)
    at = {unit_name(cells["unit"], f"{table.where}:{number}"): number for number, cells in table.rows}
    rows = dict(grid)
    line = rows.setdefault(at.get(unit_id, max(rows) + 1), [])
    line += [""] * (max(table.columns.values()) + 1 - len(line))
    line[table.columns["unit"]], line[table.columns["due"]] = unit_id, text
    write_whole({path: list_bytes(rows.values())})
    _read.cache_clear()
