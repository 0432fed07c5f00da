"""Compacts: which community adopted one, what its clause says, and what review made of it (clause VI.3.d).

Service is voluntary (Regulation, article 3): a clause that sets hours, fines or withholds is coercive. Review finds
such a clause and puts a voluntary one in its place; without review it stands.
"""

from __future__ import annotations

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream

KINDS = ("citizens", "residents", "village", "trade", "charter")
VOLUNTARY = ("encourages", "thanks", "lends_place", "welcomes")
COERCIVE = ("hours_for_all", "fine", "withholds", "posts_names")


def work(desk: Desk) -> Papers:
    """Return table compacts: one row a community that adopted one, in the order of week and community."""
    people = desk.raw["people"]
    places = people.groupby(["district", "community"], as_index=False)["person"].min()
    who, code = places["person"].to_numpy(), places["district"].to_numpy()     # a community's first resident stands
    grid, weeks = code[:, None], np.arange(desk.weeks)[None, :]                # for it: the same in every arm
    elapsed = np.cumsum(desk.force.on("compacts", grid, weeks), axis=1)
    target, last = (desk.force.value("compacts", name, grid, weeks, off) for name, off in
                    (("target", 0.0), ("weeks_to_target", 1.0)))
    reached = desk.uniform(Stream.COMPACT, who, 0, 0)[:, None] < target * np.minimum(elapsed / last, 1.0)
    rows = places.assign(week=reached.argmax(axis=1))[reached.any(axis=1)].reset_index(drop=True)
    who, code, week = rows["person"].to_numpy(), rows["district"], rows["week"]
    luck = [desk.uniform(Stream.COMPACT, who, 0, item) for item in range(1, 6)]
    drafted = luck[0] < desk.value["compacts.drafted"]
    reviewed = luck[1] < desk.force.value("compacts", "review", code, week)
    coercive = drafted & ~reviewed
    harsh, mild = (np.array(texts)[(luck[2] * len(texts)).astype(np.int64)] for texts in (COERCIVE, VOLUNTARY))
    width = max(2, len(str(places["community"].max() + 1)))
    table = rows[["week", "district"]].assign(
        community=np.array([f"{place}-C{number + 1:0{width}d}" for place, number in
                            zip(code, rows["community"], strict=True)], dtype=str),
        kind=np.array(KINDS)[(luck[3] * len(KINDS)).astype(np.int64)], clause=np.where(coercive, harsh, mild),
        reviewed=reviewed, state=np.where(drafted & reviewed, "corrected", "adopted"), true_coercive=coercive)
    return Papers({"compacts": table.sort_values(["week", "community"], kind="stable").reset_index(drop=True)})
