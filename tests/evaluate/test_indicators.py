"""Indicators: each kind of rate by hand, nothing over nothing, and names that are near."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsim.errors import UsageError
from vsim.evaluate.indicators import ALL, BY_KEY, YEAR, Indicator, indicator, measure
from vsim.run.run import COLUMNS, TASK_COLUMNS


def weeks(*counts: int) -> np.ndarray:
    return np.array(counts, dtype=np.int64)


def test_a_rate_is_the_sum_over_the_mean_stock_for_a_year() -> None:
    """10 quarter hours in 4 weeks by 20 people on average: 2.5 h x 13 / 20."""
    columns = {"hours": weeks(4, 0, 6, 0), "registered": weeks(10, 20, 20, 30)}
    assert measure(indicator("hours_per_registered"), columns) == pytest.approx(2.5 * 13 / 20)


def test_a_ratio_is_sum_over_sum_and_not_a_mean_of_weekly_ratios() -> None:
    columns = {"unplaced": weeks(1, 9), "willing": weeks(100, 10)}
    assert measure(indicator("unplaced_share"), columns) == pytest.approx(10 / 110)


def test_a_yearly_count_is_the_sum_stated_for_52_weeks() -> None:
    assert measure(indicator("joined"), {"joined": weeks(3, 4, 6)}) == pytest.approx(13 * 52 / 3)
    assert measure(indicator("hours"), {"hours": weeks(*[4] * 52)}) == pytest.approx(52)


def test_a_stock_is_the_mean_over_the_window() -> None:
    assert measure(indicator("registered"), {"registered": weeks(10, 20, 60)}) == pytest.approx(30)


def test_a_share_of_a_year_counts_people_in_whole_windows_over_the_mean_stock() -> None:
    what = indicator("active_share_year")
    one = np.zeros(YEAR, dtype=np.int64)
    one[[0, 10, 51]] = 5, 2, 3
    assert measure(what, {"active_year": one, "registered": np.full(YEAR, 40)}) == pytest.approx(10 / 40)
    two = {"active_year": np.concatenate([one, 2 * one]), "registered": np.full(2 * YEAR, 40)}
    assert measure(what, two) == pytest.approx(15 / 40)
    short = {"active_year": one[:51], "registered": np.full(51, 40)}
    assert math.isnan(measure(what, short))


def test_a_share_of_a_year_uses_only_years_that_lie_wholly_in_the_window() -> None:
    """Years are counted from week 0; a window that begins in week 30 holds the year of weeks 52 to 103 and no other."""
    what = indicator("active_share_year")
    counts = np.arange(120)
    columns = {"active_year": counts, "registered": np.full(120, 1000)}
    late = {name: values[30:] for name, values in columns.items()}
    assert measure(what, late, first=30) == pytest.approx(counts[52:104].sum() / 1000)
    assert measure(what, columns, first=0) == pytest.approx(counts[:104].sum() / 2 / 1000)
    short = {name: values[30:100] for name, values in columns.items()}
    assert math.isnan(measure(what, short, first=30))


@pytest.mark.slow
@pytest.mark.parametrize("length", [52, 60, 104])
def test_the_active_share_is_that_of_people_with_a_record_in_the_years_of_the_run(length: int) -> None:
    """By the records themselves, person by person."""
    from tests.cli.small import scenarios
    from vsim.run.record import raw_tables
    from vsim.run.run import simulate

    run = simulate(scenarios()[0].model_copy(update={"weeks": length, "policies": []}), 1)
    frame = run.weekly("all")
    placed = raw_tables(run)["placements"]
    recorded = placed[placed["flags"] & 1 == 1]
    years = length // YEAR
    active = [recorded.loc[recorded["week"] // YEAR == year, "person"].nunique() for year in range(years)]
    expected = sum(active) / years / frame["registered"][: years * YEAR].mean()
    columns = {name: frame[name].to_numpy() for name in ("active_year", "registered")}
    assert measure(indicator("active_share_year"), columns, first=0) == pytest.approx(expected)


def test_recorded_hours_with_copies_stand_over_true_hours() -> None:
    columns = {"recorded_hours": weeks(8, 4), "copied_hours": weeks(2, 0), "hours": weeks(8, 8)}
    assert measure(indicator("record_ratio"), columns) == pytest.approx(14 / 16)


@pytest.mark.parametrize("what", ALL, ids=lambda what: what.key)
def test_nothing_over_nothing_is_not_a_number_and_never_a_warning(what: Indicator) -> None:
    columns = {name: np.zeros((2, YEAR), dtype=np.int64) for name in (*COLUMNS, *TASK_COLUMNS)}
    found = measure(what, columns)
    assert found.shape == (2,)
    assert np.isnan(found).all() == (what.denominator is not None)
    assert np.isnan(found).any() == (what.denominator is not None)


@pytest.mark.parametrize("what", ALL, ids=lambda what: what.key)
def test_every_indicator_reads_columns_that_are_counted_and_says_its_unit(what: Indicator) -> None:
    known = {*COLUMNS, *TASK_COLUMNS, "all_recorded_hours"}
    assert what.numerator in known
    assert (what.denominator is None) == (what.kind in {"yearly", "stock"})
    assert what.denominator is None or what.denominator in known
    assert what.unit
    assert what.label
    hours = "hours" in what.numerator
    assert (what.scale == 0.25) == (hours and what.key != "record_ratio")
    if "verified" in what.numerator or "recorded" in what.numerator or what.numerator == "active_year":
        assert what.view == "register"


def test_keys_are_distinct_and_found() -> None:
    assert len(BY_KEY) == len(ALL)
    assert all(indicator(what.key) is what for what in ALL)


@pytest.mark.parametrize(("wrong", "near"), [
    ("hours_per_registerd", "hours_per_registered"), ("unplaced", "unplaced_share"), ("Stars", "stars"),
])
def test_an_unknown_key_is_refused_with_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"Did you mean '{near}'") as error:
        indicator(wrong)
    assert f"indicator is '{wrong}'" in str(error.value)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=60))
def test_indicators_of_a_stack_are_those_of_its_layers(pairs: list[tuple[int, int]]) -> None:
    top, bottom = np.array(pairs, dtype=np.int64).T
    layers = {"hours": np.stack([top, 3 * top]), "registered": np.stack([bottom, bottom]),
              "attended": np.stack([bottom, top])}
    for key in ("hours_per_registered", "hours_per_attendance", "hours", "registered"):
        whole = measure(indicator(key), layers)
        for layer in range(2):
            single = measure(indicator(key), {name: values[layer] for name, values in layers.items()})
            np.testing.assert_array_equal(whole[layer], single)


def test_indicators_of_a_run_are_those_of_its_weekly_table() -> None:
    """A second way round: from the tidy table, by plain Python."""
    from tests.cli.small import town_run

    frame = town_run().weekly("all")
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    hours, stock = frame["hours"].sum() / 4, frame["registered"].mean()
    assert measure(indicator("hours_per_registered"), columns) == pytest.approx(hours / 20 * 52 / stock)
    assert measure(indicator("fill_rate"), columns) == pytest.approx(frame["filled"].sum() / frame["seats"].sum())
    assert measure(indicator("no_show_share"), columns) == pytest.approx(frame["absent"].sum() / frame["placed"].sum())
