"""The desk of the development fund: its account, quarter by quarter, and its grants (clause VII.1.d).

Row by row: what was there, gifts, yield, grants, what is left; never below zero. Yields are those of the market, the
same for all funds. Money that the rule allows and no grant took waits for the next quarter.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.exact import normal16
from vsim.office.desk import Desk, Papers
from vsim.office.funded import districts_of, funded, quarters
from vsim.rng import Stream
from vsim.spec.units import FEN, PER_THOUSAND, YEAR

LEVER = "fund"
MARKET, PICK, BRINGS, AIM = 0, 2, 3, 4        # numbers of the draws; the budget office has 1
VALUES = ("endowment", "inflow", "payout_rate", "by_reserve", "grant_size", "co_funding")
ACCOUNT = ("opening_fen", "inflow_fen", "yield_fen", "planned_fen", "grants_fen", "reserve_fen")
Row = dict[str, object]


def work(desk: Desk) -> Papers:
    """Return tables fund_accounts and grants, and the money of the fund."""
    rows = quarters(desk, LEVER)
    for name in VALUES:
        rows[name] = desk.force.value(LEVER, name, rows["district"], rows["week"])
    able = _able(desk)
    account: list[Row] = []
    grants: list[pd.DataFrame] = []
    for _, own in rows.groupby("district", sort=False):
        _keep(desk, own, able, account, grants)
    names = ["week", "district", *ACCOUNT, "ruined"]
    kinds = dict.fromkeys(("week", *ACCOUNT), "int64") | {"district": "str", "ruined": "bool"}
    table = pd.DataFrame(account, columns=names).astype(kinds)
    table = table.sort_values(["week", "district"], kind="stable").reset_index(drop=True)
    papers = Papers({"fund_accounts": table, "grants": _grants(desk, grants)})
    _book(papers, table)
    return papers


def _able(desk: Desk) -> pd.DataFrame:
    """Return who may be funded at each look, in the order in which the fund would choose, and what each can bring."""
    rows = funded(desk)
    rows = rows.assign(pick=desk.uniform(Stream.FUND, rows["organisation"], rows["week"], PICK),
                       brings=desk.value["fund_desk.brings_most"] * desk.uniform(
                           Stream.FUND, rows["organisation"], rows["week"], BRINGS))
    return rows.sort_values(["week", "pick"], kind="stable")


def _keep(
    desk: Desk, own: pd.DataFrame, able: pd.DataFrame, account: list[Row], grants: list[pd.DataFrame]
) -> None:
    """Keep the account of one district through its quarters."""
    value = desk.value
    here = able[able["district"] == own["district"].iloc[0]]
    reserve = endowment = round(FEN * own["endowment"].iloc[0] * own["residents"].iloc[0] / PER_THOUSAND)
    waiting = 0
    for row in own.to_dict("records"):
        week, opening, part = int(row["week"]), reserve, row["weeks"] / YEAR
        z = int(normal16(np.array([desk.words(Stream.FUND, 0, row["quarter"], MARKET)]))[0]) / (1 << 16)
        rate = value["fund_desk.return_mean"] * part + value["fund_desk.return_sd"] * float(np.sqrt(part)) * z
        gained = max(round(reserve * rate), -reserve)
        inflow = round(FEN * row["inflow"] * row["residents"] / PER_THOUSAND * part)
        reserve += gained + inflow
        basis = (1 - row["by_reserve"]) * endowment + row["by_reserve"] * reserve
        planned = waiting + round(row["payout_rate"] * part * basis)
        size = round(FEN * row["grant_size"])
        looks = here[here["week"] <= week]
        apply = looks[(looks["week"] == looks["week"].max()) & (looks["brings"] >= row["co_funding"])]
        count = min(min(planned, reserve) // size, len(apply))
        grants.append(apply.head(count)[["district", "organisation"]].assign(
            week=week, grant_fen=size, co_funding_fen=round(size * row["co_funding"])))
        reserve -= count * size
        waiting = planned - count * size
        account.append({
            "week": week, "district": row["district"], "opening_fen": opening, "inflow_fen": inflow,
            "yield_fen": gained, "planned_fen": planned, "grants_fen": count * size, "reserve_fen": reserve,
            "ruined": planned > reserve + count * size})


def _grants(desk: Desk, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return grants, and whether each reached its aim by the time of its report."""
    names = ["week", "district", "organisation", "grant_fen", "co_funding_fen"]
    rows = pd.concat([pd.DataFrame(columns=names), *parts]) if not parts else pd.concat(parts)
    rows = districts_of(rows).astype({name: "int64" for name in names if name != "district"})
    rows = rows.sort_values(["week", "organisation"], kind="stable").reset_index(drop=True)
    reached = desk.uniform(Stream.FUND, rows["organisation"], rows["week"], AIM) < desk.value["fund_desk.success"]
    report = rows["week"] + int(desk.value["fund_desk.report_weeks"])
    there = (report < desk.weeks).to_numpy()
    outcome = np.where(there, np.where(reached, "reached", "missed"), "open")
    return rows[names].assign(outcome=outcome, report_week=np.where(there, report, np.nan)).astype({"outcome": "str"})


def _book(papers: Papers, table: pd.DataFrame) -> None:
    """Enter the lines of money: the endowment once, then gifts, yields or losses, and grants."""
    first = table.drop_duplicates("district")
    lines = [
        ("endowment", "government", "fund", first, first["opening_fen"]),
        ("fund_inflow", "donors", "fund", table, table["inflow_fen"]),
        ("fund_yield", "market", "fund", table, table["yield_fen"].clip(lower=0)),
        ("fund_loss", "fund", "market", table, (-table["yield_fen"]).clip(lower=0)),
        ("fund_grant", "fund", "organisations", table, table["grants_fen"]),
    ]
    for line, payer, payee, rows, fen in lines:
        papers.pay(line, payer, payee, rows["district"], rows["week"], fen / FEN)
