"""Mediation: how much of an effect goes through a mediator, if nothing else moves mediator and outcome together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vsim.evaluate.answers import answer
from vsim.evaluate.frames import level_of, library, prepared
from vsim.evaluate.luck import luck
from vsim.evaluate.randomised import covariate_roles
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

SEQUENTIAL = ("treatment is as good as random", "given treatment and covariates, so is the mediator",
              "no effect of treatment moves mediator and outcome both")


class Mediated(NamedTuple):
    """The effect through the mediator, past it, and both together."""

    indirect: Estimate
    direct: Estimate
    total: Estimate


def mediation(
    frame: pd.DataFrame, *, outcome: str, treated: str, mediator: str, covariates: Sequence[str] = (),
    measured_in: str = "", level: float = 0.95, draws: int = 1000, seed: int = 1,
) -> Mediated:
    """Return natural indirect and direct effects (Imai, Keele and Tingley 2010, by `statsmodels`, linear models).

    Parameters
    ----------
    mediator : str
        Column of numbers, moved by the treatment before the outcome is.
    draws : int
        Draws of coefficients behind the intervals.
    """
    import statsmodels.api as sm
    from statsmodels.stats.mediation import Mediation

    who = "mediation"
    level_of(who, level)
    extra = covariate_roles(covariates)
    table = prepared(who, frame, {"outcome": (outcome, "number"), "treated": (treated, "yes_no"),
                                  "mediator": (mediator, "number"), **extra})
    table["one"] = 1.0
    with library(who):
        found = Mediation(
            sm.OLS(table["outcome"].to_numpy(), table[["one", "treated", "mediator", *extra]].to_numpy()),
            sm.OLS(table["mediator"].to_numpy(), table[["one", "treated", *extra]].to_numpy()), (1, 1), 2,
        ).fit(method="parametric", n_rep=draws, rng=luck(seed))
    out = []
    for name, drawn in (("indirect", found.ACME_avg), ("direct", found.ADE_avg), ("total", found.total_effect)):
        values = np.asarray(drawn, dtype=np.float64)
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
        out.append(answer(values.mean(), values.std(ddof=1), level=level, n=len(table), estimand=name,
                          method="mediation, parametric draws", library="statsmodels", unit=measured_in,
                          assumptions=SEQUENTIAL, low=low, high=high))
    return Mediated(*out)
