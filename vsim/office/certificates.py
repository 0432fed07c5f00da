"""Certificates of service: numbered and revocable, from verified records of the organisation that issues (VII.2.e).

At the end of each quarter some volunteers ask an organisation for a certificate; it certifies the hours that it entered
in that quarter and that were verified, each hour once, and refuses where they are too few. Without the policy there is
no desk and none are issued.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from vsim.observe.registers import INFLATED, RECORDED, VERIFIED
from vsim.office.attended import KINDS, with_tasks
from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import HOUR, QUARTER, WEEK
from vsim.world.sources import SERVICE_FIELDS

if TYPE_CHECKING:
    import pandas as pd

ASKS, CHECKED = range(2)      # numbers of the draws


def work(desk: Desk) -> Papers:
    """Return tables certificate_requests and certificates, and what handling and checking cost."""
    papers = Papers()
    asked = _requests(desk)
    given = asked[asked["outcome"] == "accepted"].reset_index(drop=True)
    papers.tables["certificate_requests"] = asked[
        ["request_no", "week", "district", "person", "organisation", "hours_recorded", "hours_verified", "outcome"]]
    papers.tables["certificates"] = table = _issued(desk, given)
    place = table["district"], table["week"]
    papers.pay("certificate", "government", "staff", *place, desk.force.value("certificates", "handling", *place))
    check = np.where(table["checked"], desk.force.value("certificates", "check_cost", *place), 0.0)
    papers.pay("certificate_check", "government", "staff", *place, check)
    return papers


def _requests(desk: Desk) -> pd.DataFrame:
    """Return who asks which organisation, with the hours entered and verified there in the quarter just ended."""
    p = desk.raw["placements"]
    p = with_tasks(desk.raw, p[(p["week"] >= 0) & (p["flags"] & RECORDED > 0) & (p["due"] < desk.weeks)])
    verified = p["flags"] & VERIFIED > 0
    rows = p.assign(
        week=(p["due"] // QUARTER + 1) * QUARTER, good=p["entered"].where(verified, 0),
        served=p["week"].where(verified), sound=verified.astype(np.int64), content=p["field25"].where(verified),
        added=verified & (p["flags"] & INFLATED > 0))
    rows = rows[rows["week"] < desk.weeks]
    rows = rows.sort_values(["served", "person", "source"], kind="stable")
    rows = rows.groupby(["week", "district", "organisation", "person"], as_index=False, observed=True).agg(
        entered=("entered", "sum"), good=("good", "sum"), first=("served", "min"), last=("served", "max"),
        services=("sound", "sum"), added=("added", "any"), content=("content", "last"))
    place = rows["district"].to_numpy(), rows["week"].to_numpy()
    asks = desk.uniform(Stream.CERTIFICATE, rows["person"], rows["week"],
                        rows["organisation"].to_numpy() * KINDS + ASKS) < desk.value["certificates.asks"]
    rows = rows[asks & desk.force.on("certificates", *place)].reset_index(drop=True)
    least = desk.force.value("certificates", "least_hours", rows["district"], rows["week"])
    enough = (rows["good"] > 0) & (rows["good"] >= HOUR * least)
    return rows.assign(
        request_no=[f"Q{number + 1:06d}" for number in range(len(rows))], hours_recorded=rows["entered"] / HOUR,
        hours_verified=rows["good"] / HOUR,
        outcome=np.select([enough, rows["good"] == 0], ["accepted", "refused_unverified"], "refused_too_few"))


def _issued(desk: Desk, c: pd.DataFrame) -> pd.DataFrame:
    """Return the certificates of accepted requests; a check finds added hours, and the certificate is revoked."""
    import pandas as pd

    code, week = c["district"].to_numpy(), c["week"].to_numpy().astype(np.int64)
    notice = desk.force.value("certificates", "notice_days", code, week)
    wait = desk.force.value("certificates", "turnaround_days", code, week) + notice
    issued = week + np.ceil(wait / WEEK).astype(np.int64)
    there = issued < desk.weeks
    share = desk.force.value("certificates", "checked", code, week)
    item = c["organisation"].to_numpy().astype(np.int64) * KINDS + CHECKED
    checked = there & (desk.uniform(Stream.CERTIFICATE, c["person"], week, item) < share)
    begin = [desk.start + timedelta(weeks=int(first)) for first in c["first"]]
    until = [desk.start + timedelta(weeks=int(last), days=WEEK - 1) for last in c["last"]]
    return c[["request_no", "week", "district", "person", "organisation"]].assign(
        cert_no=[f"YC{number + 1:07d}" for number in range(len(c))],
        period_from=pd.to_datetime(pd.Series(begin, dtype=object)),
        period_to=pd.to_datetime(pd.Series(until, dtype=object)), hours=c["hours_verified"], services=c["services"],
        content=np.array(SERVICE_FIELDS)[c["content"].to_numpy(dtype=np.int64)],
        notice_days=notice, issued_week=np.where(there, issued, -1), checked=checked,
        state=np.select([~there, checked & c["added"]], ["pending", "revoked"], "issued"), true_inflated=c["added"])
