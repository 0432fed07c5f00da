"""Randomised designs: difference in means, adjusted for covariates, and inference from the randomisation itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vsim.errors import DataError, UsageError
from vsim.evaluate.answers import answer, release
from vsim.evaluate.frames import Kind, changes_within, level_of, prepared, some_clusters
from vsim.evaluate.luck import luck
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

RANDOM = ("treatment was assigned at random", "nobody is moved by the treatment of others")


class Test(NamedTuple):
    """A test: its statistic, its p-value, on how many rows, by what."""

    statistic: float
    pvalue: float
    n: int
    method: str
    library: str
    version: str


def least_squares(table: pd.DataFrame, columns: Sequence[str], cluster: bool) -> Any:
    """Return the fit of outcome on a constant and columns: errors by HC2, or by cluster where there is one."""
    import statsmodels.api as sm

    model = sm.OLS(table["outcome"], sm.add_constant(table[list(columns)], has_constant="add"))
    if cluster:
        return model.fit(cov_type="cluster", cov_kwds={"groups": table["cluster"]}, use_t=True)
    return model.fit(cov_type="HC2", use_t=True)


def covariate_roles(covariates: Sequence[str]) -> dict[str, tuple[str | None, Kind]]:
    """Return roles x0, x1, ... for covariates; refuse a text where a list is meant."""
    if isinstance(covariates, str):
        raise UsageError(f"covariates is the text '{covariates}'; allowed a list of columns. Write ['{covariates}'].")
    return {f"x{number}": (name, "number") for number, name in enumerate(covariates)}


def difference_in_means(
    frame: pd.DataFrame, *, outcome: str, treated: str, cluster: str | None = None, covariates: Sequence[str] = (),
    estimand: str = "ate", measured_in: str = "", level: float = 0.95,
) -> Estimate:
    """Return treated minus untreated, adjusted for covariates where some are named.

    Parameters
    ----------
    frame : DataFrame
        One row for each unit.
    outcome, treated : str
        Columns: the outcome, and 0 or 1.
    cluster : str, optional
        Column of the groups that were assigned together: errors are clustered, t with one less than their number.
    covariates : sequence of str
        Columns from before the treatment; each enters centred and by treatment (Lin 2013).
    estimand : str
        "itt" where `treated` is an offer, else "ate".
    measured_in : str
        Unit of the outcome.

    Raises
    ------
    DataError
        For whatever `prepared` refuses, one cluster, or fewer than two rows on a side.
    """
    who = "difference_in_means"
    level_of(who, level)
    extra = covariate_roles(covariates)
    table = prepared(who, frame, {"outcome": (outcome, "number"), "treated": (treated, "yes_no"),
                                  "cluster": (cluster, "group"), **extra})
    few = int(table["treated"].value_counts().min())
    if few < 2 + len(extra):
        raise DataError(f"{who}: a side has {few} rows; needed {2 + len(extra)} or more for an error with "
                        f"{len(extra)} covariates.")
    columns = ["treated"]
    for name in extra:
        centred = table[name] - table[name].mean()
        table[name], table[f"{name}_treated"] = centred, centred * table["treated"]
        columns += [name, f"{name}_treated"]
    clusters = some_clusters(who, table["cluster"]) if cluster is not None else None
    fit = least_squares(table, columns, cluster is not None)
    low, high = fit.conf_int(1 - level).loc["treated"]
    method = "difference in means" + (", adjusted (Lin)" if extra else "") + (", clustered" if clusters else ", HC2")
    return answer(fit.params["treated"], fit.bse["treated"], level=level, n=clusters or len(table), estimand=estimand,
                  method=method, library="statsmodels", unit=measured_in, assumptions=RANDOM, low=low, high=high)


def randomisation_test(
    frame: pd.DataFrame, *, outcome: str, treated: str, cluster: str | None = None, draws: int = 9999, seed: int = 1,
) -> Test:
    """Return the test of no effect on anybody by reassigning the treatment, for designs of few clusters.

    Parameters
    ----------
    cluster : str, optional
        Column of the groups that were assigned together: their means are compared, and they are reassigned whole.
    draws : int
        Reassignments; all of them where there are fewer (Fisher 1935).
    """
    from scipy.stats import permutation_test

    who = "randomisation_test"
    table = prepared(who, frame, {"outcome": (outcome, "number"), "treated": (treated, "yes_no"),
                                  "cluster": (cluster, "group")})
    if cluster is not None:
        if changes_within(table, "cluster", "treated"):
            raise DataError(f"{who}: treatment differs within a cluster; allowed clusters that were assigned whole.")
        table = table.groupby("cluster", as_index=False).mean()
    sides = [table.loc[table["treated"] == side, "outcome"].to_numpy() for side in (1, 0)]
    if min(side.size for side in sides) < 2:
        raise DataError(f"{who}: a side has fewer than two units to reassign; needed two or more.")
    found = permutation_test(
        sides, lambda a, b, axis: np.mean(a, axis=axis) - np.mean(b, axis=axis), vectorized=True, n_resamples=draws,
        rng=luck(seed),
    )
    return Test(float(found.statistic), float(found.pvalue), len(table), "randomisation inference", "scipy",
                release("scipy"))
