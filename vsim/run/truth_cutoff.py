"""The truth at a cut-off: what a title or a reward does to those whose hours lie close to its threshold on one date.

The date is the first week of the policy. Who has nearly the hours then, a little more or a little less, lives twice
under the same luck: in one world the title is given, in the other it is withheld. All others have what the rule says,
in both worlds. That is the effect to which a regression discontinuity tends as its bandwidth shrinks.

A star is given by a threshold just below the band in the first week, and withheld by one that lies out of reach
("never") or just above the band ("later"). "Never" is the effect of the title; "later" is what a comparison on both
sides of the cut-off looks at: whoever just missed the star is pulled by it and may earn it soon after. A reward is any
policy on persons, given from the first week on to those who have the hours then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from vsim.errors import UsageError, did_you_mean
from vsim.evaluate.intervals import t_quantile
from vsim.rng import stream_key
from vsim.run.district import Engine
from vsim.run.making import make_city
from vsim.run.run import MODEL_VERSION
from vsim.run.settle import Settled, settle
from vsim.run.truth_arms import MOST_CLASSES, NOBODY, Assigned, arms_of
from vsim.run.truth_compliance import ratio
from vsim.run.truth_effects import LEVEL, unit_of
from vsim.run.truth_people import (
    OUTCOMES,
    QUARTER,
    Int,
    Mark,
    Windows,
    first_mark,
    follow,
    outcome_of,
    outcomes,
    usual_width,
)
from vsim.run.truth_run import check, side_by_side
from vsim.spec.estimate import Estimate
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit
from vsim.world.settings import NO_LADDER
from vsim.world.weekly import PERSONAL

Withheld = Literal["never", "later"]
WITHHELD = ("never", "later")
HOURS = ("verified", "served")
SIDES = ("both", "below", "above")
STEPS = 5                     # stars of a ladder
Worlds = Callable[[int, Mark], tuple[Int, Settled, Settled]]      # quarter hours of each; given, withheld


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What a title or reward did to those near its threshold.

    Attributes
    ----------
    what : str
        What is given or withheld, in words.
    cutoff, bandwidth : float
        In hours; counted are persons with cutoff - bandwidth <= hours < cutoff + bandwidth.
    week : int
        The date of the running variable, before that week.
    windows : Windows
    spans : int
        Windows counted, from the one that holds `week` on.
    seed : int
    numbers : ndarray of int64, shape (replicates, 2)
        Persons below and above (or at) the cut-off.
    sums : ndarray of int64, shape (replicates, 2, outcomes)
        Given less withheld, summed over persons and windows.
    """

    what: str
    cutoff: float
    bandwidth: float
    week: int
    windows: Windows
    spans: int
    seed: int
    numbers: Int
    sums: Int

    def effect(self, outcome: str = "hours", *, side: str = "both", level: float = LEVEL) -> Estimate:
        """Return given less withheld, a mean for a person near the cut-off and window, with its Monte Carlo interval.

        Parameters
        ----------
        outcome : str
            One of `vsim.run.truth_people.OUTCOMES`.
        side : {"both", "below", "above"}
            Of the cut-off.
        level : float

        Raises
        ------
        UsageError
            When nobody is near the cut-off in any replicate.
        """
        if side not in SIDES:
            raise UsageError(f"cutoff: side is '{side}'; allowed {', '.join(SIDES)}.{did_you_mean(side, SIDES)}")
        rows, place = {"both": [0, 1], "below": [0], "above": [1]}[side], outcome_of(outcome)
        number = self.numbers[:, rows].sum(axis=1).astype(np.float64)
        if not number.any():
            raise UsageError(f"cutoff: nobody has {self.cutoff:g} hours, give or take {self.bandwidth:g}, in week "
                             f"{self.week}; allowed a cut-off near which there are persons. Widen the bandwidth.")
        top = self.sums[:, rows, place].sum(axis=1) * (list(OUTCOMES.values())[place].factor / self.spans)
        value, se = ratio(top, number)
        half = t_quantile(level, number.size - 1) * se if number.size > 1 else float("nan")
        near = f"hours within {self.bandwidth:g} of {self.cutoff:g} before week {self.week}, {side}"
        return Estimate(value, se, value - half, value + half, level,
                        unit_of(outcome, "person near the cut-off", self.windows), number.size, "effect_at_cutoff",
                        f"twin worlds, {self.what}; ratio of sums over replicates", ("the model", near), "vsim",
                        MODEL_VERSION)


def title_effect(
    pilot: Scenario, *, star: int = 1, bandwidth: float, withheld: Withheld = "never", weeks: int | None = None,
    replicates: int = 20, seed: int = 1, first: int = 0, window: int | None = None, engine: Engine = "kernels",
    threads: int | None = None, city: list[Unit] | None = None, progress: Callable[[int, int], None] | None = None,
) -> Cutoff:
    """Return what a star does to those whose verified hours are close to its threshold when the ladder begins.

    Parameters
    ----------
    pilot : Scenario
        With one ladder of stars for everybody it covers; its first week is the date.
    star : int
        1 to 5.
    bandwidth : float
        Hours to either side.
    withheld : {"never", "later"}
        Out of reach for good, or just above the band.
    weeks : int, optional
        Weeks after the date that are counted, in whole windows; by default to the end of the run.
    replicates, seed, first, window, engine, threads, city, progress :
        As for `vsim.run.truth_twins.truths`.

    Raises
    ------
    UsageError
        When there is no such ladder or more than one, the band reaches a neighbouring star, or a person near the
        cut-off holds the star already: a star is never taken away.
    """
    if withheld not in WITHHELD:
        raise UsageError(f"title_effect: withheld is '{withheld}'; allowed {', '.join(WITHHELD)}."
                         f"{did_you_mean(withheld, WITHHELD)}")
    ladders = [policy for policy in pilot.schedule() if policy.lever == "stars"]
    if len(ladders) != 1 or ladders[0].rollout is not None:
        raise UsageError(f"title_effect: '{pilot.name}' has {len(ladders)} ladders of stars; allowed one, without "
                         "roll-out.")
    city = make_city(pilot.world, pilot.warmup_weeks, pilot.values) if city is None else city
    settled, week = settle(pilot, city), ladders[0].start_week
    thresholds = ladders[0].values["thresholds"]
    assert isinstance(thresholds, tuple)
    edges = [0.0, *thresholds, float("inf")]
    if not 1 <= star <= len(thresholds):
        raise UsageError(f"title_effect: star is {star}; allowed 1 to {len(thresholds)}, those of the ladder.")
    cut = edges[star]
    if not 0 < bandwidth < min(cut - edges[star - 1], edges[star + 1] - cut):
        raise UsageError(f"title_effect: bandwidth is {bandwidth:g}; allowed above 0, below the distance to the "
                         f"neighbours of star {star} ({edges[star - 1]:g} and {edges[star + 1]:g} hours).")
    low, high = round((cut - bandwidth) / QUARTER), round((cut + bandwidth) / QUARTER)
    given, without = (_ladder(settled, week, star, low if give else None, high if withheld == "later" else None)
                      for give in (True, False))

    def worlds(place: int, mark: Mark) -> tuple[Int, Settled, Settled]:
        state = mark.progress.state
        hours = state.verified.astype(np.int64)
        classes = settled.reach(city[place])
        rows = settled.ladders[settled.weekly.ladder[place, week + settled.warmup]]
        hours = np.where(rows[classes, star - 1] < NO_LADDER[0], hours, -1)          # whom the ladder does not cover
        band = (hours >= low) & (hours < high)
        if (state.star[band] >= star).any():
            raise UsageError(f"title_effect: some near the cut-off hold star {star} before week {week}; allowed a "
                             "first ladder. Take the older one out.")
        who = np.where(band, classes + settled.weekly.base.shape[2], classes).astype(np.uint8)
        row = settled.place(city[place])
        return hours, replace(given, who={row: who}), replace(without, who={row: who})

    return _measure(pilot, city, settled, worlds, f"star {star} given less withheld ({withheld})",
                    (cut, bandwidth, week), weeks, replicates, seed, first, window, engine, threads, progress)


def reward_effect(
    base: Scenario, pilot: Scenario, *, cutoff: float, bandwidth: float, hours: str = "verified",
    weeks: int | None = None, replicates: int = 20, seed: int = 1, first: int = 0, window: int | None = None,
    engine: Engine = "kernels", threads: int | None = None, city: list[Unit] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Cutoff:
    """Return what a policy does to those close to the hours from which on it would be given, at its start.

    Parameters
    ----------
    base, pilot : Scenario
        The policies that the pilot adds are the reward, for everybody whom they cover who has the hours.
    cutoff, bandwidth : float
        Hours from which on it is given, and how far from them persons are counted.
    hours : {"verified", "served"}
        Hours of the register, or true ones.
    weeks, replicates, seed, first, window, engine, threads, city, progress :
        As for `title_effect`.
    """
    if hours not in HOURS:
        raise UsageError(f"reward_effect: hours is '{hours}'; allowed {', '.join(HOURS)}.{did_you_mean(hours, HOURS)}")
    if not 0 < bandwidth <= cutoff:
        raise UsageError(f"reward_effect: bandwidth is {bandwidth:g}; allowed above 0, at most the cut-off {cutoff:g}.")
    arms = arms_of(base, pilot, cohorts=False, city=city)
    cut, wide = round(cutoff / QUARTER), round(bandwidth / QUARTER)
    count = arms.stacked.weekly.base.shape[2] // 3

    def worlds(place: int, mark: Mark) -> tuple[Int, Settled, Settled]:
        has = getattr(mark.progress.state, hours).astype(np.int64)
        has = np.where(arms.eligible[place], has, -1)
        row = arms.stacked.place(arms.city[place])
        own = arms.stacked.who[row].astype(np.int64) % count

        def world(least: int) -> Assigned:
            classes = own + np.where(has >= least, 2 * count, count)
            return replace(arms.stacked, who={row: classes.astype(np.uint8)})

        return has, world(cut - wide), world(cut + wide)

    return _measure(base, arms.city, arms.settled[NOBODY], worlds, "reward given less withheld",
                    (cutoff, bandwidth, arms.start), weeks, replicates, seed, first, window, engine, threads, progress)


def _ladder(settled: Settled, week: int, star: int, low: int | None, high: int | None) -> Assigned:
    """Return an arm with a second column for each class, in which a star is given or withheld from a week on.

    Given: in that week the threshold is `low`, and then as written. Withheld (`low` is None): it is `high`, or with
    all stars after it out of reach.
    """
    rows = [tuple(row) for row in settled.ladders.tolist()]
    changed = settled.weekly.ladder.copy()
    span = slice(week + settled.warmup, week + settled.warmup + 1 if low is not None else None)
    for number in np.unique(changed[:, span]):
        row = list(rows[number])
        if row[star - 1] >= NO_LADDER[0]:
            continue
        if low is not None or high is not None:
            row[star - 1] = low if low is not None else high
        else:
            row[star - 1 : STEPS] = NO_LADDER[star - 1 : STEPS]
        rows.append(tuple(row))
        changed[:, span][settled.weekly.ladder[:, span] == number] = len(rows) - 1
    if 2 * changed.shape[2] > MOST_CLASSES:
        raise UsageError(f"cutoff: the scenario names {len(settled.patterns)} different groups or shares; allowed 7.")
    tables = {name: np.concatenate([getattr(settled.weekly, name)] * 2, axis=2) for name in PERSONAL}
    tables["ladder"] = np.concatenate([settled.weekly.ladder, changed], axis=2)
    own = {f.name: getattr(settled, f.name) for f in fields(Settled)}
    return Assigned(**{**own, "weekly": settled.weekly._replace(**tables),
                       "ladders": np.array(rows, dtype=np.int64)}, who={})


def _measure(
    scenario: Scenario, city: list[Unit], before: Settled, worlds: Worlds, what: str, near: tuple[float, float, int],
    weeks: int | None, replicates: int, seed: int, first: int, window: int | None, engine: Engine,
    threads: int | None, progress: Callable[[int, int], None] | None,
) -> Cutoff:
    """Run both worlds of every district and replicate from the date on; sum what differs near the cut-off."""
    check("residents", replicates, 0, 1)
    cutoff, bandwidth, week = near
    windows = Windows(scenario.weeks, usual_width(scenario.weeks) if window is None else window)
    begin = windows.holding(week)
    spans = windows.count - begin if weeks is None else weeks // windows.width
    if not 1 <= spans <= windows.count - begin:
        raise UsageError(f"cutoff: weeks is {weeks}; allowed {windows.width} to "
                         f"{(windows.count - begin) * windows.width}, in windows of {windows.width}.")
    low, cut, high = (round(edge / QUARTER) for edge in (cutoff - bandwidth, cutoff, cutoff + bandwidth))
    jobs = [(r, place) for r in range(replicates) for place in range(len(city))]
    numbers, sums = np.zeros((replicates, 2), np.int64), np.zeros((replicates, 2, len(OUTCOMES)), np.int64)

    def one(job: tuple[int, int]) -> tuple[int, Int, Int]:
        r, place = job
        unit, key = city[place], stream_key(seed, first + r)
        mark = follow(unit, before, key, windows, first_mark(unit, before, windows), week, engine)
        hours, given, withheld = worlds(place, mark)
        sides = [(hours >= low) & (hours < cut), (hours >= cut) & (hours < high)]
        until = (begin + spans) * windows.width
        lives = [outcomes(unit, follow(unit, world, key, windows, mark, until, engine), windows)
                 for world in (given, withheld)] if any(side.any() for side in sides) else [np.zeros(())] * 2
        change = lives[0] - lives[1]
        return r, np.array([side.sum() for side in sides]), np.array([
            change[side, begin : begin + spans].sum(axis=(0, 1)) if side.any() else np.zeros(len(OUTCOMES), np.int64)
            for side in sides
        ], dtype=np.int64)

    for r, number, found in side_by_side(one, jobs, threads, progress):
        numbers[r] += number
        sums[r] += found
    return Cutoff(what, cutoff, bandwidth, week, windows, spans, seed, numbers, sums)
