"""The tables by district and week that policy edits: what they hold, and how several levers meet in one table.

A table of persons has a last axis over classes of persons (one class unless a policy is for some groups or for a
share of people only); a table of the district has none. Inside one lever the later policy stands; levers meet by the
table's rule.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import ONE32, either16

Int = NDArray[np.int64]
How = Literal["set", "add", "either", "chance", "scale", "most"]
WHOLE = 1024                    # the factor one of a table whose rule is "scale"


class Weekly(NamedTuple):
    """Tables of the run, run-up first: (d, t, g) for persons, (d, t) for districts; a district's own lack the d."""

    base: Int                   # willingness to take part, 1/1024 logit
    join: Int                   # registering, 1/1024 log hazard
    leave: Int                  # leaving, 1/1024 log hazard
    show: Int                   # coming when placed, 1/1024 logit
    heard: Int                  # further awareness, 16 bit
    ladder: Int                 # row of the ladders in force
    points_logit: Int           # pull of points, 1/1024
    crowding: Int               # loss of own motive at its highest, 1/1024
    points_hour: Int            # points for a verified hour, 1/1024
    honour: Int                 # chance that somebody who served this week is honoured, 32 bit
    oath: Int                   # weekly chance that a volunteer takes the pledge, 32 bit
    team: Int                   # chance that somebody who served joins a team, 32 bit
    courtesy: Int               # pull of benefits for those with enough stars, 1/1024
    duty: Int                   # required quarter hours a year, 0 for none
    duty_logit: Int             # pull while the requirement is open, 1/1024
    credit_hour: Int            # time credits for a verified hour, 1/1024
    credit_logit: Int           # pull of time credits, 1/1024
    inflate: Int                # further share of inflated records, 16 bit
    demand: Int                 # season and shocks of demand, log 1/1024
    calm: Int                   # share of the seasonal peaks that is spread over the year, 16 bit
    found: Int                  # share of hidden needs found besides, 16 bit
    gated: Int                  # share of tasks that ask for a certificate, 16 bit
    seats: Int                  # training seats, 1/1024 seat
    more_seats: Int             # further seats, 1/1024 seat
    uptake: Int                 # weekly chance to ask for a course, 32 bit
    passed: Int                 # share of failed learners who pass after all, 16 bit
    redeem: Int                 # weekly chance that a holder of points spends, 32 bit
    price: Int                  # smallest purchase, points
    expire: Int                 # 1 where points lapse at the end of the week
    honour_new: Int             # 1 where only newcomers are honoured
    courtesy_star: Int          # stars from which benefits are given
    duty_reset: Int             # 1 in a week in which requirements begin anew
    credit_cap: Int             # most quarter hours on an account
    credit_limit: Int           # quarter hours that an account may be overdrawn
    credit_need: Int            # weekly chance that a holder asks for help, 32 bit
    credit_age: Int             # age from which credits may be spent
    credit_kin: Int             # 1 where credits may be spent for kin of that age
    credit_seed: Int            # quarter hours given this week to elders of the seed age
    credit_expire: Int          # 1 where accounts lapse at the end of the week
    missing: Int                # factor on the share of attendances never entered
    duplicate: Int              # factor on second copies
    rounded: Int                # factor on rounding
    inflated: Int               # factor on inflated records
    lost: Int                   # further share of attendances never entered, 16 bit
    checked: Int                # share of unverified records that are verified after all, 16 bit
    overbook: Int               # factor on the seats offered for a task
    stand_in: Int               # share of empty seats offered to a stand-in, 16 bit
    overflow: Int               # 1 where the unplaced are shown a second menu
    tries: Int                  # further tasks tried
    equity: Int                 # loss of score of a full task, 1/1024
    nearness: Int               # further weight of distance, 1/1024 per km
    fitness: Int                # further weight of the preferred field, 1/1024
    online: Int                 # share of tasks done online, 16 bit
    twice: Int                  # factor on double posting
    hazard: Int                 # factor on incidents
    conduct: Int                # factor on breaches of conduct
    cover_asked: Int            # 1 where tasks of high risk ask for insurance
    cover: Int                  # share of volunteers insured for them, 16 bit
    felt: Int                   # shift of experience, 16 bit
    capacity: Int               # factor on what organisations can run
    org_quality: Int            # shift of the quality that organisations move to, 16 bit
    org_close: Int              # closing, 1/1024 log hazard
    org_found: Int              # chance a month that a latent group starts, 16 bit
    org_grow: Int               # further chance a month to pass the forming stage, 16 bit
    org_register: Int           # further chance a month to register, 16 bit
    org_income: Int             # fen a week for an organisation that may be funded
    org_task: Int               # fen for an hour served, paid to organisations that may be funded
    org_inspect: Int            # chance a month to be inspected, 16 bit
    org_target: Int             # how far inspections look at risk, 16 bit
    org_suspend: Int            # weeks of suspension after a violation
    org_rules: Int              # items of governance asked for, 0 to 10
    org_adopt: Int              # spread of good practice, 16 bit
    disclose: Int               # share of the accounts and cases made public, 16 bit
    alarm: Int                  # 1 in an emergency
    command: Int                # 1 where volunteers of an emergency are led
    layout: Int                 # row of the stations in use
    open_complex: Int           # shares of planned sites that are open, 16 bit, by plan
    open_housing: Int
    open_public: Int
    open_venue: Int
    open_mobile: Int
    open_themed: Int
    open_employer: Int
    haves: Int                  # of the six haves every station must show
    by_need: Int                # 1 where planned sites open by need


PERSONAL = Weekly._fields[: Weekly._fields.index("demand")]
PLANS = ("open_complex", "open_housing", "open_public", "open_venue", "open_mobile", "open_themed", "open_employer")
RULES: dict[str, How] = {
    **dict.fromkeys(
        ("base", "join", "leave", "show", "points_logit", "crowding", "points_hour", "courtesy", "duty_logit",
         "credit_logit", "demand", "more_seats", "tries", "equity", "nearness", "fitness", "felt", "org_quality",
         "org_close", "org_income", "org_task"), "add"),
    **dict.fromkeys(
        ("heard", "inflate", "calm", "found", "passed", "lost", "checked", "stand_in", "online", "cover", "org_found",
         "org_grow", "org_register", "org_inspect", "org_adopt", "disclose"), "either"),
    **dict.fromkeys(("honour", "oath", "team"), "chance"),
    **dict.fromkeys(
        ("missing", "duplicate", "rounded", "inflated", "overbook", "twice", "hazard", "conduct", "capacity"), "scale"),
    **dict.fromkeys(
        ("gated", "seats", "uptake", "duty", "overflow", "cover_asked", "org_target", "org_suspend", "org_rules",
         "alarm", "command", *PLANS, "haves", "by_need", "duty_reset"), "most"),
}                               # the rest is "set": one lever only may write it


def rule(table: str) -> How:
    """Return how several levers meet in a table."""
    return RULES.get(table, "set")


def neutral(table: str) -> int:
    """Return what a table holds where no lever and no card says otherwise."""
    return WHOLE if rule(table) == "scale" else 0


def meet(how: How, before: Int, own: Int) -> Int:
    """Return what a table holds after one more lever, where that lever says something; element by element."""
    if how == "add":
        return before + own
    if how == "either":
        return np.asarray(either16(before, own), dtype=np.int64)
    if how == "chance":
        return np.minimum(before + own, ONE32)
    if how == "scale":
        return before * own >> 10
    return np.maximum(before, own) if how == "most" else own


def at(rows: Weekly, pos: int) -> Weekly:
    """Return the tables of one district in one week: (g,) for persons, a number for the district."""
    return Weekly(*(table[pos] for table in rows))


def district_rows(weekly: Weekly, index: int) -> Weekly:
    """Return the tables of one district (contiguous, first axis dropped)."""
    return Weekly(*(np.ascontiguousarray(table[index]) for table in weekly))


def first_difference(one: Weekly, other: Weekly, ladders: tuple[Int, Int], index: int) -> int | None:
    """Return the first week position in which two arms differ in a district, or None when they never do.

    Ladders are compared by what they say, not by their number; the row of the layout follows from the shares of
    planned sites, which are compared themselves. Both arms must be settled with the same classes of persons.
    """
    earliest: int | None = None
    for name in Weekly._fields:
        a, b = getattr(one, name)[index], getattr(other, name)[index]
        if name == "layout":
            continue
        if name == "ladder":
            a, b = ladders[0][a], ladders[1][b]
        unequal = (a != b).reshape(a.shape[0], -1).any(axis=1)
        if unequal.any():
            week = int(np.argmax(unequal))
            earliest = week if earliest is None else min(earliest, week)
    return earliest
