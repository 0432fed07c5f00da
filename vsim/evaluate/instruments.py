"""Instruments: two-stage least squares and LIML, with the strength of the first stage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from vsim.errors import DataError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import Kind, level_of, library, picked, prepared, some_clusters
from vsim.evaluate.randomised import covariate_roles
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

VALID = ("the instrument is as good as random", "it acts through the treatment alone",
         "it moves nobody the other way")


class Instrumented(NamedTuple):
    """The effect on compliers, and the F statistic of the excluded instruments (weak below some ten).

    A treatment that is its own instrument is least squares; its F is infinite.
    """

    effect: Estimate
    first_stage_f: float
    first_stage: dict[str, float]


def iv(
    frame: pd.DataFrame, *, outcome: str, treatment: str, instruments: Sequence[str] | str,
    covariates: Sequence[str] = (), cluster: str | None = None, method: str = "2sls", measured_in: str = "",
    level: float = 0.95,
) -> Instrumented:
    """Return the local average treatment effect.

    Parameters
    ----------
    outcome, treatment : str
        Columns of numbers; the treatment may be 0 and 1 or a dose.
    instruments : str or sequence of str
        Columns that move the treatment and nothing else.
    method : {"2sls", "liml"}
    cluster : str, optional
        Column of clusters; errors are robust to unequal variance without it.
    """
    from linearmodels.iv import IV2SLS, IVLIML

    who = "iv"
    level_of(who, level)
    picked(who, "method", method, ("2sls", "liml"))
    tools = (instruments,) if isinstance(instruments, str) else tuple(instruments)
    if not tools:
        raise DataError(f"{who}: no instrument is named; needed one or more.")
    extra = covariate_roles(covariates)
    z: dict[str, tuple[str | None, Kind]] = {f"z{number}": (name, "number") for number, name in enumerate(tools)}
    table = prepared(who, frame, {"outcome": (outcome, "number"), "treatment": (treatment, "number"), **z, **extra,
                                  "cluster": (cluster, "group")})
    for role, name in (("treatment", treatment), *zip(z, tools, strict=True)):
        if table[role].eq(table[role].iloc[0]).all():
            raise DataError(f"{who}: column '{name}' is the same in every row; needed variation.")
    table["one"] = 1.0
    chosen = {"2sls": IV2SLS, "liml": IVLIML}[method]
    settings = {"cov_type": "robust", "debiased": True}
    if cluster is not None:
        some_clusters(who, table["cluster"])
        settings = {"cov_type": "clustered", "clusters": table["cluster"], "debiased": True}
    n = int(table["cluster"].nunique()) if cluster is not None else len(table)
    with library(who):
        fit = chosen(table["outcome"], table[["one", *extra]], table["treatment"], table[list(z)]).fit(**settings)
        low, high = fit.conf_int(level).loc["treatment"]
    effect = answer(fit.params["treatment"], fit.std_errors["treatment"], level=level, n=n, estimand="late",
                    method=method.upper(), library="linearmodels", unit=measured_in, assumptions=VALID, low=low,
                    high=high)
    own = [table[role].equals(table["treatment"]) for role in z]
    if any(own):                                                 # least squares: the first stage leaves nothing over
        return Instrumented(effect, math.inf, {name: float(same) for name, same in zip(tools, own, strict=True)})
    with library(who):
        first = fit.first_stage
        strength = float(first.diagnostics.loc["treatment", "f.stat"])
        coefficients = first.individual["treatment"].params
    moves = {name: float(coefficients[role]) for role, name in zip(z, tools, strict=True)}
    return Instrumented(effect, strength, moves)
