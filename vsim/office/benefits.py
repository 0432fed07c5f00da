"""Benefits: the catalogue of each district, and what volunteers used in each week (clause VII.3.e).

Who is entitled follows from the stars before the week; how often somebody uses a benefit does not depend on service,
so most of it is given for what would have been done anyway.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import FEN

BENEFITS = ("transport", "museums", "checkups")


def work(desk: Desk) -> Papers:
    """Return tables benefit_catalogue and benefit_usage, and the subsidies paid."""
    usage = _usage(desk)
    papers = Papers({"benefit_catalogue": _catalogue(desk), "benefit_usage": usage})
    paid = usage.groupby(["week", "district", "benefit"], as_index=False)["subsidy_fen"].sum()
    papers.pay("benefit", "government", "providers", paid["district"], paid["week"], paid["subsidy_fen"] / FEN)
    return papers


def _catalogue(desk: Desk) -> pd.DataFrame:
    """Return the benefits with the week in which a district begins to give them, or changes their terms."""
    codes, weeks = desk.raw["districts"]["district"].to_numpy(), np.arange(desk.weeks)
    grid = codes[:, None], weeks[None, :]
    star, subsidy = (desk.force.value("courtesy", name, *grid, off=-1.0) for name in ("star", "subsidy"))
    parts = []
    for benefit in BENEFITS:
        given = desk.force.value("courtesy", benefit, *grid) >= 1
        terms = np.where(given, star, -1.0), np.where(given, subsidy, -1.0)
        changed = np.any([np.diff(term, axis=1, prepend=-1.0) != 0 for term in terms], axis=0)
        where, when = np.nonzero(given & changed)
        cost = round(FEN * desk.value[f"benefits.{benefit}_cost"])
        parts.append(pd.DataFrame({
            "week": when, "district": codes[where], "benefit": np.full(when.size, benefit),
            "star": star[where, when].astype(np.int64), "cost_fen": np.full(when.size, cost),
            "subsidy_share": subsidy[where, when]}))
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values(["week", "district"], kind="stable").reset_index(drop=True)


def _usage(desk: Desk) -> pd.DataFrame:
    """Return what was used, one row a person, week and benefit."""
    people = desk.raw["people"].sort_values("person").reset_index(drop=True)
    people = people.loc[people["registered"], ["person", "district", "since"]].reset_index(drop=True)
    parts = [people.iloc[:0][["person", "district"]].assign(
        week=0, star=0, benefit=np.array([], dtype=str), cost_fen=0, subsidy_fen=0)]
    codes, weeks = desk.raw["districts"]["district"].to_numpy(), np.arange(desk.weeks)
    place = pd.Index(codes).get_indexer(people["district"])
    least, subsidy, *given = (
        desk.force.value("courtesy", name, codes[:, None], weeks[None, :], off=off)
        for name, off in (("star", np.inf), ("subsidy", 0.0), *((benefit, 0.0) for benefit in BENEFITS)))
    for week, star in _stars(desk, people["person"].to_numpy()):
        entitled = (star >= least[place, week]) & (people["since"].to_numpy() <= week)
        if not entitled.any():
            continue
        rows = people.loc[entitled, ["person", "district"]].assign(week=week, star=star[entitled])
        here = place[entitled]
        for item, benefit in enumerate(BENEFITS):
            luck = desk.uniform(Stream.BENEFIT, rows["person"], week, item)
            used = (given[item][here, week] >= 1) & (luck < desk.value[f"benefits.{benefit}_use"])
            cost = round(FEN * desk.value[f"benefits.{benefit}_cost"])
            paid = np.rint(cost * subsidy[here, week]).astype(np.int64)
            parts.append(rows.assign(benefit=np.full(len(rows), benefit), cost_fen=cost, subsidy_fen=paid)[used])
    return pd.concat(parts, ignore_index=True).sort_values(["week", "person"], kind="stable").reset_index(drop=True)


def _stars(desk: Desk, persons: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield each week of the run with the stars that these persons (ascending) had before it."""
    granted = desk.raw["stars"][["week", "person", "star"]]
    granted = granted[granted["person"].isin(persons)].sort_values("week", kind="stable")
    when, star = granted["week"].to_numpy(), np.zeros(persons.size, dtype=np.int64)
    place, level = np.searchsorted(persons, granted["person"].to_numpy()), granted["star"].to_numpy()
    done = 0
    for week in range(desk.weeks):
        upto = int(np.searchsorted(when, week))
        star[place[done:upto]] = level[done:upto]
        done = upto
        yield week, star.copy()
