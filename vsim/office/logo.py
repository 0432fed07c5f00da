"""The desk of the volunteer sign: licences given, and misuse that was reported (clause VI.2.e).

An organisation that must hold a licence asks for one sooner or later. Misuse happens with and without the rule; a card
says whether licence and penalty deter it, not at all by default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Bool, Desk, Papers
from vsim.office.waves import saturated
from vsim.rng import Stream
from vsim.spec.units import FEN, MONTH
from vsim.world.bodies import Event

if TYPE_CHECKING:
    import pandas as pd

USES = ("altered_sign", "commercial_use", "use_without_service", "sign_lent_to_others")
BOUND, ASKS, MISUSE, REPORT, USE = range(5)                    # draws


def work(desk: Desk) -> Papers:
    """Return tables logo_licences and misuse_reports, and the penalties paid."""
    import pandas as pd

    orgs = desk.raw["organisations"].reset_index(names="organisation")[["organisation", "district", "latent"]]
    who, code = orgs["organisation"], orgs["district"]
    first = np.full(len(orgs), desk.weeks, dtype=np.int64)     # week of the licence
    licences, reports = [], []
    for week in range(MONTH - 1, max(desk.weeks, MONTH), MONTH):           # a run below a month has one empty look
        there = _there(desk, orgs, week) & (week < desk.weeks)
        bound = desk.uniform(Stream.LOGO, who, 0, BOUND) < desk.force.value("logo", "licence", code, week)
        asks = desk.uniform(Stream.LOGO, who, week, ASKS) < desk.value["logo_desk.asks"]
        new = there & bound & asks & (first > week)
        first[new] = week
        licences.append(orgs.loc[new, ["district", "organisation"]].assign(week=week))
        penalty = desk.force.value("logo", "penalty", code, week)
        deterred = desk.value["logo.penalty_fall"] * saturated(penalty, desk.value["logo.penalty_half"])
        chance = desk.value["logo_desk.misuse"] * (1.0 - deterred) * (
            1.0 - desk.value["logo.licensed_fall"] * (first < week))
        seen = (there & (desk.uniform(Stream.LOGO, who, week, MISUSE) < chance)
                & (desk.uniform(Stream.LOGO, who, week, REPORT) < desk.value["logo_desk.reported"]))
        use = (desk.uniform(Stream.LOGO, who, week, USE) * len(USES)).astype(np.int64)
        reports.append(orgs[["district", "organisation"]].assign(
            week=week, use=np.array(USES)[use], licensed=first < week,
            penalty_fen=np.rint(FEN * penalty).astype(np.int64))[seen])
    names = ["week", "district", "organisation"]
    report = pd.concat(reports, ignore_index=True)[[*names, "use", "licensed", "penalty_fen"]]
    papers = Papers({"logo_licences": pd.concat(licences, ignore_index=True)[names], "misuse_reports": report})
    papers.pay("logo_penalty", "organisations", "government", report["district"], report["week"],
               report["penalty_fen"] / FEN)
    return papers


def _there(desk: Desk, orgs: pd.DataFrame, week: int) -> Bool:
    """Return which organisations have begun and are not closed."""
    events = desk.raw["org_events"]
    events = events[events["week"] <= week]
    begun, closed = (orgs["organisation"].isin(events.loc[events["kind"] == kind, "organisation"]).to_numpy()
                     for kind in (Event.STARTED, Event.CLOSED))
    return np.asarray(((orgs["latent"].to_numpy() == 0) | begun) & ~closed)
