"""Selection on what is seen: inverse probability weighting, alone or with a model of the outcome (doubly robust)."""

from __future__ import annotations

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
        results = (effect.aipw() if method == "aipw" else effect.ipw()).results_gmm
        low, high = np.asarray(results.conf_int(alpha=1 - level))[0]
    return answer(np.asarray(results.params)[0], np.asarray(results.bse)[0], level=level, n=len(table), estimand="ate",
                  method=METHODS[method], library="statsmodels", unit=measured_in, assumptions=SEEN, low=low, high=high)
