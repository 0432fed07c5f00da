"""Certificates: from verified records alone, each hour once, refused where there are none."""

from __future__ import annotations

import pandas as pd

from tests.office.rights_desk import WEEKS, WHERE, fen, written
from vsim.world.sources import SERVICE_FIELDS

VERIFIED, INFLATED = 4, 8


def test_none_are_issued_without_the_policy() -> None:
    assert len(written()["certificates"]) == len(written()["certificate_requests"]) == 0


def test_hours_certified_never_exceed_those_verified() -> None:
    on = written(certificates={"least_hours": 0.25})
    tasks = on["tasks"].set_index("task")
    p = on["placements"]
    p = p[(p["week"] >= 0) & (p["flags"] & VERIFIED > 0) & (p["due"] < WEEKS)]
    p = p.assign(organisation=tasks["organisation"].reindex(p["task"]).to_numpy())
    there = p.groupby(["person", "organisation"])["entered"].sum() / 4
    given = on["certificates"].groupby(["person", "organisation"])["hours"].sum()
    assert len(given) > 20
    assert (given <= there.reindex(given.index)).all()
    assert set(on["certificates"]["district"]) == {WHERE}


def test_requests_that_have_too_little_are_refused() -> None:
    on = written(certificates={"least_hours": 6.0})
    asked, given = on["certificate_requests"], on["certificates"]
    assert (given["hours"] >= 6).all()
    accepted = asked[asked["outcome"] == "accepted"]
    assert set(accepted["request_no"]) == set(given["request_no"])
    assert (asked.loc[asked["outcome"] == "refused_unverified", "hours_verified"] == 0).all()
    few = asked.loc[asked["outcome"] == "refused_too_few", "hours_verified"]
    assert len(few)
    assert few.between(0.25, 5.99).all()


def test_a_check_of_all_revokes_all_that_hold_added_hours() -> None:
    none = written(certificates={"checked": 0.0})["certificates"]
    assert "revoked" not in set(none["state"])
    rows = written(certificates={"checked": 1.0})["certificates"]
    out = rows[rows["state"] != "pending"]
    assert ((out["state"] == "revoked") == out["true_inflated"]).all()


def test_the_date_follows_turnaround_and_notice() -> None:
    rows = written(certificates={"turnaround_days": 10.0, "notice_days": 7.0})["certificates"]
    out = rows[rows["state"] != "pending"]
    assert (out["issued_week"] == out["week"] + 3).all()
    slow = written(certificates={"turnaround_days": 90.0, "notice_days": 60.0})["certificates"]
    assert (slow["state"] == "pending").sum() > (rows["state"] == "pending").sum()
    assert pd.isna(rows["period_from"]).sum() == 0
    assert (rows["period_from"] < rows["period_to"]).all()


def test_money_is_paid_for_each() -> None:
    on = written(certificates={"checked": 1.0, "handling": 5.0, "check_cost": 3.0})
    assert fen(on, "certificate") == 500 * len(on["certificates"])
    assert fen(on, "certificate_check") == 300 * on["certificates"]["checked"].sum()


def test_a_certificate_names_what_was_done() -> None:
    rows = written(certificates={"least_hours": 0.25})["certificates"]
    assert set(rows["content"]) <= set(SERVICE_FIELDS)
    assert (rows["services"] >= 1).all()
