"""Assessments: claims, checks and the hours of the full mark."""

from __future__ import annotations

import numpy as np

from tests.office.org_desk import WHERE, written


def test_nobody_is_assessed_without_the_policy() -> None:
    assert len(written()["assessment_records"]) == 0


def test_every_student_is_assessed_at_the_end_of_a_term() -> None:
    tables = written("student_assessment", hours=20)
    rows, people = tables["assessment_records"], tables["people"]
    assert set(rows["week"]) == {25}
    assert set(rows["person"]) == set(people.loc[people["student"] & (people["district"] == WHERE), "person"])


def test_no_more_than_the_full_mark_counts() -> None:
    rows = written("student_assessment", hours=20, weight=0.3)["assessment_records"]
    assert np.allclose(rows["cap_hours"], 10.0)
    assert (rows["counted_hours"] <= rows["cap_hours"]).all()
    assert np.allclose(rows["points"], 30 * rows["counted_hours"] / 10)
    assert rows["points"].max() > 0


def test_where_all_is_checked_the_register_counts() -> None:
    rows = written("student_assessment", hours=20, verification=1.0)["assessment_records"]
    assert rows["checked"].all()
    assert (rows["counted_hours"] <= rows["verified_hours"]).all()
    assert not rows["true_stretched"].any()


def test_unchecked_claims_are_stretched_to_the_mark_by_some_just_below() -> None:
    rows = written("student_assessment", hours=40, verification=0.0, weight=0.3)["assessment_records"]
    assert rows["verified_hours"].isna().all()
    assert rows["true_stretched"].any()
    assert (rows.loc[rows["true_stretched"], "claimed_hours"] == 20).all()
