"""Who gains most: a causal forest and the uplift that targeting by it would bring, on rows it was not grown on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import level_of, library, prepared, some_rows
from vsim.evaluate.luck import luck
from vsim.evaluate.randomised import covariate_roles, least_squares
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

LEAST = 200                   # rows, half of them to grow the forest and half to judge it
TREES = 400
BEST = 0.25                   # share of persons whom targeting would reach


class Uplift(NamedTuple):
    """Effects that differ by person.

    `effects` has one row for each row of the frame, in its order: effect, low, high. `best` and `rest` are effects
    among the quarter that the forest ranks highest and the others, measured on the half that it was not grown on;
    ranked on the same rows they would flatter themselves (winner's curse).
    """

    effects: pd.DataFrame
    average: Estimate
    best: Estimate
    rest: Estimate


def causal_forest(
    frame: pd.DataFrame, *, outcome: str, treated: str, covariates: Sequence[str], measured_in: str = "",
    level: float = 0.95, seed: int = 1, trees: int = TREES,
) -> Uplift:
    """Return effects by person from a randomised treatment (Wager and Athey 2018, honest trees, by `econml`).

    Parameters
    ----------
    covariates : sequence of str
        Columns from before the treatment by which persons may differ.
    trees : int
        A multiple of four.
    """
    from econml.dml import CausalForestDML

    who = "causal_forest"
    level_of(who, level)
    extra = covariate_roles(covariates)
    if not extra:
        raise DataError(f"{who}: no covariate is named; needed one or more to tell persons apart.")
    some_rows(who, frame)
    frame = frame.assign(**{"\0row": np.arange(len(frame))})
    table = prepared(who, frame, {"outcome": (outcome, "number"), "treated": (treated, "yes_no"), **extra,
                                  "row": ("\0row", "number")})
    if len(table) < LEAST or table["treated"].value_counts().min() < LEAST // 4:
        raise DataError(f"{who}: {len(table)} rows; needed {LEAST} or more, a quarter of them on either side.")
    chance = luck(seed)
    grown = np.zeros(len(table), dtype=bool)
    for side in (0, 1):
        rows = np.flatnonzero(table["treated"].to_numpy() == side)
        grown[chance.permutation(rows)[: rows.size // 2]] = True
    x = table[list(extra)].to_numpy()

    def forest(rows: np.ndarray) -> CausalForestDML:
        made = CausalForestDML(discrete_treatment=True, n_estimators=trees, random_state=seed, n_jobs=1)
        with library(who):
            return made.fit(table["outcome"].to_numpy()[rows], table["treated"].to_numpy()[rows], X=x[rows])

    whole = forest(np.arange(len(table)))
    low, high = whole.effect_interval(x, alpha=1 - level)
    import pandas as pd

    effects = pd.DataFrame({"effect": np.ravel(whole.effect(x)), "low": np.ravel(low), "high": np.ravel(high)},
                           index=table["row"].astype(int)).sort_index().set_axis(frame.index, axis=0)
    judged = table[~grown].copy()
    score = np.ravel(forest(np.flatnonzero(grown)).effect(x[~grown]))
    top = score >= np.quantile(score, 1 - BEST)
    parts = []
    for rows, name in ((np.ones(len(judged), bool), "ate"), (top, "ate_best_quarter"), (~top, "ate_other_quarters")):
        part = judged[rows]
        if part["treated"].eq(part["treated"].iloc[0]).all():
            raise DataError(f"{who}: a part of the rows is all on one side; needed more rows.")
        fit = least_squares(part, ["treated"], cluster=False)
        parts.append(answer(fit.params["treated"], fit.bse["treated"], level=level, n=len(part), estimand=name,
                            method="causal forest, judged on held-out rows", library="econml", unit=measured_in,
                            assumptions=("treatment was assigned at random",), freedom=len(part) - 2))
    return Uplift(effects, *parts)
