"""Screening by Morris' method: which parameters move an output at all, told by few runs.

A trajectory moves one parameter after the other; the mean size of the moves ranks the parameters (mu star, Campolongo
et al. 2007, doi:10.1016/j.envsoft.2006.10.004), their spread tells curves and interactions. Luck is moved as well, so
that its mean size is what a parameter must exceed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vsim.errors import UsageError, VsimError
from vsim.evaluate.luck import luck
from vsim.run.sensitivity import LEVEL, LUCK, RESAMPLES, Answer, Float, sample, sets_of

TRAJECTORIES = 10
FEWEST = 4                    # trajectories, of which a bootstrap can still be made
STEP = 2.0 / 3.0              # of a parameter with four levels


@dataclass(frozen=True)
class Move:
    """How far one parameter moves an output when it goes two thirds of its range, in units of the output.

    Attributes
    ----------
    name : str
    size, low, high : float
        Mean absolute move with its bootstrap interval.
    mean, spread : float
        Mean move, and standard deviation of the moves: a curve or an interaction where it is as large as the size.
    keeps : bool
        Whether the size exceeds that of luck.
    """

    name: str
    size: float
    low: float
    high: float
    mean: float
    spread: float
    keeps: bool


def morris(names: Sequence[str], answer: Answer, *, trajectories: int = TRAJECTORIES, seed: int = 1) -> list[Move]:
    """Return the moves of every parameter, largest first, and that of luck at the end.

    Parameters
    ----------
    names : sequence of str
        Parameters, the sides of the unit cube.
    answer : callable
        As in `vsim.run.sensitivity.sobol`.
    trajectories : int
        Each is names + 2 points.
    seed : int
        Of the trajectories and of the bootstrap.

    Raises
    ------
    UsageError
        When there are too few trajectories, or SALib is missing.
    VsimError
        When fewer than half of the trajectories have something to measure at every point.
    """
    if trajectories < FEWEST:
        raise UsageError(f"sensitivity: trajectories is {trajectories}; allowed {FEWEST} or more.")
    cube = sample("morris", names, trajectories, seed)
    outputs = answer(cube[:, :-1], sets_of(cube[:, -1])).mean(axis=1).reshape(trajectories, -1)
    places = cube.reshape(trajectories, -1, len(names) + 1)
    whole = np.isfinite(outputs).all(axis=1)
    if 2 * whole.sum() < trajectories:
        raise VsimError(f"sensitivity: along {(~whole).sum()} of {trajectories} trajectories there was a point with "
                        "nothing to measure. Narrow the ranges, or ask for another output.")
    effects = elementary(places[whole], outputs[whole])
    sizes = np.abs(effects).mean(axis=0)
    picks = luck(seed).integers(0, len(effects), (RESAMPLES, len(effects)))
    low, high = np.quantile(np.abs(effects)[picks].mean(axis=1), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    spread = effects.std(axis=0, ddof=1)
    moves = [Move(name, float(sizes[k]), float(low[k]), float(high[k]), float(effects[:, k].mean()), float(spread[k]),
                  bool(sizes[k] > sizes[-1])) for k, name in enumerate((*names, LUCK))]
    return [*sorted(moves[:-1], key=lambda one: -one.size), moves[-1]]


def elementary(places: Float, outputs: Float) -> Float:
    """Return the moves along trajectories, shape (trajectories, sides), each for a step of two thirds upwards.

    Parameters
    ----------
    places : ndarray of float, shape (trajectories, sides + 1, sides)
        Between one point and the next one side changes.
    outputs : ndarray of float, shape (trajectories, sides + 1)
    """
    steps = np.diff(places, axis=1)
    side = np.abs(steps).argmax(axis=2)
    length = np.take_along_axis(steps, side[:, :, None], axis=2)[:, :, 0]
    moves = np.diff(outputs, axis=1) / length * STEP
    out = np.empty_like(moves)
    np.put_along_axis(out, side, moves, axis=1)
    return out


def chosen(moves: Sequence[Move], most: int) -> list[str]:
    """Return the parameters that go on: those that exceed luck, the largest at most; the largest one if none does."""
    kept = [one.name for one in moves[:-1] if one.keeps][:most]
    return kept or [moves[0].name]
