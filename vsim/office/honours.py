"""The desk of honours: who was honoured in which week, how, and with a gift or not (clause VII.3.a).

Whom the engine honours follows from its own word for a person and week, so the desk finds the same people again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.exact import threshold32
from vsim.office.desk import Desk, Papers
from vsim.office.teams import served
from vsim.rng import Stream
from vsim.spec.units import FEN

if TYPE_CHECKING:
    import pandas as pd

MODES = ("letter", "in_person")


def work(desk: Desk) -> Papers:
    """Return table recognition_events, and what gifts cost."""
    rows = _honoured(desk)
    who, week, code = rows["person"], rows["week"], rows["district"]
    personal, material, gift = (
        desk.force.value("honours", name, code, week) for name in ("personal", "material_share", "gift"))
    luck = [desk.uniform(Stream.HONOUR, who, week, item) for item in (1, 2)]
    given = luck[1] < material
    table = rows.assign(
        mode=np.array(MODES)[(luck[0] < personal).astype(np.int64)], material=given,
        value_fen=np.where(given, np.rint(FEN * gift), 0).astype(np.int64))
    papers = Papers({"recognition_events": table})
    papers.pay("gift", "government", "volunteers", code, week, table["value_fen"] / FEN)
    return papers


def _honoured(desk: Desk) -> pd.DataFrame:
    """Return week, district, person and whether a newcomer, of each honour, in the order of week and person."""
    rows = served(desk)
    rows = rows[rows["true_hours"] > 0].drop_duplicates(["week", "person"])[["week", "district", "person"]]
    rows = rows[desk.force.on("honours", rows["district"], rows["week"])]
    rows = rows.merge(desk.raw["people"][["person", "first"]], on="person")
    rows["newcomer"] = rows["week"] - rows.pop("first") <= desk.value["belonging.newcomer_weeks"]
    chance, only = (desk.force.value("honours", name, rows["district"], rows["week"])
                    for name in ("chance", "newcomers_only"))
    edges, inverse = np.unique(chance, return_inverse=True)
    edge = np.array([threshold32(float(each)) for each in edges], dtype=np.int64)[inverse]
    word = desk.words(Stream.HONOUR, rows["person"], rows["week"]).astype(np.int64)
    rows = rows[(word < edge) & (rows["newcomer"] | (only < 1))].sort_values(["week", "person"], kind="stable")
    return _spaced(rows, round(desk.value["belonging.honour_again"])).reset_index(drop=True)


def _spaced(rows: pd.DataFrame, again: int) -> pd.DataFrame:
    """Return the rows of each person that lie at least so many weeks behind the one kept before."""
    last: dict[int, int] = {}
    kept = np.zeros(len(rows), dtype=np.bool_)
    for place, (person, week) in enumerate(zip(rows["person"].tolist(), rows["week"].tolist(), strict=True)):
        if person not in last or week - last[person] >= again:
            last[person], kept[place] = week, True
    return rows[kept]
