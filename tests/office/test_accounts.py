"""Accounts: what came in went out or is still there; faults are named."""

from __future__ import annotations

import pandas as pd

from vsim.office.accounts import accounts, faults


def lines(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame([{"week": 0, "district": "D01", "line": "x", "payer": a, "payee": b, "fen": fen}
                         for a, b, fen in rows])


def test_balances_of_a_district_add_up_to_zero() -> None:
    table = accounts(lines(("government", "fund", 100), ("fund", "organisations", 30))).set_index("account")
    assert table["balance"].to_dict() == {"fund": 70, "government": -100, "organisations": 30}
    assert faults(lines(("a", "b", 1))) == []


def test_faults_are_named() -> None:
    assert faults(lines(("a", "b", 0))) == ["x: 0 fen"]
    assert faults(lines(("a", "a", 1))) == ["x: a pays itself"]
