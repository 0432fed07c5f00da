"""Referrals and the days of advertising (clause V.3.a6)."""

from __future__ import annotations

import pytest

from tests.office.org_desk import ours, written


def test_nothing_is_written_without_the_lever() -> None:
    off = written()
    assert len(off["referrals"]) == len(off["ad_days"]) == 0
    assert set(off["referrals"]) == {"week", "district", "referral_id", "role", "person", "points"}


def test_a_referral_has_two_people_and_pays_the_one_who_was_there_before() -> None:
    tables = written("promotion", referral_points=7, ads=0)
    rows, since = tables["referrals"], tables["people"].set_index("person")["since"]
    assert len(rows) > 0
    assert set(rows.groupby("referral_id")["role"].agg(tuple)) == {("referrer", "referred")}
    assert set(rows.loc[rows["role"] == "referrer", "points"]) == {7.0}
    pairs = rows.pivot(index="referral_id", columns="role", values="person")
    assert (since.loc[pairs["referrer"]].to_numpy() < since.loc[pairs["referred"]].to_numpy()).all()
    assert len(written("promotion", referral_points=0)["referrals"]) == 0


def test_versions_are_shown_by_their_shares_and_do_not_differ() -> None:
    days = ours(written("promotion", ads=20000.0, second_version=0.25)["ad_days"])
    total = days.groupby("version")[["shown", "clicks"]].sum()
    assert total.loc["second", "shown"] / total["shown"].sum() == pytest.approx(0.25, abs=0.01)
    rates = total["clicks"] / total["shown"]
    assert rates["first"] == pytest.approx(0.01, rel=0.2)
    assert set(days["true_chance"]) == {0.01}
    assert set(ours(written("promotion", ads=20000.0, second_version=0.0)["ad_days"])["version"]) == {"first"}
