"""Insurance: group policies, claims for what incidents cost, and the cases that nobody covers (clause VII.2.c).

Whoever is insured in the run (a fact of the person) is insured here. What no insurer pays falls to the parties liable
under the duty of care, and to the volunteer where there is no such duty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.exact import share16
from vsim.office.attended import KINDS, RISKS, Int, ends, grid, spread, waits
from vsim.office.desk import Desk, Float, Papers
from vsim.office.incidents import shares
from vsim.rng import Stream
from vsim.spec.units import FEN, YEAR

if TYPE_CHECKING:
    import pandas as pd

COST, WAIT, OTHERS = 3, 4, 5                  # numbers of the draws
SUMS = ("accident", "medical", "deductible")
COLUMNS = ("week", "district", "end_week", "insured", "premium_fen", *(f"{name}_fen" for name in SUMS), "lowest_risk",
           "third_party")


def work(desk: Desk) -> Papers:
    """Return tables policies and claims, and the money: premiums, treatment, what insurers and liable parties pay."""
    papers = Papers()
    papers.tables["policies"] = _policies(desk, papers)
    papers.tables["claims"] = _claims(desk, papers)
    return papers


def _policies(desk: Desk, papers: Papers) -> pd.DataFrame:
    """Return the group policies: one a district and year of 52 weeks, for the volunteers on the register then.

    A policy that ends within its year has paid for the weeks that it lasted.
    """
    import pandas as pd

    places, volunteers = grid(desk, "volunteers")
    rows, weeks = [], np.arange(desk.weeks)
    for place, code in enumerate(places):
        on = desk.force.on("insurance", code, weeks)
        for first in np.flatnonzero(on & ~np.r_[False, on[:-1]]).tolist():
            over = first + int(np.argmin(np.r_[on[first:], False]))
            for week in range(first, over, YEAR):
                worth = {name: float(desk.force.value("insurance", name, code, week)) for name in (
                    "cover", "premium", "tier", "third_party", *SUMS)}
                insured = int(np.rint(worth["cover"] * volunteers[place, week]))
                end = week + YEAR if over == desk.weeks else min(week + YEAR, over)
                premium = round(insured * worth["premium"] * FEN * (end - week) / YEAR)
                rows.append((week, code, end, insured, premium, *(round(worth[name] * FEN) for name in SUMS),
                             RISKS[int(worth["tier"])], worth["third_party"] >= 1))
    kinds = dict.fromkeys(COLUMNS, "int64") | {"district": object, "lowest_risk": object, "third_party": bool}
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)
    papers.pay("premium", "government", "insurer", table["district"], table["week"], table["premium_fen"] / FEN)
    return table.assign(policy_no=[f"B{number + 1:04d}" for number in range(len(table))])


def _claims(desk: Desk, papers: Papers) -> pd.DataFrame:
    """Return one row for each incident that needed treatment: its cost, whether it is covered, and what is paid."""
    value = desk.value
    i = desk.raw["incident_log"]
    i = i[i["severity"] != "slight"].reset_index(drop=True)
    who, week, code = i["person"].to_numpy(), i["week"].to_numpy(), i["district"].to_numpy()
    item = i["true_source"].to_numpy().astype(np.int64) * KINDS
    worth = {name: desk.force.value("insurance", name, code, week) for name in ("cover", "tier", "third_party", *SUMS)}
    severe = (i["severity"] == "severe").to_numpy()
    median = np.where(severe, value["claims.severe_cost"], value["claims.treated_cost"])
    cost = _fen(median * spread(desk, Stream.CLAIM, who, week, item + COST, value["claims.cost_log_sd"]))
    harmed = desk.uniform(Stream.CLAIM, who, week, item + OTHERS) < value["claims.third_share"]
    others = _fen(np.where(harmed, value["claims.third_cost"], 0.0))
    on = desk.force.on("insurance", code, week)
    cover = np.array([share16(share) for share in worth["cover"]], dtype=np.int64)
    insured = on & (desk.words(Stream.INSURED, who).astype(np.int64) >> 16 < cover)
    covered = insured & (np.array([RISKS.index(risk) for risk in i["risk"]], dtype=np.int64) >= worth["tier"])
    days = waits(desk.uniform(Stream.CLAIM, who, week, item + WAIT), value["claims.days"])
    over = ends(week, days, desk.weeks)
    settled = covered & (over >= 0)
    due = np.clip(cost - _fen(worth["deductible"]), 0, _fen(worth["medical"]))
    due = due + np.where(severe, _fen(worth["accident"] * value["claims.lasting"]), 0)
    paid = np.where(settled, due, 0)
    third_paid = np.where(settled & (worth["third_party"] >= 1), others, 0)
    papers.pay("treatment", "volunteers", "hospitals", code, week, cost / FEN)
    papers.pay("claim", "insurer", "volunteers", code, over, paid / FEN)
    papers.pay("third_party", "insurer", "others", code, over, third_paid / FEN)
    liable = _liability(desk, papers, i, np.where(covered, 0, cost))
    nothing = settled & (paid + third_paid == 0)
    return i[["incident_no", "week", "district", "person", "organisation", "risk", "severity"]].assign(
        claim_no=[f"L{number + 1:06d}" for number in range(len(i))], cost_fen=cost, covered=covered,
        reason=np.select([covered, ~on, ~insured], ["covered", "no_policy", "not_insured"], "risk_excluded"),
        state=np.select([~covered, ~settled, nothing], ["uncovered", "open", "nothing_due"], "paid"),
        paid_fen=paid, third_fen=others, third_paid_fen=third_paid, days=np.where(settled, days, np.nan),
        paid_week=np.where(settled, over, -1), liable_fen=liable)


def _fen(yuan: Float) -> Int:
    return np.rint(yuan * FEN).astype(np.int64)


def _liability(desk: Desk, papers: Papers, i: pd.DataFrame, bare: Int) -> Int:
    """Return what the parties liable under the duty of care pay for cases without cover, fen."""
    place = i["district"].to_numpy(), i["week"].to_numpy()
    total = np.zeros(len(i), dtype=np.int64)
    for party, share in shares(desk, *place).items():
        part = np.rint(bare * share).astype(np.int64)
        papers.pay("liability", party, "volunteers", *place, part / FEN)
        total += part
    return total
