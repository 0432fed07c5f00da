"""The reduced model: what every contender simulates, written down once.

One volunteer, one week, is an agent-week. Weeks are 0 .. WEEKS - 1. In week t each active volunteer

1. decides: serves with probability 1 / (1 + exp(-u)), where u = INTERCEPT + MOTIVE * motive + HABIT * habit
   - FATIGUE * fatigue + district effect + SEASON * sin(2 pi t / 52);
2. serves, if so: hours uniform on 1 .. 8; points grow by hours * (10 + 2 * star), with the star held before;
   hours add up; the star is the number of STAR_HOURS reached;
   habit += HABIT_GAIN * (1 - habit); fatigue += FATIGUE_GAIN * (1 - fatigue);
3. idles, if not: habit *= HABIT_DECAY; fatigue *= FATIGUE_DECAY; and, from the IDLE_WEEKS-th idle week in a
   row on, leaves for good with probability LEAVE at the end of the week (a service wins over leaving in one
   week).

At the start motive is uniform on (0, 1), all else is zero, all are active, and idle weeks are counted from
week 0. District j has the effect DISTRICT_SD * z at the quantile (j + 1/2) / DISTRICTS: a constant, not a
draw. Volunteer i of n lives in district i * DISTRICTS // n, so volunteers are sorted by district.
Every contender reports services and hours by district and week, and by district who is active at the end.

The model is the prototype on which vsim's engine was designed: logit participation with habit and fatigue
feedback, hours, points, stars, drop-out, aggregates by district. About 2.9 % serve in a week. It has no
demand, no matching, no training gate and no records; the full model is timed on a row of its own.

The integer form (`tables`) is the same model in fixed point: logits in 1/1024, probabilities in 1/2**32,
habit and fatigue in 1/65536 kept as the value after the last service and aged by a table of powers. Its draws
are those of `vsim.rng`: TAKE_PART (8 leading bits by bit planes, TAKE_PART_TAIL for the rest), SERVICE word 0
(hours) and word 1 (when this idle spell would end in leaving), TASTE word 0 (motive) and word 1 (the same,
first spell).
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from vsim import exact

WEEKS = 52
DISTRICTS = 40
INTERCEPT = -5.2
MOTIVE = 2.5
HABIT = 2.5
FATIGUE = 2.0
DISTRICT_SD = 0.4
SEASON = 0.3
HABIT_DECAY = 0.98
FATIGUE_DECAY = 0.7
HABIT_GAIN = 0.1
FATIGUE_GAIN = 0.3
MOST_HOURS = 8
POINTS_BASE = 10
POINTS_STAR = 2
STAR_HOURS = (100, 300, 600, 1000, 1500)
IDLE_WEEKS = 26
LEAVE = 0.002

TERM_BITS = 19          # habit (16 bits) times its coefficient in 1/8192 logit, back to 1/1024: 16 + 3 bits
HABIT_START = round(8 * exact.UNIT * HABIT)        # the coefficient before it ages
SPELLS = 63             # waiting times to leaving are told apart up to this many weeks: beyond WEEKS


def district_effects() -> list[float]:
    """Return the effect of each district in logits."""
    normal = NormalDist()
    return [DISTRICT_SD * normal.inv_cdf((j + 0.5) / DISTRICTS) for j in range(DISTRICTS)]


def season(week: int) -> float:
    """Return the seasonal term of a week in logits."""
    return SEASON * math.sin(2 * math.pi * week / 52)


class Tables(NamedTuple):
    """The integer form of the constants."""

    district: np.ndarray       # int32 (DISTRICTS,) intercept plus district effect, 1/1024 logit
    week: np.ndarray           # int32 (WEEKS,) season, 1/1024 logit
    ageing: np.ndarray         # int32 (64,) after k idle weeks, 1/8192: low half habit, high half fatigue
    habit_power: np.ndarray    # int64 (64,) 65536 * HABIT_DECAY ** k
    fatigue_power: np.ndarray  # int64 (64,)
    logistic: np.ndarray       # uint32 (24576,) threshold at logit (i - 12288) / 1024
    top: np.ndarray            # uint8 (24576,) its 8 leading bits
    noise: np.ndarray          # int16 (256,) lowest logit that leaves these leading bits undecided
    stay: np.ndarray           # uint32 (SPELLS,) 2**32 * (1 - LEAVE) ** (k + 1)
    stars: np.ndarray          # int64 (5,)


class State(NamedTuple):
    """The packed state of the integer form, one array a field: 17 bytes a volunteer."""

    motive: np.ndarray         # uint16, 1/65536
    habit: np.ndarray          # uint16, 1/65536, as it was right after the last service
    fatigue: np.ndarray        # uint16, the same
    hours: np.ndarray          # uint16
    points: np.ndarray         # uint32
    star: np.ndarray           # uint8
    last: np.ndarray           # int16, week of the last service, -1 for none
    until: np.ndarray          # int16, last week in which this volunteer could still serve, if idle till then


STATE_KINDS = (np.uint16, np.uint16, np.uint16, np.uint16, np.uint32, np.uint8, np.int16, np.int16)


@cache
def tables() -> Tables:
    """Return the integer constants; every probability comes from vsim's exact logistic table."""
    logistic = exact.tables().logistic.astype(np.uint32)
    top = (logistic >> 24).astype(np.uint8)
    noise = np.searchsorted(top, np.arange(256), side="left") - exact.LOGISTIC_ZERO
    noise[0] = -32768                                       # leading bits 0 can always be a yes
    k = range(64)
    habit = [round(8 * exact.UNIT * HABIT * HABIT_DECAY**i) for i in k]
    fatigue = [round(8 * exact.UNIT * FATIGUE * FATIGUE_DECAY**i) for i in k]
    return Tables(
        district=np.array([exact.units(INTERCEPT + e) for e in district_effects()], dtype=np.int32),
        week=np.array([exact.units(season(t)) for t in range(WEEKS)], dtype=np.int32),
        ageing=np.array([h | (f << 16) for h, f in zip(habit, fatigue, strict=True)], dtype=np.int32),
        habit_power=np.array([exact.share16(HABIT_DECAY**i) for i in k], dtype=np.int64),
        fatigue_power=np.array([exact.share16(FATIGUE_DECAY**i) for i in k], dtype=np.int64),
        logistic=logistic,
        top=top,
        noise=noise.astype(np.int16),
        stay=np.array([exact.threshold32((1 - LEAVE) ** (i + 1)) for i in range(SPELLS)], dtype=np.uint32),
        stars=np.array(STAR_HOURS, dtype=np.int64),
    )


class Outcome(NamedTuple):
    """What a run reports."""

    services: np.ndarray       # int64 (DISTRICTS, WEEKS)
    hours: np.ndarray          # int64 (DISTRICTS, WEEKS)
    active: np.ndarray         # int64 (DISTRICTS,) still active after the last week
    points: int                # sum of points over volunteers
    state_bytes: int           # bytes of the state arrays (0 where the state is objects)
    weeks_cpu: float           # CPU seconds of the weeks without making the population (0: not told apart)

    def totals(self) -> dict[str, int]:
        """Return the totals that contenders must agree on."""
        return {
            "services": int(self.services.sum()),
            "hours": int(self.hours.sum()),
            "active": int(self.active.sum()),
            "points": int(self.points),
        }
