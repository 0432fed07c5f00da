"""The log of dispatch: offers, time limits and travel (clause V.3.a4)."""

from __future__ import annotations

import pandas as pd

from tests.office.org_desk import ours, written


def log(**values: float) -> pd.DataFrame:
    return ours(written("dispatch", **values)["dispatch_log"])


def test_every_task_is_in_the_log_with_its_end() -> None:
    tables = written()
    rows, tasks = tables["dispatch_log"], tables["tasks"]
    assert len(rows) == (tasks["week"] >= 0).sum()
    assert (rows["outcome"] == "done").sum() == ((tasks["week"] >= 0) & (tasks["true_staffed"] > 0)).sum()
    assert rows.loc[rows["outcome"] == "unassigned", "assigned_minutes"].isna().all()
    done = rows[rows["outcome"] == "done"]
    assert (done["done_minutes"] > done["arrived_minutes"]).all()
    assert (done["arrived_minutes"] >= done["assigned_minutes"]).all()


def test_no_more_offers_than_rounds() -> None:
    assert log(redispatch=0)["offers"].max() == 1
    assert log(redispatch=5)["offers"].max() == 6
    assert (log(redispatch=3)["refusals"] <= log(redispatch=3)["offers"]).all()


def test_an_assignment_under_the_lever_is_within_its_limit() -> None:
    rows = log(urgent_hours=1.0, usual_hours=4.0, redispatch=2)
    there = rows[rows["assigned_minutes"].notna()]
    assert there["assigned_minutes"].max() <= 241
    assert there.loc[there["urgency"] >= 3, "assigned_minutes"].max() <= 61
    assert there["assigned_minutes"].mean() < ours(written()["dispatch_log"])["assigned_minutes"].mean()


def test_a_wider_radius_holds_more() -> None:
    assert log(radius_km=0.5)["within_radius"].sum() < log(radius_km=20.0)["within_radius"].sum()
