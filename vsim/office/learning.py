"""Learning: hours in each quarter by content, and scores before and after (clause IV.3.a).

What was learned is forgotten by half in a card's weeks, so the score before a quarter falls back; a test has noise of
its own, so a low score rises by itself the next time. Scores are kept in the office and move nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.office.teams import served
from vsim.rng import Stream
from vsim.spec.units import QUARTER

if TYPE_CHECKING:
    import pandas as pd

MODULES = ("values", "closeness", "skills")
PASSED_ON = 8                 # draws a module
FIRST, TURNS = 128, 16        # numbers of draws, clear of those of the courses
FULL_MARKS = 100


def work(desk: Desk) -> Papers:
    """Return table learning_log: one row a person, quarter and module, for those who served in the quarter."""
    import pandas as pd

    rows = served(desk)
    rows = rows.assign(quarter=rows["week"] // QUARTER).groupby(
        ["quarter", "person"], as_index=False).agg(week=("week", "max"), district=("district", "last"))
    code, week = rows["district"], rows["week"]
    hours = desk.force.value("learning", "hours", code, week)
    skills = desk.force.value("learning", "skills_share", code, week)
    coming = desk.uniform(Stream.COURSE, rows["person"], rows["quarter"], FIRST) < desk.value["learning_desk.comes"]
    kept = coming & (hours > 0)
    parts = []
    for place, module in enumerate(MODULES):
        share = skills if module == "skills" else 0.5 * (1 - skills)
        parts.append(_scores(desk, rows, module, place, hours * share)[kept & (hours * share > 0)])
    log = pd.concat(parts, ignore_index=True)
    return Papers({"learning_log": log.sort_values(["week", "person", "module"], kind="stable").reset_index(drop=True)})


def _scores(desk: Desk, rows: pd.DataFrame, module: str, place: int, hours: np.ndarray) -> pd.DataFrame:
    """Return the scores of one module, 0 to 100: what a person is, what is left of learning, gain and noise."""
    value = desk.value
    base = value["learning_desk.lowest"] + value["learning_desk.spread"] * desk.uniform(
        Stream.COURSE, rows["person"], 0, FIRST + 1 + place)
    past = rows.groupby("person").cumcount().to_numpy()
    left = value["learning_desk.kept"]
    gain = value["learning_desk.gain"] * hours / (hours + 1)
    old = gain * (left * (1 - left**past) / (1 - left) if left < 1 else past)
    item = FIRST + TURNS + PASSED_ON * place
    noise = [value["learning_desk.noise"] * (2 * desk.uniform(
        Stream.COURSE, rows["person"], rows["quarter"], item + turn) - 1) for turn in (0, 1)]
    return rows[["week", "district", "person"]].assign(
        module=module, hours=hours, score_before=np.rint(np.clip(base + old + noise[0], 0, FULL_MARKS)),
        score_after=np.rint(np.clip(base + old + gain + noise[1], 0, FULL_MARKS)), true_gain=gain)
