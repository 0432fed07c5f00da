"""Donations: the numbers by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.donations import Donations

SPAN = Span(date(2025, 9, 1), 52, 52)
CARDS = {  # 1,000 adults give 2 yuan each month on average, firms 2,000 together: 1,000 yuan a week; ten bodies
    "donations.adults": 1.0, "donations.gives": 0.1, "donations.gift": 20.0, "donations.firms": 10.0,
    "donations.firm_gives": 0.1, "donations.firm_gift": 2000.0, "donations.ask_most": 0.5, "donations.ask_half": 100.0,
    "donations.match_pull": 0.2, "organisations.per_thousand": 100.0, "organisations.form_association": 0.05,
    "organisations.form_institution": 0.05, "organisations.form_foundation": 0.0,
}


def tables_of(cards: dict[str, float] | None = None, **values: float) -> dict[str, object]:
    full = {"match_rate": 0.0, "campaign": 0.0, "disclosure": 0.0} | values
    return {edit.table: edit.value for edit in Donations.edits(full, CARDS | (cards or {}), SPAN)}


def test_a_match_brings_gifts_and_itself() -> None:
    assert tables_of() == {"disclose": 0, "org_income": 0}
    assert tables_of(match_rate=1)["org_income"] == 14000          # (0.2 + 1.2) of 100 yuan
    assert tables_of(match_rate=2)["org_income"] == 26000          # (0.2 + 2.4) of 100 yuan
    assert tables_of(campaign=100)["org_income"] == 2500
    assert tables_of({"organisations.per_thousand": 0.0}, match_rate=1)["org_income"] == 0


def test_disclosure_is_what_trust_feels() -> None:
    assert tables_of(disclosure=0.5)["disclose"] == 32768


def test_cost_by_hand() -> None:
    assert Donations.cost({"campaign": 500}, {"residents": 2000, "years": 0.5}) == pytest.approx(500)
