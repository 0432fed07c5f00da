"""Choice under deep uncertainty: what each policy comes to in each of several worlds that nobody can weigh.

Rows are policies, columns worlds. Regret is what a choice misses beside the best one in that world; the rules differ in
what they ask of the worst. Sources: Savage (1951) for minimax regret, Starr (1963) for the share of worlds in which a
threshold is met, McPhail and others (2018) for how such rules relate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]
LOW = 0.1                     # share of the worlds that may come to less than the low value


@dataclass(frozen=True)
class Robust:
    """What several rules say of some policies.

    Attributes
    ----------
    table : DataFrame
        policy, mean, worst, low (the tenth percentile), regret (the largest), satisfied (share of worlds at the
        threshold or above), allowed (whether it is so in all that is asked of every world, such as a budget).
    threshold : float
    choices : dict of str to str
        The policy that each rule picks among the allowed: mean, worst, low, regret, satisfied.
    """

    table: pd.DataFrame
    threshold: float
    choices: dict[str, str]

    @property
    def agree(self) -> bool:
        """Whether every rule picks the same policy."""
        return len(set(self.choices.values())) == 1


def robust(values: ArrayLike, policies: Sequence[str], *, threshold: float = 0.0,
           allowed: ArrayLike | None = None) -> Robust:
    """Return what rules for deep uncertainty say.

    Parameters
    ----------
    values : array of shape (policies, worlds)
        More is better.
    policies : sequence of str
    threshold : float
        What is enough.
    allowed : array of bool, shape (policies,) or (policies, worlds), optional
        Which may be chosen, in each world; a policy that may not be in one world may not be chosen.

    Raises
    ------
    DataError
        When shapes do not go together, a value is missing, or no policy is allowed.
    """
    import pandas as pd

    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 2 or len(policies) != len(found) or found.size == 0 or not np.isfinite(found).all():
        raise DataError(f"robust: values have shape {found.shape} for {len(policies)} policies; needed a finite number "
                        "for every policy and world.")
    may_in = np.ones(found.shape, dtype=np.bool_)
    if allowed is not None:
        given = np.asarray(allowed, dtype=np.bool_)
        may_in &= given if given.ndim == 2 else given[:, None]
    may = np.asarray(may_in.all(axis=1), dtype=np.bool_)
    if not may.any():
        raise DataError("robust: no policy is allowed in every world; add doing nothing, or a larger budget.")
    best = np.where(may_in, found, -np.inf).max(axis=0)      # what could have been chosen in that world alone
    best = np.where(np.isfinite(best), best, found.max(axis=0))
    regret = np.maximum(best - found, 0.0)
    table = pd.DataFrame({
        "policy": list(policies), "mean": found.mean(axis=1), "worst": found.min(axis=1),
        "low": np.quantile(found, LOW, axis=1), "regret": regret.max(axis=1),
        "satisfied": (found >= threshold).mean(axis=1), "allowed": may,
    })
    some = table[may]
    names = some["policy"].tolist()
    choices = {rule: str(names[int(some[rule].to_numpy().argmax())]) for rule in ("mean", "worst", "low", "satisfied")}
    choices["regret"] = str(names[int(some["regret"].to_numpy().argmin())])
    return Robust(table, threshold, choices)
