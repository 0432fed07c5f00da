"""Relief for gifts: what may be deducted this year, what a firm carries forward, and what lapses (clause VII.1.f).

What was carried is deducted first, the oldest first, at the start of a year of the run; then gifts in the order of
their weeks, up to the cap of the year.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from vsim.office.desk import Desk
from vsim.spec.units import FEN, YEAR

FIRM = "firm"
CARRIED = ("carried_fen", "used_fen", "lapsed_fen", "left_fen", "relief_fen")


def settle(desk: Desk, gifts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return gifts with what is deducted and carried, and the table of what firms carried over from year to year.

    Parameters
    ----------
    desk : Desk
    gifts : DataFrame
        In the order of weeks, with columns week, district, donor, donor_type, entity, fen, cap_fen (of the year), rate
        and claimed.
    """
    deducted = np.zeros(len(gifts), dtype=np.int64)
    carried = deducted.copy()
    waiting: dict[int, list[tuple[int, int]]] = {}            # firm -> year and fen of what it carries
    firms: dict[int, dict[Hashable, Any]] = {}
    rows: list[dict[str, Any]] = []
    claimed = gifts.assign(place=np.arange(len(gifts)))[gifts["claimed"]]
    for year in range(-(-desk.weeks // YEAR)):
        room: dict[tuple[str, int], int] = {}
        for who, gift in firms.items():
            if waiting[who]:
                rows.append(_open(desk, gift, year, waiting, room))
        for gift in claimed[claimed["week"] // YEAR == year].to_dict("records"):
            who, fen, kind = int(gift["entity"]), int(gift["fen"]), str(gift["donor_type"])
            left = room.get((kind, who), int(gift["cap_fen"]))
            now = min(fen, left)
            room[kind, who] = left - now
            deducted[gift["place"]] = now
            if kind == FIRM and fen > now and gift["carry_years"] >= 1:
                carried[gift["place"]] = fen - now
                firms[who] = gift
                waiting.setdefault(who, []).append((year, fen - now))
    names = ["week", "district", "donor", *CARRIED]
    kinds = dict.fromkeys(("week", *CARRIED), "int64") | {"district": "str", "donor": "str"}
    table = pd.DataFrame(rows, columns=names).astype(kinds).sort_values(["week", "donor"], kind="stable")
    relief = np.rint(deducted * gifts["rate"]).astype(np.int64)
    return (gifts.assign(deducted_fen=deducted, carried_fen=carried, relief_fen=relief),
            table.reset_index(drop=True))


def _open(
    desk: Desk, gift: dict[Hashable, Any], year: int, waiting: dict[int, list[tuple[int, int]]],
    room: dict[tuple[str, int], int],
) -> dict[str, Any]:
    """Open a year for one firm: deduct what it carried, let lapse what is too old, and return the row."""
    who, week = int(gift["entity"]), year * YEAR
    lasts, cap = (float(desk.force.value("tax", name, gift["district"], week)) for name in ("carry_years", "cap_firm"))
    left = limit = round(FEN * cap * gift["means"])
    kept: list[tuple[int, int]] = []
    lapsed = 0
    for origin, fen in waiting[who]:
        if year - origin > lasts:
            lapsed += fen
            continue
        now = min(fen, left)
        left -= now
        if fen > now:
            kept.append((origin, fen - now))
    before = sum(fen for _, fen in waiting[who])
    waiting[who] = kept
    room[FIRM, who] = left
    return {"week": week, "district": gift["district"], "donor": gift["donor"], "carried_fen": before,
            "used_fen": limit - left, "lapsed_fen": lapsed, "left_fen": sum(fen for _, fen in kept),
            "relief_fen": round((limit - left) * gift["rate"])}
