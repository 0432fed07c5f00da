"""Personal data: the ledger of consent, requests of the people concerned, the clock, and what is published (V.3.d).

The ledger is only added to: a withdrawal is a row of its own. Without the policy one consent covers all and nothing is
kept back or erased.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.observe.registers import RECORDED
from vsim.office.desk import Desk, Papers
from vsim.office.texts import with_texts
from vsim.rng import Stream
from vsim.spec.units import QUARTER, YEAR

ALL = "all"
PURPOSES = ("service", "statistics", "publicity", "research", "sharing")
REQUESTS = ("access", "correct", "erase", "copy")
BANDS = (0, 18, 35, 60)       # lower ends
BAND_NAMES = ("under_18", "18_34", "35_59", "60_and_over")
GUARDIAN_BELOW = 14           # Personal Information Protection Law, article 31
ASKED, LEFT, WHEN, KIND, ANSWER, WISH = (8 * place for place in range(6))


def work(desk: Desk) -> Papers:
    """Return tables consents, access_requests, published_cells and retention_log."""
    people = desk.raw["people"]
    people = people.loc[people["registered"], ["person", "district", "since", "age", "female"]].reset_index(drop=True)
    return Papers(with_texts({
        "consents": _consents(desk, people), "access_requests": _requests(desk, people),
        "published_cells": _cells(desk, people), "retention_log": _retention(desk, people)}))


def _consents(desk: Desk, people: pd.DataFrame) -> pd.DataFrame:
    """Return what each new registrant agreed to, refused, and took back later."""
    rows = people[people["since"] >= 0].rename(columns={"since": "week"})
    apart = desk.force.value("privacy", "separate", rows["district"], rows["week"]) >= 1
    asked = np.where(apart, desk.force.value("privacy", "purposes", rows["district"], rows["week"]), 1)
    parts = []
    for number, purpose in enumerate(PURPOSES):
        some = rows.assign(apart=apart)[number < asked].reset_index(drop=True)
        choice = desk.uniform(Stream.CONSENT, some["person"], 0, ASKED + number)
        refused = (choice < desk.value["consents.refused"]) & (number > 0)       # service itself needs the data
        gone = desk.uniform(Stream.CONSENT, some["person"], 0, LEFT + number) < desk.value["consents.withdrawn"]
        after = 1 + np.floor(YEAR * desk.uniform(Stream.CONSENT, some["person"], 0, WHEN + number)).astype(np.int64)
        back = gone & ~refused & some["apart"].to_numpy() & (number > 0) & (some["week"] + after < desk.weeks)
        given = some.assign(purpose=np.where(some["apart"], purpose, ALL),
                            action=np.where(refused, "refused", "given"))
        taken = given.assign(week=some["week"] + after, action="withdrawn")[back]
        parts += [given, taken]
    out = pd.concat(parts, ignore_index=True)
    out = out.assign(by=np.where(out["age"] < GUARDIAN_BELOW, "guardian", "self"),
                     fields=desk.force.value("privacy", "fields", out["district"], out["week"],
                                             off=desk.value["consents.fields"]).astype(np.int64))
    names = ["week", "district", "person", "purpose", "action", "by", "fields"]
    ledger: pd.DataFrame = out.sort_values(["week", "person", "purpose"], kind="stable")[names].reset_index(drop=True)
    return ledger


def _requests(desk: Desk, people: pd.DataFrame) -> pd.DataFrame:
    """Return what people asked about their data, at most once each, and how long the answer took."""
    wish = desk.uniform(Stream.CONSENT, people["person"], 0, WISH)
    week = np.floor(desk.weeks * desk.uniform(Stream.CONSENT, people["person"], 0, WHEN + len(PURPOSES)))
    rows = people.assign(week=week.astype(np.int64))[wish < desk.value["consents.requests"] * desk.weeks / YEAR]
    rows = rows[rows["week"] >= rows["since"]].reset_index(drop=True)
    usual = desk.value["consents.usual_days"]
    promised = desk.force.value("privacy", "answer_days", rows["district"], rows["week"], off=np.inf)
    kind = np.floor(len(REQUESTS) * desk.uniform(Stream.CONSENT, rows["person"], 0, KIND)).astype(np.int64)
    took = np.ceil(2 * np.minimum(usual, promised * desk.value["consents.kept"])
                   * desk.uniform(Stream.CONSENT, rows["person"], 0, ANSWER)).astype(np.int64)
    return rows[["week", "district", "person"]].assign(
        request=np.array(REQUESTS, dtype=object)[kind], answer_days=took, late=took > promised).sort_values(
        ["week", "person"], kind="stable").reset_index(drop=True)


def _quarters(desk: Desk) -> pd.DataFrame:
    return pd.DataFrame({"week": np.arange(QUARTER - 1, desk.weeks, QUARTER)})


def _cells(desk: Desk, people: pd.DataFrame) -> pd.DataFrame:
    """Return the number of registrants by age and sex at the end of each quarter; small cells are kept back."""
    band = np.searchsorted(np.array(BANDS), people["age"].to_numpy(), side="right") - 1
    rows = people.assign(age_band=np.array(BAND_NAMES, dtype=object)[band], sex=np.where(people["female"], "F", "M"))
    rows = rows.merge(_quarters(desk), how="cross")
    rows = rows[rows["since"] <= rows["week"]]
    out = rows.groupby(["week", "district", "age_band", "sex"], as_index=False).size()
    least = desk.force.value("privacy", "smallest_cell", out["district"], out["week"])
    small = out["size"].to_numpy() < least
    return out.assign(suppressed=small, volunteers=out["size"].where(~small).astype(float),
                      true_volunteers=out["size"]).drop(columns="size")


def _retention(desk: Desk, people: pd.DataFrame) -> pd.DataFrame:
    """Return how many accounts are due to be erased at the end of each quarter: idle for longer than data are kept."""
    placed = desk.raw["placements"]
    served = placed.loc[placed["flags"] & RECORDED > 0, ["person", "week"]].rename(columns={"week": "at"})
    marks = pd.concat([served, people[["person", "since"]].rename(columns={"since": "at"})])
    parts = []
    for week in _quarters(desk)["week"].tolist() if desk.force.anywhere("privacy") else ():
        last = marks[marks["at"] <= week].groupby("person")["at"].max().rename("last").reset_index()
        rows = people[["person", "district"]].merge(last, on="person")
        rows = rows[desk.force.on("privacy", rows["district"], np.full(len(rows), week))].reset_index(drop=True)
        years = desk.force.value("privacy", "years_kept", rows["district"], np.full(len(rows), week))
        due = week - rows["last"] > years * YEAR
        parts.append(rows.assign(week=week, years_kept=years.astype(np.int64), due=due.to_numpy()).groupby(
            ["week", "district", "years_kept"], as_index=False).agg(accounts=("due", "size"), erased=("due", "sum")))
    names = ["week", "district", "years_kept", "accounts", "erased"]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    return out[names].astype({name: "int64" for name in names if name != "district"})
