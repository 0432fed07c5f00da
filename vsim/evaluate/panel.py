"""Panels: difference in differences with effects of units and times, errors clustered by unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vsim.errors import DataError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import changes_within, level_of, once_each, prepared, some_clusters
from vsim.evaluate.randomised import covariate_roles
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

PARALLEL = ("parallel trends", "no anticipation", "the effect is the same in every cohort and time since the start")


def did(
    frame: pd.DataFrame, *, outcome: str, unit: str, time: str, treated: str, covariates: Sequence[str] = (),
    cluster: str | None = None, measured_in: str = "", level: float = 0.95,
) -> Estimate:
    """Return difference in differences: two-way fixed effects, errors clustered by unit or a larger group.

    Parameters
    ----------
    frame : DataFrame
        One row for each unit and time.
    outcome, unit, time : str
        Columns.
    treated : str
        Column: 1 in the rows that are under the policy; it must change over time in some unit and not at once in all.
    covariates : sequence of str
        Columns that vary within units.
    cluster : str, optional
        Column of the clusters; the unit by default.

    Notes
    -----
    With a staggered start and effects that grow, this weighs some effects negatively (Goodman-Bacon 2021): see
    `staggered_did`.
    """
    from linearmodels.panel import PanelOLS

    who = "did"
    level_of(who, level)
    extra = covariate_roles(covariates)
    table = prepared(who, frame, {"unit": (unit, "group"), "time": (time, "group"), "outcome": (outcome, "number"),
                                  "treated": (treated, "yes_no"), "cluster": (cluster or unit, "group"), **extra})
    once_each(who, table)
    if not changes_within(table, "unit", "treated"):
        raise DataError(f"{who}: '{treated}' never changes within a {unit}; needed 1 in the rows under the policy and "
                        "0 before it. Multiply the group by the time: frame['group'] & (frame['time'] >= start).")
    if not changes_within(table, "time", "treated"):
        raise DataError(f"{who}: '{treated}' is the same for all at every time; needed units without the policy "
                        "beside those with it.")
    clusters = some_clusters(who, table["cluster"])
    panel = table.set_index(["unit", "time"])
    fit = PanelOLS(panel["outcome"], panel[["treated", *extra]], entity_effects=True, time_effects=True).fit(
        cov_type="clustered", clusters=panel[["cluster"]], debiased=True)
    return answer(fit.params["treated"], fit.std_errors["treated"], level=level, n=clusters, estimand="att",
                  method="difference in differences, two-way fixed effects", library="linearmodels", unit=measured_in,
                  assumptions=PARALLEL, freedom=clusters - 1)

