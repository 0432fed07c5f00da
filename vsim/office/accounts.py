"""Accounts: lines of money summed by who paid and who got, so that what came in went out or is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def accounts(money: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each account of each district: came in, went out, balance (fen).

    Parameters
    ----------
    money : DataFrame
        Lines as `Papers.pay` writes them: week, district, line, payer, payee, fen.

    Returns
    -------
    DataFrame
        Columns district, account, came_in, went_out, balance; balances of a district add up to zero.
    """
    came = money[["district", "payee", "fen"]].set_axis(["district", "account", "came_in"], axis=1)
    went = money[["district", "payer", "fen"]].set_axis(["district", "account", "went_out"], axis=1)
    sides = [side.groupby(["district", "account"], as_index=False).sum() for side in (came, went)]
    both = sides[0].merge(sides[1], how="outer", on=["district", "account"]).fillna({"came_in": 0, "went_out": 0})
    table: pd.DataFrame = both.astype({"came_in": "int64", "went_out": "int64"})
    return table.assign(balance=table["came_in"] - table["went_out"])


def faults(money: pd.DataFrame) -> list[str]:
    """Return what is wrong with lines of money.

    Wrong are amounts that are not above zero, accounts that pay themselves, and districts whose accounts do not add up
    to zero.
    """
    wrong = [f"{row.line}: {row.fen} fen" for row in money[money["fen"] <= 0].itertuples()]
    wrong += [f"{row.line}: {row.payer} pays itself" for row in money[money["payer"] == money["payee"]].itertuples()]
    left = accounts(money).groupby("district")["balance"].sum()
    return wrong + [f"{code}: accounts are {fen} fen apart" for code, fen in left.items() if fen != 0]
