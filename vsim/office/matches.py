"""Matches: each place that a volunteer took, from offer to rating (clause V.3.a3).

The score is what the platform works out with the weights in force: experience in the field and the way. Some tasks are
assigned, people being asked one after the other; the others stand open until somebody takes them.
"""

from __future__ import annotations

import numpy as np

from vsim.office.desk import Desk, Papers, needed
from vsim.office.placed import km_of, places_of, request_ids
from vsim.rng import Stream
from vsim.world.ledgers import UNUSED

PLACES = 3                    # decimals of a score
ITEMS = 32                    # numbers of draws kept for a source
WAY, ASKED, WAIT = range(16, 19)          # numbers of the draws, clear of those of the dispatch log


def work(desk: Desk) -> Papers:
    """Return table matches: one row a place taken."""
    rows = places_of(desk)
    who, week, code, source = (rows[name].to_numpy() for name in ("person", "week", "district", "source"))
    served = needed(rows).to_numpy()
    earlier = rows.assign(served=served.astype(np.int64)).groupby(["person", "field25"])["served"].cumsum() - served
    experienced = earlier.to_numpy() > 0
    km = km_of(desk, rows)
    skill = desk.force.value("matching", "skill_weight", code, week, desk.value["matches.score_skill"])
    near = desk.force.value("matching", "distance_weight", code, week, desk.value["matches.score_distance"])
    share = desk.force.value("matching", "assigned", code, week, desk.value["matches.office_assigned"])
    assigned = desk.uniform(Stream.DISPATCH, source, week, WAY) < share
    word = desk.uniform(Stream.DISPATCH, who, week, source * ITEMS + ASKED)
    refuses = np.log(np.maximum(1.0 - desk.value["matches.accepts"], np.finfo(float).tiny))
    asked = 1 + np.floor(np.log(1.0 - word) / refuses).astype(np.int64)
    taken = -desk.value["matches.days_to_take"] * np.log(
        1.0 - desk.uniform(Stream.DISPATCH, who, week, source * ITEMS + WAIT))
    batch = desk.force.value("matching", "batch_days", code, week)
    lead = rows["lead"].to_numpy()
    waited = np.minimum(np.where(assigned, batch, np.floor(taken)), lead).astype(np.int64)
    rated = desk.raw["ratings"]
    rated = rated.loc[rated["rater"] == "beneficiary", ["person", "task"]].drop_duplicates().assign(rated=True)
    found = rows[["person", "task"]].merge(rated, how="left", on=["person", "task"])["rated"].notna().to_numpy()
    return Papers({"matches": rows[["week", "district", "person", "task"]].assign(
        request_id=request_ids(rows), way=np.where(assigned, "assigned", "open_call"), experienced=experienced, km=km,
        score=np.round(skill * experienced - near * km, PLACES), people_asked=np.where(assigned, asked, 1),
        offered_days=lead, accepted_days=lead - waited,
        outcome=np.select([rows["flags"].to_numpy() & UNUSED > 0, served], ["sent_home", "served"], "absent"),
        rated=found)})
