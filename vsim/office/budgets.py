"""The budget office: what is allotted and spent by district, quarter and channel (clause VII.1.b).

The formula looks at the thirteen weeks before a quarter: places for which nobody was found and needs that no
organisation could run, hours on record, residents. A part without any figures is shared by residents. What is not spent
is carried into the next quarter. Core grants are those that the engine pays.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.office.funded import districts_of, funded, quarters
from vsim.rng import Stream
from vsim.spec.units import FEN, HOUR, PER_THOUSAND, QUARTER, YEAR
from vsim.world.bodies import PERIOD

PARTS = {"need": "unmet", "performance": "hours", "equity": "residents"}      # weight -> figure
EXECUTION = 1                 # number of the draw, where the fund desk uses 0


def work(desk: Desk) -> Papers:
    """Return tables budget and budget_formula, and the money for both channels."""
    formula = _formula(desk)
    grants = _core(desk)
    pot = _executed(desk, formula)
    papers = Papers()
    papers.pay("allocation", "government", "district", pot["district"], pot["week"], pot["allotted_fen"] / FEN)
    papers.pay("budget_services", "district", "suppliers", pot["district"], pot["week"], pot["spent_fen"] / FEN)
    papers.pay("core_grant", "government", "organisations", grants["district"], grants["week"],
               grants["spent_fen"] / FEN)
    names = ["week", "district", "channel", "allotted_fen", "spent_fen", "recipient"]
    both = pd.concat([pot[names], grants[names]]).sort_values(["week", "district", "channel"], kind="stable")
    papers.tables["budget"] = districts_of(both.reset_index(drop=True)).astype({"channel": "str", "recipient": "str"})
    papers.tables["budget_formula"] = districts_of(
        formula[["week", "district", *PARTS.values(), "share", "allotted_fen"]])
    return papers


def _formula(desk: Desk) -> pd.DataFrame:
    """Return the figures, the share of the pot and the money of each district under the policy, quarter by quarter."""
    rows = quarters(desk, "public_budget")
    weekly = desk.raw["weekly"]
    unmet = weekly["beyond"] + (weekly["needed"] - weekly["filled"]).clip(lower=0)
    past = weekly[["district"]].assign(
        quarter=weekly["week"] // QUARTER + 1, unmet=unmet, hours=weekly["recorded_hours"] / HOUR)
    rows = rows.merge(past.groupby(["district", "quarter"], as_index=False).sum(), how="left",
                      on=["district", "quarter"]).fillna({"unmet": 0, "hours": 0.0}).astype({"unmet": "int64"})
    total = desk.force.value("public_budget", "total", rows["district"], rows["week"])
    rows = rows.assign(own=total * rows["residents"] / PER_THOUSAND * rows["weeks"] / YEAR)
    pool = ["quarter", "week"]                                # districts that begin later share from then on
    weight = {name: rows[pool].assign(w=desk.force.value("public_budget", name, rows["district"], rows["week"]))
              .groupby(pool)["w"].transform("mean") for name in PARTS}
    heads = rows["residents"] / rows.groupby(pool)["residents"].transform("sum")
    sums = sum(weight.values(), pd.Series(0.0, index=rows.index))
    share = heads.where(sums == 0, 0.0)
    for name, figure in PARTS.items():
        whole = rows.groupby(pool)[figure].transform("sum")
        part = (rows[figure] / whole.where(whole > 0)).where(whole > 0, heads)
        share = share + (weight[name] / sums.where(sums > 0)).fillna(0.0) * part
    pot = rows.groupby(pool)["own"].transform("sum")
    return rows.assign(share=share, allotted_fen=np.rint(FEN * share * pot).astype(np.int64))


def _executed(desk: Desk, formula: pd.DataFrame) -> pd.DataFrame:
    """Return the pot's rows with what was spent of allotted and carried money."""
    least = desk.value["budgets.executed_least"]
    luck = desk.uniform(Stream.FUND, formula["place"], formula["quarter"], EXECUTION)
    part = least + (1 - least) * luck
    spent = np.zeros(len(formula), dtype=np.int64)
    left: dict[str, int] = {}
    for i, (code, fen) in enumerate(zip(formula["district"], formula["allotted_fen"].tolist(), strict=True)):
        have = left.get(code, 0) + fen
        spent[i] = int(have * part[i])
        left[code] = have - int(spent[i])
    return formula.assign(channel="formula", spent_fen=spent, recipient="district")


def _core(desk: Desk) -> pd.DataFrame:
    """Return the core grants of a district at each look of the engine."""
    rows = funded(desk)
    core = desk.force.value("public_budget", "core", rows["district"], rows["week"])
    rows = rows.assign(fen=PERIOD * np.rint(FEN * core / YEAR).astype(np.int64))
    each = rows[rows["fen"] > 0].groupby(["week", "district"], as_index=False)["fen"].sum()
    out: pd.DataFrame = each.assign(channel="core_grants", allotted_fen=each["fen"], spent_fen=each["fen"],
                                    recipient="organisations")
    return out
