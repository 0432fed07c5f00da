"""The office of audit: a sample in which the truth is known (clause VII.2.d)."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import SEED, town
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy


@cache
def tables(*policies: tuple[str, str, float]) -> dict[str, pd.DataFrame]:
    """Return all tables of a town, with the levers named and one value of each set."""
    used = [Policy(lever=lever, start_week=4, values={name: value}) for lever, name, value in policies]
    return all_tables(simulate(town(residents=900, districts=2).with_levers(*used), SEED))


def test_the_sample_is_about_the_fraction_and_all_records_at_one() -> None:
    everything = tables(("audit", "fraction", 1.0))
    placed = everything["placements"]
    entered = placed[(placed["week"] >= 4) & (placed["flags"] & 1 > 0) & (placed["due"] < 24)]
    assert (everything["audited_records"]["week"] >= 4).sum() == len(entered)


def test_hours_struck_follow_the_penalty() -> None:
    rows = tables(("audit", "penalty", 2.0))["audited_records"]
    rows = rows[(rows["week"] >= 4) & (rows["hours_entered"] > rows["hours_found"])]
    added = rows["hours_entered"] - rows["hours_found"]
    assert (rows["hours_struck"] == (2 * added).clip(upper=rows["hours_entered"])).all()
    free = tables(("audit", "penalty", 0.0))["audited_records"]
    assert free["hours_struck"].sum() == 0


def test_a_short_deadline_makes_entries_late() -> None:
    strict = tables(("audit", "deadline_days", 1.0))["audited_records"]["late"].mean()
    lax = tables(("audit", "deadline_days", 90.0))["audited_records"]["late"].mean()
    assert strict > lax
