"""Selection on what is seen: inverse probability weighting, alone or with a model of the outcome (doubly robust)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import level_of, library, picked, prepared
from vsim.evaluate.randomised import covariate_roles
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

SEEN = ("all that moves both treatment and outcome is among the covariates", "everybody could be in either group")
METHODS = {"ipw": "inverse probability weighting", "aipw": "doubly robust (AIPW)"}
EDGE = 0.01                   # probabilities of treatment nearer to 0 or 1 than this leave nobody to compare with


def weighted(
    frame: pd.DataFrame, *, outcome: str, treated: str, covariates: Sequence[str], method: str = "aipw",
    measured_in: str = "", level: float = 0.95,
) -> Estimate:
    """Return the average treatment effect, adjusted for covariates.

    Parameters
    ----------
    treated : str
        Column of 0 and 1.
    covariates : sequence of str
        Columns from before the treatment; they enter a logit of treatment and a linear model of the outcome.
    method : {"aipw", "ipw"}
        Doubly robust, or by the weights alone. Regression adjustment alone is `difference_in_means` with covariates.

    Raises
    ------
    DataError
        Also when somebody's probability of treatment is within 1 % of nought or one: there is no overlap.
    """
    import statsmodels.api as sm
    from statsmodels.treatment.treatment_effects import TreatmentEffect

    who = "weighted"
    level_of(who, level)
    picked(who, "method", method, METHODS)
    extra = covariate_roles(covariates)
    if not extra:
        raise DataError(f"{who}: no covariate is named; needed one or more. Use difference_in_means without any.")
    table = prepared(who, frame, {"treated": (treated, "yes_no"), "outcome": (outcome, "number"), **extra})
    design = sm.add_constant(table[list(extra)], has_constant="add")
    with library(who):
        chance = sm.Logit(table["treated"], design).fit(disp=0)
        fitted = np.asarray(chance.predict())
        if not ((fitted > EDGE) & (fitted < 1 - EDGE)).all():
            outside = int(((fitted <= EDGE) | (fitted >= 1 - EDGE)).sum())
            raise DataError(f"{who}: {outside:,} of {len(table):,} rows are treated with a probability within "
                            f"{EDGE:.0%} of nought or one; nobody is like them on the other side. Leave them out and "
                            "say so.")
        effect = TreatmentEffect(sm.OLS(table["outcome"], design), table["treated"].to_numpy(dtype=np.int64),
                                 results_select=chance)
        if method == "ipw":
            results = effect.ipw().results_gmm
            value, se = float(np.asarray(results.params)[0]), float(np.asarray(results.bse)[0])
        else:
            value = float(effect.aipw(return_results=False)[0])
            se = _influence(table, design, fitted).std(ddof=1) / math.sqrt(len(table))
    return answer(value, se, level=level, n=len(table), estimand="ate", method=METHODS[method], library="statsmodels",
                  unit=measured_in, assumptions=SEEN)


def _influence(table: pd.DataFrame, design: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """Return what each row adds to the doubly robust mean (Lunceford and Davidian 2004).

    The library's own error inverts the covariance of its moments, which is singular where covariates are few groups: it
    was missing in five of a hundred samples with one covariate of 0 and 1, and in the billions in another.
    """
    import statsmodels.api as sm

    on, outcome = table["treated"].to_numpy() == 1, table["outcome"].to_numpy()
    with_it, without = (np.asarray(sm.OLS(outcome[side], design[side]).fit().predict(design)) for side in (on, ~on))
    left = np.where(on, (outcome - with_it) / chance, (without - outcome) / (1 - chance))
    return np.asarray(with_it - without + left)
