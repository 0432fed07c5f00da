"""The desk of the sign: licences once, misuse with its penalty."""

from __future__ import annotations

from tests.office.org_desk import WHERE, ours, written


def test_licences_are_given_once_to_those_who_must_hold_one() -> None:
    rows = written("logo", licence=1.0)["logo_licences"]
    assert len(rows) > 0
    assert set(rows["district"]) == {WHERE}
    assert rows["organisation"].is_unique
    assert len(written("logo", licence=0.0)["logo_licences"]) == len(written()["logo_licences"]) == 0


def test_misuse_is_reported_with_and_without_the_rule_and_costs_its_penalty() -> None:
    off, on = written(), written("logo", penalty=500.0)
    names = ["week", "district", "organisation", "use"]
    assert on["misuse_reports"][names].equals(off["misuse_reports"][names])        # nobody is deterred by default
    assert set(off["misuse_reports"]["penalty_fen"]) <= {0}
    assert set(ours(on["misuse_reports"])["penalty_fen"]) <= {50_000}
    paid = on["money"][on["money"]["line"] == "logo_penalty"]
    assert paid["fen"].sum() == on["misuse_reports"]["penalty_fen"].sum()
