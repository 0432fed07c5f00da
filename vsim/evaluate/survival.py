"""Survival: how long volunteers stay - Kaplan-Meier, the log-rank test, Cox regression, restricted mean time.

By `lifelines`. Ties by Efron's method; intervals of Kaplan-Meier by log(-log), as that library has them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.answers import answer, release
from vsim.evaluate.frames import Kind, labels_of, level_of, library, prepared, some_clusters
from vsim.evaluate.randomised import Test, covariate_roles
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd
    from lifelines import KaplanMeierFitter

CENSORED = ("who is no longer seen is no different from who is", "hazards are proportional")


def _spells(who: str, frame: pd.DataFrame, duration: str, event: str,
            more: dict[str, tuple[str | None, Kind]]) -> pd.DataFrame:
    table = prepared(who, frame, {"duration": (duration, "number"), "event": (event, "yes_no"), **more})
    if (table["duration"] < 0).any():
        raise DataError(f"{who}: column '{duration}' holds negative times; allowed 0 or more.")
    return table


def kaplan_meier(frame: pd.DataFrame, *, duration: str, event: str, by: str | None = None,
                 level: float = 0.95) -> pd.DataFrame:
    """Return the share still there by time, with its interval.

    Parameters
    ----------
    duration, event : str
        Columns: time under observation, and 1 when it ended with the event, 0 when it was cut off.
    by : str, optional
        Column of groups.

    Returns
    -------
    DataFrame
        Columns group (the labels of `by`), time, at_risk, survival, low, high.
    """
    import pandas as pd
    from lifelines import KaplanMeierFitter

    who = "kaplan_meier"
    level_of(who, level)
    table = _spells(who, frame, duration, event, {"by": (by, "group")})
    labels = ["all"] if by is None else labels_of(frame[by])
    parts = []
    for code in range(len(labels)):
        part = table if by is None else table[table["by"] == code]
        fit = KaplanMeierFitter(alpha=1 - level).fit(part["duration"], part["event"])
        ends = fit.confidence_interval_.to_numpy()
        parts.append(pd.DataFrame({
            "group": labels[code], "time": fit.survival_function_.index.to_numpy(),
            "at_risk": fit.event_table["at_risk"].to_numpy(), "survival": fit.survival_function_.iloc[:, 0].to_numpy(),
            "low": ends[:, 0], "high": ends[:, 1],
        }))
    return pd.concat(parts, ignore_index=True)


def logrank(frame: pd.DataFrame, *, duration: str, event: str, treated: str) -> Test:
    """Return the log-rank test that two groups leave at the same rate."""
    from lifelines.statistics import logrank_test

    table = _spells("logrank", frame, duration, event, {"treated": (treated, "yes_no")})
    one, other = (table[table["treated"] == side] for side in (1, 0))
    with library("logrank"):
        found = logrank_test(one["duration"], other["duration"], one["event"], other["event"])
    return Test(float(found.test_statistic), float(found.p_value), len(table), "log-rank", "lifelines",
                release("lifelines"))


def cox(
    frame: pd.DataFrame, *, duration: str, event: str, treated: str, covariates: Sequence[str] = (),
    entry: str | None = None, cluster: str | None = None, level: float = 0.95,
) -> Estimate:
    """Return the log hazard ratio of the treated.

    Parameters
    ----------
    treated : str
        Column of numbers; one that changes during a spell needs one row for each stretch, with `entry`.
    entry : str, optional
        Column: the time at which a row begins to be observed (start and stop data). A treatment taken up during a spell
        without it makes the treated immortal until they took it.
    cluster : str, optional
        Column of persons or groups with several rows: robust errors.
    """
    from lifelines import CoxPHFitter

    who = "cox"
    level_of(who, level)
    extra = covariate_roles(covariates)
    table = _spells(who, frame, duration, event, {"treated": (treated, "number"), "entry": (entry, "number"),
                                                  "cluster": (cluster, "group"), **extra})
    if table["treated"].eq(table["treated"].iloc[0]).all():
        raise DataError(f"{who}: column '{treated}' is the same in every row; needed variation.")
    if entry is not None and (table["entry"] >= table["duration"]).any():
        raise DataError(f"{who}: column '{entry}' is not before '{duration}' in some rows; needed start before stop.")
    clusters = some_clusters(who, table["cluster"]) if cluster is not None else None
    with library(who):
        fit = CoxPHFitter(alpha=1 - level).fit(
            table, "duration", "event", entry_col="entry" if entry is not None else None,
            cluster_col="cluster" if cluster is not None else None)
    row = fit.summary.loc["treated"]
    return answer(row["coef"], row["se(coef)"], level=level, n=clusters or len(table), estimand="log_hazard_ratio",
                  method="Cox regression, Efron ties" + (", clustered" if clusters else ""), library="lifelines",
                  unit="ln of the hazard ratio", assumptions=CENSORED)


def rmst(frame: pd.DataFrame, *, duration: str, event: str, treated: str, until: float, measured_in: str = "",
         level: float = 0.95) -> Estimate:
    """Return the difference of restricted mean survival times: how much longer the treated stay, up to a time."""
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    who = "rmst"
    level_of(who, level)
    table = _spells(who, frame, duration, event, {"treated": (treated, "yes_no")})
    if not 0 < until <= table.groupby("treated")["duration"].max().min():
        longest = table.groupby("treated")["duration"].max().min()
        raise DataError(f"{who}: until is {until:g}; allowed above 0 up to {longest:g}, the longest time that both "
                        "groups were seen.")
    fits = [KaplanMeierFitter().fit(part["duration"], part["event"])
            for part in (table[table["treated"] == side] for side in (1, 0))]
    one, other = (restricted_mean_survival_time(fit, t=until) for fit in fits)
    error = math.sqrt(sum(_greenwood(fit, until) for fit in fits))
    return answer(one - other, error, level=level, n=len(table), estimand="rmst_difference",
                  method=f"restricted mean survival time up to {until:g}", library="lifelines", unit=measured_in,
                  assumptions=CENSORED[:1])


def _greenwood(fit: KaplanMeierFitter, until: float) -> float:
    """Return the variance of the mean time up to `until`; what the library calls variance is that of single times."""
    events = fit.event_table
    times = events.index.to_numpy()
    survival = fit.survival_function_.iloc[:, 0].to_numpy()
    edges = np.append(times[times < until], until)
    area = np.concatenate([np.cumsum((np.diff(edges) * survival[: edges.size - 1])[::-1])[::-1], [0.0]])
    left, died = events["at_risk"].to_numpy(), events["observed"].to_numpy()
    inside = (times <= until) & (died > 0) & (left > died)
    return float(sum(area[np.searchsorted(edges, times[k])] ** 2 * died[k] / (left[k] * (left[k] - died[k]))
                     for k in np.flatnonzero(inside)))
