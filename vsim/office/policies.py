"""The register of policies: which measure holds in which district, from when to when (clause VII.1.a).

Every policy of a run stands here with its dates, as published; what a local package holds stands beside it. A measure
that is still in force at the end of the run has no end.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.office.funded import districts_of
from vsim.spec.lever_files import load_levers
from vsim.spec.units import PER_THOUSAND, YEAR

LOCAL = "local_policies"
ITEMS = ("appeals", "officer_hours")


def work(desk: Desk) -> Papers:
    """Return the register of policies and the contents of local packages; and pay these week by week."""
    papers = Papers({"policy_register": _register(desk)})
    grid = _grid(desk)
    grid = grid[desk.force.on(LOCAL, grid["district"], grid["week"])].reset_index(drop=True)
    papers.tables["package_contents"] = _contents(desk, grid)
    amount = {name: desk.force.value(LOCAL, name, grid["district"], grid["week"])
              for name in (*ITEMS, "appeal_cost", "officer_hour")}
    officer = amount["officer_hours"] / PER_THOUSAND * amount["officer_hour"] * grid["residents"]
    papers.pay("local_officer", "government", "district", grid["district"], grid["week"], officer)
    appeals = amount["appeals"] / YEAR * amount["appeal_cost"] * grid["residents"]
    papers.pay("local_appeal", "government", "suppliers", grid["district"], grid["week"], appeals)
    return papers


def _grid(desk: Desk) -> pd.DataFrame:
    """Return every district and week of the run, a district after the other."""
    places = desk.raw["districts"][["district", "residents"]]
    return places.merge(pd.DataFrame({"week": np.arange(desk.weeks)}), how="cross")


def _register(desk: Desk) -> pd.DataFrame:
    """Return one row for each time that a measure is in force in a district without a break."""
    grid = _grid(desk)[["district", "week"]]
    parts = [grid.iloc[:0].assign(measure="", clause="", end_week=np.nan)]
    for name, lever in load_levers().items():
        if not desk.force.anywhere(name):
            continue
        on = desk.force.on(name, grid["district"], grid["week"])
        begins = on & ~np.roll(on, 1) | on & (grid["week"] == 0).to_numpy()
        last = on & ~np.roll(on, -1) | on & (grid["week"] == desk.weeks - 1).to_numpy()
        end = grid.loc[last, "week"].to_numpy() + 1
        parts.append(grid[begins].assign(measure=name, clause=" ".join(lever.clauses),
                                         end_week=np.where(end < desk.weeks, end, np.nan)))
    rows = pd.concat(parts, ignore_index=True).sort_values(["week", "district", "measure"], kind="stable")
    return districts_of(rows.reset_index(drop=True)).astype({"measure": "str", "clause": "str", "end_week": "float64"})


def _contents(desk: Desk, grid: pd.DataFrame) -> pd.DataFrame:
    """Return what local packages hold: a row for each part, when it comes and whenever its amount changes."""
    parts = []
    for item in ITEMS:
        rows = grid[["week", "district"]].assign(
            item=item, amount=desk.force.value(LOCAL, item, grid["district"], grid["week"]))
        before = rows.groupby("district")[["week", "amount"]].shift()
        parts.append(rows[(before["week"] != rows["week"] - 1) | (before["amount"] != rows["amount"])])
    rows = pd.concat(parts, ignore_index=True).sort_values(["week", "district", "item"], kind="stable")
    return districts_of(rows.reset_index(drop=True)).astype({"item": "str"})
