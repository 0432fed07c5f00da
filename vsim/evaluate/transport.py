"""Transport: what a trial of one place says of another, whose people are a different mix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import level_of, library, prepared
from vsim.evaluate.randomised import covariate_roles
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

ALIKE = ("treatment was assigned at random in the trial", "all by which the effect differs is among the covariates",
         "everybody of the other place has their like in the trial")
FURTHEST = 50.0               # weight of one person of the trial against the mean weight


def transported(
    frame: pd.DataFrame, *, outcome: str, treated: str, study: str, covariates: Sequence[str], measured_in: str = "",
    level: float = 0.95,
) -> Estimate:
    """Return the average effect in another place: the trial re-weighted to the people there (`statsmodels`).

    A person of the trial counts by the odds of being of the other place, from a logit of covariates (Westreich et al.
    2017, inverse odds of sampling). The error is that of weighted least squares, HC2, with the weights taken as known.

    Parameters
    ----------
    frame : DataFrame
        People of both places, one row each.
    outcome, treated : str
        Columns, read in the rows of the trial alone; elsewhere they may be missing.
    study : str
        Column: 1 for the people of the trial, 0 for those of the other place.
    covariates : sequence of str
        Columns by which the effect may differ, known in both places.

    Raises
    ------
    DataError
        Also when somebody of the trial would count fifty times the mean: the places are too different.
    """
    import statsmodels.api as sm

    who = "transported"
    level_of(who, level)
    extra = covariate_roles(covariates)
    if not extra:
        raise DataError(f"{who}: no covariate is named; needed one or more by which the places differ. Use "
                        "difference_in_means without any.")
    both = prepared(who, frame, {"study": (study, "yes_no"), **extra})
    trial = prepared(who, frame[frame[study].astype(float) == 1], {
        "outcome": (outcome, "number"), "treated": (treated, "yes_no"), **extra})
    if trial["treated"].value_counts().min() < 2:
        raise DataError(f"{who}: a side of the trial has one row; needed two or more for an error.")
    with library(who):
        fit = sm.Logit(1 - both["study"], sm.add_constant(both[list(extra)], has_constant="add")).fit(disp=0)
        chance = np.asarray(fit.predict(sm.add_constant(trial[list(extra)], has_constant="add")))
        weight = chance / (1 - chance)
        weight /= weight.mean()
        if not weight.max() < FURTHEST:
            raise DataError(f"{who}: one person of the trial would count {weight.max():,.0f} times the mean; allowed "
                            f"{FURTHEST:g}. The other place has people without their like in the trial.")
        found = sm.WLS(trial["outcome"], sm.add_constant(trial[["treated"]]), weights=weight).fit(
            cov_type="HC2", use_t=True)
    low, high = found.conf_int(1 - level).loc["treated"]
    return answer(found.params["treated"], found.bse["treated"], level=level, n=len(trial), estimand="ate_elsewhere",
                  method="re-weighted to the other place (inverse odds)", library="statsmodels", unit=measured_in,
                  assumptions=ALIKE, low=low, high=high)
