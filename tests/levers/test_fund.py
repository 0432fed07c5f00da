"""Fund: the numbers by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Edit, Span
from vsim.levers.fund import Fund

SPAN = Span(date(2025, 9, 1), 52, 52)
CARDS = {"organisations.per_thousand": 10.0, "organisations.form_association": 0.05,
         "organisations.form_institution": 0.05, "organisations.form_foundation": 0.0}


def test_the_pay_out_is_shared_by_those_expected() -> None:
    values = {"endowment": 52000, "payout_rate": 0.1}
    assert Fund.edits(values, CARDS, SPAN) == [Edit("org_income", 10000)]
    none = CARDS | {"organisations.per_thousand": 0.0}
    assert Fund.edits(values, none, SPAN) == [Edit("org_income", 0)]


def test_cost_is_grants_paid() -> None:
    assert Fund.cost({}, {"grants.grant_fen.sum": 12300}) == pytest.approx(123)
