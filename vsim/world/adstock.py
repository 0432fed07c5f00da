"""Stocks of exposure that build up while something is done and fade by half-lives when it ends.

The long-run stock of an effort equals the effort. Levers need whole numbers for each week (`stock32`); offices, which
follow efforts that change from week to week, take the same curve in floating point (`stocks`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import ONE32, exp32, log_of, units

Float = NDArray[np.float64]
LN2 = log_of(1 << 17) - log_of(1 << 16)        # 1/1024


def stock32(on: int, weeks: int, half_life: float) -> tuple[int, ...]:
    """Return the stock of an effort of one, in 1/2**32, for each week from its start on.

    Parameters
    ----------
    on : int
        Weeks of effort.
    weeks : int
        Weeks of the curve.
    half_life : float
        Weeks.
    """
    def kept(elapsed: int) -> int:
        return int(exp32(-(LN2 * elapsed * 1024 // units(half_life))))

    full = ONE32 - kept(on)
    return tuple(ONE32 - kept(week + 1) if week < on else full * kept(week + 1 - on) >> 32 for week in range(weeks))


def stocks(effort: Float, half_life: float) -> Float:
    """Return the stock of efforts, shape (d, t): weeks run along the last axis, and nothing stands before the first."""
    rate = 0.5 ** (1.0 / half_life)
    out, held = np.zeros_like(effort), np.zeros(effort.shape[0])
    for week in range(effort.shape[1]):
        held = rate * held + (1.0 - rate) * effort[:, week]
        out[:, week] = held
    return out
