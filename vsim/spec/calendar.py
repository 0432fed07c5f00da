"""Weeks and dates: a run's week 0 starts on a Monday, and real dates fall into weeks from there.

"Month" indicators are windows of 4 weeks and "year" indicators windows of 52, as their names must say.
"""

from __future__ import annotations

from datetime import date, timedelta

from vsim.errors import UsageError

DAYS = 7
MONTH = 4
YEAR = 52


def is_monday(day: date) -> bool:
    """Return whether a day is a Monday.

    >>> is_monday(date(2025, 1, 6))
    True
    """
    return day.weekday() == 0


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds a day.

    >>> monday_of(date(2025, 3, 5))
    datetime.date(2025, 3, 3)
    """
    return day - timedelta(days=day.weekday())


def week_of(day: date, start: date) -> int:
    """Return the number of the week that holds a day; the weeks before `start` are negative.

    >>> week_of(date(2025, 1, 12), start=date(2025, 1, 6)), week_of(date(2025, 1, 5), start=date(2025, 1, 6))
    (0, -1)
    """
    return (day - start).days // DAYS


def first_week_from(day: date, start: date) -> int:
    """Return the first week whose Monday is `day` or later: the week in which something dated begins to hold.

    >>> start = date(2025, 1, 6)
    >>> first_week_from(date(2025, 1, 13), start), first_week_from(date(2025, 1, 14), start)
    (1, 2)
    """
    return -((start - day).days // DAYS)


def date_of(week: int, start: date) -> date:
    """Return the first day of a week.

    Raises
    ------
    UsageError
        When the date lies outside the years 1 to 9999.

    >>> date_of(2, start=date(2025, 1, 6))
    datetime.date(2025, 1, 20)
    """
    try:
        return start + timedelta(days=DAYS * week)
    except OverflowError:
        raise UsageError(f"calendar: week {week} from {start} has no date; allowed years 1 to 9999. "
                         "Start the run in this century.") from None


def window(last_week: int, length: int) -> range:
    """Return the `length` weeks that end with, and include, `last_week`.

    >>> list(window(last_week=10, length=4))
    [7, 8, 9, 10]
    """
    return range(last_week - length + 1, last_week + 1)


def month_window(last_week: int) -> range:
    """Return the 4 weeks that end with `last_week`: a "month" of an indicator."""
    return window(last_week, MONTH)


def year_window(last_week: int) -> range:
    """Return the 52 weeks that end with `last_week`: a "year" of an indicator."""
    return window(last_week, YEAR)


def weeks_with(month: int, day: int, start: date, weeks: range) -> list[int]:
    """Return the weeks that hold a day of the year, such as 5 March, in order.

    Years in which the day does not exist (29 February) are passed over.

    >>> weeks_with(3, 5, start=date(2025, 1, 6), weeks=range(104))
    [8, 60]
    """
    if not weeks:
        return []
    first, last = date_of(weeks[0], start), date_of(weeks[-1], start) + timedelta(days=DAYS - 1)
    found = []
    for year in range(first.year, last.year + 1):
        try:
            anniversary = date(year, month, day)
        except ValueError:
            if not 1 <= month <= 12 or not 1 <= day <= 31:
                raise UsageError(f"calendar: month {month}, day {day} is no day of a year. "
                                 "Write the month 1 to 12, then the day.") from None
            continue
        if week_of(anniversary, start) in weeks:
            found.append(week_of(anniversary, start))
    return found


def month_of(week: int, start: date) -> int:
    """Return the calendar month, 1 to 12, that holds the larger part of a week (that of its Thursday).

    >>> month_of(4, start=date(2025, 1, 6))
    2
    """
    return (date_of(week, start) + timedelta(days=3)).month
