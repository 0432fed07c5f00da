"""Seasons: when demand and willingness rise and fall, by real date.

Peaks fall in the weeks of 5 March (Lei Feng day) and 5 December (International Volunteer Day); the Spring Festival
empties two weeks. The dates of the festival are those of the Chinese calendar, 2015 to 2040; years outside are placed
at the mean date, 5 February.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vsim.exact import exp32, units
from vsim.spec.calendar import month_of, week_of, weeks_with

# Month and day of the first day of the lunar year (Hong Kong Observatory, Gregorian-lunar conversion tables).
SPRING_FESTIVAL = {
    2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25), 2021: (2, 12),
    2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26),
    2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
    2036: (1, 28), 2037: (2, 15), 2038: (2, 4), 2039: (1, 24), 2040: (2, 12),
}
MEAN_FESTIVAL = (2, 5)
PEAKS = {"march": (3, 5), "december": (12, 5)}
FADING_WEEKS = 8
SUMMER = (7, 8)

Int = NDArray[np.int64]


def festival_weeks(start: date, weeks: range) -> list[int]:
    """Return the weeks of the Spring Festival and the week after each, inside `weeks`."""
    found = []
    for year in range(start.year - 11, start.year + 22):
        month, day = SPRING_FESTIVAL.get(year, MEAN_FESTIVAL)
        first = week_of(date(year, month, day), start)
        found += [week for week in (first, first + 1) if week in weeks]
    return found


def burst(start: date, weeks: range, day: tuple[int, int], height: float, decay: float) -> Int:
    """Return a yearly burst that fades, shape (weeks,), 1/1024: its height in the week of the day, then by `decay`."""
    out = np.zeros(len(weeks), dtype=np.int64)
    for peak in weeks_with(*day, start=start, weeks=range(weeks.start - FADING_WEEKS, weeks.stop)):
        for later in range(FADING_WEEKS):
            if peak + later in weeks:
                fall = int(exp32(-units(later / decay)))
                out[peak + later - weeks.start] += units(height) * fall >> 32
    return out


def demand_season(start: date, weeks: range, value: Mapping[str, float]) -> Int:
    """Return the season of demand, shape (weeks,), log 1/1024."""
    decay = value["demand.peak_decay"]
    out = sum(
        (burst(start, weeks, day, value[f"demand.peak_{name}"], decay) for name, day in PEAKS.items()),
        np.zeros(len(weeks), dtype=np.int64),
    )
    for week in festival_weeks(start, weeks):
        out[week - weeks.start] -= units(value["demand.winter_dip"])
    return out


def willing_season(start: date, weeks: range, value: Mapping[str, float]) -> Int:
    """Return the season of willingness to take part, shape (weeks,), 1/1024 logit."""
    out = burst(start, weeks, PEAKS["march"], value["participation.peak_march"], value["demand.peak_decay"])
    summer = units(value["participation.summer"])
    for week in weeks:
        if month_of(week, start) in SUMMER:
            out[week - weeks.start] += summer
    return out
