"""The desk of the time bank: entries, accounts by month, requests for help, liability, and the book (clause VII.3.d).

All hours come from the engine's ledger of time credits, so every account balances: earned + helped + seeded = spent +
transferred + donated + expired + held. A transfer is an hour spent by a member too young to spend, for kin.
Requests that found no helper are worked out again from their keyed draws (`time_bank_queue`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.office.time_bank_queue import requests
from vsim.spec.units import FEN, HOUR, MONTH

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("earn", "help", "seed", "spend", "donate", "expire")        # by their code in the ledger
FLOWS = {"earn": "earned", "help": "helped", "seed": "seeded", "spend": "spent", "transfer": "transferred",
         "donate": "donated", "expire": "expired"}
WORDS = ("district", "type", "state", "cohort")
DECADE = 10


def work(desk: Desk) -> Papers:
    """Return tables timebank_transactions, _accounts, _requests, _liability and _book, and the money spent."""
    rows = entries(desk)
    asked = requests(desk, rows)
    accounts = monthly(desk, rows)
    tables = {
        "timebank_transactions": rows[["week", "district", "person", "entry_no", "type", "hours", "balance"]],
        "timebank_accounts": accounts.drop(columns=["age", "may_spend"]), "timebank_requests": asked,
        "timebank_liability": liability(desk, accounts), "timebank_book": book(desk, accounts),
    }
    papers = Papers({name: table.astype({word: object for word in WORDS if word in table})
                     for name, table in tables.items()})         # of one kind, also where there are no rows
    weekly = desk.raw["weekly"]
    code, week = weekly["district"], weekly["week"]
    spent, given = (weekly[name] / HOUR for name in ("credit_spent", "credit_seeded"))
    issued = weekly["credit_earned"] / HOUR + given - spent
    cost, value, share = (desk.force.value("time_bank", name, code, week)
                          for name in ("hour_cost", "hour_value", "reserve"))
    papers.pay("time_bank", "government", "time bank", code, week, cost * spent)
    papers.pay("time_bank_reserve", "government", "reserve", code, week, share * value * issued)
    return papers


def entries(desk: Desk) -> pd.DataFrame:
    """Return the ledger with district, age and type of each entry, in the order in which things happened."""
    rows = desk.raw["credits"]
    people = desk.raw["people"][["person", "district", "age"]]
    rows = rows[rows["week"] >= 0].merge(people, on="person", how="left", sort=False)
    oldest = desk.force.value("time_bank", "redeem_age", rows["district"], rows["week"])
    kind = np.array(KINDS, dtype=object)[rows["kind"].to_numpy()]
    kind[(kind == "spend") & (rows["age"].to_numpy() < oldest)] = "transfer"
    return rows.assign(type=kind, hours=rows["quarter_hours"] / HOUR, balance=rows["balance"] / HOUR,
                       entry_no=rows.groupby("person").cumcount() + 1)


def monthly(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each account and month from its first entry on: hours in, hours out, balance, value."""
    import pandas as pd

    months = -(-desk.weeks // MONTH)
    parts = []
    for code, own in rows.groupby("district", sort=False):
        holders, place = np.unique(own["person"].to_numpy(), return_inverse=True)
        month = own["week"].to_numpy() // MONTH
        flows = {}
        for kind, name in FLOWS.items():
            kept = (own["type"] == kind).to_numpy()
            flows[name] = np.zeros((holders.size, months))
            np.add.at(flows[name], (place[kept], month[kept]), np.abs(own["hours"].to_numpy()[kept]))
        first = np.full(holders.size, months)
        np.minimum.at(first, place, month)
        net = np.zeros((holders.size, months))
        np.add.at(net, (place, month), own["hours"].to_numpy())
        who, when = np.nonzero(np.arange(months) >= first[:, None])
        age = own.drop_duplicates("person").set_index("person")["age"].loc[holders].to_numpy()
        parts.append(pd.DataFrame({
            "week": np.minimum(MONTH * when + MONTH - 1, desk.weeks - 1), "district": code, "person": holders[who],
            **{name: flow[who, when] for name, flow in flows.items()},
            "balance": np.cumsum(net, axis=1)[who, when], "age": age[who],
        }))
    empty = {name: np.zeros(0) for name in (*FLOWS.values(), "balance")}
    none = pd.DataFrame({"week": np.zeros(0, np.int64), "district": np.zeros(0, object),
                         "person": np.zeros(0, np.int64), **empty, "age": np.zeros(0, np.int64)})
    out = pd.concat(parts, ignore_index=True) if parts else none
    oldest, value = (desk.force.value("time_bank", name, out["district"], out["week"], desk.value[f"time_bank.{name}"])
                     for name in ("redeem_age", "hour_value"))
    return out.assign(value_fen=np.rint(FEN * value * out["balance"]).astype(np.int64), may_spend=out["age"] >= oldest)


def liability(desk: Desk, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return hours and yuan outstanding by month, district and decade of birth; those that may be spent now apart."""
    born = (desk.start.year - accounts["age"]) // DECADE * DECADE
    ready = np.where(accounts["may_spend"], accounts["balance"].clip(lower=0), 0.0)
    rows = accounts.assign(
        cohort=born.astype(int).astype(str) + "s", held=accounts["balance"].clip(lower=0),
        owed=(-accounts["balance"]).clip(lower=0), spendable=ready)
    return rows.groupby(["week", "district", "cohort"], as_index=False).agg(
        accounts=("person", "size"), held=("held", "sum"), owed=("owed", "sum"), outstanding=("balance", "sum"),
        spendable=("spendable", "sum"), value_fen=("value_fen", "sum"))


def book(desk: Desk, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return the book by month and district: all hours in and out, what is held, and requests refused."""
    sums = {name: (name, "sum") for name in FLOWS.values()}
    out = accounts.groupby(["week", "district"], as_index=False).agg(
        accounts=("person", "size"), **sums, outstanding=("balance", "sum"), value_fen=("value_fen", "sum"))
    weekly = desk.raw["weekly"][["week", "district", "credit_refused"]].rename(columns={"credit_refused": "refused"})
    last = np.minimum(weekly["week"] // MONTH * MONTH + MONTH - 1, desk.weeks - 1)
    refused = weekly.assign(week=last).groupby(["week", "district"], as_index=False)["refused"].sum()
    out = refused.merge(out, on=["week", "district"], how="left").fillna(dict.fromkeys(out.columns[2:], 0))
    out = out[(out["accounts"] > 0) | (out["refused"] > 0)].reset_index(drop=True)
    whole: pd.DataFrame = out.astype({"accounts": "int64", "value_fen": "int64"})
    return whole
