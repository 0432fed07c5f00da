"""Forms: who applied, who was too young, and whose guardian agreed."""

from __future__ import annotations

from tests.office.org_desk import ours, written


def test_everybody_who_joined_applied_once() -> None:
    off = written()
    people, forms = off["people"], off["applications"]
    joined = people[people["registered"] & (people["since"] >= 0)]
    assert set(joined["person"]) == set(forms.loc[forms["stage"] == "registered", "person"])
    assert forms["person"].is_unique


def test_each_value_moves_the_forms() -> None:
    young = ours(written("recruitment", min_age=18, outreach=0)["applications"])
    usual = ours(written("recruitment", min_age=14, outreach=0)["applications"])
    assert (young["age_check"] == "failed").sum() > (usual["age_check"] == "failed").sum() == 0
    free = ours(written("recruitment", guardian_consent=0, outreach=0)["applications"])
    assert "given" in set(usual["guardian_consent"])
    assert "given" not in set(free["guardian_consent"])
    long = ours(written("recruitment", form_items=60, outreach=0)["applications"])
    assert len(long) > len(usual)
