"""Registers: the raw books of a run as an agency has them - opaque ids, dates, late and doubled records, no truth.

The tables are those of `vsim/tables`; nothing here knows how the books were made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.exact import exp32
from vsim.rng import Stream, draw, stream_key
from vsim.spec.tables import load_tables

if TYPE_CHECKING:
    import pandas as pd

RECORDED, COPIED, VERIFIED, SHOWED = 1, 2, 4, 64
INFLATED, ROUNDED = 8, 16 + 32
UNUSED = 1024
LATENT = 0                    # stage of an organisation that has not started
METHODS = ("qr", "gps", "paper", "admin")
FIELDS = ("older_people", "children", "environment", "health", "culture", "civility", "emergency", "outreach")
EDUCATION = ("primary", "secondary", "college", "degree")
POINT_KINDS = ("earn", "spend", "expire")
YEAR = 52
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"      # 32 signs, none that is easily read as another

Raw = Mapping[str, "pd.DataFrame"]
Days = NDArray[np.datetime64]


def opaque(prefix: str, numbers: ArrayLike, seed: int) -> list[str]:
    """Return an opaque code for each number: 7 signs of a keyed permutation of 35 bits, so no two are equal.

    The code of a person says nothing of the person's place or order; without the seed it cannot be undone by looking.
    """
    values = np.asarray(numbers, dtype=np.uint64)
    left, right = values >> np.uint64(17), values & np.uint64(0x1FFFF)
    key = stream_key(seed)
    for turn in range(6):                    # Feistel rounds on 18 + 17 bits
        if turn % 2 == 0:
            left ^= draw(key, Stream.RELEASE, right, 0, turn)[0].astype(np.uint64) & np.uint64(0x3FFFF)
        else:
            right ^= draw(key, Stream.RELEASE, left, 0, turn)[0].astype(np.uint64) & np.uint64(0x1FFFF)
    mixed = left << np.uint64(17) | right
    signs = np.array(list(ALPHABET))
    digits = [signs[(mixed >> np.uint64(5 * k) & np.uint64(31)).astype(np.int64)] for k in range(7)]
    return [prefix + "".join(code) for code in zip(*digits, strict=True)]


def days(start: date, weeks: ArrayLike, day: ArrayLike = 0) -> Days:
    """Return dates, shape (n,): the given day (Monday 0) of weeks counted from `start`."""
    offset = np.asarray(weeks, dtype=np.int64) * 7 + np.asarray(day, dtype=np.int64)
    return np.datetime64(start, "D") + offset.astype("timedelta64[D]")


def registers(
    raw: Raw, *, start: date, weeks: int, seed: int, validity: int, course_hours: float
) -> dict[str, pd.DataFrame]:
    """Return the registers of a run, by table name.

    Parameters
    ----------
    raw : mapping of table name to DataFrame
        From `vsim.run.record.raw_tables`.
    start : date
        The Monday of week 0.
    weeks : int
        Weeks of the run; what would be entered later is not there yet.
    seed : int
        Seed of the run, for the opaque ids.
    validity : int
        Weeks for which a certificate holds.
    course_hours : float
        Length of the course, hours.
    """
    seen = {
        "districts": raw["districts"][list(load_tables()["districts"].names)],
        "stations": _stations(raw, start), "organisations": _organisations(raw),
        "volunteers": _volunteers(raw, start, weeks, seed), "activities": _activities(raw, start, seed),
        "service_records": service_records(raw, start, weeks, seed)[0],
        "training_records": _training(raw, start, seed, validity, course_hours),
        "star_awards": _stars(raw, start, seed), "points_ledger": _points(raw, start, seed),
    }
    return {name: frame.reset_index(drop=True) for name, frame in seen.items()}


def codes(prefix: str, count: int) -> NDArray[Any]:
    """Return "S0001", "S0002", ... for `count` rows."""
    width = max(4, len(str(count)))
    return np.array([f"{prefix}{i + 1:0{width}d}" for i in range(count)])


def _table(columns: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(dict(columns))


def _stations(raw: Raw, start: date) -> pd.DataFrame:
    s = raw["stations"]
    number = codes("S", len(s))
    s = s[s["opens"] >= 0]                   # planned sites that never opened are on no list
    return _table({
        "station_id": number[s.index], "name": s["name"], "district": s["district"], "kind": s["kind"],
        "x_km": s["x"] / 100, "y_km": s["y"] / 100, "opened_on": days(start - timedelta(days=365), s["opened"] // 7),
    })


def _organisations(raw: Raw) -> pd.DataFrame:
    o = raw["organisations"].reset_index(drop=True)
    number = codes("G", len(o))
    tasks = raw["tasks"]["organisation"].value_counts().reindex(range(len(o)), fill_value=0).to_numpy()
    o, tasks = o[o["stage"] != LATENT], tasks[o["stage"] != LATENT]      # what never started is on no list
    return _table({
        "org_id": number[o.index], "name": o["name"], "district": o["district"], "legal_form": o["legal_form"],
        "service_field": np.array(FIELDS)[o["field"]],
        "size_band": np.select([tasks < 5, tasks < 50], ["small", "medium"], "large"), "founded_year": o["founded"],
    })


def _volunteers(raw: Raw, start: date, weeks: int, seed: int) -> pd.DataFrame:
    import pandas as pd

    p = raw["people"][raw["people"]["registered"]]
    entered = raw["placements"]
    entered = entered[(entered["flags"] & RECORDED > 0) & (entered["due"] < weeks)]
    last = entered.groupby("person")["week"].max().reindex(p["person"]).to_numpy()
    status = np.where(np.isnan(last), "registered", np.where(last >= weeks - YEAR, "active", "lapsed"))
    word = draw(stream_key(seed), Stream.RELEASE, p["person"].to_numpy(), 1)[0].astype(np.int64)
    school = np.where(p["age"] < 16, 0, 1) + ((word >> 24) < 64)
    education = np.where(p["degree"], 3, np.minimum(school, 2))
    trained = p["trained"].to_numpy()
    until = pd.Series(days(start, np.maximum(trained, 0), 6), index=p.index).where(trained >= 0)
    return _table({
        "volunteer_id": opaque("V-", p["person"], seed), "name": p["name"].to_numpy(),
        "sex": np.where(p["female"], "F", "M"), "birth_year": start.year - p["age"].to_numpy(),
        "education": np.array(EDUCATION)[education], "student": p["student"].to_numpy(),
        "party_member": p["party_member"].to_numpy(), "district": p["district"].to_numpy(),
        "registered_on": days(start, p["since"], -(word % 7)), "status": status, "star": p["star"].to_numpy(),
        "verified_hours_total": p["verified"].to_numpy() / 4, "points_balance": p["points"].to_numpy(),
        "trained_until": until.to_numpy(),
    })


def _activities(raw: Raw, start: date, seed: int) -> pd.DataFrame:
    t = raw["tasks"]
    t = t[t["week"] >= 0]
    word = draw(stream_key(seed), Stream.RELEASE, t["task"].to_numpy(), 2)[0].astype(np.int64)
    planned = np.clip(((exp32(t["hours_log"].to_numpy()) * 2 + (1 << 31)) >> 32) / 2, 0.5, 12)
    single = np.array(["concentrated", "menu"])[word & 1]
    return _table({
        "activity_id": activity_codes(raw)[t["task"].to_numpy()], "date": days(start, t["week"], t["slot"] // 3),
        "week": t["week"].to_numpy(), "district": t["district"].to_numpy(),
        "station_id": codes("S", len(raw["stations"]))[t["station"].to_numpy()],
        "org_id": codes("G", len(raw["organisations"]))[t["organisation"].to_numpy()],
        "service_field": np.array(FIELDS)[t["field"].to_numpy()],
        "mode": np.where(t["recurring"] == 1, "daily", single), "recurring": (t["recurring"] == 1).to_numpy(),
        "gated": (t["gated"] == 1).to_numpy(), "start_slot": t["slot"].to_numpy(), "planned_hours": planned,
        "people_needed": t["seats"].to_numpy(), "lead_days": t["lead"].to_numpy(),
    })


def activity_codes(raw: Raw) -> NDArray[Any]:
    """Return the code of every task, run-up included, shape (tasks,)."""
    return codes("A", len(raw["tasks"]))


def service_records(raw: Raw, start: date, weeks: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records of the register, and beside each what it came from: position among placements, copy or not.

    Second copies stand apart from their first: they were entered later, often in another system.
    """
    p = raw["placements"].reset_index(names="placement")
    p = p[(p["flags"] & RECORDED > 0) & (p["week"] >= 0) & (p["due"] < weeks)]
    word = draw(stream_key(seed), Stream.RELEASE, p["person"].to_numpy(), p["week"].to_numpy(), p["task"].to_numpy())
    p = p.assign(copy=False, later=word[0].astype(np.int64) % 4, lag=word[1].astype(np.int64) % 5, word=word[2])
    import pandas as pd

    copies = p[p["flags"] & COPIED > 0].assign(copy=True)
    copies["due"] += 1 + copies["later"]
    copies["word"] = copies["word"].to_numpy() ^ np.uint32(1)
    both = pd.concat([p, copies[copies["due"] < weeks]]).sort_values(
        ["due", "task", "person", "copy"], kind="stable", ignore_index=True
    )
    slot = raw["tasks"]["slot"].to_numpy()[both["task"]]
    served = days(start, both["week"], slot // 3)
    entered = np.maximum(served, days(start, both["due"], both["lag"]))
    last = days(start, [weeks - 1], 6)[0]
    flags = both["flags"].to_numpy()
    verified = (flags & VERIFIED > 0) & ~both["copy"].to_numpy()
    found_out = both["copy"].to_numpy() & ((both["word"].to_numpy() >> np.uint32(8)) % 4 == 0)
    state = np.where(verified, "verified", np.where(found_out, "rejected", "draft"))
    frame = _table({
        "record_id": codes("R", len(both)), "volunteer_id": opaque("V-", both["person"], seed),
        "activity_id": activity_codes(raw)[both["task"]], "date": served, "recorded_on": np.minimum(entered, last),
        "hours": both["entered"] / 4, "method": np.array(METHODS)[flags >> 8 & 3],
        "verify_state": state, "source_system": np.where(both["word"] % 2 == 0, "platform_a", "platform_b"),
    })
    return frame, both[["placement", "copy"]]


def _training(raw: Raw, start: date, seed: int, validity: int, hours: float) -> pd.DataFrame:
    import pandas as pd

    c = raw["courses"]
    c = c[c["week"] >= 0].reset_index(drop=True)
    until = pd.Series(days(start, c["week"] + validity, 6)).where(c["passed"] == 1)
    return _table({
        "training_id": codes("T", len(c)), "volunteer_id": opaque("V-", c["person"], seed),
        "course": np.full(len(c), "basics"), "date": days(start, c["week"], 5), "hours": np.full(len(c), hours),
        "passed": (c["passed"] == 1).to_numpy(), "valid_to": until.to_numpy(),
    })


def _stars(raw: Raw, start: date, seed: int) -> pd.DataFrame:
    s = raw["stars"]
    s = s[s["week"] >= 0].reset_index(drop=True)
    return _table({
        "award_id": codes("W", len(s)), "volunteer_id": opaque("V-", s["person"], seed), "star": s["star"],
        "awarded_on": days(start, s["week"], 6), "verified_hours_at_award": s["verified"] / 4,
    })


def _points(raw: Raw, start: date, seed: int) -> pd.DataFrame:
    p = raw["points"]
    p = p[p["week"] >= 0].reset_index(drop=True)
    booked = days(start, p["week"], 6)
    year_end = booked.astype("datetime64[Y]").astype("datetime64[D]") - np.timedelta64(1, "D")
    year_end = np.where(booked - year_end > np.timedelta64(6, "D"), booked, year_end)    # a week that holds 31 December
    lapsed = p["kind"].to_numpy() == POINT_KINDS.index("expire")
    return _table({
        "entry_id": codes("P", len(p)), "volunteer_id": opaque("V-", p["person"], seed),
        "date": np.where(lapsed, year_end, booked), "kind": np.array(POINT_KINDS)[p["kind"]], "points": p["points"],
        "balance": p["balance"],
    })
