"""Settle a scenario: cards, seasons and policies become the integers and tables that the week reads.

Policies are applied in an order that does not depend on the file: the later start wins where two of one lever
overlap, then the one with fewer districts, then the canonical order of their text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vsim.exact import (
    ONE16,
    UNIT,
    exp32,
    geometric_table,
    lognormal_count_table,
    negative_binomial_table,
    share16,
    threshold32,
    units,
)
from vsim.levers import BY_NAME, Edit
from vsim.spec.calendar import weeks_with
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.places import QUARTERS, District
from vsim.world.seasons import demand_season, willing_season
from vsim.world.settings import ASKS, LADDER, NO_LADDER, Lookups, Params, Weekly

Int = NDArray[np.int64]
MOST_PEOPLE = 60              # of one task
MOST_EXTRA = 15               # further tasks in a week
MOST_LATE = 12                # weeks


@dataclass(frozen=True, slots=True)
class Settled:
    """A scenario as the engine reads it."""

    params: Params
    lookups: Lookups
    weekly: Weekly
    ladders: Int              # (l, 8)
    start: date
    weeks: int
    warmup: int

    @property
    def length(self) -> int:
        """Weeks of the tables: run-up and run."""
        return self.weeks + self.warmup


def logit(probability: float) -> int:
    """Return a probability as a logit in 1/1024, by exact decimals."""
    p = Decimal(repr(min(max(probability, 1e-5), 1 - 1e-5)))
    return round((p / (1 - p)).ln() * UNIT)


def log(value: float) -> int:
    """Return a natural logarithm in 1/1024, by exact decimals."""
    return round(Decimal(repr(value)).ln() * UNIT)


def settle_params(v: Mapping[str, float]) -> Params:
    """Return the scalars of the model from the values of the cards."""
    mu = v["choice.dissimilarity"]
    spread = (v["service.hours_log_sd_task"] ** 2 + v["service.hours_log_sd_person"] ** 2) / 2
    return Params(
        join_base=units(v["registration.base"]), join_contact=units(v["registration.contact"]),
        habit_weight=units(v["participation.habit_weight"]), fatigue_weight=units(v["participation.fatigue_weight"]),
        fatigue_limit=round(256 * v["participation.fatigue_limit"]), keep_weeks=round(v["participation.keep_weeks"]),
        menu_scale=units(mu), menu_reference=units(mu) * log(v["choice.menu_reference"]) >> 10,
        fit=units(v["choice.fit"]), quality=units(v["choice.quality"]), distance=units(v["choice.distance"]),
        further_tries=round(v["choice.further_tries"]),
        discovered=share16(v["demand.discovered"]),
        weekday=share16(v["demand.weekday_share"]), lead_days=round(v["demand.lead_days"]),
        show_once=logit(v["service.show_once"]), show_recurring=logit(v["service.show_recurring"]),
        show_lead=units(v["service.show_lead"]), show_distance=units(v["service.show_distance"]),
        hours_log=log(v["service.hours_mean"]) - units(spread),
        hours_task=units(v["service.hours_log_sd_task"]), hours_person=units(v["service.hours_log_sd_person"]),
        hours_least=round(4 * v["service.hours_least"]), hours_most=round(4 * v["service.hours_most"]),
        missing=share16(v["recording.missing"]), duplicate=share16(v["recording.duplicate"]),
        rounded_half=share16(v["recording.rounded_half"]), rounded_up=share16(v["recording.rounded_up"]),
        inflated=share16(v["recording.inflated"]), verified=share16(v["recording.verified"]),
        habit_rate=share16(v["retention.habit_rate"]), fatigue_rate=share16(v["retention.fatigue_rate"]),
        burnout=round(256 * v["retention.fatigue_burnout"]),
        satisfaction_rate=share16(v["retention.satisfaction_rate"]),
        experience_base=share16(v["retention.experience_base"]), experience_fit=share16(v["retention.experience_fit"]),
        experience_quality=share16(v["retention.experience_quality"]),
        experience_training=share16(v["retention.experience_training"]), exit_base=units(v["retention.exit_base"]),
        exit_tenure=units(v["retention.exit_tenure"]), exit_satisfaction=units(v["retention.exit_satisfaction"]),
        exit_fatigue=units(v["retention.exit_fatigue"]), exit_award=units(v["retention.exit_award"]),
        award_weeks=round(v["stars.award_half_life"]), return_base=threshold32(v["retention.return_base"]),
        return_asked=threshold32(v["retention.return_asked"]), course_hours=round(4 * v["training.hours"]),
        course_validity=round(v["training.validity"]), course_passed=share16(v["training.passed"]),
        reset_weeks=round(v["stars.reset_weeks"]), fatigue_unit=round(256 * UNIT / (4 * v["service.hours_mean"])),
    )


@cache
def fading(half_life: float) -> Int:
    """Return what is left of recognition after so many weeks, shape (2048,), 16 bit; worked out once a half-life."""
    half = Decimal(repr(half_life))
    left = np.array([round(Decimal(2) ** (-week / half) * ONE16) for week in range(2048)], dtype=np.int64)
    left.setflags(write=False)
    return left


def settle_lookups(v: Mapping[str, float], side: int) -> Lookups:
    """Return the small tables that follow from the cards; `side` is that of a district, 10 m."""
    mean, size, slope = v["choice.extra_mean"], v["choice.extra_dispersion"], v["choice.extra_by_taste"]
    thirds = [mean * int(exp32(units(slope * z))) / 2**32 for z in (-1.09, 0.0, 1.09)]
    scale = v["choice.dissimilarity"]
    steep = Decimal(repr(v["stars.goal_steepness"]))
    half_side = side / 200
    away = [[(2 * half_side / 3 if i == j else 0) + half_side * ((i ^ j) & 1) + half_side * ((i ^ j) >> 1)
             for j in range(QUARTERS)] for i in range(QUARTERS)]
    return Lookups(
        extra=np.stack([negative_binomial_table(m, size, MOST_EXTRA) for m in thirds]),
        people=lognormal_count_table(v["demand.people_median"], v["demand.people_log_sd"], 1, MOST_PEOPLE),
        late=geometric_table(v["recording.late_mean"], MOST_LATE),
        added=1 + geometric_table(max(4 * v["recording.inflated_hours"] - 1, 0.0), 31),
        goal=np.array([round((-steep * r / 64).exp() * ONE16) for r in range(65)], dtype=np.int64),
        award=fading(v["stars.award_half_life"]),
        menu_fit=np.array([ONE16, int(exp32(units(v["choice.fit"] / scale))) >> 16], dtype=np.int64),
        menu_quarter=np.array([[int(exp32(-units(v["choice.distance"] * km / scale))) >> 16 for km in row]
                               for row in away], dtype=np.int64),
    )


def awareness(v: Mapping[str, float]) -> Int:
    """Return awareness by [served recently][asks], shape (14,), 16 bit."""
    out = []
    for recent in (0, 1):
        for asks in range(ASKS):
            unaware = Decimal(repr(1 - v["participation.aware_base"]))
            unaware *= Decimal(repr(1 - v["participation.aware_platform"]))
            unaware *= Decimal(repr(1 - v["participation.ask"])) ** asks
            unaware *= Decimal(repr(1 - v["participation.keep"])) if recent else 1
            out.append(round((1 - unaware) * ONE16))
    return np.array(out, dtype=np.int64)


def settle_weekly(v: Mapping[str, float], districts: list[District], start: date, weeks: range) -> Weekly:
    """Return the tables by district and week before any policy."""
    d, t = len(districts), len(weeks)

    def same(row: Int | int) -> Int:
        return np.broadcast_to(np.asarray(row, dtype=np.int64), (d, t)).copy()

    seats = np.array([units(v["training.seats"] * u.residents / 1000) for u in districts], dtype=np.int64)
    return Weekly(
        base=same(willing_season(start, weeks, v)), join=same(0), demand=same(demand_season(start, weeks, v)),
        aware=np.broadcast_to(awareness(v), (d, t, 2 * ASKS)).copy(), ladder=same(0),
        gated=same(share16(v["training.gated_share"])), seats=np.repeat(seats[:, None], t, axis=1),
        uptake=same(threshold32(v["training.uptake"])), points_logit=same(0), crowding=same(0), points_hour=same(0),
        redeem=same(0), price=same(0), expire=same(0),
    )


def precedence(policy: ScheduledPolicy) -> tuple[int, int, str]:
    """Return the place of a policy in the order of application; the last one wins."""
    return policy.start_week, -len(policy.districts), json.dumps(policy.to_dict(), sort_keys=True)


def apply(
    edit: Edit, weekly: Weekly, rows: list[tuple[int, ...]], where: Int, when: Int, districts: list[District]
) -> None:
    """Write one edit into the tables; a ladder becomes a new row of `rows`."""
    table = getattr(weekly, edit.table)
    if isinstance(edit.value, tuple):
        if edit.value not in rows:
            rows.append(edit.value)
        table[np.ix_(where, when)] = rows.index(edit.value)
    elif edit.per_thousand:
        for index in where:
            table[index, when] = edit.value * districts[index].residents // 1000
    else:
        table[np.ix_(where, when)] = edit.value


def settle(scenario: Scenario, districts: list[District]) -> Settled:
    """Return a scenario as the engine reads it.

    Parameters
    ----------
    scenario : Scenario
    districts : list of District
        Of the scenario's world.
    """
    v = scenario.values
    span = range(-scenario.warmup_weeks, scenario.weeks)
    weekly = settle_weekly(v, districts, scenario.start, span)
    rows: list[tuple[int, ...]] = [NO_LADDER]
    index_of = {district.code: district.index for district in districts}
    last_days = set(weeks_with(12, 31, scenario.start, span))
    for policy in sorted(scenario.schedule(), key=precedence):
        where = np.array([index_of[code] for code in policy.districts])
        for edit in BY_NAME[policy.lever].edits(policy.values, v):
            when = [w + scenario.warmup_weeks for w in policy.weeks if not edit.yearly_end or w in last_days]
            if when:
                apply(edit, weekly, rows, where, np.array(when), districts)
    ladders = np.array(rows, dtype=np.int64).reshape(-1, LADDER)
    side = districts[0].side if districts else round(100 * v["places.district_side"])
    return Settled(
        params=settle_params(v), lookups=settle_lookups(v, side), weekly=weekly, ladders=ladders,
        start=scenario.start, weeks=scenario.weeks, warmup=scenario.warmup_weeks,
    )


def week_dates(settled: Settled) -> list[date]:
    """Return the Monday of each week of the run, run-up excluded."""
    return [settled.start + timedelta(weeks=w) for w in range(settled.weeks)]


