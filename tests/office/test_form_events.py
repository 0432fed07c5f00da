"""Form events: every step in order, and where people gave up (clause V.3.a1)."""

from __future__ import annotations

from tests.office.org_desk import ours, written


def test_who_applied_through_the_system_submitted_a_form() -> None:
    off = written()
    forms, events = off["applications"], off["form_events"]
    submitted = events[events["step"] == "submitted"]
    assert set(submitted["person"]) == set(forms.loc[forms["channel"] == "system", "person"])
    assert not events.duplicated(["person", "week", "step"]).any()


def test_a_form_ends_once_and_is_left_before_its_last_field() -> None:
    events = written("online_registration", required_fields=20, id_check=1)["form_events"]
    ends = events[events["step"].isin(["submitted", "left"])]
    assert len(ends) == (events["step"] == "opened").sum() == events["opened"].sum()
    left = events[events["step"] == "left"]
    assert (left["fields_filled"] < left["fields"]).all()


def test_longer_forms_are_left_more_often_and_help_keeps_people() -> None:
    def left(**values: float) -> int:
        return int((ours(written("online_registration", **values)["form_events"])["step"] == "left").sum())

    assert left(required_fields=4, assisted=0.0) < left(required_fields=40, assisted=0.0)
    assert left(required_fields=40, assisted=1.0) < left(required_fields=40, assisted=0.0)


def test_identity_is_checked_where_the_policy_asks() -> None:
    assert "identity" not in set(written()["form_events"]["step"])
    assert "identity" not in set(ours(written("online_registration", id_check=0)["form_events"])["step"])
    assert "identity" in set(ours(written("online_registration", id_check=1)["form_events"])["step"])
