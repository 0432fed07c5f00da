"""Hiring: applications, claims and calls."""

from __future__ import annotations

import numpy as np

from tests.office.org_desk import WHERE, ours, written


def test_without_the_policy_people_apply_and_nothing_is_checked() -> None:
    rows = written()["job_applications"]
    assert len(rows) > 0
    assert not rows["checked"].any()
    assert rows["hours_found"].isna().all()
    people = written()["people"].set_index("person")
    assert (people.loc[rows["person"], "age"] < 60).all()


def test_the_same_people_apply_in_both_arms_and_only_ours_are_checked() -> None:
    off, on = written()["job_applications"], written("hiring", weight=1.0, verification=1.0)["job_applications"]
    assert off[["week", "person"]].equals(on[["week", "person"]])
    inside = ours(on)
    assert (inside["checked"] == inside["claims_service"]).all()
    assert not on.loc[on["district"] != WHERE, "checked"].any()


def test_a_claim_without_service_is_rejected_where_checked() -> None:
    rows = written("hiring", weight=1.0, verification=1.0)["job_applications"]
    checked = rows[rows["checked"]]
    assert (checked["rejected"] == (checked["hours_found"] == 0)).all()
    assert not rows.loc[~rows["checked"], "rejected"].any()


def test_by_default_a_claim_moves_no_call() -> None:
    off, on = written()["job_applications"], written("hiring", weight=1.0, verification=0.0)["job_applications"]
    assert np.allclose(off["true_chance"], on["true_chance"])
    assert off["called"].equals(on["called"])


def test_what_service_taught_is_in_the_chance() -> None:
    rows = written()["job_applications"]
    base = 0.08 + 0.05 * rows["degree"]
    assert np.allclose(rows["true_chance"] - base, 0.02 * rows["true_hours"] / (rows["true_hours"] + 50))
