"""The office of partners: offers of support to organisations, and those that brokers place (clause VII.1.g).

A partner is an enterprise or body of the district with a number of its own; those sought by the policy come after those
that are there anyway. An offer that finds no organisation at work lapses. Support in kind is worth, but is no money.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Float, Papers
from vsim.office.funded import districts_of
from vsim.rng import Stream
from vsim.spec.units import FEN, MONTH, PER_THOUSAND, YEAR
from vsim.world.bodies import Event

LEVER = "partnerships"
KINDS = ("running", "project", "exchange", "public_service")
MOST = 1 << 16                # partners that a district may have: the entity of their draws
WHEN, OFFERS, PLACED, WHERE, KIND, HOURS, GOODS, LENGTH = range(8)


def work(desk: Desk) -> Papers:
    """Return table partnerships, and the wages of brokers."""
    papers = Papers({"partnerships": _offers(desk)})
    grid = _grid(desk)
    posts, wage = (desk.force.value(LEVER, name, grid["district"], grid["week"]) for name in ("brokers", "wage"))
    papers.pay("broker", "government", "district", grid["district"], grid["week"],
               posts * wage / PER_THOUSAND / YEAR * grid["residents"])
    return papers


def _grid(desk: Desk) -> pd.DataFrame:
    """Return every district and week, with residents and the place of the district."""
    places = desk.raw["districts"].reset_index(drop=True).rename_axis("place").reset_index()
    return places[["place", "district", "residents"]].merge(
        pd.DataFrame({"week": np.arange(desk.weeks)}), how="cross")


def _offers(desk: Desk) -> pd.DataFrame:
    """Return offers with their kind, size and worth, and the organisation and time of those that are placed."""
    value = desk.value
    rows = _made(desk)
    code, week = rows["district"], rows["week"]
    word = {item: desk.uniform(Stream.PARTNER, rows["entity"], week, item) for item in range(PLACED, LENGTH + 1)}
    brokers = desk.force.value(LEVER, "brokers", code, week)
    brokered = brokers / (brokers + value["partnerships.brokers_half"])
    chance = value["partners.placed"] + (1 - value["partners.placed"]) * brokered
    organisation = np.where(word[PLACED] < chance, _host(desk, rows, word[WHERE]), -1)
    hours = np.rint(_skewed(value["partners.hours"], word[HOURS], value["partners.skew"]))
    goods = np.rint(FEN * _skewed(value["partners.goods"], word[GOODS], value["partners.skew"])).astype(np.int64)
    worth = goods + np.rint(FEN * hours * value["partners.shadow_wage"]).astype(np.int64)
    end = week + 1 + np.floor(word[LENGTH] * value["partners.weeks"])
    placed = organisation >= 0
    kind = np.array(KINDS)[np.floor(word[KIND] * len(KINDS)).astype(np.int64)]
    return districts_of(rows[["week", "district"]].assign(
        partner="P-" + code + "-" + rows["number"].astype(str), kind=kind, hours=hours, goods_fen=goods,
        value_fen=worth, placed=placed, organisation=organisation, end_week=np.where(placed, end, np.nan)))


def _made(desk: Desk) -> pd.DataFrame:
    """Return which partner makes an offer in which week: at most one in four weeks, in a week of its own."""
    grid = _grid(desk)
    sought = desk.force.value(LEVER, "partners", grid["district"], grid["week"])
    count = np.floor((desk.value["partners.usual"] + sought) * grid["residents"] / PER_THOUSAND).astype(np.int64)
    there = count.to_numpy().reshape(-1, desk.weeks)          # by district and week
    most = there.max(axis=1)
    place = np.repeat(np.arange(most.size), most)
    number = np.arange(place.size) - np.repeat(np.cumsum(most) - most, most)
    entity = place * MOST + number
    codes = desk.raw["districts"]["district"].to_numpy()
    parts = [pd.DataFrame({"week": [], "district": [], "entity": [], "number": []})]
    for first in range(0, desk.weeks, MONTH):
        when, offers = (desk.uniform(Stream.PARTNER, entity, first, item) for item in (WHEN, OFFERS))
        week = first + np.floor(MONTH * when).astype(np.int64)
        kept = (week < desk.weeks) & (offers < desk.value["partners.offers"])
        kept &= number < there[place, np.minimum(week, desk.weeks - 1)]
        parts.append(pd.DataFrame({"week": week[kept], "district": codes[place[kept]], "entity": entity[kept],
                                   "number": number[kept] + 1}))
    rows = districts_of(pd.concat(parts)).astype(dict.fromkeys(("week", "entity", "number"), "int64"))
    return rows.sort_values(["week", "entity"], kind="stable").reset_index(drop=True)


def _host(desk: Desk, rows: pd.DataFrame, word: Float) -> np.ndarray:
    """Return the organisation that an offer is meant for, -1 where it has closed or there is none."""
    table = desk.raw["organisations"].reset_index(names="organisation")
    here = table[table["latent"] == 0]
    count = here.groupby("district").size().reindex(rows["district"]).fillna(0).to_numpy()
    first = here.groupby("district")["organisation"].min().reindex(rows["district"]).fillna(-1).to_numpy()
    drawn = np.where(count > 0, first + np.floor(word * count), -1).astype(np.int64)   # latent ones stand last
    events = desk.raw["org_events"]
    closed = events[events["kind"] == Event.CLOSED].groupby("organisation")["week"].min()
    ends = closed.reindex(drawn).fillna(desk.weeks).to_numpy()
    return np.where(rows["week"].to_numpy() < ends, drawn, -1)


def _skewed(mean: float, word: Float, power: float) -> Float:
    """Return draws of a given mean: an even draw to a whole power."""
    out = np.full(word.shape, mean * (1 + power))
    for _ in range(int(power)):
        out = out * word
    return out
