"""Signals: what is passed to credit records, with errors, and the disputes with their clock (clause VII.3.f).

An export needs consent for this purpose (Personal Information Protection Law). Wrong hours are those of a slip, one
digit more; who looks and finds one may dispute it. A case that is not decided when the run ends is open.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.office.services import recorded
from vsim.rng import Stream
from vsim.spec.units import WEEK, YEAR
from vsim.world.ledgers import SHOWED

VERIFIED = 4                  # bit of the flags of a placement
SLIP = 10                     # a digit more
WRONG, LOOKS, CONSENT, PACE, HURRY, FINDS = range(6)           # draws of one person and week


def work(desk: Desk) -> Papers:
    """Return tables credit_exports and credit_disputes."""
    served, missed = recorded(desk), _missed(desk)
    served = served[served["flags"] & VERIFIED > 0]
    every = int(desk.value["signals.every"])
    people = desk.raw["people"]
    people = people.loc[people["registered"], ["person", "district"]].sort_values("person").reset_index(drop=True)
    parts = [_exports(desk, people, served, missed, week) for week in range(every - 1, desk.weeks, every)]
    exports = pd.concat(parts, ignore_index=True) if parts else _exports(desk, people[:0], served, missed, 0)
    return Papers({"credit_exports": exports, "credit_disputes": _disputes(desk, exports)})


def _missed(desk: Desk) -> pd.DataFrame:
    """Return week and person of each seat that was taken and missed."""
    placed = desk.raw["placements"]
    return placed.loc[(placed["week"] >= 0) & (placed["flags"] & SHOWED == 0), ["week", "person"]]


def _exports(
    desk: Desk, people: pd.DataFrame, served: pd.DataFrame, missed: pd.DataFrame, week: int
) -> pd.DataFrame:
    """Return the signals of one week, about the year before: good news, and bad news where the policy passes it on."""
    value, force = desk.value, desk.force
    rows = people[force.on("credit_signals", people["district"], week)].reset_index(drop=True)
    who, code = rows["person"].to_numpy(), rows["district"]
    least, positive, consent = (
        force.value("credit_signals", name, code, week) for name in ("hours", "positive_only", "consent"))
    past = served[(served["week"] > week - YEAR) & (served["due"] <= week)].groupby("person")["hours"].sum()
    gone = missed[(missed["week"] > week - YEAR) & (missed["week"] <= week)].groupby("person").size()
    hours, absences = past.reindex(who, fill_value=0.0).to_numpy(), gone.reindex(who, fill_value=0).to_numpy()
    willing = desk.uniform(Stream.SIGNAL, who, 0, CONSENT) < consent          # a person's, for all weeks
    wrong = desk.uniform(Stream.SIGNAL, who, week, WRONG) < value["signals.wrong"]
    table = rows.assign(week=week, hours=np.where(wrong, SLIP * hours, hours), true_wrong=wrong)
    good = table[willing & (hours >= least)]
    bad = table[willing & (positive < 1) & (absences >= value["signals.absence_limit"])]
    both = pd.concat([good.assign(signal=np.full(len(good), "positive"), absences=np.nan),     # good news says no bad
                      bad.assign(signal=np.full(len(bad), "negative"), absences=absences[bad.index])])
    return both.sort_values(["person", "signal"], kind="stable").reset_index(drop=True)


def _disputes(desk: Desk, exports: pd.DataFrame) -> pd.DataFrame:
    """Return the disputes, filed in the week after the export, with the clock of the decision."""
    value = desk.value
    rows = exports.drop_duplicates(["person", "week"]).reset_index(drop=True)
    wrong, who, week = rows["true_wrong"].to_numpy(), rows["person"].to_numpy(), rows["week"].to_numpy()
    luck = {item: desk.uniform(Stream.SIGNAL, who, week, item) for item in (LOOKS, PACE, HURRY, FINDS)}
    asked = luck[LOOKS] < np.where(wrong, value["signals.disputed"], value["signals.disputed_right"])
    limit = desk.force.value("credit_signals", "appeal_days", rows["district"], week).astype(np.int64)
    days = 1 + np.floor(2 * value["signals.pace_days"] * luck[PACE]).astype(np.int64)
    days = np.where(luck[HURRY] < value["signals.in_time"], np.minimum(days, limit), days)
    filed = week + 1
    decided = filed + days // WEEK
    over = decided < desk.weeks
    found = wrong & (luck[FINDS] < value["signals.found"])
    table = rows[["person", "district"]].assign(
        week=filed, export_week=week, limit_days=limit, decided_week=np.where(over, decided, np.nan),
        days=np.where(over, days, np.nan), outcome=np.where(over, np.where(found, "corrected", "upheld"), "open"),
        true_wrong=wrong)
    table = table[asked & (filed < desk.weeks)]
    return table.sort_values(["week", "person"], kind="stable").reset_index(drop=True)
