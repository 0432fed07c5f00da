"""Incidents, the hours at risk, the store of protection, and who is liable for each assignment (VII.2.a, VII.2.b).

An incident happened in the service; the office grades it, names the hazard and, under a duty of care, the party that
is liable. Without that duty nobody is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.observe.registers import codes
from vsim.office.attended import RISKS, attended, grid, of_attendance
from vsim.office.desk import Desk, Float, Papers
from vsim.rng import Stream
from vsim.spec.units import FEN, MINUTES
from vsim.world.ledgers import INCIDENT

if TYPE_CHECKING:
    import pandas as pd

PARTIES = ("user", "recruiter", "platform")
UNSETTLED = "unsettled"
SEVERITY = ("slight", "treated", "severe")
HAZARDS = ("fall", "traffic", "heat_or_cold", "tools_and_loads", "animal_or_person")
GRAVE, SHIELDED, HAZARD = range(3)            # numbers of the draws


def work(desk: Desk) -> Papers:
    """Return tables incident_log, exposure (hours at risk), stock and assignments, and what protection costs whom."""
    papers = Papers()
    served = attended(desk.raw)
    papers.tables["incident_log"] = _incidents(desk, served)
    hours = served.groupby(["week", "district", "risk"], as_index=False, observed=True).agg(
        attendances=("person", "size"), hours=("hours", "sum"))
    papers.tables["exposure"] = hours.assign(risk=np.array(RISKS)[hours["risk"]])
    papers.tables["stock"] = _stock(desk, papers)
    papers.tables["assignments"] = _assignments(desk, papers)
    return papers


def shares(desk: Desk, districts: ArrayLike, weeks: ArrayLike) -> dict[str, Float]:
    """Return the share of a cost that each party bears under the duty of care: all zero where none is in force."""
    on = desk.force.on("duty_of_care", districts, weeks)
    rule = desk.force.value("duty_of_care", "rule", districts, weeks)
    joint = desk.force.value("duty_of_care", "joint", districts, weeks)
    others = len(PARTIES) - 1
    return {party: np.where(on, np.where(rule == number, 1 - joint, joint / others), 0.0)
            for number, party in enumerate(PARTIES)}


def liable(desk: Desk, districts: ArrayLike, weeks: ArrayLike) -> NDArray[np.str_]:
    """Return the party that is liable first, or "unsettled"."""
    rule = desk.force.value("duty_of_care", "rule", districts, weeks).astype(np.int64)
    return np.where(desk.force.on("duty_of_care", districts, weeks), np.array(PARTIES)[rule], UNSETTLED)


def _incidents(desk: Desk, served: pd.DataFrame) -> pd.DataFrame:
    hurt = served[served["flags"] & INCIDENT > 0]
    hurt = hurt.sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)
    who, week = hurt["person"], hurt["week"]
    u = desk.uniform(Stream.CLAIM, who, week, of_attendance(hurt, GRAVE))
    severe, treated = desk.value["incidents.severe"], desk.value["incidents.treated"]
    grade = (u < severe).astype(np.int64) + (u < severe + treated)
    kind = (desk.uniform(Stream.CLAIM, who, week, of_attendance(hurt, HAZARD)) * len(HAZARDS)).astype(np.int64)
    rows = hurt[["week", "district", "person", "organisation", "task"]]
    return rows.assign(
        incident_no=[f"I{number + 1:06d}" for number in range(len(hurt))], true_source=hurt["source"],
        risk=np.array(RISKS)[hurt["risk"]], hazard=np.array(HAZARDS)[kind], severity=np.array(SEVERITY)[grade],
        hours_at_risk=hurt["hours"], liable_party=liable(desk, hurt["district"], week))


def _stock(desk: Desk, papers: Papers) -> pd.DataFrame:
    """Return the store by district and week: it is filled each week to so many weeks of the week's use."""
    import pandas as pd

    places, came = grid(desk, "attended")
    rows, weeks = [], np.arange(desk.weeks)
    for place, code in enumerate(places):
        on = desk.force.on("safety", code, weeks)
        worth = {name: desk.force.value("safety", name, code, weeks) for name in (
            "equipment", "stock_weeks", "price", "briefing", "longest_shift")}
        used = np.rint(worth["equipment"] * came[place]).astype(np.int64)
        held = 0
        for week in weeks[on]:
            bought = max(int(used[week] * worth["stock_weeks"][week]) - held, int(used[week]) - held, 0)
            left = held + bought - int(used[week])
            rows.append({
                "week": int(week), "district": code, "opening": held, "bought": bought, "used": int(used[week]),
                "left": left, "cost_fen": round(worth["price"][week] * FEN) * bought,
                "briefing_hours": worth["briefing"][week] * came[place][week] / MINUTES,
                "longest_shift": worth["longest_shift"][week],
            })
            held = left
    names = ("week", "district", "opening", "bought", "used", "left", "cost_fen", "briefing_hours", "longest_shift")
    table = pd.DataFrame(rows, columns=list(names)).astype(
        dict.fromkeys(names, "int64") | {"district": object, "briefing_hours": "float64", "longest_shift": "float64"})
    papers.pay("equipment", "government", "suppliers", table["district"], table["week"], table["cost_fen"] / FEN)
    return table


def _assignments(desk: Desk, papers: Papers) -> pd.DataFrame:
    tasks = desk.raw["tasks"]
    t = tasks[(tasks["week"] >= 0) & (tasks["true_staffed"] > 0)].reset_index(drop=True)
    place = t["district"].to_numpy(), t["week"].to_numpy()
    comply = desk.force.value("duty_of_care", "compliance", *place, off=desk.value["incidents.protected"])
    shielded = desk.uniform(Stream.CLAIM, t["source"], t["week"], SHIELDED) < comply
    cost = np.where(shielded, desk.force.value("duty_of_care", "protection", *place) * t["true_staffed"], 0.0)
    for party, share in shares(desk, *place).items():
        papers.pay("protection", party, "suppliers", *place, cost * share)
    raw = desk.raw
    platform = np.array([f"P{number}" for number in raw["organisations"]["platform"]], dtype=object)
    number = {
        "recruiter": codes("G", len(raw["organisations"]))[t["organisation"]],
        "user": codes("S", len(raw["stations"]))[t["station"]], "platform": platform[t["organisation"]],
    }
    who = liable(desk, *place)
    joint = desk.force.value("duty_of_care", "joint", *place)
    return t[["week", "district", "task", "organisation", "station"]].assign(
        liable_party=who, responsible=np.select([who == party for party in PARTIES], [number[p] for p in PARTIES], ""),
        joint_share=joint, protected=shielded)
