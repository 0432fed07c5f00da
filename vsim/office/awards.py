"""Awards: candidates of the yearly selection, their scores and ranks, and the audit of finalists (clause VII.3.g).

Quality is a person's own and is scored with error. Ranks follow the weighted score, then the number of the person; a
finalist whose hours turn out to be too many is struck.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.office.services import recorded
from vsim.rng import Stream
from vsim.spec.calendar import weeks_with
from vsim.spec.units import PER_HUNDRED, YEAR

QUALITY, ERROR, AUDIT = range(3)                               # draws of one person and selection


def work(desk: Desk) -> Papers:
    """Return table award_candidates: one row a candidate and selection, in the order of week, district and rank."""
    served = recorded(desk)
    parts = [_selection(desk, served, week, code) for week, code in _selections(desk)]
    rows = pd.concat(parts, ignore_index=True) if parts else _selection(desk, served[:0], 0, "")
    return Papers({"award_candidates": rows.reset_index(drop=True)})


def _selections(desk: Desk) -> list[tuple[int, str]]:
    """Return the weeks and districts in which a selection is held."""
    codes, weeks = desk.raw["districts"]["district"].to_numpy(), np.arange(desk.weeks)
    month, day = (desk.force.value("awards", name, codes[:, None], weeks[None, :]) for name in ("month", "day"))
    found = set()
    for when in {(int(m), int(d)) for m, d in zip(month.ravel(), day.ravel(), strict=True) if m > 0}:
        for week in weeks_with(*when, desk.start, range(desk.weeks)):
            held = (month[:, week] == when[0]) & (day[:, week] == when[1])
            found |= {(week, str(code)) for code in codes[held]}
    return sorted(found)


def _selection(desk: Desk, served: pd.DataFrame, week: int, code: str) -> pd.DataFrame:
    """Return the candidates of one district."""
    value = desk.value
    past = served[(served["district"] == code) & (served["week"] > week - YEAR) & (served["due"] <= week)]
    rows = past[past["week"] <= week].groupby("person", as_index=False)[["hours", "true_hours"]].sum()
    rows = rows[rows["hours"] >= value["awards_desk.least_hours"]]
    who = rows["person"].to_numpy()
    weight, finalists, audit = (
        float(desk.force.value("awards", name, [code], [week])[0]) if code else 0.0
        for name in ("weight_hours", "finalists", "audit"))
    spread = value["awards_desk.quality_spread"] * (2 * desk.uniform(Stream.AWARD, who, 0, QUALITY) - 1)
    error = value["awards_desk.quality_error"] * (2 * desk.uniform(Stream.AWARD, who, week, ERROR) - 1)
    quality = value["awards_desk.quality_mean"] + spread
    by_hours = np.minimum(PER_HUNDRED * rows["hours"] / value["awards_desk.full_hours"], PER_HUNDRED)
    by_quality = np.rint(np.clip(quality + error, 0, PER_HUNDRED))
    rows = rows.assign(week=week, district=np.full(len(rows), code), score_hours=by_hours, score_quality=by_quality,
                       score=weight * by_hours + (1 - weight) * by_quality, true_quality=quality)
    rows = rows.sort_values(["score", "person"], ascending=[False, True], kind="stable").reset_index(drop=True)
    rows["rank"] = np.arange(1, len(rows) + 1)
    rows["finalist"] = rows["rank"] <= finalists
    looked = desk.uniform(Stream.AWARD, rows["person"], week, AUDIT) < audit
    rows["audited"] = rows["finalist"] & looked
    rows["hours_found"] = rows["true_hours"].where(rows["audited"])
    struck = rows["hours"] > rows["hours_found"] * (1 + value["awards_desk.tolerance"])        # false without an audit
    rows["result"] = np.where(struck, "struck", np.where(rows["finalist"], "award", "not_chosen"))
    return rows
