"""Teams: who belongs to which, leaders and their terms, and the rooms of hosts (clauses IV.2.i, IV.2.j, IV.3.b).

A team is entered in the week in which it reaches the smallest size asked for; its grant is paid then. Members are those
whom the engine lets join (truth); the office only orders and dates them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import WORD, Desk, Papers, needed
from vsim.rng import Stream, draw
from vsim.spec.units import FEN, QUARTER

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 3                    # of a quarter


def work(desk: Desk) -> Papers:
    """Return tables team_membership, teams, hosting and role_assignments, and the grants paid."""
    members = _members(desk)
    papers = Papers({"team_membership": members, "teams": _teams(desk, members), "hosting": _hosting(desk),
                     "role_assignments": _leaders(desk)})
    teams = papers.tables["teams"]
    papers.pay("team_grant", "government", "teams", teams["district"], teams["week"], teams["grant_fen"] / FEN)
    return papers


def served(desk: Desk) -> pd.DataFrame:
    """Return week, person, district and organisation of every attendance that was needed."""
    placements = desk.raw["placements"]
    rows = placements.loc[(placements["week"] >= 0) & needed(placements), ["week", "person", "task", "true_hours"]]
    return rows.merge(desk.raw["tasks"][["task", "district", "organisation"]], on="task")


def _members(desk: Desk) -> pd.DataFrame:
    """Return who joined a team in which week: the first week of service in which the engine's own word allowed it."""
    people = desk.raw["people"]
    offset = desk.raw["organisations"].reset_index().drop_duplicates("district").set_index("district")["index"]
    joined = people.loc[people["team"] > 0, ["person", "district", "team"]]
    joined = joined.assign(organisation=joined["team"] - 1 + joined["district"].map(offset).astype(np.int64))
    rows = served(desk)[["week", "person"]].drop_duplicates().merge(joined, on="person")
    rows = rows[desk.force.on("teams", rows["district"], rows["week"])]
    chance, matched = (desk.force.value("teams", name, rows["district"], rows["week"])
                       for name in ("chance", "interest_matching"))
    most = np.minimum(chance * (1 + desk.value["teams.match_gain"] * (matched >= 1)), 1.0)     # as the lever edits
    word = draw(desk.key, Stream.HONOUR, rows["person"], rows["week"])[2].astype(np.float64) / WORD
    rows = rows[word < most].sort_values(["week", "person"], kind="stable").drop_duplicates("person")
    return rows[["week", "district", "person", "organisation"]].assign(role="member").reset_index(drop=True)


def _teams(desk: Desk, members: pd.DataFrame) -> pd.DataFrame:
    """Return the teams that reached the smallest size, in the week in which they did."""
    least = desk.force.value("teams", "min_size", members["district"], members["week"], off=np.inf)
    size = members.groupby("organisation").cumcount().to_numpy() + 1
    rows = members.assign(size=size)[size >= least].drop_duplicates("organisation").reset_index(drop=True)
    grant = desk.force.value("teams", "start_grant", rows["district"], rows["week"])
    by_interest = desk.force.value("teams", "interest_matching", rows["district"], rows["week"]) >= 1
    return rows[["week", "district", "organisation", "size"]].assign(
        by_interest=by_interest, grant_fen=np.rint(FEN * grant).astype(np.int64))


def _hosting(desk: Desk) -> pd.DataFrame:
    """Return the rooms of organisations at stations at the start of each quarter, no host above its capacity."""
    import pandas as pd

    table = desk.raw["organisations"].reset_index(names="organisation")
    stations = desk.raw["stations"].reset_index(names="station")
    offset = stations.drop_duplicates("district").set_index("district")["station"]
    parts = []
    for week in range(0, desk.weeks, QUARTER):
        asked = desk.force.value("hosting", "capacity", table["district"], np.full(len(table), week))
        room = table["host"].to_numpy() >= 0
        luck = desk.uniform(Stream.STATION, table["organisation"], 0, 1)
        moved = ~room & (luck < np.minimum(asked / desk.value["hosting.asked"], 1.0))
        count = stations[stations["plan"] == 0].groupby("district").size().reindex(table["district"]).to_numpy()
        drawn = (desk.uniform(Stream.STATION, table["organisation"], 0, 2) * count).astype(np.int64)
        rows = table.assign(station=np.where(room, table["host"], drawn) + offset.loc[table["district"]].to_numpy(),
                            by_policy=moved, week=week)[room | moved]
        rank = rows.sort_values(["by_policy", "organisation"]).groupby("station").cumcount().reindex(rows.index)
        most = desk.force.value("hosting", "capacity", rows["district"], rows["week"], off=np.inf)
        kept = rows[~rows["by_policy"] | (rank < most)]
        parts.append(kept[["week", "district", "organisation", "station", "by_policy"]])
    return pd.concat(parts, ignore_index=True)


def _leaders(desk: Desk) -> pd.DataFrame:
    """Return leaders at the end of each quarter: those with most hours, one for so many who served."""
    rows = served(desk)
    on = desk.force.on("leaders", rows["district"], rows["week"])
    ratio = desk.force.value("leaders", "ratio", rows["district"], rows["week"], off=desk.value["leaders.usual"])
    term = desk.force.value("leaders", "term_months", rows["district"], rows["week"], off=0)
    hours = desk.force.value("leaders", "training_hours", rows["district"], rows["week"])
    rows = rows.assign(quarter=rows["week"] // QUARTER, ratio=ratio, term=term, training_hours=hours)[on]
    each = rows.groupby(["district", "organisation", "quarter", "person"], as_index=False).agg(
        hours=("true_hours", "sum"), ratio=("ratio", "last"), term=("term", "last"),
        training_hours=("training_hours", "last"), week=("week", "max"))
    each = each.sort_values(["district", "organisation", "quarter", "hours", "person"],
                            ascending=[True, True, True, False, True], kind="stable")
    groups = each.groupby(["organisation", "quarter"])
    wanted = np.ceil(groups["person"].transform("size") / each["ratio"])
    led = each[groups.cumcount() < wanted]
    first = led.groupby(["organisation", "person"])["quarter"].transform("min")
    fresh = led[((led["quarter"] - first) * MONTHS) % led["term"].clip(lower=MONTHS) == 0]
    out = fresh.assign(role="team_leader", trained=fresh["training_hours"] > 0).sort_values(["week", "person"])
    return out[["week", "district", "person", "organisation", "role", "trained", "training_hours"]].reset_index(
        drop=True)
