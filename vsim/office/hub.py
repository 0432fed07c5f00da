"""The office of the hub: what it loads from each platform, doubles, conflicts, and the log of exchange (V.3.b1, V.3.c).

A record stands on the platform of its organisation and is loaded in the first week with a load after it was entered.
Doubles that the rule catches and rows that a mapping refuses are no longer in the register; the office says how many
there were, by the same chances.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.observe.registers import COPIED, RECORDED
from vsim.office.desk import Desk, Papers
from vsim.office.texts import with_texts
from vsim.rng import Stream
from vsim.spec.units import WEEK

PLATFORMS = ("platform_a", "platform_b", "platform_c")
RULE_SAME = 1
CAUGHT, DIFFERS, OTHER, FILLED, STANDARD, REFUSED = range(6)
DRAWS = 8                     # numbers of the draws of one record: items 8 * source + one of those above


def work(desk: Desk) -> Papers:
    """Return tables hub_loads, load_conflicts and exchange_log."""
    records = _records(desk)
    loads, conflicts = _loads(desk, records)
    exchange = _exchange(desk, records)
    return Papers(with_texts({"hub_loads": loads, "load_conflicts": conflicts, "exchange_log": exchange}))


def _records(desk: Desk) -> pd.DataFrame:
    """Return the records of the run by week of entry, with their district, source and platform."""
    placed = desk.raw["placements"]
    rows = placed[(placed["week"] >= 0) & (placed["flags"] & RECORDED > 0) & (placed["due"] < desk.weeks)]
    rows = rows[["week", "person", "task", "due", "flags"]].merge(
        desk.raw["tasks"][["task", "district", "organisation", "source"]], on="task")
    platform = desk.raw["organisations"]["platform"].to_numpy()[rows["organisation"].to_numpy()]
    rows = rows.assign(platform=platform.astype(np.int64))
    return rows.sort_values(["due", "district", "platform", "week", "person", "source"], kind="stable").reset_index(
        drop=True)


def _word(desk: Desk, rows: pd.DataFrame, which: int) -> NDArray[np.float64]:
    return desk.uniform(Stream.PLATFORM, rows["person"], rows["week"], DRAWS * rows["source"].to_numpy() + which)


def _loads(desk: Desk, records: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what each load brought by platform, and the doubles in which two platforms said different hours."""
    rows = records.assign(load=_next_load(desk, records))
    rows = rows[rows["load"] >= 0].reset_index(drop=True)
    code, load = rows["district"], rows["load"]
    rule = desk.force.value("data_hub", "rule", code, load).astype(np.int64)
    caught = np.select([rule > RULE_SAME, rule == RULE_SAME],
                       [desk.value["data_hub.caught_day"], desk.value["data_hub.caught_same"]], 0.0)
    double = _word(desk, rows, CAUGHT) < desk.value["recording.duplicate"] * caught
    # two copies with the same hours only pass for one under the rule of day and hours: there nothing can differ
    differ = double & (rule > RULE_SAME) & (_word(desk, rows, DIFFERS) < desk.value["hub.differs"])
    standard = desk.force.value("interoperability", "adoption", code, load)
    short = desk.value["hub.field_missing"] * (1.0 - standard)
    rows = rows.assign(
        received=1 + double + (rows["flags"] & COPIED > 0), doubles=double, conflicts=differ,
        complete=_word(desk, rows, FILLED) >= short, days=WEEK * (load - rows["week"]))
    every = desk.force.value("data_hub", "every_days", code, load)
    rows = rows.assign(loads=np.maximum(WEEK // np.maximum(every, 1), 1).astype(np.int64))
    out = rows.groupby(["load", "district", "platform"], as_index=False).agg(
        loads=("loads", "first"), records=("received", "size"), received=("received", "sum"),
        doubles=("doubles", "sum"), conflicts=("conflicts", "sum"), complete=("complete", "sum"),
        delay_days=("days", "mean"))
    out = out.rename(columns={"load": "week"}).assign(platform=_names(out["platform"]))
    return out.astype({"conflicts": "int64", "doubles": "int64", "complete": "int64"}), _conflicts(desk, rows[differ])


def _next_load(desk: Desk, records: pd.DataFrame) -> NDArray[np.int64]:
    """Return the week in which each record is loaded, -1 where no load under the same policy follows."""
    codes = desk.raw["districts"]["district"].to_numpy()
    weeks = np.arange(desk.weeks)
    on = desk.force.on("data_hub", codes[:, None], weeks[None, :])
    every = desk.force.value("data_hub", "every_days", codes[:, None], weeks[None, :], off=WEEK)
    due = on & ((weeks + 1) * WEEK // every > weeks * WEEK // every)
    after = np.full((codes.size, desk.weeks + 1), -1, dtype=np.int64)
    for week in weeks[::-1]:
        after[:, week] = np.where(due[:, week], week, np.where(on[:, week], after[:, week + 1], -1))
    place = pd.Series(np.arange(codes.size), index=codes)
    found: NDArray[np.int64] = after[place.loc[records["district"]].to_numpy(), records["due"].to_numpy()]
    return found


def _names(platform: pd.Series) -> NDArray[np.object_]:
    names: NDArray[np.object_] = np.array(PLATFORMS, dtype=object)[platform.to_numpy(dtype=np.int64)]
    return names


def _conflicts(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the doubles with different hours: the value of the platform that stands first stays."""
    rows = rows.reset_index(drop=True)
    own = rows["platform"].to_numpy(dtype=np.int64)
    other = (own + 1 + (_word(desk, rows, OTHER) < 0.5)) % len(PLATFORMS)
    first = desk.force.value("data_hub", "first_platform", rows["district"], rows["load"]).astype(np.int64)
    kept = np.where(first == other, other, own)
    return rows[["load", "district", "person", "task"]].rename(columns={"load": "week"}).assign(
        kept_from=_names(pd.Series(kept)), other_from=_names(pd.Series(own + other - kept)))


def _exchange(desk: Desk, records: pd.DataFrame) -> pd.DataFrame:
    """Return what each platform sent in a week, by the standard or mapped, and what was refused."""
    code, week = records["district"], records["due"]
    rows = records[desk.force.value("interoperability", "exchange", code, week) >= 1].reset_index(drop=True)
    code, week = rows["district"], rows["due"]
    places = pd.Series(np.arange(len(desk.raw["districts"])), index=desk.raw["districts"]["district"])
    entity = len(PLATFORMS) * places.loc[code].to_numpy() + rows["platform"].to_numpy()
    adoption = desk.force.value("interoperability", "adoption", code, week)
    standard = desk.uniform(Stream.PLATFORM, entity, 0, STANDARD) < adoption
    half = desk.value["interoperability.budget_half"]
    budget = desk.force.value("interoperability", "mapping_budget", code, week)
    loss = desk.value["interoperability.mapping_loss"] * half / (half + budget)
    refused = ~standard & (_word(desk, rows, REFUSED) < loss)
    out = rows.assign(refused=refused, standard=standard).groupby(["due", "district", "platform"], as_index=False).agg(
        schema=("standard", "first"), sent=("refused", "size"), refused=("refused", "sum"))
    out = out.rename(columns={"due": "week"}).astype({"refused": "int64"})
    return out.assign(
        sent=out["sent"] + out["refused"], platform=_names(out["platform"]),
        schema=np.where(out["schema"].astype(bool), "common", "mapped"))
