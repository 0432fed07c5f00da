"""Bounds: what remains certain when some outcomes are missing - Manski's worst case and Lee's trimming.

Neither has a maintained home in Python; both are a few lines (Manski 1990; Lee 2009).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vsim.errors import DataError, UsageError
from vsim.evaluate.frames import level_of, prepared
from vsim.evaluate.luck import luck

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 999


class Bounds(NamedTuple):
    """Ends of the identified interval, and of a confidence interval for it (bootstrap, each end by itself)."""

    low: float
    high: float
    outer_low: float
    outer_high: float
    level: float
    n: int
    estimand: str
    method: str
    unit: str


def manski(
    frame: pd.DataFrame, *, outcome: str, treated: str, least: float, most: float, measured_in: str = "",
    level: float = 0.95, seed: int = 1,
) -> Bounds:
    """Return bounds of the average effect when outcomes are missing for any reason whatever.

    Parameters
    ----------
    outcome : str
        Column of numbers between `least` and `most`; missing where it was not seen.
    """
    if not least < most:
        raise UsageError(f"manski: least is {least}, most {most}; allowed least below most.")
    table, seen = _observed("manski", frame, outcome, treated, level)
    values = table["outcome"].to_numpy()
    if seen.any() and not ((values[seen] >= least) & (values[seen] <= most)).all():
        raise DataError(f"manski: column '{outcome}' goes beyond {least:g} to {most:g}; give wider ends.")
    on = table["treated"].to_numpy() == 1

    def ends(rows: np.ndarray) -> tuple[float, float]:
        low, high = (np.where(seen[rows], values[rows], end) for end in (least, most))
        a = on[rows]
        return low[a].mean() - high[~a].mean(), high[a].mean() - low[~a].mean()

    return _bounds(ends, len(table), on, level, seed, "ate", "worst case (Manski)", measured_in)


def lee(
    frame: pd.DataFrame, *, outcome: str, treated: str, measured_in: str = "", level: float = 0.95, seed: int = 1
) -> Bounds:
    """Return bounds of the effect on those who are seen under either treatment.

    Parameters
    ----------
    outcome : str
        Column of numbers, missing for those who were not seen. Treatment must move being seen one way for everybody.
    """
    table, seen = _observed("lee", frame, outcome, treated, level)
    values, on = table["outcome"].to_numpy(), table["treated"].to_numpy() == 1

    def ends(rows: np.ndarray) -> tuple[float, float]:
        a, s, y = on[rows], seen[rows], values[rows]
        shares = s[a].mean(), s[~a].mean()
        if min(shares) == 0:
            return float("nan"), float("nan")
        more, fewer = (a, ~a) if shares[0] >= shares[1] else (~a, a)
        keep = min(shares) / max(shares)
        tall = np.sort(y[more & s])
        cut = max(1, round(keep * tall.size))
        bottom, top, other = tall[:cut].mean(), tall[-cut:].mean(), y[fewer & s].mean()
        pair = (bottom - other, top - other) if shares[0] >= shares[1] else (other - top, other - bottom)
        return float(pair[0]), float(pair[1])

    return _bounds(ends, len(table), on, level, seed, "ate_always_observed", "trimming (Lee)", measured_in)


def _observed(
    who: str, frame: pd.DataFrame, outcome: str, treated: str, level: float
) -> tuple[pd.DataFrame, np.ndarray]:
    level_of(who, level)
    table = prepared(who, frame, {"treated": (treated, "yes_no"), "outcome": (outcome, "start")})
    seen = table["outcome"].notna().to_numpy()
    for side in (0, 1):
        if not seen[table["treated"].to_numpy() == side].any():
            raise DataError(f"{who}: no outcome was seen where '{treated}' is {side}; needed some.")
    return table, seen


def _bounds(ends, n: int, on: np.ndarray, level: float, seed: int, estimand: str, method: str, unit: str) -> Bounds:  # type: ignore[no-untyped-def]
    low, high = ends(np.arange(n))
    chance = luck(seed)
    groups = [np.flatnonzero(on), np.flatnonzero(~on)]
    again = np.array([ends(np.concatenate([chance.choice(g, g.size) for g in groups])) for _ in range(DRAWS)])
    tail = (1 - level) / 2
    return Bounds(float(low), float(high), float(np.nanquantile(again[:, 0], tail)),
                  float(np.nanquantile(again[:, 1], 1 - tail)), level, n, estimand, method, unit)
