"""The reduced model in Mesa: one Python object per volunteer, written as Mesa's own tutorials are.

Nothing is done to slow it: constants are names of the module, the seasonal term is worked out once a week,
the cheaper `do` is used instead of `shuffle_do` (order does not matter here), volunteers who left are
removed, hours come from `random()` and not from the slower `randrange`, and only three model-level figures
are collected a week.
"""

from __future__ import annotations

import time
from math import exp

import mesa
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
    MOTIVE,
    POINTS_BASE,
    POINTS_STAR,
    STAR_HOURS,
)


class Volunteer(mesa.Agent):
    """One volunteer."""

    def __init__(self, model, motive, district, level):
        super().__init__(model)
        self.district = district
        self.base = level + MOTIVE * motive
        self.habit = 0.0
        self.fatigue = 0.0
        self.hours = 0
        self.points = 0
        self.star = 0
        self.last = -1

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
                self.remove()


class Service(mesa.Model):
    """Volunteers of one region for a number of weeks."""

    def __init__(self, n, seed, share):
        super().__init__(rng=seed)
        self.week = 0
        self.season = 0.0
        self.points = 0
        self.services = [0] * model.DISTRICTS
        self.served_hours = [0] * model.DISTRICTS
        self.weekly = []
        district = model.district_of(n)
        level = model.INTERCEPTS[share] + np.array(model.district_effects())[district]
        motive = self.rng.random(n)
        Volunteer.create_agents(self, n, motive.tolist(), district.tolist(), level.tolist())
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "services": lambda m: sum(m.services),
                "hours": lambda m: sum(m.served_hours),
                "active": lambda m: len(m.agents),
            }
        )

    def step(self):
        self.season = model.season(self.week)
        self.services = [0] * model.DISTRICTS
        self.served_hours = [0] * model.DISTRICTS
        self.agents.do("step")
        self.weekly.append((self.services, self.served_hours))
        self.datacollector.collect(self)
        self.week += 1


def simulate(n: int, seed: int, weeks: int = model.WEEKS, share: float = model.SHARE) -> model.Outcome:
    """Run the reduced model in Mesa."""
    region = Service(n, seed, share)
    start = time.process_time()
    for _ in range(weeks):
        region.step()
    spent = time.process_time() - start
    active = np.zeros(model.DISTRICTS, dtype=np.int64)
    for volunteer in region.agents:
        active[volunteer.district] += 1
    services, hours = (np.array(column, dtype=np.int64).T for column in zip(*region.weekly, strict=True))
    return model.Outcome(services, hours, active, region.points, 0, spent)
