"""The reduced model: what every contender simulates, written down once, with nothing but NumPy beneath it.

One volunteer, one week, is an agent-week. Weeks are 0 .. WEEKS - 1. In week t each active volunteer

1. decides: serves with probability 1 / (1 + exp(-u)), where u = intercept + MOTIVE * motive + HABIT * habit
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

The intercept sets the share that serves in a week, a choice of the run: INTERCEPTS. The model is the prototype
on which vsim's engine was designed: logit participation with habit and fatigue feedback, hours, points, stars,
drop-out, aggregates by district. It has no demand, no training gate and no records; the full model is timed on
rows of its own.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

WEEKS = 52
DISTRICTS = 40
INTERCEPTS = {0.002: -7.805, 0.01: -6.227, 0.029: -5.207}      # by the share that serves in a week, about
SHARE = 0.01                                               # the share of the headline
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


def district_effects() -> list[float]:
    """Return the effect of each district in logits."""
    normal = NormalDist()
    return [DISTRICT_SD * normal.inv_cdf((j + 0.5) / DISTRICTS) for j in range(DISTRICTS)]


def season(week: int) -> float:
    """Return the seasonal term of a week in logits."""
    return SEASON * math.sin(2 * math.pi * week / 52)


def district_of(n: int) -> np.ndarray:
    """Return the district of each of n volunteers, int16 (n,)."""
    return (np.arange(n) * DISTRICTS // n).astype(np.int16)


class Outcome(NamedTuple):
    """What a run reports."""

    services: np.ndarray       # int64 (DISTRICTS, weeks)
    hours: np.ndarray          # int64 (DISTRICTS, weeks)
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
