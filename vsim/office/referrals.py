"""Referrals, and the days of digital advertising by version (clause V.3.a6).

Where a referral earns points, some new volunteers name somebody of their community who brought them. Advertising is
shown in two versions; what they differ by is on a card, and it is nothing unless somebody sets it.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.exact import ONE16, normal16
from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import PER_THOUSAND, WEEK, YEAR

NAMES, WHOM = 24, 25          # numbers of the draws on forms
ADS = 64                      # from here on, draws of districts, clear of those of the log of dispatch and of matches
VERSIONS = ("first", "second")


def work(desk: Desk) -> Papers:
    """Return tables referrals (two rows a referral) and ad_days (one row a day and version)."""
    return Papers({"referrals": _referrals(desk), "ad_days": _days(desk)})


def _referrals(desk: Desk) -> pd.DataFrame:
    """Return who came by referral and who brought them: a volunteer of the community, on the register before."""
    people = desk.raw["people"]
    people = people[people["registered"]].sort_values("person", kind="stable")
    new = people[people["since"] >= 0]
    points = desk.force.value("promotion", "referral_points", new["district"], new["since"])
    named = desk.uniform(Stream.FORM, new["person"], 0, NAMES) < desk.value["referrals.named"]
    kept = named & (points > 0)
    new = new[kept].assign(points=points[kept]).sort_values(["since", "person"], kind="stable")
    there = {place: (rows["person"].to_numpy(), rows["since"].to_numpy())
             for place, rows in people.groupby(["district", "community"])}
    word = desk.uniform(Stream.FORM, new["person"], 0, WHOM)
    rows: list[tuple[int, str, str, str, int, float]] = []
    count: Counter[str] = Counter()
    for (week, code, where, person, each), u in zip(
            new[["since", "district", "community", "person", "points"]].itertuples(index=False), word, strict=True):
        ids, since = there[code, where]
        before = ids[since < week]
        if before.size:
            count[code] += 1
            number = f"R{code}-{count[code]}"
            rows.append((week, code, number, "referrer", int(before[int(u * before.size)]), each))
            rows.append((week, code, number, "referred", person, 0.0))
    out = pd.DataFrame(rows, columns=["week", "district", "referral_id", "role", "person", "points"])
    texts = dict.fromkeys(("district", "referral_id", "role"), "str")
    return out.astype({"week": "int64", "person": "int64", "points": "float64", **texts})


def _days(desk: Desk) -> pd.DataFrame:
    """Return showings and clicks of each day and version; clicks are normal about their mean, rounded."""
    places = desk.raw["districts"][["district", "residents"]]
    grid = places.merge(pd.DataFrame({"week": np.arange(desk.weeks)}), how="cross").merge(
        pd.DataFrame({"day": np.arange(WEEK)}), how="cross").merge(
        pd.DataFrame({"version": VERSIONS, "place": [0, 1]}), how="cross")
    code, week = grid["district"].to_numpy(), grid["week"].to_numpy()
    yuan = desk.force.value("promotion", "ads", code, week) * grid["residents"].to_numpy() / PER_THOUSAND / YEAR / WEEK
    second = grid["place"].to_numpy() == 1
    share = desk.force.value("promotion", "second_version", code, week)
    shown = np.rint(yuan * desk.value["referrals.shown"] * np.where(second, share, 1.0 - share)).astype(np.int64)
    chance = np.minimum(
        desk.value["referrals.click"] * np.where(second, desk.value["referrals.click_second"], 1.0), 1.0)
    order = pd.Series(np.arange(len(places)), index=places["district"]).reindex(code).to_numpy()
    item = grid["day"].to_numpy() * len(VERSIONS) + grid["place"].to_numpy()
    clicks = _count(shown, chance, desk, order, week, item)
    out = grid[["week", "day", "district", "version"]].assign(shown=shown, clicks=clicks, true_chance=chance)
    out = out[shown > 0].sort_values(["week", "day", "district", "version"], kind="stable")
    days: pd.DataFrame = out.reset_index(drop=True)
    return days


def _count(
    shown: NDArray[np.int64], chance: NDArray[np.float64], desk: Desk, order: NDArray[np.int64],
    week: NDArray[np.int64], item: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return how many of the showings were followed, near a binomial number of that mean and variance."""
    z = normal16(desk.words(Stream.DISPATCH, order, week, ADS + item)) / ONE16
    mean = shown * chance
    return np.clip(np.rint(mean + z * np.sqrt(mean * (1.0 - chance))), 0, shown).astype(np.int64)
