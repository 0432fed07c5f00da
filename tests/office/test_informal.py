"""Direct help beside formal service, and schemes of leave."""

from __future__ import annotations

import pytest

from tests.office.org_desk import ours, written


def test_both_measures_come_from_one_survey() -> None:
    rows = written()["informal_help_survey"]
    assert rows["direct"].mean() == pytest.approx(0.25, abs=0.06)
    assert 0 < rows["formal"].mean() < 1
    assert ((rows["direct_hours"] > 0) == rows["direct"]).all()
    assert ((rows["formal_hours"] > 0) == rows["formal"]).all()
    assert (rows["formal"] <= rows["true_served"]).all()               # some attendances are forgotten, none made up
    assert not rows.duplicated(["week", "district", "respondent"]).any()


def test_schemes_grant_leave_to_staff_and_offer_part_of_it_as_micro_tasks() -> None:
    rows = ours(written("everyday", leave_days=8, micro_share=1.0)["workplace_schemes"])
    assert len(rows) > 0
    assert (rows["takers"] <= rows["staff"]).all()
    assert rows["days_granted"].to_numpy() == pytest.approx(2 * rows["takers"].to_numpy())
    assert rows["micro_tasks"].to_numpy() == pytest.approx(16 * rows["takers"].to_numpy())
    assert set(ours(written("everyday", leave_days=8, micro_share=0.0)["workplace_schemes"])["micro_tasks"]) == {0}
    assert len(written("everyday", leave_days=0)["workplace_schemes"]) == len(written()["workplace_schemes"]) == 0


def test_a_campaign_for_reciprocity_moves_nobody_by_default() -> None:
    on, off = (table["informal_help_survey"] for table in (written("everyday", reciprocity=1.0), written()))
    assert on.equals(off)
