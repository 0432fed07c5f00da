"""The reduced model in AgentPy: one Python object per volunteer, written as AgentPy's own examples are.

Nothing is done to slow it: each volunteer's step is one method, as in Mesa; those who left are taken out of the list.
"""

from __future__ import annotations

import time
from math import exp

import agentpy as ap
import numpy as np

from benchmarks import reduced as model
from benchmarks.reduced import (
    FATIGUE,
    FATIGUE_DECAY,
    FATIGUE_GAIN,
    HABIT,
    HABIT_DECAY,
    HABIT_GAIN,
    IDLE_WEEKS,
    LEAVE,
    MOST_HOURS,
    POINTS_BASE,
    POINTS_STAR,
    STAR_HOURS,
)


class Volunteer(ap.Agent):
    """One volunteer."""

    def setup(self):
        self.habit = 0.0
        self.fatigue = 0.0
        self.hours = 0
        self.points = 0
        self.star = 0
        self.last = -1
        self.here = True

    def step(self):
        model = self.model
        draw = model.random.random
        u = self.base + HABIT * self.habit - FATIGUE * self.fatigue + model.season
        if draw() < 1.0 / (1.0 + exp(-u)):
            hours = 1 + int(MOST_HOURS * draw())
            self.hours += hours
            points = hours * (POINTS_BASE + POINTS_STAR * self.star)
            self.points += points
            while self.star < len(STAR_HOURS) and self.hours >= STAR_HOURS[self.star]:
                self.star += 1
            self.habit += HABIT_GAIN * (1.0 - self.habit)
            self.fatigue += FATIGUE_GAIN * (1.0 - self.fatigue)
            self.last = model.week
            model.services[self.district] += 1
            model.served_hours[self.district] += hours
            model.points += points
        else:
            self.habit *= HABIT_DECAY
            self.fatigue *= FATIGUE_DECAY
            if model.week - self.last >= IDLE_WEEKS and draw() < LEAVE:
                self.here = False
                model.leavers += 1


class Service(ap.Model):
    """Volunteers of one region for a number of weeks."""

    def setup(self):
        n = self.p.n
        self.points = self.leavers = 0
        self.weekly = []
        district = model.district_of(n)
        level = model.INTERCEPTS[self.p.share] + np.array(model.district_effects())[district]
        base = level + model.MOTIVE * self.nprandom.random(n)
        self.volunteers = ap.AgentList(self, n, Volunteer)
        self.volunteers.base = ap.AttrIter(base.tolist())
        self.volunteers.district = ap.AttrIter(district.tolist())
        self.ready = time.process_time()

    def step(self):
        self.week = self.t - 1
        self.season = model.season(self.week)
        self.services = [0] * model.DISTRICTS
        self.served_hours = [0] * model.DISTRICTS
        self.leavers = 0
        self.volunteers.step()
        self.weekly.append((self.services, self.served_hours))
        if self.leavers:
            self.volunteers = self.volunteers.select(self.volunteers.here)
        self.record("total_services", sum(self.services))
        self.record("total_hours", sum(self.served_hours))
        self.record("total_active", len(self.volunteers))


def simulate(n: int, seed: int, weeks: int = model.WEEKS, share: float = model.SHARE) -> model.Outcome:
    """Run the reduced model in AgentPy."""
    region = Service({"n": n, "seed": seed, "steps": weeks, "share": share})
    region.run(display=False)
    spent = time.process_time() - region.ready
    active = np.zeros(model.DISTRICTS, dtype=np.int64)
    for volunteer in region.volunteers:
        active[volunteer.district] += 1
    services, hours = (np.array(column, dtype=np.int64).T for column in zip(*region.weekly, strict=True))
    return model.Outcome(services, hours, active, region.points, 0, spent)
