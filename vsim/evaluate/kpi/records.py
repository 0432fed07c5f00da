"""Indicators of records, protection and organisations: insured, safe, in order, inflated, private, supervised.

Arguments are as in `vsim.evaluate.kpi.people`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.evaluate.kpi.parts import Parts
from vsim.evaluate.kpi.rows import WEEK, days, floats, needs, once, options

if TYPE_CHECKING:
    import pandas as pd

DAY_HOURS = 24
OSHA = 200_000                # hours of a hundred people in a year, by which safety at work is counted
PER_CLAIM = 100_000
RULES = 12                    # items of the checklist of governance


def insurance_coverage(assignments: pd.DataFrame, *, protected: str = "protected", weight: str | None = None,
                       cluster: str = "org_id") -> Parts:
    """Return the share of service that is under protection (30): of shifts, or of hours where `weight` names them."""
    rows = needs("insurance_coverage", assignments, protected, cluster, *([] if weight is None else [weight]))
    size = np.ones(len(rows)) if weight is None else floats(rows, weight)
    return Parts(rows, size * floats(rows, protected), size, "ratio", cluster=cluster)


def claims_rate(claims: pd.DataFrame, exposure: pd.DataFrame, *, hours: str = "hours",
                district: str = "district") -> Parts:
    """Return claims for 100,000 hours of service (30)."""
    return _events("claims_rate", claims, exposure, hours, district, PER_CLAIM, "claims per 100,000 h")


def safety(incident_log: pd.DataFrame, exposure: pd.DataFrame, *, hours: str = "hours",
           district: str = "district") -> Parts:
    """Return incidents for 200,000 hours of service (31)."""
    return _events("safety", incident_log, exposure, hours, district, OSHA, "incidents per 200,000 h")


def _events(who: str, events: pd.DataFrame, exposure: pd.DataFrame, hours: str, district: str, scale: int,
            unit: str) -> Parts:
    import pandas as pd

    happened, at_risk = needs(who, events, district), needs(who, exposure, district, hours)
    rows = pd.concat([at_risk[[district]], happened[[district]]], ignore_index=True)
    top = np.concatenate([np.zeros(len(at_risk)), np.ones(len(happened))])
    bottom = np.concatenate([floats(at_risk, hours), np.zeros(len(happened))])
    return Parts(rows, top, bottom, "rate", unit, float(scale))


def loss_ratio(claims: pd.DataFrame, policies: pd.DataFrame, *, paid: str = "paid", premium: str = "premium",
               district: str = "district") -> Parts:
    """Return what the insurer paid over the premiums (30)."""
    import pandas as pd

    out, income = needs("loss_ratio", claims, paid, district), needs("loss_ratio", policies, premium, district)
    rows = pd.concat([out[[district]], income[[district]]], ignore_index=True)
    top = np.concatenate([np.nan_to_num(floats(out, paid)), np.zeros(len(income))])
    bottom = np.concatenate([np.zeros(len(out)), floats(income, premium)])
    return Parts(rows, top, bottom, "ratio", "ratio", cluster=district)


def faults(service_records: pd.DataFrame, volunteers: pd.DataFrame, *, volunteer: str = "volunteer_id",
           activity: str = "activity_id", date: str = "date", recorded_on: str = "recorded_on", hours: str = "hours",
           verify_state: str = "verify_state", registered_on: str = "registered_on") -> pd.DataFrame:
    """Return the records with a column of 0 and 1 for each fault that a register can show by itself.

    double: a second entry for a shift; long_day: more than 24 hours on a day; too_early: before registering;
    unverified; backwards: entered before the service.
    """
    rows = needs("faults", service_records, volunteer, activity, date, recorded_on, hours, verify_state)
    people = needs("faults", volunteers, volunteer, registered_on)
    once("faults", people, volunteer)
    on, entered = days(rows, date), days(rows, recorded_on)
    joined = rows[volunteer].map(days(people, registered_on).set_axis(people[volunteer]))
    day = rows.assign(length=floats(rows, hours)).groupby([volunteer, date])["length"].transform("sum")
    found = {
        "double": rows.duplicated([volunteer, activity]), "long_day": day > DAY_HOURS, "too_early": on < joined,
        "unverified": rows[verify_state] != "verified", "backwards": entered < on,
    }
    return rows.assign(**{name: np.asarray(column, dtype=np.int64) for name, column in found.items()})


FAULTS = ("double", "long_day", "too_early", "unverified", "backwards")


def ledger_faults(service_records: pd.DataFrame, volunteers: pd.DataFrame, *, only: str = "",
                  volunteer: str = "volunteer_id", activity: str = "activity_id", date: str = "date",
                  recorded_on: str = "recorded_on", hours: str = "hours", verify_state: str = "verify_state",
                  registered_on: str = "registered_on") -> Parts:
    """Return the share of records with a fault (43), of any kind or `only` one of `FAULTS`."""
    options("ledger_faults", "only", only, ("", *FAULTS))
    rows = faults(service_records, volunteers, volunteer=volunteer, activity=activity, date=date,
                  recorded_on=recorded_on, hours=hours, verify_state=verify_state, registered_on=registered_on)
    kinds = [only] if only else list(FAULTS)
    wrong = rows[kinds].max(axis=1).to_numpy(dtype=np.float64)
    return Parts(rows, wrong, np.ones(len(rows)), "share")


def hours_inflation(service_records: pd.DataFrame, service_truth: pd.DataFrame, *, hours: str = "hours",
                    true_hours: str = "true_hours", volunteer: str = "volunteer_id") -> Parts:
    """Return recorded over true hours (44): only a simulator, or an audit of everything, knows the latter."""
    import pandas as pd

    told = needs("hours_inflation", service_records, hours, volunteer)
    true = needs("hours_inflation", service_truth, true_hours, volunteer)
    rows = pd.concat([told[[volunteer]], true[[volunteer]]], ignore_index=True)
    top = np.concatenate([floats(told, hours), np.zeros(len(true))])
    bottom = np.concatenate([np.zeros(len(told)), floats(true, true_hours)])
    return Parts(rows, top, bottom, "ratio", "ratio", cluster=volunteer)


def interoperability(exchange_log: pd.DataFrame, *, sent: str = "sent", refused: str = "refused",
                     platform: str = "platform") -> Parts:
    """Return the share of records sent by platforms that the common schema could read (49)."""
    rows = needs("interoperability", exchange_log, sent, refused, platform)
    count = floats(rows, sent)
    return Parts(rows, count - floats(rows, refused), count, "ratio", cluster=platform)


def data_quality(service_records: pd.DataFrame, volunteers: pd.DataFrame, *, volunteer: str = "volunteer_id",
                 activity: str = "activity_id", date: str = "date", recorded_on: str = "recorded_on",
                 hours: str = "hours", timely: int = WEEK, dimension: str = "") -> Parts:
    """Return the weakest of five shares of good records, or one of them (50).

    complete: no field empty; valid: between 0 and 24 hours; unique: no second entry; timely: entered within `timely`
    days; consistent: of a known volunteer and not entered before the service. The weakest is taken, since a product
    hides which one it is.
    """
    import pandas as pd

    names = ("complete", "valid", "unique", "timely", "consistent")
    options("data_quality", "dimension", dimension, ("", *names))
    rows = needs("data_quality", service_records, volunteer, activity, date, recorded_on, hours)
    known = needs("data_quality", volunteers, volunteer)[volunteer]
    late = (days(rows, recorded_on) - days(rows, date)).dt.days
    given = floats(rows, hours)
    good = {
        "complete": rows[[volunteer, activity, date, recorded_on, hours]].notna().all(axis=1),
        "valid": (given > 0) & (given <= DAY_HOURS), "unique": ~rows.duplicated([volunteer, activity]),
        "timely": late <= timely, "consistent": rows[volunteer].isin(known) & (late >= 0),
    }
    chosen = [dimension] if dimension else list(names)
    table = pd.concat([rows.assign(dimension=name) for name in chosen], ignore_index=True)
    top = np.concatenate([np.asarray(good[name], dtype=np.float64) for name in chosen])
    return Parts(table, top, np.ones(len(table)), "share" if dimension else "weakest", by="dimension")


def suppressed_share(published_cells: pd.DataFrame, *, suppressed: str = "suppressed") -> Parts:
    """Return the share of cells of a published table that are kept back (51)."""
    rows = needs("suppressed_share", published_cells, suppressed)
    return Parts(rows, floats(rows, suppressed), np.ones(len(rows)), "share")


def smallest_cell(published_cells: pd.DataFrame, *, count: str = "volunteers") -> Parts:
    """Return the smallest number in a published table (51)."""
    rows = needs("smallest_cell", published_cells, count)
    persons = floats(rows, count)
    told = np.isfinite(persons)
    return Parts(rows, np.where(told, persons, 0.0), told.astype(np.float64), "shape", "persons", shape="smallest")


def governance_score(checklist: pd.DataFrame, *, organisation: str = "org_id", block: str = "block",
                     met: str = "met", weight: str | None = None) -> Parts:
    """Return the governance of organisations, 0 to 100 (45): the geometric mean over blocks of the share of items met.

    A row is an item of an organisation. An organisation with nothing met in one block has 0: blocks do not make up for
    each other.
    """
    rows = needs("governance_score", checklist, organisation, block, met, *([] if weight is None else [weight]))
    w = np.ones(len(rows)) if weight is None else floats(rows, weight)
    sums = rows.assign(w=w, m=w * floats(rows, met)).groupby([organisation, block])[["m", "w"]].sum()
    with np.errstate(divide="ignore"):
        sums["log"] = np.log(sums["m"] / sums["w"])
    share = sums.groupby(level=organisation)["log"].mean().reset_index(name="mean")
    return Parts(share, np.exp(floats(share, "mean")), np.ones(len(share)), "ratio", "points", 100.0,
                 cluster=organisation)


def rules_in_place(org_rules: pd.DataFrame, *, organisation: str = "org_id", items: str = "items", week: str = "week",
                   of: int = RULES) -> Parts:
    """Return the share of a checklist of governance in place at each organisation's last step (45)."""
    rows = needs("rules_in_place", org_rules, organisation, items, week)
    rows = rows.sort_values([organisation, week], kind="stable").drop_duplicates(
        organisation, keep="last", ignore_index=True)
    return Parts(rows, floats(rows, items), np.full(len(rows), float(of)), "ratio", cluster=organisation)


def closed_share(organisations: pd.DataFrame, org_stages: pd.DataFrame, *, organisation: str = "org_id",
                 stage: str = "stage", closed: str = "closed") -> Parts:
    """Return the share of organisations that closed in the run (46)."""
    rows, steps = needs("closed_share", organisations, organisation), needs("closed_share", org_stages, organisation,
                                                                           stage)
    ended = rows[organisation].isin(steps[organisation][steps[stage] == closed])
    return Parts(rows, np.asarray(ended, dtype=np.float64), np.ones(len(rows)), "share")


def suspended_share(inspections: pd.DataFrame, *, suspended_weeks: str = "suspended_weeks") -> Parts:
    """Return the share of inspections after which an organisation was suspended (46)."""
    rows = needs("suspended_share", inspections, suspended_weeks)
    return Parts(rows, (floats(rows, suspended_weeks) > 0).astype(np.float64), np.ones(len(rows)), "share")
