"""History matching: which settings of the model cannot be told from what is known, wave by wave.

Each wave runs settings that fill what is left of the space, learns emulators from them, and rules out every setting at
which a target is implausible: further than three standard errors from what the model would say, with the errors of the
target, the model, the luck and the emulator together (Craig et al. 1997; Vernon, Goldstein and Bower 2010,
doi:10.1214/10-BA524). What is left is a region, not a point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.run.match_emulator import Emulator, emulate
from vsim.run.match_luck import POOL, Int, adjusted, schedule, within
from vsim.run.match_space import Space, even
from vsim.spec.targets_own import Aim

Float = NDArray[np.float64]
Evaluate = Callable[[Float, Int], Float]  # places in the unit cube and lucks of each to outputs
Told = Callable[[int, int, int], None]    # wave, settings done, settings in all
CUT = 3.0                     # implausibility beyond which a setting is ruled out
MANY = 10                     # targets from which the second largest implausibility decides, not the largest
SETTLED = 0.8                 # share of the last wave's space beyond which it no longer shrinks
MET = 0.9                     # share of the settings of a wave that meet every target when no more is to be gained
ROOM = 0.05                   # of the sides of what is left, added around it
BATCH, MOST = 1 << 13, 1 << 18            # settings foretold at a time, and in all, to find what is left
FEW, KEPT = 64, 4096          # settings that show where to look closer; settings of what is left that are kept
WIDE = 0.2                    # of the sides of their box, added where one looks closer


@dataclass(frozen=True)
class Wave:
    """What one wave ran, learnt and left.

    Attributes
    ----------
    cube : ndarray of float, shape (settings, parameters)
    means : ndarray of float, shape (settings, targets)
        Over the pool of lucks.
    luck : ndarray of float, shape (targets, targets)
        Covariance of one luck, within settings.
    adds : ndarray of float, shape (lucks, targets)
        What each luck of the pool adds.
    lucks : int
        Of the pool.
    each : int
        Of them that each setting meets.
    emulators : list of Emulator or None
        None where it does not hold, or its target is shown only; such a target rules out nothing in this wave.
    aside : tuple of str
        Targets that were set aside since their emulator does not hold.
    share : float
        Of the whole space that is left after the wave.
    box : ndarray of float, shape (2, parameters)
        Corners of what is left, with some room.
    met : float
        Share of the settings run whose own means meet every target.
    gain : float
        Largest share, among the targets, of the emulator in the whole variance.
    """

    cube: Float
    means: Float
    luck: Float
    adds: Float
    lucks: int
    each: int
    emulators: list[Emulator | None]
    aside: tuple[str, ...]
    share: float
    box: Float
    met: float
    gain: float


@dataclass(frozen=True)
class Errors:
    """The errors of targets that do not depend on the setting.

    Attributes
    ----------
    values, variance : ndarray of float, shape (targets,)
        Of the targets; the variance holds standard error and the model's discrepancy.
    fitted : ndarray of bool, shape (targets,)
        False for targets that are shown only.
    one_luck : bool
        Whether the targets come from one world of this size, whose luck counts as well.
    """

    values: Float
    variance: Float
    fitted: NDArray[np.bool_]
    one_luck: bool = False

    def luck(self, covariance: Float, lucks: int) -> Float:
        """Return the covariance that luck adds: of the mean over lucks, and of the target's own if it has one."""
        return covariance * (1 / lucks + self.one_luck)


def errors_of(aims: Sequence[Aim], discrepancy: float, one_luck: bool) -> Errors:
    """Return the errors of targets; `discrepancy` is a share of each value, a standard deviation."""
    if not 0 <= discrepancy <= 1:
        raise UsageError(f"match: discrepancy is {discrepancy}; allowed a share of each target's value, 0 to 1.")
    values = np.array([aim.value for aim in aims])
    weight = np.array([aim.weight for aim in aims])
    sd = np.array([aim.sd for aim in aims])
    fitted = weight > 0
    return Errors(values, sd**2 / np.where(fitted, weight, 1.0) + (discrepancy * values) ** 2, fitted, one_luck)


def implausibility(wave: Wave, errors: Errors, cube: Float) -> Float:
    """Return the implausibility of each target at settings, shape (n, targets); 0 for those that rule out nothing."""
    out = np.zeros((len(cube), errors.values.size))
    for place, emulator in enumerate(wave.emulators):
        if emulator is not None:
            out[:, place] = _far(wave, errors, cube, place)
    return out


def _far(wave: Wave, errors: Errors, cube: Float, place: int) -> Float:
    """Return the implausibility of one target, shape (n,)."""
    emulator = wave.emulators[place]
    assert emulator is not None
    mean, variance = emulator(cube)
    whole = errors.variance[place] + errors.luck(wave.luck, wave.lucks)[place, place] + variance
    return np.asarray(np.abs(errors.values[place] - mean) / np.sqrt(whole))


def deciding(found: Float) -> Float:
    """Return the implausibility that decides on each setting: the largest, or of many targets the second largest."""
    order = np.sort(found, axis=1)
    return np.asarray(order[:, -2 if found.shape[1] >= MANY else -1])


def left(waves: Sequence[Wave], errors: Errors, box: Float, seed: int, wanted: int = KEPT) -> tuple[Float, float]:
    """Return settings that no wave ruled out, and the share of the box that they stand for.

    The box is filled with a Sobol sequence until some are found; then what surrounds these is filled, until as many as
    wanted are found or a quarter of a million have been tried.
    """
    kept, tried = _found(waves, errors, box, seed, FEW)
    if not FEW <= len(kept) < wanted:
        return kept[:wanted], len(kept) / tried
    around = _corners(kept, box, WIDE)
    kept, tried = _found(waves, errors, around, seed, wanted)
    return kept[:wanted], len(kept) / tried * float(np.prod((around[1] - around[0]) / (box[1] - box[0])))


def _found(waves: Sequence[Wave], errors: Errors, box: Float, seed: int, wanted: int) -> tuple[Float, int]:
    """Return settings of a box that are left, and how many were tried."""
    kept: list[Float] = []
    tried, found = 0, 0
    while tried < MOST and found < wanted:
        cube = box[0] + even(BATCH, box.shape[1], seed, tried) * (box[1] - box[0])
        tried += BATCH
        for wave in reversed(waves):                # the last one rules out most
            cube = survivors(wave, errors, cube)
            if not len(cube):
                break
        kept.append(cube)
        found += len(cube)
    return np.concatenate(kept), tried


def survivors(wave: Wave, errors: Errors, cube: Float) -> Float:
    """Return the settings that a wave does not rule out; of few targets, each looks at what the others left."""
    if len(wave.emulators) >= MANY:
        return cube[deciding(implausibility(wave, errors, cube)) <= CUT]
    known = [(one.kind == "process", place) for place, one in enumerate(wave.emulators) if one is not None]
    for _, place in sorted(known):                  # polynomials first: they take no time
        if len(cube):
            cube = cube[_far(wave, errors, cube, place) <= CUT]
    return cube


@dataclass(frozen=True)
class Matched:
    """The waves of a matching, why it ended, and settings that are left (none when nothing is)."""

    waves: list[Wave]
    ended: str
    left: Float
    errors: Errors


def waves_of(
    space: Space, aims: Sequence[Aim], evaluate: Evaluate, *, waves: int, points: int, each: int = 4, seed: int = 1,
    discrepancy: float = 0.05, one_luck: bool = False, progress: Told | None = None,
) -> Matched:
    """Match a model to targets in waves.

    Parameters
    ----------
    space : Space
    aims : sequence of Aim
    evaluate : callable
        From places in the unit cube, shape (n, parameters), and the lucks of each, shape (n, each), to outputs, shape
        (n, each, targets).
    waves : int
        At most.
    points : int
        Settings of a wave.
    each : int
        Lucks that each setting meets, of a pool that is common to all.
    seed : int
        Of the settings.
    discrepancy : float
        Standard deviation of the model's own error, as a share of each target's value.
    one_luck : bool
        The targets come from one world of this size, so that its luck counts as well.
    progress : callable, optional
        Called with (wave, settings done, settings in all).

    Returns
    -------
    Matched
        `ended` is "met" (what was run meets every target), "settled" (the space no longer shrinks), "waves" (there
        were no more), "nothing" (no setting is left) or "blind" (no emulator holds).
    """
    if waves < 1:
        raise UsageError(f"match: waves is {waves}; allowed 1 or more.")
    errors = errors_of(aims, discrepancy, one_luck)
    sides = len(space.keys)
    box, share = np.stack([np.zeros(sides), np.ones(sides)]), 1.0
    cube, done = even(points, sides, seed), list[Wave]()
    ended, kept = "waves", cube
    for number in range(1, waves + 1):
        if progress is not None:
            progress(number, 0, len(cube))
        outputs = evaluate(cube, schedule(len(cube), each))
        wave = _wave(cube, outputs, done, errors, aims, box, seed + number)
        if not any(wave.emulators):
            return Matched([*done, wave], "blind", cube[:0], errors)
        kept, part = left([*done, wave], errors, box, seed + number)
        volume = float(np.prod(box[1] - box[0])) * part
        corners = _corners(kept, box) if len(kept) else box
        gain = max(_gain(emulator, wave, errors, place, kept) for place, emulator in enumerate(wave.emulators)
                   ) if len(kept) else 0.0
        done.append(Wave(**{**vars(wave), "share": volume, "box": corners, "gain": gain}))
        if not len(kept):
            ended = "nothing"
            break
        if wave.met >= MET:
            ended = "met"
            break
        if number > 1 and volume > SETTLED * share:
            ended = "settled"
            break
        box, share = corners, volume
        cube = kept[:points]
    return Matched(done, ended, kept, errors)


def _wave(
    cube: Float, outputs: Float, before: Sequence[Wave], errors: Errors, aims: Sequence[Aim], box: Float, seed: int
) -> Wave:
    """Return a wave with its emulators; its share, box and gain are not known yet."""
    each = outputs.shape[1]
    means, adds = adjusted(outputs, schedule(len(cube), each))
    luck = within(outputs)
    inside = [np.all((wave.cube >= box[0]) & (wave.cube <= box[1]), axis=1) for wave in before]
    every = np.concatenate([cube, *(wave.cube[some] for wave, some in zip(before, inside, strict=True))])
    told = np.concatenate([means, *(wave.means[some] for wave, some in zip(before, inside, strict=True))])
    other = np.sqrt(errors.variance + np.diag(errors.luck(luck, POOL)))
    emulators: list[Emulator | None] = []
    aside = []
    for place, aim in enumerate(aims):
        seen = int(np.isfinite(told[:, place]).sum())
        found = emulate(every, told[:, place], box, float(other[place]), seed) if 2 * seen > len(told) else None
        if aim.weight > 0 and (found is None or not found.holds):
            aside.append(aim.name)
        emulators.append(found if found is not None and found.holds and aim.weight > 0 else None)
    far = np.abs(means - errors.values) / other
    met = np.isfinite(means) & (far <= CUT)
    share = float(met[:, errors.fitted].all(axis=1).mean())
    return Wave(cube, means, luck, adds, POOL, each, emulators, tuple(aside), 1.0, box, share, 0.0)


def _corners(kept: Float, box: Float, more: float = ROOM) -> Float:
    low, high = kept.min(axis=0), kept.max(axis=0)
    room = more * (high - low) + ROOM * more * (box[1] - box[0])
    return np.stack([np.maximum(low - room, box[0]), np.minimum(high + room, box[1])])


def _gain(emulator: Emulator | None, wave: Wave, errors: Errors, place: int, kept: Float) -> float:
    if emulator is None:
        return 0.0
    other = errors.variance[place] + errors.luck(wave.luck, wave.lucks)[place, place]
    variance = float(np.median(emulator(kept)[1]))
    return variance / (variance + other)
