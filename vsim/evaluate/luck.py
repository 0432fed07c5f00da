"""The generator that libraries ask for: the one place where one is made, from a seed, so answers are repeatable."""

from __future__ import annotations

import numpy as np

from vsim.errors import UsageError


def luck(seed: int) -> np.random.Generator:
    """Return a generator for one call of a resampling method; the same seed gives the same answer.

    Bootstrap and permutation have no entities or weeks that a draw could be keyed to, and libraries take no other.
    """
    if seed < 0:
        raise UsageError(f"seed is {seed}; allowed a whole number, 0 or more.")
    return np.random.Generator(np.random.Philox(seed))
