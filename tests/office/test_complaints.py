"""Complaints: by whom, about what, and their clocks."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import SEED, town
from tests.office.rights_desk import ours, written
from vsim.levers.reimbursement import Reimbursement
from vsim.run.offices import paperwork
from vsim.run.run import simulate


def test_people_served_and_volunteers_complain() -> None:
    rows = written()["complaints"]
    assert set(rows["by"]) == {"served", "volunteer"}
    assert set(rows.loc[rows["by"] == "served", "about"]) == {"service", "conduct"}
    assert set(rows.loc[rows["by"] == "volunteer", "about"]) <= {"harm", "came_in_vain"}


def test_there_are_no_more_complaints_than_causes() -> None:
    off = written()
    kinds = off["complaints"]["about"].value_counts()
    assert kinds["conduct"] <= off["weekly"]["breaches"].sum()
    assert kinds.get("harm", 0) <= off["weekly"]["incidents"].sum()
    assert kinds.get("came_in_vain", 0) <= off["weekly"]["unused"].sum()


def test_open_complaints_have_no_days() -> None:
    rows = written()["complaints"]
    waiting = rows["outcome"] == "open"
    assert np.array_equal(rows["days"].isna(), waiting)
    done = rows[~waiting]
    assert (done["closed_week"] == done["week"] + done["days"] // 7).all()
    assert np.array_equal(done["late"], done["days"] > done["promised_days"])
    assert (rows["closed_week"] < 40).all()


def test_a_channel_for_grievances_promises_for_volunteers_only() -> None:
    rows = ours(written(grievance={"response_days": 3})["complaints"])
    assert set(rows.loc[rows["by"] == "volunteer", "promised_days"]) == {3}
    assert set(rows.loc[rows["by"] == "served", "promised_days"]) == {15}


def test_where_nothing_happens_the_tables_are_empty() -> None:
    still = {"demand.tasks": 0.05, "demand.recurring_rate": 0.05, "participation.taste_mean": -5.0}
    scenario = town(still, residents=100, districts=2, weeks=4, policies=(Reimbursement(),))
    seen = paperwork(simulate(scenario, SEED))
    for name in ("complaints", "reimbursements", "incident_log", "claims", "grievances", "certificates"):
        assert len(seen[name]) == 0, name
