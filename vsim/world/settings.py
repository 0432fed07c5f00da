"""The numbers that the week reads: scalars of the model, and tables by district and week that a policy edits.

Cards are in people's units; here they become the integers of the engine, once, before a run. Everything that a
lever may change is a table by district and week (`Weekly`), so a policy costs nothing inside the kernels and two
arms can be compared district by district before anything is run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
LADDER = 8                      # columns of a ladder: five thresholds (quarter hours), goal, reset, award (1/1024)
NO_LADDER = (1 << 40, 1 << 40, 1 << 40, 1 << 40, 1 << 40, 0, 0, 0)
ASKS = 7                        # asks by contacts, capped: 0 to 6


class Params(NamedTuple):
    """Scalars of the model as integers; see the card named in the comment for the unit a person reads."""

    join_base: int              # registration.base, 1/1024
    join_contact: int           # registration.contact
    habit_weight: int           # participation.habit_weight
    fatigue_weight: int         # participation.fatigue_weight
    fatigue_limit: int          # participation.fatigue_limit, 1/256
    keep_weeks: int             # participation.keep_weeks
    menu_scale: int             # choice.dissimilarity, 1/1024
    menu_reference: int         # choice.dissimilarity * ln(menu_reference), 1/1024
    fit: int                    # choice.fit
    quality: int                # choice.quality
    distance: int               # choice.distance, per km
    further_tries: int          # choice.further_tries
    discovered: int             # demand.discovered, 16 bit
    weekday: int                # demand.weekday_share, 16 bit
    lead_days: int              # demand.lead_weeks
    show_once: int              # service.show_once as a logit
    show_recurring: int
    show_lead: int
    show_distance: int          # per km
    hours_log: int              # ln of the median of a task, 1/1024
    hours_task: int             # service.hours_log_sd_task
    hours_person: int           # service.hours_log_sd_person
    hours_least: int            # quarter hours
    hours_most: int
    missing: int                # recording.*, 16 bit
    duplicate: int
    rounded_half: int
    rounded_up: int
    inflated: int
    verified: int
    habit_rate: int             # retention.*, 16 bit
    fatigue_rate: int
    burnout: int                # 1/256 attendance
    satisfaction_rate: int
    experience_base: int        # 16 bit
    experience_fit: int
    experience_quality: int
    experience_training: int
    exit_base: int              # 1/1024
    exit_tenure: int
    exit_satisfaction: int
    exit_fatigue: int
    exit_award: int
    award_weeks: int            # weeks in which an award counts as recent
    return_base: int            # 32 bit
    return_asked: int
    course_hours: int           # quarter hours
    course_validity: int        # weeks
    course_passed: int          # 16 bit
    reset_weeks: int
    fatigue_unit: int           # 1/256 attendance for a quarter hour, times 1024


class Lookups(NamedTuple):
    """Small tables that follow from the cards."""

    extra: Int                  # (3, 4096) further tasks: by thirds of taste (low, middle, high)
    people: Int                 # (4096,) people needed for a task
    late: Int                   # (4096,) weeks between service and entry
    added: Int                  # (4096,) quarter hours added to an inflated record
    goal: Int                   # (65,) pull left at r/64 of the gap to the next star, 16 bit
    award: Int                  # (2048,) award left after so many weeks, 16 bit
    menu_fit: Int               # (2,) weight of a task by fit, 16 bit
    menu_quarter: Int           # (4, 4) weight of a task by quarter of home and of the task, 16 bit


class Weekly(NamedTuple):
    """Tables by district and week of the run (run-up first); the first axis is dropped for a single district."""

    base: Int                   # (d, t) season and campaigns in the willingness to take part, 1/1024
    join: Int                   # (d, t) the same for registering
    demand: Int                 # (d, t) season and shocks of demand, log 1/1024
    aware: Int                  # (d, t, 14) awareness by [served recently][asks], 16 bit
    ladder: Int                 # (d, t) row of the ladders in force
    gated: Int                  # (d, t) share of tasks that ask for a certificate, 16 bit
    seats: Int                  # (d, t) training seats, 1/1024 seat
    uptake: Int                 # (d, t) weekly chance to ask for a course, 32 bit
    points_logit: Int           # (d, t) pull of points, 1/1024
    crowding: Int               # (d, t) loss of own motive at its highest, 1/1024
    points_hour: Int            # (d, t) points for a verified hour, 1/1024
    redeem: Int                 # (d, t) weekly chance that a holder spends, 32 bit
    price: Int                  # (d, t) smallest purchase, points
    expire: Int                 # (d, t) 1 where balances lapse at the end of the week


def district_rows(weekly: Weekly, index: int) -> Weekly:
    """Return the tables of one district (contiguous, first axis dropped)."""
    return Weekly(*(np.ascontiguousarray(table[index]) for table in weekly))


def first_difference(one: Weekly, other: Weekly, ladders: tuple[Int, Int], index: int) -> int | None:
    """Return the first week position in which two arms differ in a district, or None when they never do.

    Ladders are compared by what they say, not by their number.
    """
    earliest: int | None = None
    for name in Weekly._fields:
        a, b = getattr(one, name)[index], getattr(other, name)[index]
        if name == "ladder":
            a, b = ladders[0][a], ladders[1][b]
        unequal = (a != b).reshape(a.shape[0], -1).any(axis=1)
        if unequal.any():
            week = int(np.argmax(unequal))
            earliest = week if earliest is None else min(earliest, week)
    return earliest
