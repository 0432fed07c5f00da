"""Weeks start on Mondays; real dates fall into weeks, over leap years and turns of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from vsim.errors import UsageError
from vsim.spec.calendar import (
    date_of,
    first_week_from,
    is_monday,
    monday_of,
    month_of,
    month_window,
    week_of,
    weeks_with,
    window,
    year_window,
)

START = date(2024, 1, 1)


def test_every_day_lies_in_the_week_whose_first_day_is_its_monday() -> None:
    for offset in range(-800, 800):
        day = START + timedelta(days=offset)
        week = week_of(day, START)
        assert date_of(week, START) == monday_of(day)
        assert date_of(week, START) <= day < date_of(week + 1, START)
        assert is_monday(date_of(week, START))


def test_a_dated_policy_begins_with_the_first_monday_on_or_after_its_date() -> None:
    for offset in range(-30, 30):
        day = START + timedelta(days=offset)
        week = first_week_from(day, START)
        assert date_of(week, START) >= day > date_of(week - 1, START)


def test_events_are_placed_by_their_real_date() -> None:
    weeks = weeks_with(3, 5, START, range(104))
    assert [date_of(week, START) for week in weeks] == [date(2024, 3, 4), date(2025, 3, 3)]
    assert weeks_with(2, 29, START, range(104)) == [week_of(date(2024, 2, 29), START)]
    assert weeks_with(12, 31, START, range(-4, 0)) == [-1]
    assert weeks_with(3, 5, START, range(0)) == []


def test_each_year_has_its_event_once() -> None:
    assert len(weeks_with(12, 5, START, range(522))) == 10
    assert len(set(weeks_with(12, 5, START, range(522)))) == 10


def test_days_and_weeks_that_do_not_exist_are_refused() -> None:
    with pytest.raises(UsageError, match="month 13"):
        weeks_with(13, 1, START, range(52))
    with pytest.raises(UsageError, match="week 999999"):
        date_of(999_999, START)


def test_months_are_four_weeks_and_years_fifty_two() -> None:
    assert list(month_window(3)) == [0, 1, 2, 3]
    assert len(year_window(60)) == 52
    assert year_window(60)[-1] == 60
    assert list(window(last_week=2, length=1)) == [2]


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    assert month_of(4, date(2025, 1, 6)) == 2
    assert month_of(0, date(2024, 12, 30)) == 1
    assert month_of(0, date(2024, 4, 29)) == 5
