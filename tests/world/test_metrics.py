"""Counts: names without gaps, each a column of the weekly tables, each made use of."""

from __future__ import annotations

from vsim.evaluate.indicators import ALL
from vsim.run.run import COLUMNS, TASK_COLUMNS
from vsim.world.metrics import MONTH, YEAR, A, M


def test_counts_are_numbered_without_gaps() -> None:
    assert [int(metric) for metric in M] == list(range(len(M)))
    assert [int(metric) for metric in A] == list(range(len(A)))


def test_every_count_is_a_column_once() -> None:
    assert tuple(metric.name.lower() for metric in M) == COLUMNS
    assert tuple(metric.name.lower() for metric in A) == TASK_COLUMNS
    assert not set(COLUMNS) & set(TASK_COLUMNS)


def test_every_indicator_reads_counts_that_exist() -> None:
    known = {*COLUMNS, *TASK_COLUMNS, "all_recorded_hours", None}
    assert {what.numerator for what in ALL} | {what.denominator for what in ALL} <= known


def test_a_month_is_four_weeks_and_a_year_is_thirteen_of_them() -> None:
    assert (MONTH, YEAR) == (4, 52)
    assert YEAR % MONTH == 0
