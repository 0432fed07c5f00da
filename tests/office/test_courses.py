"""Courses: a catalogue without circles, and tiers in order."""

from __future__ import annotations

from tests.office.org_desk import WHERE, ours, written


def test_a_course_asks_for_one_of_the_tier_below() -> None:
    table = written("training_tiers", fields=3)["course_catalogue"]
    tier = dict(zip(table["course"], table["tier"], strict=True))
    asks = table.dropna(subset=["prerequisite"])
    assert len(table) == 2 + 3 * 3
    assert all(int(tier[p][1]) == int(t[1]) - 1 for p, t in zip(asks["prerequisite"], asks["tier"], strict=True))
    assert len(written()["course_catalogue"]) == 0


def test_each_tier_follows_the_one_below_and_values_move_the_records() -> None:
    rows = ours(written("training_tiers")["course_records"])
    higher = rows[rows["tier"] == "L1"]
    base = written()["course_records"]
    assert len(higher) > 0
    assert set(higher["person"]) <= set(base.loc[base["passed"] & (base["district"] == WHERE), "person"])
    late = ours(written("training_tiers", refresh_months=60)["course_records"])
    assert late["refresh_week"].mean() > rows["refresh_week"].mean()
    long = ours(written("training_tiers", induction_hours=40)["course_records"])
    assert long["hours"].mean() > rows["hours"].mean()
