"""The integer form of the reduced model, of which NumPy and the compiled kernels are two writings.

It is the same model in fixed point: logits in 1/1024, probabilities in 1/2**32, habit and fatigue in 1/65536 kept
as the value after the last service and aged by a table of powers. Its draws are those of `vsim.rng`: TAKE_PART
(8 leading bits by bit planes, TAKE_PART_TAIL for the rest), SERVICE word 0 (hours), word 1 (when this idle spell
would end in leaving) and word 2 (priority where seats are short), TASTE word 0 (motive) and word 1 (the end of
the first spell).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from benchmarks import reduced as model
from vsim import exact

TERM_BITS = 19          # habit (16 bits) times its coefficient in 1/8192 logit, back to 1/1024: 16 + 3 bits
HABIT_START = round(8 * exact.UNIT * model.HABIT)        # the coefficient before it ages
SPELLS = 63             # waiting times to leaving are told apart up to this many weeks: beyond WEEKS


class Tables(NamedTuple):
    """The integer form of the constants."""

    district: np.ndarray       # int32 (DISTRICTS,) intercept plus district effect, 1/1024 logit
    week: np.ndarray           # int32 (WEEKS,) season, 1/1024 logit
    best: np.ndarray           # int32 (WEEKS + 1,) the highest season from a week on
    ageing: np.ndarray         # int32 (64,) after k idle weeks, 1/8192: low half habit, high half fatigue
    habit_power: np.ndarray    # int64 (64,) 65536 * HABIT_DECAY ** k
    fatigue_power: np.ndarray  # int64 (64,)
    logistic: np.ndarray       # uint32 (24576,) threshold at logit (i - 12288) / 1024
    top: np.ndarray            # uint8 (24576,) its 8 leading bits
    noise: np.ndarray          # int16 (256,) lowest logit that leaves these leading bits undecided
    stay: np.ndarray           # uint32 (SPELLS,) 2**32 * (1 - LEAVE) ** (k + 1)
    stars: np.ndarray          # int64 (6,) hours of each star, and more than anybody has


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
def tables(share: float = model.SHARE) -> Tables:
    """Return the integer constants for a weekly share; probabilities come from vsim's exact logistic table."""
    if share not in model.INTERCEPTS:
        allowed = ", ".join(map(str, model.INTERCEPTS))
        raise SystemExit(f"benchmarks: the weekly share is {share}; allowed {allowed}.")
    logistic = exact.tables().logistic.astype(np.uint32)
    top = (logistic >> 24).astype(np.uint8)
    noise = np.searchsorted(top, np.arange(256), side="left") - exact.LOGISTIC_ZERO
    noise[0] = -32768                                       # leading bits 0 can always be a yes
    k = range(64)
    habit = [round(8 * exact.UNIT * model.HABIT * model.HABIT_DECAY**i) for i in k]
    fatigue = [round(8 * exact.UNIT * model.FATIGUE * model.FATIGUE_DECAY**i) for i in k]
    week = np.array([exact.units(model.season(t)) for t in range(model.WEEKS)], dtype=np.int32)
    best = np.maximum.accumulate(week[::-1])[::-1]
    return Tables(
        district=np.array([exact.units(model.INTERCEPTS[share] + e) for e in model.district_effects()], dtype=np.int32),
        week=week,
        best=np.append(best, best[-1]).astype(np.int32),
        ageing=np.array([h | (f << 16) for h, f in zip(habit, fatigue, strict=True)], dtype=np.int32),
        habit_power=np.array([exact.share16(model.HABIT_DECAY**i) for i in k], dtype=np.int64),
        fatigue_power=np.array([exact.share16(model.FATIGUE_DECAY**i) for i in k], dtype=np.int64),
        logistic=logistic,
        top=top,
        noise=noise.astype(np.int16),
        stay=np.array([exact.threshold32((1 - model.LEAVE) ** (i + 1)) for i in range(SPELLS)], dtype=np.uint32),
        stars=np.array([*model.STAR_HOURS, 1 << 40], dtype=np.int64),
    )
