"""The numbers that the week reads: scalars of the model and small tables that follow from the cards.

Cards are in people's units; here they become the integers of the engine, once, before a run. Everything that a
lever may change is a table by district and week (`vsim.world.weekly`), so a policy costs nothing inside the kernels
and two arms can be compared district by district before anything is run.
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
    peer: int                   # participation.peer, for all contacts against nobody
    oath: int                   # pledge.pull, 1/1024
    oath_show: int              # pledge.show
    further_tries: int          # choice.further_tries
    discovered: int             # demand.discovered, 16 bit
    far: int                    # demand.discovered_far, 16 bit: of needs outside every catchment
    twice: int                  # demand.twice, 16 bit
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
    exit_team: int
    award_weeks: int            # weeks in which an award counts as recent
    honour: int                 # honours.award, 1/1024
    honour_weeks: int           # weeks until a person may be honoured again
    newcomer_weeks: int         # weeks since the first service of a newcomer
    duty_cost: int              # service_learning.*: own motive lost when a requirement is met, 1/1024
    duty_quality: int           # and kept where the host is good
    unused: int                 # experience lost by being sent home, 16 bit
    incident: int               # experience lost by an incident, 16 bit
    breach: int                 # conduct.breach, 16 bit an attendance
    cover_pull: int             # insurance.pull, 1/1024 for a task of high risk
    risk_fear: int              # safety.fear, 1/1024 for a task of high risk
    visit: int                  # time_bank.visit, quarter hours of help asked for at once
    seed_age: int               # time_bank.seed_age
    return_base: int            # 32 bit
    return_asked: int
    course_hours: int           # quarter hours
    course_validity: int        # weeks
    course_passed: int          # 16 bit
    reset_weeks: int
    fatigue_unit: int           # 1/256 attendance for a quarter hour, times 1024
    trust_rate: int             # trust.*, 16 bit
    trust_level: int
    trust_quality: int
    trust_open: int
    trust_shock: int            # for an incident among 1,000 residents
    trust_join: int             # 1/1024 log hazard for trust of one against none
    org_rate: int               # organisations.*: share of the way to the target quality in four weeks, 16 bit
    org_noise: int              # spread of quality in four weeks, 16 bit
    org_overload: int           # quality lost at twice the load, 16 bit
    org_rules: int              # quality of full governance, 16 bit
    org_close: int              # log hazard of closing in four weeks, 1/1024
    org_close_regulars: int
    org_close_cash: int
    org_close_quality: int
    org_start: int              # 16 bit chances in four weeks
    org_pass: int
    org_register: int
    org_violation: int
    org_run: int                # tasks a week that a leader can run, 1/1024
    org_cost: int               # fen for an hour served
    org_fixed: int              # fen in four weeks
    org_settle: int             # items of governance taken up in four weeks
    practice: int               # quality gained by a good practice, 16 bit
    spread: int                 # four-weekly contact rate of practices, 16 bit


class Lookups(NamedTuple):
    """Small tables that follow from the cards."""

    extra: Int                  # (3, 4096) further tasks: by thirds of taste (low, middle, high)
    people: Int                 # (4096,) people needed for a task
    late: Int                   # (4096,) weeks between service and entry
    added: Int                  # (4096,) quarter hours added to an inflated record
    goal: Int                   # (65,) pull left at r/64 of the gap to the next star, 16 bit
    award: Int                  # (2048,) award left after so many weeks, 16 bit
    menu_fit: Int               # (2,) weight of a task by fit, 16 bit
    menu_quarter: Int           # (4, 5) weight of a task by quarter of home and of the task (4: online), 16 bit
    honour: Int                 # (2048,) honour left after so many weeks, 16 bit
    risk: Int                   # (3,) chance of an incident in a quarter hour by risk of the task, 32 bit
    aware: Int                  # (14,) awareness by [served recently][asks], 16 bit
