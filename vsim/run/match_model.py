"""The simulator as a function: settings of parameters and lucks go in, moments and indicators come out.

Every setting meets the same lucks. What a run came to is remembered, and kept in a run store where there is one, so a
matching that was stopped goes on where it stood.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.evaluate import indicators, patterns
from vsim.evaluate.indicators import BY_KEY, indicator, measure
from vsim.rng import stream_key
from vsim.run import moments as moments_module
from vsim.run import window
from vsim.run.backend import in_threads
from vsim.run.district import advance, begin
from vsim.run.making import make_city
from vsim.run.moments import MOMENTS, moments
from vsim.run.run import MODEL_VERSION, Run, default_threads
from vsim.run.settle import Settled, settle
from vsim.run.store import Store, key_of, pack
from vsim.spec.calendar import YEAR
from vsim.spec.feedback import refuse_feedback
from vsim.spec.scenario import Scenario
from vsim.spec.targets import Target
from vsim.world.city import Unit, check_size

Float = NDArray[np.float64]
Point = Mapping[str, float]
Moved = Callable[[int, int], None]
FORMAT = 1
SHARE, RATIO, GINI = "share", "ratio", "Gini, 0 to 1"
UNITS: Mapping[str, str] = {                # of the moments; indicators carry their own
    "person_times_per_registered_year": "attendances per registered volunteer-year",
    "recorded_hours_per_registered_year": "h per registered volunteer-year",
    "hours_per_record": "h", "active_share_year": SHARE, "share_100_hours_year": SHARE, "gini_participations": GINI,
    "top_decile_share": SHARE, "share_single": SHARE, "stay_active": SHARE, "become_active": SHARE,
    "volunteers_per_task_median": "volunteers per task", "volunteers_per_task_mean": "volunteers per task",
    "volunteers_per_task_p90": "volunteers per task", "registered_share": SHARE,
    "hours_since_registration": "h per registered volunteer",
    "hours_since_registration_highest": "h per registered volunteer", "records_per_posted": "records per task",
    "share_young": SHARE, "weekday_share": SHARE, "peak_month": RATIO, "march_ratio": RATIO, "gini_organisers": GINI,
    "credits_spent_per_member_year": "h per member-year", "credits_spent_over_earned": RATIO, "adult_rate": SHARE,
    "adult_rate_month": SHARE, "online_share": SHARE, "hours_median": "h per volunteer-year",
    "hours_mean": "h per volunteer-year", "not_returning": SHARE, "women_minus_men": "percentage points",
    "adult_rate_35_44": SHARE, "adult_rate_20_24": SHARE, "degree_over_lower_secondary": RATIO,
    "adult_rate_parents": SHARE, "adult_rate_others": SHARE, "employed_over_others": RATIO,
}


def units() -> dict[str, str]:
    """Return everything that can be measured, by name, with its unit: moments first, then indicators."""
    return {**{key: what.unit for key, what in BY_KEY.items()}, **UNITS}


def outputs(run: Run, names: Sequence[str]) -> Float:
    """Return moments and indicators of a run, shape (names,).

    A moment is that of the last year of the run, or of all of it when it is shorter; an indicator that of the whole
    run. NaN where there is nothing to measure.
    """
    weeks = min(YEAR, run.settled.weeks)
    wanted = [name for name in names if name in MOMENTS]
    found = dict(zip(wanted, moments(run, [_target(name, weeks) for name in wanted]), strict=True))
    if len(wanted) < len(names):
        frame = run.weekly("all")
        columns = {name: frame[name].to_numpy() for name in frame.columns}
        found |= {name: measure(indicator(name), columns, first=0) for name in names if name not in found}
    return np.array([float(found[name]) for name in names])


def _target(name: str, weeks: int) -> Target:
    return Target(name, "", None, None, None, "", "", "", True, "", "", "truth", f"{weeks} weeks", name, "fit")


@cache
def measured_by() -> str:
    """Return the hash of the code that measures, so that kept results do not outlive it."""
    digest = hashlib.sha256()
    for module in (moments_module, window, indicators, patterns):
        digest.update(inspect.getsource(module).encode())
    return digest.hexdigest()


@dataclass
class Model:
    """A scenario as a function of settings and lucks; with a pilot, the difference of twin worlds.

    Attributes
    ----------
    scenario : Scenario
    names : tuple of str
        Moments and indicators.
    seed : int
        Of the lucks; luck r is replicate r under this seed.
    pilot : Scenario, optional
        The same world under a policy: what comes out is pilot less base, under the same luck.
    store : Store, optional
    threads : int, optional
        Settings run side by side; the values do not depend on it.
    """

    scenario: Scenario
    names: tuple[str, ...]
    seed: int = 1
    pilot: Scenario | None = None
    store: Store | None = None
    threads: int | None = None
    runs: int = 0                 # done by this process
    known: dict[str, Float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_size(self.scenario.world)
        for scenario in (self.scenario, self.pilot):
            refuse_feedback(scenario.feedback if scenario is not None else [], "match")

    def __call__(self, points: Sequence[Point], lucks: Sequence[Sequence[int]], progress: Moved | None = None) -> Float:
        """Return what comes out, shape (points, lucks of each, names); settings are added to the scenario's own."""
        jobs = [(point, tuple(some)) for point, some in zip(points, lucks, strict=True)]
        out = np.full((len(jobs), len(jobs[0][1]), len(self.names)), np.nan)
        with closing(in_threads(self._work, jobs, self.threads or default_threads())) as results:
            for done, (place, found) in enumerate(results, start=1):
                out[place] = found
                if progress is not None:
                    progress(done, len(jobs))
        return out

    def _work(self, job: tuple[Point, tuple[int, ...]]) -> Float:
        point, lucks = job
        arms = [one.with_values(point) if point else one for one in (self.scenario, self.pilot) if one is not None]
        plain = [arm.canonical() for arm in arms]
        contents = [self._content(plain, luck) for luck in lucks]
        keys = [key_of(content) for content in contents]
        worlds: list[tuple[Settled, list[Unit]]] = []
        for luck, content, key in zip(lucks, contents, keys, strict=True):
            if key in self.known:
                continue
            if self.store is not None and key in self.store:
                self.known[key] = self.store.load(key)["bits"].view(np.float64)
                continue
            worlds = worlds or self._worlds(arms, plain)
            values = [outputs(self._run(arm, *world, luck), self.names)
                      for arm, world in zip(arms, worlds, strict=True)]
            self.known[key] = values[0] if len(values) == 1 else values[1] - values[0]
            self.runs += len(arms)
            if self.store is not None:
                self.store.put(pack(content, {"bits": self.known[key].view(np.int64)}))
        return np.stack([self.known[key] for key in keys])

    @staticmethod
    def _worlds(
        arms: Sequence[Scenario], plain: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Settled, list[Unit]]]:
        """Return tables and people of each arm; the people are the same where the parameters are."""
        city = make_city(arms[0].world, arms[0].warmup_weeks, arms[0].values)
        cities = [city if one["parameters"] == plain[0]["parameters"]
                  else make_city(arm.world, arm.warmup_weeks, arm.values) for arm, one in zip(arms, plain, strict=True)]
        return [(settle(arm, city), city) for arm, city in zip(arms, cities, strict=True)]

    def _run(self, arm: Scenario, settled: Settled, city: list[Unit], luck: int) -> Run:
        """Return what `simulate` would, with people and tables that are made once for all lucks of a setting."""
        key = stream_key(self.seed, luck)
        ends = [advance(unit, settled, key, begin(unit, settled), settled.weeks, "kernels") for unit in city]
        return Run(arm, self.seed, luck, settled, city, ends)

    def _content(self, plain: Sequence[Mapping[str, Any]], luck: int) -> dict[str, Any]:
        content = {"format": FORMAT, "kind": "outputs", "model_version": MODEL_VERSION, "measured_by": measured_by(),
                   "names": list(self.names), "scenario": plain[0], "seed": self.seed, "replicate": luck}
        return content | ({"pilot": plain[1]} if len(plain) > 1 else {})
