"""Command: what is kept in normal times, and who was assigned, kept or turned away in an emergency (V.3.b3)."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import SEED, town
from tests.office.org_desk import written
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy

BEGAN, WEEKS = 6, 5
FEW = {"choice.menu_reference": 2.0, "participation.taste_mean": 2.0}


@cache
def tables(**command: float) -> dict[str, pd.DataFrame]:
    """Return all tables of a town with an emergency from week 6 on, and a command where one is given."""
    used = [Policy(lever="emergency", start_week=BEGAN, values={"level": 1, "weeks": WEEKS})]
    used += [Policy(lever="command", start_week=4, values=command)] if command else []
    return all_tables(simulate(town(FEW, residents=900, districts=2, policies=tuple(used)), SEED))


def test_without_an_emergency_nobody_is_deployed() -> None:
    quiet = written("command", duty=3, drills=12)
    assert len(quiet["deployments"]) == len(quiet["incidents"]) == 0
    assert len(quiet["duty_roster"]) == 3 * 32
    assert quiet["duty_roster"].groupby("week")["person"].nunique().max() == 3
    assert len(quiet["command_drills"]) > 5
    assert (quiet["command_drills"]["present"] <= quiet["command_drills"]["called"]).all()
    assert len(quiet["command_plans"]) > 0


def test_everybody_who_wanted_to_serve_is_written_down_once() -> None:
    found = tables()
    rows, weekly = found["deployments"], found["weekly"]
    assert not rows.duplicated(["week", "person"]).any()
    assert set(rows["week"]) == set(range(BEGAN, BEGAN + WEEKS)) == set(found["incidents"]["week"])
    part = weekly[weekly["week"].isin(rows["week"])]
    assert len(rows) == part["willing"].sum()
    assert set(rows["status"]) <= {"assigned", "turned_away"}
    assert set(rows["credential"]) == {"not_checked"}
    assert rows["came_forward"].any()


def test_under_command_a_reserve_is_kept_up_to_the_cap() -> None:
    rows = tables(single=1, cap=2, credential_check=1, drills=0)["deployments"]
    kept = rows[(rows["status"] == "reserve") & rows["came_forward"]]
    assert kept.groupby(["week", "district"]).size().max() <= 2
    turned = rows[rows["status"] == "turned_away"]
    assert turned["came_forward"].all()
    assert set(rows["credential"]) <= {"none", "valid", "expired", "pending"}


def test_drills_shorten_the_wait() -> None:
    slow, quick = (tables(single=1, drills=drills)["deployments"]["wait_hours"].mean() for drills in (0, 12))
    assert quick < slow < tables()["deployments"]["wait_hours"].mean()
