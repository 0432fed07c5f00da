"""Which lucks each setting of a matching meets, and means that do not hang on which they were.

All settings share one pool of lucks, and each meets some of it in turn. What one luck adds is the same everywhere to a
first approximation, so it is estimated over all settings and taken off: the error of luck is that of the whole pool.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.intp]
POOL = 25                     # lucks; no power of two, since a Sobol sequence goes from corner to corner in such steps


def schedule(settings: int, each: int, pool: int = POOL) -> Int:
    """Return the lucks of each setting, shape (settings, each): one after the other, round and round.

    >>> schedule(3, 2, 5).tolist()
    [[0, 1], [2, 3], [4, 0]]
    """
    return np.asarray((np.arange(settings)[:, None] * each + np.arange(each)) % pool, dtype=np.intp)


def adjusted(outputs: Float, lucks: Int, pool: int = POOL) -> tuple[Float, Float]:
    """Return the mean of each setting over the whole pool, shape (settings, outputs), and what each luck adds.

    Least squares with one number for each setting and one for each luck, shape (pool, outputs), which add up to zero.

    Parameters
    ----------
    outputs : ndarray of float, shape (settings, lucks of each, outputs)
        NaN where there was nothing to measure.
    lucks : ndarray of int, shape (settings, lucks of each)
    pool : int
    """
    n, each, m = outputs.shape
    design = np.zeros((n * each, n + pool - 1))
    rows, luck = np.arange(n * each), lucks.ravel()
    design[rows, rows // each] = 1.0
    plain = luck < pool - 1
    design[rows[plain], n + luck[plain]] = 1.0
    design[np.ix_(rows[~plain], np.arange(n, n + pool - 1))] = -1.0
    out, adds = np.full((n, m), np.nan), np.zeros((pool, m))
    for place in range(m):
        values = outputs[:, :, place].ravel()
        seen = np.isfinite(values)
        if seen.any():
            found = np.linalg.lstsq(design[seen], values[seen], rcond=None)[0]
            known = np.isfinite(outputs[:, :, place]).any(axis=1)
            out[known, place] = found[:n][known]
            adds[:-1, place], adds[-1, place] = found[n:], -found[n:].sum()
    return out, adds


def without(outputs: Float, lucks: Int, adds: Float) -> Float:
    """Return the mean of each setting less what its lucks add, as other settings told, shape (settings, outputs)."""
    return np.asarray((outputs - adds[lucks]).mean(axis=1))


def within(outputs: Float) -> Float:
    """Return the covariance of one luck within settings, shape (outputs, outputs); zero for a single luck."""
    off = outputs - outputs.mean(axis=1, keepdims=True)
    off = off[np.isfinite(off).all(axis=(1, 2))]
    room = off.shape[0] * (off.shape[1] - 1)
    return np.einsum("pri,prj->ij", off, off) / room if room else np.zeros((outputs.shape[2],) * 2)
