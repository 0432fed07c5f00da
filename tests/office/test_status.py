"""Status: notices, dormancy after grace, appeals and returns."""

from __future__ import annotations

from tests.office.org_desk import ours, written


def counts(**values: float) -> dict[str, int]:
    table = ours(written("dormancy", **values)["status_history"])
    return table[table["entity"] == "volunteer"]["status"].value_counts().to_dict()


def test_there_is_no_status_without_the_policy() -> None:
    assert not (written()["status_history"]["entity"] == "volunteer").any()


def test_each_value_moves_the_register() -> None:
    usual = counts(months=3, grace_months=1, appeal=0)
    assert usual["dormant"] > 0
    assert counts(months=6, grace_months=1, appeal=0)["dormant"] < usual["dormant"]
    assert counts(months=3, grace_months=4, appeal=0)["dormant"] < usual["dormant"]
    assert counts(months=3, grace_months=1, appeal=1)["dormant"] < usual["dormant"]


def test_nobody_goes_dormant_without_a_notice_before() -> None:
    table = ours(written("dormancy", months=3)["status_history"])
    rows = table[table["entity"] == "volunteer"]
    first = rows.drop_duplicates("person")
    assert set(first["status"]) == {"noticed"}
    assert (written("dormancy", months=3)["placements"] == written()["placements"]).all(axis=None)
