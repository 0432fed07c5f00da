"""Effects in the units in which experiments are published, from rates of two arms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
CENT = 100                    # percentage points in a share


def log_odds(rate: Float | float) -> Float:
    """Return the logarithm of the odds of a rate; rates of 0 and 1 have none."""
    p = np.asarray(rate, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(p / (1 - p)))


def relative(control: Float, treated: Float) -> Float:
    """Return the change over the control's rate."""
    return np.asarray(treated / control - 1)


EFFECTS: Mapping[str, Callable[[Float, Float], Float]] = {
    "pp": lambda control, treated: np.asarray(CENT * (treated - control)),
    "share": lambda control, treated: np.asarray(treated - control),
    "relative": relative,
    "logit": lambda control, treated: np.asarray(log_odds(treated) - log_odds(control)),
    "odds ratio": lambda control, treated: np.asarray(np.exp(log_odds(treated) - log_odds(control))),
}


def effect_of(unit: str, control: Float, treated: Float) -> Float:
    """Return the effect of two arms in a published unit, one for each replicate.

    >>> [round(float(effect_of(unit, np.array(0.46), np.array(0.516))), 3) for unit in ("pp", "relative", "logit")]
    [5.6, 0.122, 0.224]
    """
    return EFFECTS[unit](np.asarray(control, dtype=np.float64), np.asarray(treated, dtype=np.float64))


def logit_slope(outcome: NDArray[np.bool_], dose: Float) -> float:
    """Return the slope of a logit of an outcome on one dose, by Newton's steps."""
    design = np.column_stack((np.ones(dose.size), dose - dose.mean()))
    found = np.array([float(log_odds(min(max(outcome.mean(), 1 / dose.size), 1 - 1 / dose.size))), 0.0])
    for _ in range(25):
        rate = 1 / (1 + np.exp(-design @ found))
        weight = rate * (1 - rate)
        step = np.linalg.solve(design.T * weight @ design, design.T @ (outcome - rate))
        found = found + step
        if np.abs(step).max() < 1e-10:
            break
    return float(found[1])


def shortening(served: NDArray[np.bool_], steps: int) -> float:
    """Return by how much the last of `steps` gaps between services is shorter than the first, over who made them all.

    A card of `steps + 1` stamps has `steps` gaps. The mean last gap over the mean first gap, taken from one.
    """
    total = served.cumsum(axis=1)
    done = total[:, -1] > steps
    if not done.any():
        return float("nan")
    count = total[done]
    weeks = [np.argmax(count >= stamp, axis=1) for stamp in (1, 2, steps, steps + 1)]
    first, last = (weeks[1] - weeks[0]).mean(), (weeks[3] - weeks[2]).mean()
    return float(1 - last / first)
