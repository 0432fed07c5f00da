"""The office of stations: what each lever of stations writes (clauses V.1 and V.2)."""

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


def test_developments_are_due_by_household() -> None:
    rows = tables(("new_housing", "m2_per_1000", 50.0))["developments"]
    assert (rows["m2_due"] == rows["households"] * 50.0 / 1000).all()
    assert (rows["m2_delivered"] <= rows["m2_due"]).all()


def test_people_walk_in_by_the_staffed_hour() -> None:
    assert tables()["walk_in_requests"].empty
    few = tables(("public_places", "staffing_hours", 10.0))["walk_in_requests"]
    many = tables(("public_places", "staffing_hours", 40.0))["walk_in_requests"]
    assert len(many) > len(few) > 0
    assert not many.duplicated(["station", "week", "request_number"]).any()


def test_guides_need_their_training() -> None:
    short = tables(("venues", "guide_hours", 0.0))["venues"]
    assert short["guides"].sum() >= tables(("venues", "guide_hours", 200.0))["venues"]["guides"].sum()
    assert short["has_station"].any()
    assert not tables()["venues"]["has_station"].any()


def test_stops_are_visited_as_often_as_the_lever_says() -> None:
    once = tables(("mobile_stations", "visits", 1.0))["mobile_visits"]
    twice = tables(("mobile_stations", "visits", 2.0))["mobile_visits"]
    assert len(twice) == 2 * len(once) > 0
    assert not twice.duplicated(["station", "week", "day"]).any()


def test_an_audit_shows_what_is_required_and_not_what_was_there() -> None:
    rows = tables(("station_standard", "required", 6.0), )["station_audit"]
    assert tables(("station_standard", "audit_interval", 4.0))["station_audit"].shape[0] > rows.shape[0] >= 0
    shown = tables(("station_standard", "audit_interval", 4.0))["station_audit"]
    shown = shown[shown["week"] >= 4]
    assert (shown["haves"] == 6).all()
    assert (shown["true_haves"] < 6).any()


def test_hosts_meet_and_plan() -> None:
    assert tables()["coordination_log"].empty
    monthly = tables(("coordination", "meetings", 1.0))
    assert len(tables(("coordination", "meetings", 4.0))["coordination_log"]) == 4 * len(monthly["coordination_log"])
    assert len(monthly["joint_plans"]) > 0
    assert tables(("coordination", "joint_plan", 0.0))["joint_plans"].empty


def test_days_to_the_first_service_are_censored_at_the_end() -> None:
    rows = tables()["station_recruits"]
    assert (rows["days"] >= 0).all()
    assert (rows["censored"] == rows["first_week"].isna()).all()
    assert ((24 - rows["signed_week"]) * 7 == rows["days"])[rows["censored"]].all()


def test_posts_and_reach_follow_the_lever() -> None:
    rows = tables(("publicity", "posts", 7.0))["station_posts"]
    assert (rows[rows["week"] >= 4]["posts"] == 7).all()
    assert rows["reach"].sum() > tables()["station_posts"]["reach"].sum()


def test_stations_open_on_the_days_required() -> None:
    rows = tables(("regular_service", "min_open_days", 26.0))["open_days"]
    assert rows[rows["week"] >= 4]["days"].min() >= 26
    assert rows["regularity"].between(0, 1).all()


def test_grants_are_as_many_as_the_lever_says() -> None:
    assert tables()["innovation_log"].empty
    rows = tables(("quality_funding", "grants", 2.0))["innovation_log"]
    assert (rows.groupby(["week", "district"]).size() <= 2).all()
    assert len(rows) > len(tables(("quality_funding", "grants", 1.0))["innovation_log"]) > 0
