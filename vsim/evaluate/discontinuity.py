"""Thresholds: regression discontinuity, sharp and fuzzy, the test of a jump in density, and bunching.

Local polynomials with robust bias-corrected intervals (Calonico, Cattaneo and Titiunik 2014) and the density test of
Cattaneo, Jansson and Ma (2020), by `diff-diff`. Bunching has no maintained home; it is written after Kleven (2016).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vsim.errors import DataError, UsageError
from vsim.evaluate.answers import answer, release
from vsim.evaluate.frames import level_of, library, prepared
from vsim.evaluate.luck import luck
from vsim.evaluate.randomised import Test
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

LEAST = 20                    # rows on a side of the cutoff, below which no bandwidth can be chosen
SMOOTH = ("nobody sorts around the cutoff", "nothing else changes at the cutoff")
SLACK = 1e-9                  # of a bin: a window of ten bins of 0.1 is ten bins
REPEATS = 500                 # resamples of residuals behind the error of a bunching estimate


class Discontinuity(NamedTuple):
    """A jump at a cutoff.

    Attributes
    ----------
    jump : Estimate
        The conventional estimate with the robust bias-corrected interval, as `rdrobust` prints it.
    corrected : float
        The bias-corrected estimate, at the middle of that interval.
    bandwidth : tuple of float
        Left and right, in units of the running variable.
    rows : tuple of int
        Rows within the bandwidth, left and right.
    first_stage : float or None
        Of a fuzzy design: the jump in take-up.
    """

    jump: Estimate
    corrected: float
    bandwidth: tuple[float, float]
    rows: tuple[int, int]
    first_stage: float | None


def rd(
    frame: pd.DataFrame, *, outcome: str, running: str, cutoff: float, takeup: str | None = None,
    bandwidth: float | None = None, donut: float = 0.0, measured_in: str = "", level: float = 0.95,
) -> Discontinuity:
    """Return the jump of the outcome at a cutoff of the running variable.

    Parameters
    ----------
    frame : DataFrame
        One row for each unit.
    outcome, running : str
        Columns; units at the cutoff or above count as treated.
    takeup : str, optional
        Column of 0 and 1: who is treated where the cutoff only makes it likelier (fuzzy).
    bandwidth : float, optional
        On both sides; chosen by mean squared error by default.
    donut : float
        Rows nearer to the cutoff than this are left out.
    """
    import diff_diff

    who = "rd"
    level_of(who, level)
    table = prepared(who, frame, {"running": (running, "number"), "outcome": (outcome, "number"),
                                  "takeup": (takeup, "yes_no")})
    table = table[(table["running"] - cutoff).abs() >= donut].reset_index(drop=True)
    _sides(who, table["running"].to_numpy(), cutoff)
    with library(who):
        found = diff_diff.RegressionDiscontinuity(cutoff=cutoff, h=bandwidth, alpha=1 - level).fit(
            table, outcome="outcome", running="running", **({} if takeup is None else {"takeup": "takeup"}))
    low, high = found.conf_int
    jump = answer(
        found.att_conventional, found.se, level=level, n=found.n_h_left + found.n_h_right,
        estimand="effect_at_cutoff" if takeup is None else "late_at_cutoff",
        method="local linear, robust bias-corrected interval", library="diff-diff", unit=measured_in,
        assumptions=SMOOTH, low=low, high=high)
    return Discontinuity(jump, float(found.att), (float(found.h_left), float(found.h_right)),
                         (int(found.n_h_left), int(found.n_h_right)),
                         None if takeup is None else float(found.first_stage_conventional))


def rd_density(frame: pd.DataFrame, *, running: str, cutoff: float) -> Test:
    """Return the test that the density of the running variable does not jump at the cutoff (no sorting)."""
    import diff_diff

    who = "rd_density"
    table = prepared(who, frame, {"running": (running, "number")})
    _sides(who, table["running"].to_numpy(), cutoff)
    with library(who):
        found = diff_diff.RDDensityTest(cutoff=cutoff).fit(table, running="running")
    return Test(float(found.t_stat), float(found.p_value), int(found.n), "density test at a cutoff", "diff-diff",
                release("diff-diff"))


def _sides(who: str, values: np.ndarray, cutoff: float) -> None:
    left, right = int((values < cutoff).sum()), int((values >= cutoff).sum())
    if min(left, right) < LEAST:
        raise DataError(f"{who}: {left} rows below the cutoff {cutoff:g} and {right} at or above it; needed {LEAST} or "
                        "more on each side. Is the cutoff in the unit of the column?")


def bunching(
    frame: pd.DataFrame, *, running: str, cutoff: float, width: float, bins_below: int = 1, bins_above: int = 3,
    degree: int = 5, window: float | None = None, level: float = 0.95, seed: int = 1,
) -> Estimate:
    """Return the excess mass at and above a cutoff, in multiples of the count that a smooth density has in one bin.

    Parameters
    ----------
    width : float
        Width of a bin, in units of the running variable; bins begin at the cutoff.
    bins_below, bins_above : int
        Bins on either side that the cutoff disturbs, left out of the fit; the excess is that of those above.
    degree : int
        Of the polynomial through the counts of all other bins.
    window : float, optional
        Distance from the cutoff within which rows are used, in whole bins; all of them by default.

    Notes
    -----
    Errors by resampling the residuals of the fit in every bin, those of the bunch included (Chetty, Friedman, Olsen and
    Pistaferri 2011). Residuals are divided by the root of the count before and multiplied by that of their new bin,
    since large counts vary more, and scaled up for the terms of the polynomial.
    """
    who = "bunching"
    level_of(who, level)
    if width <= 0 or bins_below < 0 or bins_above < 1:
        raise UsageError(f"{who}: width is {width}, bins {bins_below} and {bins_above}; allowed a positive width and a "
                         "bin above the cutoff.")
    values = prepared(who, frame, {"running": (running, "number")})["running"].to_numpy()
    _sides(who, values, cutoff)
    number = np.floor((values - cutoff) / width).astype(np.int64)
    if window is not None:
        whole = math.floor(window / width + SLACK)
        number = number[(number >= -whole) & (number < whole)]
        if not number.size:
            raise DataError(f"{who}: no row lies within {window:g} of the cutoff {cutoff:g}; allowed a window that "
                            "holds some. Is it in the unit of the column?")
    bins = np.arange(number.min(), number.max() + 1)
    counts = np.bincount(number - bins[0], minlength=bins.size).astype(np.float64)
    inside = (bins >= -bins_below) & (bins < bins_above)
    bunch = inside & (bins >= 0)
    if (~inside).sum() < degree + 2:
        raise DataError(f"{who}: {int((~inside).sum())} bins outside the window for a polynomial of degree {degree}; "
                        f"needed {degree + 2} or more. Take narrower bins or a lower degree.")
    scaled = (bins + 0.5) / max(abs(int(bins[0])), abs(int(bins[-1])), 1)
    basis = np.vander(scaled, degree + 1)

    def excess(around: np.ndarray, seen: np.ndarray) -> float:
        smooth = basis @ np.linalg.lstsq(basis[~inside], around[~inside], rcond=None)[0]
        return float((seen - smooth)[bunch].sum() / smooth[bunch].mean())

    fitted = basis @ np.linalg.lstsq(basis[~inside], counts[~inside], rcond=None)[0]
    if fitted[bunch].mean() <= 0:
        raise DataError(f"{who}: the smooth density is not positive at {cutoff:g}; needed rows further from it.")
    outside = int((~inside).sum())
    spread = np.sqrt(np.where(inside, counts, np.maximum(fitted, 1.0)))     # of a count, by its size
    residuals = ((counts - fitted) / spread)[~inside] * math.sqrt(outside / (outside - degree - 1))
    chance = luck(seed)
    noise = [spread * chance.choice(residuals, bins.size) for _ in range(REPEATS)]
    again = np.array([excess(fitted + one, counts + one) for one in noise])
    return answer(excess(counts, counts), again.std(ddof=1), level=level, n=int(counts.sum()), estimand="excess_mass",
                  method=f"bunching, polynomial of degree {degree}", library="numpy", unit="bins of a smooth density",
                  assumptions=("the density would be smooth without the cutoff",))
