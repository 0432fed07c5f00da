"""Goodhart's check: whether what is recorded improves because what is true does, or in its place.

When a measure becomes a target it ceases to be a good measure. A register shows gains that come of recording more, and
of recording what never was; a simulator knows both sides, and the same luck on both arms makes small gaps visible.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.errors import DataError
from vsim.evaluate.intervals import t_quantile
from vsim.spec.estimate import Estimate

Float = NDArray[np.float64]
Verdict = Literal["sound", "inflated", "gamed", "no gain"]
MEANING: Mapping[str, str] = {
    "sound": "the recorded gain is a true one",
    "inflated": "the recorded gain is larger than the true one",
    "gamed": "a gain is recorded, and no true one is there to be seen",
    "no gain": "no gain is recorded",
}


@dataclass(frozen=True, slots=True)
class Goodhart:
    """What a policy does to a recorded number and to the true one behind it.

    Attributes
    ----------
    recorded, true : Estimate
        Gains as shares of the base, so that the two can be compared whatever is never recorded.
    gap : Estimate
        Recorded less true gain, paired.
    watched : tuple of (str, Estimate)
        Changes of other indicators that such a target is known to harm.
    verdict : {"sound", "inflated", "gamed", "no gain"}
    """

    recorded: Estimate
    true: Estimate
    gap: Estimate
    watched: tuple[tuple[str, Estimate], ...]
    verdict: Verdict

    @property
    def meaning(self) -> str:
        """The verdict in words."""
        return MEANING[self.verdict]


def goodhart(
    recorded: ArrayLike, true: ArrayLike, watched: Mapping[str, tuple[ArrayLike, str]] | None = None, *,
    better: int = 1, level: float = 0.95,
) -> Goodhart:
    """Return the check of one policy from twin worlds.

    Parameters
    ----------
    recorded, true : array of shape (2, replicates)
        The target as the register tells it and as it is, without the policy and with it.
    watched : mapping of str to (array of shape (2, replicates), unit), optional
        Other indicators, whose changes are told beside it.
    better : {1, -1}
        -1 where less is better.

    Raises
    ------
    DataError
        When the two do not pair, there are fewer than two replicates, or a base is zero.
    """
    sides = [np.asarray(side, dtype=np.float64) for side in (recorded, true)]
    if sides[0].shape != sides[1].shape or sides[0].ndim != 2 or len(sides[0]) != 2 or sides[0].shape[1] < 2:
        raise DataError(f"goodhart: recorded has shape {sides[0].shape} and true {sides[1].shape}; needed two rows of "
                        "two replicates or more in both.")
    if any((side[0].mean() == 0) or not np.isfinite(side).all() for side in sides):
        raise DataError("goodhart: without the policy a side is zero, or not known; needed a number to compare with.")
    gains = [better * (side[1] - side[0]) / abs(side[0].mean()) for side in sides]
    one, other = (_told(gain, "share of the base", level) for gain in gains)
    gap = _told(gains[0] - gains[1], "share of the base", level)
    more = tuple((name, _told(np.asarray(pair[0], dtype=np.float64)[1] - np.asarray(pair[0], dtype=np.float64)[0],
                              pair[1], level)) for name, pair in (watched or {}).items())
    verdict: Verdict = "sound"
    if not one.low > 0:
        verdict = "no gain"
    elif not other.low > 0:
        verdict = "gamed"
    elif gap.low > 0:
        verdict = "inflated"
    return Goodhart(one, other, gap, more, verdict)


def _told(draws: Float, unit: str, level: float) -> Estimate:
    n = draws.size
    mean, se = float(draws.mean()), float(draws.std(ddof=1) / math.sqrt(n))
    half = t_quantile(level, n - 1) * se
    return Estimate(mean, se, mean - half, mean + half, level, unit, n, "total",
                    "twin worlds, paired over replicates", ("the model",))
