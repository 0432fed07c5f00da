"""Moments of a course's calendar: how people write them, how they are told, and a proposal week by week."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

from vsim.errors import UsageError
from vsim.spec.plain_yaml import one_line

CALENDAR, EXTENSIONS = "calendar.csv", "extensions.csv"
COLUMNS = {"unit": ("单元", "作业"), "due": ("due date", "deadline", "截止时间", "截止日期", "截止")}
LONGER = {"learner": ("id", "学号", "工号", "编号", "学员"), **COLUMNS, "reason": ("note", "原因", "理由", "备注")}
DAYS, AT = 7, "18:00"         # between proposed dates, and their time, where the curriculum says nothing
YEARS = range(2000, 2100)
WHEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]*(\d{1,2}):(\d\d)(?::(\d\d)(?:\.0*)?)?)? ?(Z|[+-]\d\d:?\d\d)?")
ALLOWED = "allowed a date and a time, such as '2026-12-01 18:00'"


def clock_of(offset: str) -> timezone:
    """Return the clock that is so far ahead of UTC, such as "+08:00".

    >>> clock_of("-03:30")
    datetime.timezone(datetime.timedelta(days=-1, seconds=73800))
    """
    hours, minutes = offset[1:].split(":")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if offset.startswith("-") else ahead)


def when(text: str, clock: timezone, where: str) -> datetime:
    """Return the moment that a person wrote, on a clock; a date alone means the last minute of its day.

    Parameters
    ----------
    text : str
        Such as "2026-12-01 18:00", "2026/12/1 18:00", "2026年12月1日 18:00", or with an offset of its own.
    clock : timezone
    where : str
        For the message: file and line, or the option.

    Raises
    ------
    UsageError
        When it is no date that exists; days before months are not guessed at.
    """
    found = WHEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise UsageError(f"{where}: due is {one_line(text)!r}; {ALLOWED}. Write the year first.")
    year, month, day = (int(part) for part in found.group(1, 2, 3))
    hour, minute = (int(part) for part in found.group(4, 5)) if found[4] else (23, 59)
    offset = (found[7] or "").replace("Z", "+00:00")
    try:
        own = clock_of(f"{offset[:3]}:{offset[-2:]}") if offset else clock
        midnight = datetime(year, month, day, tzinfo=own)
        if year not in YEARS or (hour, minute) > (24, 0) or minute > 59:
            raise ValueError
    except ValueError:
        raise UsageError(f"{where}: due is {one_line(text)!r}, which is no day and time from {YEARS[0]} to "
                         f"{YEARS[-1]}; {ALLOWED}. Look at the calendar.") from None
    return (midnight + timedelta(hours=hour, minutes=minute)).astimezone(clock)


def told(moment: datetime) -> str:
    """Return a moment as people write it, with its clock.

    >>> told(datetime(2026, 12, 1, 18, tzinfo=clock_of("+08:00")))
    '2026-12-01 18:00 (UTC+08:00)'
    """
    return f"{moment:%Y-%m-%d %H:%M} ({moment.tzname()})"


def proposal(
    units: Iterable[str], starts: date, clock: timezone, days: int = DAYS, at: str = AT
) -> dict[str, datetime]:
    """Return a due date for each unit, so many days apart, the first so many after the start, at a time of day."""
    hour, minute = (int(part) for part in at.split(":"))
    first = datetime(starts.year, starts.month, starts.day, hour, minute, tzinfo=clock)
    return {unit: first + timedelta(days=days * place) for place, unit in enumerate(units, start=1)}


def is_past(moment: datetime, now: datetime | None = None) -> bool:
    """Return whether a moment is over."""
    return moment <= (now or datetime.now(UTC))
