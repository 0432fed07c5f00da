"""Governance: what the supervisor and the sector body keep about organisations (clauses IV.2.b, g, h, k, m; IV.3.c, h).

Stages, registrations, inspections, rules and practices are what the engine lived through (the book of events); the
office dates, names and pays them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import FEN, MONTHS, PER_HUNDRED, QUARTER, QUARTERS, TENTHS
from vsim.world.bodies import Event

if TYPE_CHECKING:
    import pandas as pd

STAGES = {Event.STARTED: "forming", Event.PASSED: "growing", Event.MATURED: "mature", Event.CLOSED: "closed"}


def work(desk: Desk) -> Papers:
    """Return tables of inspections, rules, stages, registrations, practices, members and coordinators; grants, fees."""
    events = desk.raw["org_events"]
    events = events[events["week"] >= 0].reset_index(drop=True)
    papers = Papers({
        "inspections": _inspections(events), "org_rules": _of(events, Event.RULES).rename(columns={"value": "items"}),
        "org_stages": _stages(events), "org_register": _register(desk, events),
        "practice_adoption": _practices(desk, events), "federation_membership": _members(desk),
        "coordinators": _coordinators(desk),
    })
    new = papers.tables["org_register"]
    papers.pay("registration_fee", "organisations", "government", new["district"], new["week"], new["fee_fen"] / FEN)
    _incubate(desk, papers)
    members = papers.tables["federation_membership"]
    papers.pay("membership_fee", "organisations", "federation", members["district"], members["week"],
               members["fee_fen"] / FEN)
    took = papers.tables["practice_adoption"]
    papers.pay("adoption_subsidy", "government", "organisations", took["district"], took["week"],
               desk.force.value("showcase", "subsidy", took["district"], took["week"]))
    return papers


def _of(events: pd.DataFrame, kind: Event) -> pd.DataFrame:
    """Return the events of one kind."""
    return events.loc[events["kind"] == kind, ["week", "district", "organisation", "value"]].reset_index(drop=True)


def _inspections(events: pd.DataFrame) -> pd.DataFrame:
    """Return inspections, whether each found a violation, and the weeks of suspension that it led to."""
    found = _of(events, Event.VIOLATION).rename(columns={"value": "suspended_weeks"}).assign(violation=True)
    rows = _of(events, Event.INSPECTED).drop(columns="value").merge(
        found, how="left", on=["week", "district", "organisation"])
    return rows.assign(violation=rows["violation"].eq(True),
                       suspended_weeks=rows["suspended_weeks"].fillna(0).astype(np.int64))


def _stages(events: pd.DataFrame) -> pd.DataFrame:
    """Return the changes of stage of organisations."""
    rows = events[events["kind"].isin(list(STAGES))]
    return rows[["week", "district", "organisation"]].assign(
        stage=rows["kind"].map(STAGES).astype(object)).reset_index(drop=True)


def _register(desk: Desk, events: pd.DataFrame) -> pd.DataFrame:
    """Return organisations entered in the register of civil affairs, when they applied and what they paid."""
    rows = _of(events, Event.REGISTERED).drop(columns="value")
    code, week = rows["district"], rows["week"]
    review = desk.force.value("org_registration", "review_days", code, week, off=desk.value["governance_desk.review"])
    dual = desk.force.value("org_registration", "dual_control", code, week, off=1.0) >= 1
    fee = desk.force.value("org_registration", "fee", code, week)
    return rows.assign(
        legal_form="institution", review_days=review.astype(np.int64), fee_fen=np.rint(FEN * fee).astype(np.int64),
        supervising_unit=np.where(dual, "named", "none"), authority="county_civil_affairs")


def _practices(desk: Desk, events: pd.DataFrame) -> pd.DataFrame:
    """Return who took up a practice and where it may have been seen: an event where there are any, else contact."""
    rows = _of(events, Event.ADOPTED).drop(columns="value")
    held = desk.force.value("showcase", "events", rows["district"], rows["week"]) > 0
    return rows.assign(source=np.where(held, "event_or_contact", "contact"))


def _incubate(desk: Desk, papers: Papers) -> None:
    """Pay the grants of groups that begin or pass while there are places: each has one by its own luck."""
    rows = papers.tables["org_stages"]
    rows = rows[rows["stage"].isin(["forming", "growing"])]
    code, week = rows["district"], rows["week"]
    months = desk.force.value("incubation", "months", code, week, off=MONTHS)
    places = desk.force.value("incubation", "places", code, week)
    served = np.minimum(places / PER_HUNDRED * MONTHS / months, 1.0)
    chosen = desk.uniform(Stream.REGISTER, rows["organisation"], 0, 1) < served
    grants = rows[["week", "district", "organisation"]].assign(
        grant_fen=np.rint(FEN * desk.force.value("incubation", "grant", code, week)).astype(np.int64),
        mentoring_hours=desk.force.value("incubation", "mentoring_hours", code, week))[chosen]
    grants = grants.drop_duplicates("organisation").reset_index(drop=True)
    papers.tables["incubation_grants"] = grants
    papers.pay("incubation_grant", "government", "organisations", grants["district"], grants["week"],
               grants["grant_fen"] / FEN)


def _quarterly(desk: Desk) -> pd.DataFrame:
    """Return a row for each organisation that was founded before the run and each quarter."""
    table = desk.raw["organisations"].reset_index(names="organisation")
    table = table.loc[table["latent"] == 0, ["district", "organisation", "federated", "leaders", "coordinators"]]
    rows: pd.DataFrame = table.merge(_weeks(desk), how="cross")
    return rows


def _weeks(desk: Desk) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"week": np.arange(0, desk.weeks, QUARTER)})


def _members(desk: Desk) -> pd.DataFrame:
    """Return members of the sector body at the start of each quarter, and their fee for it."""
    rows = _quarterly(desk)
    share = desk.force.value("federation", "member_share", rows["district"], rows["week"])
    drawn = desk.uniform(Stream.REGISTER, rows["organisation"], 0, 2) < share
    fee = desk.force.value("federation", "fee", rows["district"], rows["week"]) / QUARTERS
    kept = rows.assign(fee_fen=np.rint(FEN * fee).astype(np.int64))[drawn | (rows["federated"] == 1).to_numpy()]
    return kept[["week", "district", "organisation", "fee_fen"]].sort_values(
        ["week", "organisation"], kind="stable").reset_index(drop=True)


def _coordinators(desk: Desk) -> pd.DataFrame:
    """Return paid posts at the start of each quarter, the volunteers of a post, and whether it is certified."""
    rows = _quarterly(desk)
    posts = desk.force.value("coordinators", "posts", rows["district"], rows["week"])
    active = rows["leaders"] * desk.value["leaders.usual"]
    full = rows["coordinators"] / TENTHS + posts * active / PER_HUNDRED
    share = desk.force.value("coordinators", "certified", rows["district"], rows["week"])
    sure = desk.uniform(Stream.REGISTER, rows["organisation"], 0, 3) < share
    rows = rows.assign(posts=full, caseload=active / np.where(full > 0, full, np.nan), certified=sure)[full > 0]
    names = ["week", "district", "organisation", "posts", "caseload", "certified"]
    out: pd.DataFrame = rows[names].sort_values(["week", "organisation"], kind="stable").reset_index(drop=True)
    return out
