"""Q16: a campaign switched on and off by lot in blocks of weeks, district by district (a switchback).

The question is what the campaign does where it runs all the time. It can be read off blocks if a week depends on that
week alone. Where service forms habits, and organisers call on those who served of late, the weeks off live on the
weeks on, and the weeks on lack what they would have inherited: the contrast is too small.

A ranking of tasks is a lever as well (`matching`), but in worlds this small it moves too few hours to be seen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.luck import luck
from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import HOURS, QUARTERS, Design, Drawn, Entrant, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS, BLOCK = 3000, 24, 16, 2
RUN_UP = 12                   # weeks
LEVER = "skills"
ASKING: dict[str, float | list[float]] = {"outreach": 20000.0}
ROOM = {"demand.tasks": 40.0, "demand.people_median": 20.0, "skills.asked": 0.6, "participation.ask": 0.0}
FORGOTTEN = {"participation.habit_weight": 0.0, "participation.keep": 0.0, "participation.fatigue_weight": 0.0}


def lot(seed: int) -> np.ndarray:
    """Return whether the campaign runs, shape (districts, blocks); of each pair of blocks one is on."""
    pairs = WEEKS // BLOCK // 2
    first = luck(seed).random((DISTRICTS, pairs)) < 1 / 2
    return np.stack([first, ~first], axis=2).reshape(DISTRICTS, 2 * pairs)


def drawn(seed: int, holds: bool) -> Drawn:
    """Return district-weeks of a switchback, in a world without memory or one with habits and lists of organisers."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {**ROOM, **FORGOTTEN} if holds else ROOM, RUN_UP)
    on = lot(seed)
    codes = np.array(base.districts)
    blocks = [Policy(lever=LEVER, start_week=block * BLOCK, end_week=(block + 1) * BLOCK,
                     districts=codes[on[:, block]].tolist(), values=ASKING) for block in range(on.shape[1])]
    made = run(under(base, *blocks), seed).weekly("district")
    always, never = (run(under(base, *policies), seed).weekly("district")["hours"].mean() / QUARTERS
                     for policies in ((Policy(lever=LEVER, values=ASKING),), ()))
    table = pd.DataFrame({"district": made["district"], "week": made["week"], "hours": made["hours"] / QUARTERS,
                          "on": np.repeat(on, BLOCK, axis=1).ravel().astype(int)})
    return Drawn(table, true(always - never, "ate", HOURS, DISTRICTS))


def difference(frame: pd.DataFrame) -> Estimate:
    """Return weeks on less weeks off, with errors by district."""
    return difference_in_means(frame, outcome="hours", treated="on", cluster="district", measured_in=HOURS)


def settled(frame: pd.DataFrame) -> Estimate:
    """Return the same without the first week of each block."""
    return difference(frame[frame["week"] % BLOCK > 0])


SWITCHBACK = Design(
    "switchback", "Q16", "What does a campaign do that is switched on and off by lot?",
    "a week depends on that week alone", "habits and the lists of organisers carry the weeks on over into weeks off",
    -1, drawn,
    (Entrant("weeks on less weeks off", difference),
     Entrant("the same, first weeks of blocks left out", settled, named=False)))
