"""The contract office: tenders and contracts of organisations, what they deliver, and what is paid (clause VII.1.c).

Every organisation registered by law has a contract from its first look under the policy on; it is tendered anew when it
ends. A month is the four weeks between two looks. The fixed part is what the engine pays; results are settled on the
hours of the indicator - all hours on record, second copies too, or verified hours - up to those asked for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.observe.registers import COPIED, RECORDED, VERIFIED
from vsim.office.desk import Desk, Papers
from vsim.office.funded import KEY, districts_of, funded, services
from vsim.rng import Stream
from vsim.spec.units import FEN, HOUR, MONTH, PER_HUNDRED
from vsim.world.bodies import PERIOD

INDICATORS = ("recorded", "verified")
MOST = 10                     # items of governance
LEVER = "purchase"


def work(desk: Desk) -> Papers:
    """Return tables contracts and deliverables, and the money paid under contracts and for tenders."""
    rows = _months(desk)
    papers = Papers({"contracts": _contracts(desk, rows), "deliverables": _deliverables(rows)})
    for line in ("fixed", "results"):
        papers.pay(f"purchase_{line}", "government", "organisations", rows["district"], rows["week"],
                   rows[f"{line}_fen"] / FEN)
    new = papers.tables["contracts"]
    papers.pay("tender", "government", "suppliers", new["district"], new["week"],
               desk.force.value(LEVER, "tender_cost", new["district"], new["week"]))
    return papers


def _months(desk: Desk) -> pd.DataFrame:
    """Return one row for each organisation and month under the policy, with its hours and payments."""
    rows = funded(desk)
    rows = rows[desk.force.on(LEVER, rows["district"], rows["week"])].reset_index(drop=True)
    price, share, kind, months, target = (
        desk.force.value(LEVER, name, rows["district"], rows["week"])
        for name in ("unit_price", "on_results", "indicator", "months", "target"))
    rows = rows.merge(_on_paper(desk), how="left", on=KEY).fillna(dict.fromkeys(INDICATORS, 0))
    number = _numbers(rows, months)
    paper = np.where(kind >= 1, rows["verified"], rows["recorded"]) / HOUR
    fixed = PERIOD * np.rint(FEN * price * (1 - share) * target / MONTH)
    return rows.assign(
        contract_no=number, price_fen=np.rint(FEN * price).astype(np.int64), on_results=share, months=months,
        indicator=np.array(INDICATORS)[kind.astype(np.int64)], hours_due=target, hours_reported=paper,
        met=paper >= target, fixed_fen=fixed.astype(np.int64),
        results_fen=np.rint(FEN * price * share * np.minimum(paper, target)).astype(np.int64),
        true_served=rows["hours"] / HOUR)


def _on_paper(desk: Desk) -> pd.DataFrame:
    """Return quarter hours recorded, second copies too, and verified, by organisation and look."""
    rows = services(desk)
    flags, entered = rows["flags"], rows["entered"]
    copies = 1 + (flags & COPIED > 0).astype(np.int64)
    rows = rows.assign(recorded=entered * (flags & RECORDED > 0) * copies, verified=entered * (flags & VERIFIED > 0))
    return rows.groupby(KEY, as_index=False)[list(INDICATORS)].sum()


def _numbers(rows: pd.DataFrame, months: np.ndarray) -> np.ndarray:
    """Return the number of the contract that each month of an organisation belongs to, from 1 on."""
    number = np.zeros(len(rows), dtype=np.int64)
    left: dict[int, tuple[int, int]] = {}                     # organisation -> number, months left
    for i, (who, length) in enumerate(zip(rows["organisation"].tolist(), months.astype(np.int64).tolist(),
                                          strict=True)):
        last, rest = left.get(who, (0, 0))
        last, rest = (last, rest - 1) if rest > 0 else (last + 1, length - 1)
        left[who], number[i] = (last, rest), last
    return number


def _contracts(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return contracts at their first month: bidders, score of the bid, terms."""
    bids = rows.groupby(["week", "district"])["organisation"].transform("size")
    rules = desk.raw["organisations"]["governance"].to_numpy()[rows["organisation"]]
    items = sum((rules >> bit & 1 for bit in range(MOST)), np.zeros(len(rows), dtype=np.int64))
    weight = desk.value["contracts.score_rules"]
    luck = desk.uniform(Stream.CONTRACT, rows["organisation"], rows["week"])
    score = np.rint(PER_HUNDRED * (weight * items / MOST + (1 - weight) * luck))
    full = rows["price_fen"] * rows["hours_due"] * rows["months"]
    out = rows.assign(bids=bids, score=score.astype(np.int64), months=rows["months"].astype(np.int64),
                      budget_fen=np.rint(full).astype(np.int64))
    out = out.drop_duplicates(["organisation", "contract_no"]).reset_index(drop=True)
    terms = ["price_fen", "on_results", "indicator", "months", "hours_due", "budget_fen"]
    return districts_of(out[[*KEY, "contract_no", "bids", "score", *terms]])


def _deliverables(rows: pd.DataFrame) -> pd.DataFrame:
    names = ["contract_no", "hours_due", "hours_reported", "met", "fixed_fen", "results_fen", "true_served"]
    return districts_of(rows[[*KEY, *names]])
