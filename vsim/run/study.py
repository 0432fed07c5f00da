"""A study: weekly counts of two arms over replicates, from which every effect is computed.

Effects are paired: one difference for each replicate, since both arms meet the same people and the same luck. The mean
and its Monte Carlo error are reported; the error says how well the replicates measure the model, not the world.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, did_you_mean, listing
from vsim.evaluate.indicators import Indicator, indicator, measure
from vsim.evaluate.intervals import t_quantile
from vsim.run.run import COLUMNS, MODEL_VERSION, TASK_COLUMNS
from vsim.spec.calendar import MONTH, date_of
from vsim.spec.estimate import Estimate
from vsim.spec.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Estimand = Literal["total", "att", "spillover"]
ESTIMANDS = ("total", "att", "spillover")
BY = {
    "sex": lambda cell: cell % 2, "age": lambda cell: cell // 2 % 4, "party_member": lambda cell: cell // 8,
}
GROUPS = {
    "sex": ("men", "women"), "age": ("14-17", "18-34", "35-59", "60 and over"),
    "party_member": ("not a Party member", "Party member"),
}


@dataclass(frozen=True, slots=True)
class Study:
    """Two arms over replicates: weekly counts, from which every effect is computed.

    Attributes
    ----------
    base, pilot : Scenario
    seed, replicates : int
    districts : tuple of str
    touched : tuple of int or None
        First week (from 0) in which the arms differ, by district; None where they never do.
    people : ndarray of int64, shape (2, replicates, districts, weeks, len(COLUMNS))
    tasks : ndarray of int64, shape (2, replicates, districts, weeks, len(TASK_COLUMNS))
    cells : ndarray of int64, shape (2, replicates, cells, weeks, len(COLUMNS))
    """

    base: Scenario
    pilot: Scenario
    seed: int
    replicates: int
    districts: tuple[str, ...]
    touched: tuple[int | None, ...]
    people: Int
    tasks: Int
    cells: Int

    @property
    def first_week(self) -> int:
        """The first week in which the arms differ anywhere (0 when they never do)."""
        weeks = [max(week, 0) for week in self.touched if week is not None]
        return min(weeks, default=0)

    @property
    def pilot_districts(self) -> tuple[str, ...]:
        """Districts whose tables differ between the arms."""
        return tuple(c for c, week in zip(self.districts, self.touched, strict=True) if week is not None)

    def draws(
        self, key: str, *, districts: Sequence[str] | None = None, group: tuple[str, str] | None = None,
        weeks: range | None = None,
    ) -> Float:
        """Return the indicator in both arms, shape (2, replicates).

        Parameters
        ----------
        key : str
            Key of the indicator.
        districts : sequence of str, optional
            Codes of the districts to count; all by default. Not together with `group`.
        group : (str, str), optional
            A subgroup such as ("sex", "women").
        weeks : range, optional
            Window; by default from the first difference to the end.
        """
        what = indicator(key)
        span = self._span(weeks)
        if group is not None:
            if districts is not None:
                raise UsageError("effect: districts and a subgroup cannot be combined; give one of them.")
            if {what.numerator, what.denominator} & set(TASK_COLUMNS):
                raise UsageError(f"effect: indicator '{key}' counts tasks and has no subgroups; "
                                 f"leave out by={group[0]}.")
            chosen = self.cells[:, :, _members(*group), span].sum(axis=2)
            return measure(what, {name: chosen[..., i] for i, name in enumerate(COLUMNS)}, span.start)
        where = self._positions(districts)
        people = self.people[:, :, where, span].sum(axis=2)
        tasks = self.tasks[:, :, where, span].sum(axis=2)
        columns = {name: people[..., i] for i, name in enumerate(COLUMNS)}
        columns |= {name: tasks[..., i] for i, name in enumerate(TASK_COLUMNS)}
        return measure(what, columns, span.start)

    def _span(self, weeks: range | None) -> slice:
        window = weeks if weeks is not None else range(self.first_week, self.base.weeks)
        if window.step != 1 or not 0 <= window.start < window.stop <= self.base.weeks:
            raise UsageError(f"effect: weeks is {window}; allowed a range without gaps inside 0 to {self.base.weeks}, "
                             f"such as range({self.first_week}, {self.base.weeks}).")
        return slice(window.start, window.stop)

    def _positions(self, districts: Sequence[str] | None) -> list[int]:
        if districts is None:
            return list(range(len(self.districts)))
        if not districts:
            raise UsageError("effect: districts is empty; allowed one district or more. Leave it out for all.")
        unknown = [code for code in districts if code not in self.districts]
        if unknown:
            raise UsageError(f"effect: district '{unknown[0]}' is unknown; allowed {listing(self.districts)}.")
        return sorted({self.districts.index(code) for code in districts})

    def effect(
        self, key: str, estimand: Estimand = "total", *, districts: Sequence[str] | None = None,
        group: tuple[str, str] | None = None, weeks: range | None = None, level: float = 0.95,
    ) -> Estimate:
        """Return the true effect of the policy on an indicator: the mean paired difference over replicates.

        Parameters
        ----------
        key : str
            Key of the indicator.
        estimand : {"total", "att", "spillover"}
            Over all districts; over the districts whose tables differ; over the other districts. The window is one for
            all of them, by default from the first difference anywhere: for a staggered roll-out give `weeks`.
        districts, group, weeks :
            As in `draws`; `districts` replaces the districts of the estimand.
        level : float
            Coverage of the Monte Carlo interval.
        """
        if estimand not in ESTIMANDS:
            raise UsageError(f"effect: estimand is '{estimand}'; allowed {', '.join(ESTIMANDS)}."
                             f"{did_you_mean(estimand, ESTIMANDS)}")
        if group is not None and estimand != "total":
            raise UsageError(f"effect: estimand is '{estimand}' for a subgroup; allowed total. Cells of residents are "
                             "counted over all districts together.")
        if districts is None and group is None and estimand != "total":
            districts = self._estimand_districts(estimand, group)
            if not districts:
                raise UsageError(f"effect: estimand '{estimand}' has no district in this study; use 'total'.")
        pair = self.draws(key, districts=districts, group=group, weeks=weeks)
        return paired(pair, indicator(key), estimand, level)

    def effects(
        self, keys: Iterable[str], *, by: str | None = None, estimand: Estimand = "total",
        weeks: range | None = None, level: float = 0.95,
    ) -> pd.DataFrame:
        """Return effects as a table: one row for each indicator, and each district or subgroup when `by` is given.

        Parameters
        ----------
        keys : iterable of str
        by : {"district", "sex", "age", "party_member"}, optional
        """
        import pandas as pd

        rows = []
        for key in keys:
            for place, group, name in self._parts(by):
                found = self.effect(key, estimand, districts=place, group=group, weeks=weeks, level=level)
                pair = self.draws(key, districts=place or self._estimand_districts(estimand, group), group=group,
                                  weeks=weeks).mean(axis=1)
                rows.append({
                    "indicator": key, "label": indicator(key).label, "unit": found.unit, by or "scope": name,
                    "base": pair[0], "pilot": pair[1], "value": found.value, "se": found.se, "low": found.low,
                    "high": found.high, "level": level, "n": found.n, "estimand": estimand,
                })
        return pd.DataFrame(rows)

    def _estimand_districts(self, estimand: Estimand, group: tuple[str, str] | None) -> list[str] | None:
        if estimand == "total" or group is not None:
            return None
        inside = set(self.pilot_districts)
        return [c for c in self.districts if (c in inside) == (estimand == "att")]

    def _parts(self, by: str | None) -> list[tuple[list[str] | None, tuple[str, str] | None, str]]:
        if by is None:
            return [(None, None, "all")]
        if by == "district":
            return [([code], None, code) for code in self.districts]
        if by in GROUPS:
            return [(None, (by, name), name) for name in GROUPS[by]]
        raise UsageError(f"effects: by is '{by}'; allowed district, {', '.join(GROUPS)}.")

    def weekly(self, key: str, *, districts: Sequence[str] | None = None, level: float = 0.95) -> pd.DataFrame:
        """Return both arms and the effect week by week, means over replicates with Monte Carlo intervals."""
        import pandas as pd

        rows = []
        for week in range(self.base.weeks):
            pair = self.draws(key, districts=districts, weeks=range(week, week + 1))
            row: dict[str, object] = {"week": week, "date": date_of(week, self.base.start)}
            for name, values in (("base", pair[0]), ("pilot", pair[1]), ("effect", pair[1] - pair[0])):
                mean, _, low, high = interval(values, level)
                row |= {name: mean, f"{name}_low": low, f"{name}_high": high}
            rows.append(row)
        frame = pd.DataFrame(rows)
        frame["date"] = pd.to_datetime(frame["date"])
        return frame


def _members(by: str, name: str) -> list[int]:
    if by not in GROUPS or name not in GROUPS[by]:
        allowed = listing(GROUPS[by]) if by in GROUPS else listing(GROUPS)
        raise UsageError(f"effect: subgroup ('{by}', '{name}') is unknown; allowed {allowed}.")
    wanted = GROUPS[by].index(name)
    return [cell for cell in range(16) if BY[by](cell) == wanted]


def interval(values: Float, level: float) -> tuple[float, float, float, float]:
    """Return mean, Monte Carlo standard error and interval of draws, shape (r,); NaN draws make all NaN."""
    n = values.size
    mean = float(values.mean())
    if n < 2:
        return mean, float("nan"), float("nan"), float("nan")
    se = float(values.std(ddof=1) / np.sqrt(n))
    half = t_quantile(level, n - 1) * se
    return mean, se, mean - half, mean + half


def four_weeks(weekly: pd.DataFrame, first_week: int) -> pd.DataFrame:
    """Return `Study.weekly` as means of four weeks, so that a line can be read; one block begins with the policy."""
    span = weekly.iloc[first_week % MONTH :]
    span = span.iloc[: len(span) // MONTH * MONTH]
    out = span.drop(columns=["week", "date"]).groupby(np.arange(len(span)) // MONTH).mean()
    out.insert(0, "date", span["date"].iloc[::MONTH].to_numpy())
    return out


def paired(pair: Float, what: Indicator, estimand: str, level: float) -> Estimate:
    """Return the paired estimate from both arms, shape (2, r)."""
    mean, se, low, high = interval(pair[1] - pair[0], level)
    return Estimate(
        value=mean, se=se, low=low, high=high, level=level, unit=what.unit, n=pair.shape[1], estimand=estimand,
        method="twin worlds, paired over replicates", assumptions=("the model",), library="vsim", version=MODEL_VERSION,
    )
