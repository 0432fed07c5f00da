"""Seasons fall on real dates: Lei Feng day, International Volunteer Day, the Spring Festival, the summer."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pytest

from vsim.spec.calendar import is_monday, week_of
from vsim.spec.cards import values
from vsim.world.seasons import MEAN_FESTIVAL, SPRING_FESTIVAL, burst, demand_season, festival_weeks, willing_season

VALUE = values()
START = date(2025, 1, 6)


def test_the_peaks_stand_in_the_weeks_of_5_march_and_5_december() -> None:
    season = demand_season(START, range(52), {**VALUE, "demand.winter_dip": 0.0})
    march, december = week_of(date(2025, 3, 5), START), week_of(date(2025, 12, 5), START)
    assert season[march] / 1024 == pytest.approx(VALUE["demand.peak_march"], abs=1e-3)
    assert season[december] / 1024 == pytest.approx(VALUE["demand.peak_december"], abs=1e-3)
    assert season[march - 1] == 0
    assert int(np.argmax(season)) == march


def test_a_burst_falls_by_its_decay_and_is_over_after_eight_weeks() -> None:
    found = burst(START, range(52), (3, 5), 0.9, 2.5) / 1024
    week = week_of(date(2025, 3, 5), START)
    stated = 0.9 * np.exp(-np.arange(8) / 2.5)
    assert found[week : week + 8] == pytest.approx(stated, abs=3e-3)
    assert not found[week + 8 :].any()
    assert not found[:week].any()


def test_a_peak_before_the_first_week_still_fades_into_it() -> None:
    late = burst(date(2025, 3, 10), range(10), (3, 5), 0.9, 2.5)
    whole = burst(START, range(52), (3, 5), 0.9, 2.5)
    week = week_of(date(2025, 3, 10), START)
    assert np.array_equal(late[:7], whole[week : week + 7])
    assert late[0] > 0


def test_the_run_up_and_the_run_are_one_calendar() -> None:
    early = demand_season(START, range(-30, 40), VALUE)
    moved = demand_season(START - timedelta(weeks=30), range(70), VALUE)
    assert np.array_equal(early, moved)


def test_the_spring_festival_empties_its_week_and_the_next() -> None:
    weeks = festival_weeks(START, range(104))
    first = week_of(date(2025, 1, 29), START)
    assert weeks == [first, first + 1, week_of(date(2026, 2, 17), START), week_of(date(2026, 2, 17), START) + 1]
    season = demand_season(START, range(104), {**VALUE, "demand.peak_march": 0.0, "demand.peak_december": 0.0})
    assert sorted(np.flatnonzero(season)) == weeks
    assert (season[weeks] == -512).all()


def test_years_outside_the_table_use_the_mean_date() -> None:
    start = date(2045, 1, 2)
    assert festival_weeks(start, range(52)) == [week_of(date(2045, *MEAN_FESTIVAL), start) + k for k in (0, 1)]


def test_the_festival_falls_between_21_january_and_20_february() -> None:
    assert set(SPRING_FESTIVAL) == set(range(2015, 2041))
    for year, (month, day) in SPRING_FESTIVAL.items():
        assert date(year, 1, 21) <= date(year, month, day) <= date(year, 2, 20)


def test_the_festival_returns_after_354_355_383_or_384_days() -> None:
    days = [date(year, *SPRING_FESTIVAL[year]) for year in sorted(SPRING_FESTIVAL)]
    assert {(later - sooner).days for sooner, later in itertools.pairwise(days)} <= {353, 354, 355, 383, 384, 385}


def test_willingness_rises_in_march_and_sinks_in_summer() -> None:
    season = willing_season(START, range(52), VALUE)
    assert season[week_of(date(2025, 3, 5), START)] / 1024 == pytest.approx(VALUE["participation.peak_march"], abs=1e-3)
    assert season[week_of(date(2025, 7, 16), START)] / 1024 == pytest.approx(VALUE["participation.summer"], abs=1e-3)
    assert season[week_of(date(2025, 10, 15), START)] == 0


def test_seasons_that_are_switched_off_leave_a_flat_year() -> None:
    flat = {**VALUE, "demand.peak_march": 0.0, "demand.peak_december": 0.0, "demand.winter_dip": 0.0,
            "participation.peak_march": 0.0, "participation.summer": 0.0}
    assert not demand_season(START, range(-10, 60), flat).any()
    assert not willing_season(START, range(-10, 60), flat).any()
    assert is_monday(START)
