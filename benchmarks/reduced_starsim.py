"""The reduced model in Starsim: a module with states, Starsim's own keyed distributions, and vectorised steps.

Nothing is done to slow it: the module works on the arrays beneath the states, draws one number a volunteer and week
for the decision and others only for those whom they concern, and no default module is in the simulation.
"""

from __future__ import annotations

import time

import numpy as np
import starsim as ss

from benchmarks import reduced as model


class Volunteering(ss.Module):
    """Everybody's decision, service and leaving in a week."""

    def __init__(self, n, share):
        super().__init__(name="volunteering")
        self.n, self.share = n, share
        self.define_states(
            ss.FloatArr("base", default=0.0), ss.FloatArr("habit", default=0.0), ss.FloatArr("fatigue", default=0.0),
            ss.FloatArr("hours", default=0.0), ss.FloatArr("points", default=0.0), ss.FloatArr("star", default=0.0),
            ss.FloatArr("last", default=-1.0), ss.BoolState("present", default=True),
        )
        self.motive = ss.random(name="motive")
        self.decide = ss.random(name="decide")
        self.length = ss.random(name="length")
        self.leave = ss.random(name="leave")
        self.edges = np.array(model.STAR_HOURS)
        self.services = np.zeros((model.DISTRICTS, model.WEEKS), dtype=np.int64)
        self.served_hours = np.zeros((model.DISTRICTS, model.WEEKS), dtype=np.int64)

    def init_post(self):
        super().init_post()
        self.district = model.district_of(self.n)
        level = np.float32(model.INTERCEPTS[self.share]) + np.array(model.district_effects(), np.float32)[self.district]
        uids = self.sim.people.auids
        self.base[uids] = level + np.float32(model.MOTIVE) * self.motive.rvs(uids).astype(np.float32)
        self.every = uids
        self.ready = time.process_time()

    def step(self):
        week = self.ti
        base, habit, fatigue = self.base.values, self.habit.values, self.fatigue.values
        here = self.present.values
        u = base + np.float32(model.HABIT) * habit
        u -= np.float32(model.FATIGUE) * fatigue
        u += np.float32(model.season(week))
        np.negative(u, out=u)
        np.exp(u, out=u)
        u += 1
        yes = ss.uids(np.flatnonzero((self.decide.rvs(self.every) * u < 1) & here))
        given = 1 + (model.MOST_HOURS * self.length.rvs(yes)).astype(np.int64)
        self.points[yes] = self.points[yes] + given * (model.POINTS_BASE + model.POINTS_STAR * self.star[yes])
        self.hours[yes] = self.hours[yes] + given
        self.star[yes] = np.searchsorted(self.edges, self.hours[yes], side="right")
        new_habit = habit[yes] + np.float32(model.HABIT_GAIN) * (1 - habit[yes])
        new_fatigue = fatigue[yes] + np.float32(model.FATIGUE_GAIN) * (1 - fatigue[yes])
        self.habit[:] = habit * np.float32(model.HABIT_DECAY)
        self.fatigue[:] = fatigue * np.float32(model.FATIGUE_DECAY)
        self.habit[yes], self.fatigue[yes], self.last[yes] = new_habit, new_fatigue, week
        if week + 1 >= model.IDLE_WEEKS:
            idle = ss.uids(np.flatnonzero(here & (week - self.last.values >= model.IDLE_WEEKS)))
            self.present[idle[self.leave.rvs(idle) < model.LEAVE]] = False
        district = self.district[yes]
        self.services[:, week] = np.bincount(district, minlength=model.DISTRICTS)
        self.served_hours[:, week] = np.bincount(district, weights=given, minlength=model.DISTRICTS)


def simulate(n: int, seed: int, weeks: int = model.WEEKS, share: float = model.SHARE) -> model.Outcome:
    """Run the reduced model in Starsim."""
    what = Volunteering(n, share)
    sim = ss.Sim(n_agents=n, modules=what, start=ss.date("2024-01-01"), dt=ss.week, dur=ss.weeks(weeks - 1),
                 rand_seed=seed, verbose=0, copy_inputs=False)
    sim.run()
    done = next(module for module in sim.modules if isinstance(module, Volunteering))
    spent = time.process_time() - done.ready
    left = np.bincount(done.district[done.present.values], minlength=model.DISTRICTS)
    size = sum(int(state.raw.nbytes) for state in done.state_list)
    total = int(done.points.values.sum(dtype=np.float64))
    return model.Outcome(done.services[:, :weeks], done.served_hours[:, :weeks], left, total, size, spent)
