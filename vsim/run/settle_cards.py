"""Settle the cards: values in people's units become the integers and small tables that the week reads."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache

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
from vsim.world.places import QUARTERS
from vsim.world.settings import ASKS, Lookups, Params

Int = NDArray[np.int64]
MOST_PEOPLE = 60              # of one task
MOST_EXTRA = 15               # further tasks in a week
MOST_LATE = 12                # weeks
QUARTER_HOURS = 40_000        # in 10,000 hours, by which incidents are counted
FEN = 100                     # in a yuan


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
        peer=units(v["participation.peer"]), oath=units(v["belonging.oath"]),
        oath_show=units(v["belonging.oath_show"]),
        further_tries=round(v["choice.further_tries"]),
        discovered=share16(v["demand.discovered"]), far=share16(v["demand.discovered_far"]),
        twice=share16(v["demand.twice"]),
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
        exit_team=units(v["belonging.team_exit"]),
        award_weeks=round(v["stars.award_half_life"]), return_base=threshold32(v["retention.return_base"]),
        return_asked=threshold32(v["retention.return_asked"]), course_hours=round(4 * v["training.hours"]),
        course_validity=round(v["training.validity"]), course_passed=share16(v["training.passed"]),
        reset_weeks=round(v["stars.reset_weeks"]), fatigue_unit=round(256 * UNIT / (4 * v["service.hours_mean"])),
        honour=units(v["belonging.honour"]), honour_weeks=round(v["belonging.honour_again"]),
        newcomer_weeks=round(v["belonging.newcomer_weeks"]), duty_cost=units(v["belonging.duty_cost"]),
        duty_quality=units(v["belonging.duty_quality"]), unused=share16(v["service.unused"]),
        incident=share16(v["service.incident_felt"]), breach=share16(v["service.breach"]),
        cover_pull=units(v["service.cover_pull"]), risk_fear=units(v["service.fear"]),
        visit=round(4 * v["credits.visit"]), seed_age=round(v["credits.seed_age"]),
        trust_rate=share16(v["trust.rate"]), trust_level=share16(v["trust.level"]),
        trust_quality=share16(v["trust.quality"]), trust_open=share16(v["trust.open"]),
        trust_shock=share16(v["trust.shock"]), trust_join=units(v["trust.join"]),
        org_rate=share16(v["lifecycle.rate"]), org_noise=share16(v["lifecycle.noise"]),
        org_overload=share16(v["lifecycle.overload"]), org_rules=share16(v["lifecycle.rules"]),
        org_close=units(v["lifecycle.close"]), org_close_regulars=units(v["lifecycle.close_regulars"]),
        org_close_cash=units(v["lifecycle.close_cash"]), org_close_quality=units(v["lifecycle.close_quality"]),
        org_start=share16(v["lifecycle.start"]), org_pass=share16(v["lifecycle.pass"]),
        org_register=share16(v["lifecycle.register"]), org_violation=share16(v["lifecycle.violation"]),
        org_run=units(v["lifecycle.run"]), org_cost=round(FEN * v["lifecycle.cost"]),
        org_fixed=round(FEN * v["lifecycle.fixed"]), org_settle=round(v["lifecycle.settle"]),
        practice=share16(v["lifecycle.practice"]), spread=share16(v["lifecycle.spread"]),
    )


@cache
def fading(half_life: float) -> Int:
    """Return what is left of recognition after so many weeks, shape (2048,), 16 bit; worked out once a half-life."""
    half = Decimal(repr(half_life))
    left = np.zeros(2048, dtype=np.int64)
    for week in range(left.size):
        left[week] = round(Decimal(2) ** (-week / half) * ONE16)
        if left[week] == 0:
            break
    left.setflags(write=False)
    return left


@lru_cache(maxsize=256)
def counts(mean: float, dispersion: float | None, most: int) -> Int:
    """Return the inverse table of a count, shape (4096,): negative binomial, or geometric without a dispersion."""
    table = geometric_table(mean, most) if dispersion is None else negative_binomial_table(mean, dispersion, most)
    table.setflags(write=False)
    return table


def settle_lookups(v: Mapping[str, float], side: int) -> Lookups:
    """Return the small tables that follow from the cards; `side` is that of a district, 10 m."""
    mean, size, slope = v["choice.extra_mean"], v["choice.extra_dispersion"], v["choice.extra_by_taste"]
    thirds = [mean * int(exp32(units(slope * z))) / 2**32 for z in (-1.09, 0.0, 1.09)]
    scale = v["choice.dissimilarity"]
    steep = Decimal(repr(v["stars.goal_steepness"]))
    return Lookups(
        extra=np.stack([counts(m, size, MOST_EXTRA) for m in thirds]),
        people=lognormal_count_table(v["demand.people_median"], v["demand.people_log_sd"], 1, MOST_PEOPLE),
        late=counts(v["recording.late_mean"], None, MOST_LATE).copy(),
        added=1 + counts(max(4 * v["recording.inflated_hours"] - 1, 0.0), None, 31),
        goal=np.array([round((-steep * r / 64).exp() * ONE16) for r in range(65)], dtype=np.int64),
        award=fading(v["stars.award_half_life"]), honour=fading(v["belonging.honour_half_life"]), aware=awareness(v),
        risk=np.array([threshold32(v["service.incident_rate"] * ratio / QUARTER_HOURS) for ratio in (
            1.0, v["service.risk_middle"], v["service.risk_high"])], dtype=np.int64),
        menu_fit=np.array([ONE16, int(exp32(units(v["choice.fit"] / scale))) >> 16], dtype=np.int64),
        menu_quarter=quarter_weights(v, side),
    )


def quarter_weights(v: Mapping[str, float], side: int) -> Int:
    """Return the weight of a task by quarter of home and of the task, shape (4, 5), 16 bit; column 4: done online."""
    return _quarter_weights(v["choice.distance"] / v["choice.dissimilarity"], side).copy()


@lru_cache(maxsize=256)
def _quarter_weights(steep: float, side: int) -> Int:
    half = side / 200
    away = [[(2 * half / 3 if i == j else 0) + half * ((i ^ j) & 1) + half * ((i ^ j) >> 1) for j in range(QUARTERS)]
            for i in range(QUARTERS)]
    return np.array([[int(exp32(-units(steep * km))) >> 16 for km in (*row, 0)] for row in away], dtype=np.int64)


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
