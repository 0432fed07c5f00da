"""Requests for help on account of time credits: those served, those refused, and how long people waited.

The ledger keeps what was spent only. Who asked in vain is known from the keyed draw of the week, the balance at the
turn of the person, and the rules in force. Members who asked on credit, below the price of a visit, cannot be known
from the papers; they are counted in the book of the month alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vsim.exact import threshold32
from vsim.office.desk import Desk
from vsim.rng import Stream
from vsim.spec.units import HOUR

if TYPE_CHECKING:
    import pandas as pd

Int = NDArray[np.int64]
LATER = ("spend", "transfer", "expire")       # entries after a person's turn to ask


def requests(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each request: week, district, person, state, hours, waiting weeks, for kin or not."""
    import pandas as pd

    visit = round(HOUR * desk.value["credits.visit"])
    parts = [pd.DataFrame({"week": np.zeros(0, np.int64), "district": np.zeros(0, object),
                           "person": np.zeros(0, np.int64), "state": np.zeros(0, object),
                           "for_kin": np.zeros(0, np.bool_)})]
    for code, own in rows.groupby("district", sort=False):
        served = own.loc[own["type"].isin(("spend", "transfer")), ["week", "district", "person", "type"]]
        parts.append(served.assign(state="served", for_kin=served["type"] == "transfer").drop(columns="type"))
        parts.append(_refused(desk, str(code), own, visit, served))
    out = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    out = out.sort_values(["person", "week"], kind="stable").reset_index(drop=True)
    out["hours"] = visit / HOUR
    out["waiting"] = _waiting(out)
    return out.sort_values(["week", "person"], kind="stable").reset_index(drop=True)


def _refused(desk: Desk, code: str, own: pd.DataFrame, visit: int, served: pd.DataFrame) -> pd.DataFrame:
    """Return the requests of one district that found no helper, by people who could pay for them."""
    import pandas as pd

    people = desk.raw["people"]
    here = people[people["district"] == code]
    ids, age = here["person"].to_numpy(), here["age"].to_numpy()
    holders = np.unique(own["person"].to_numpy())
    who, when = np.nonzero(_at_turn(own, holders, desk.weeks) >= visit)
    oldest, kin = (desk.force.value("time_bank", name, code, when) for name in ("redeem_age", "kin"))
    place = np.searchsorted(ids, holders[who])
    kin_age = np.maximum(age[(place - 1) % ids.size], age[(place + 1) % ids.size])     # the houses beside it
    young = age[place] < oldest
    chance = threshold32(desk.value["time_bank.need"] * desk.value["time_bank.redeem"])
    asks = desk.force.on("time_bank", code, when) & (~young | ((kin == 1) & (kin_age >= oldest)))
    asks &= desk.words(Stream.CREDIT, holders[who], when).astype(np.int64) < chance
    found = pd.DataFrame({"week": when[asks], "district": code, "person": holders[who[asks]], "state": "refused",
                          "for_kin": young[asks]})
    met = pd.MultiIndex.from_frame(served[["week", "person"]])
    return found[~pd.MultiIndex.from_frame(found[["week", "person"]]).isin(met)]


def _at_turn(own: pd.DataFrame, holders: Int, weeks: int) -> Int:
    """Return what each account held when its holder's turn to ask came, in quarter hours, shape (accounts, weeks).

    People take turns in the order of their numbers; an hour of help by a holder counts when the one who was helped
    came before them.
    """
    person, week = own["person"].to_numpy(), own["week"].to_numpy()
    amount, kind = own["quarter_hours"].to_numpy(), own["type"].to_numpy()
    place = np.searchsorted(holders, person)
    early = ~np.isin(kind, LATER) & ((kind != "help") | (np.roll(person, 1) < person))   # who is helped stands above
    moved, before = np.zeros((2, holders.size, weeks), dtype=np.int64)
    np.add.at(moved, (place, week), amount)
    np.add.at(before, (place[early], week[early]), amount[early])
    return np.asarray(np.cumsum(moved, axis=1) - moved + before, dtype=np.int64)


def _waiting(asked: pd.DataFrame) -> Int:
    """Return weeks since the first refusal after the last help, for requests sorted by person and week."""
    met = (asked["state"] == "served").astype(np.int64)
    streak = met.groupby(asked["person"]).cumsum() - met
    first = asked.groupby([asked["person"], streak])["week"].transform("min")
    return np.asarray(asked["week"] - first, dtype=np.int64)
