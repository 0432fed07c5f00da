"""What the policies of a run cost: yuan by policy, from what happened under it.

A lever's `cost` asks for counts by name, each over the policy's own weeks and districts:

- "years": weeks in force over 52, the mean of the districts; "residents": residents of the districts;
- a weekly column (`vsim.world.metrics`, lower case): summed over weeks, or the mean over weeks of a stock;
- a measure of a table (`vsim.run.measures`), such as "transfers.rows": what an office wrote down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from vsim.levers import BY_NAME
from vsim.run.measures import all_tables, measure
from vsim.run.run import Run
from vsim.spec.policy import ScheduledPolicy
from vsim.world.metrics import STOCKS, YEAR

if TYPE_CHECKING:
    import pandas as pd


class Counts(Mapping[str, float]):
    """The counts of one policy, worked out when they are asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], policy: ScheduledPolicy, weeks: int) -> None:
        self._tables = tables
        self._weeks = range(max(policy.start_week, 0), min(policy.end_week, weeks))
        self._districts = policy.districts

    def __getitem__(self, name: str) -> float:
        if name == "years":
            return len(self._weeks) / YEAR
        if name == "residents":
            places = self._tables["districts"]
            return float(places.loc[places["district"].isin(self._districts), "residents"].sum())
        weekly = name in self._tables["weekly"]
        found = measure(f"weekly.{name}" if weekly else name, self._tables, weeks=self._weeks,
                        districts=self._districts)
        return found / max(len(self._weeks), 1) if name in STOCKS else found

    def __iter__(self) -> Iterator[str]:
        yield from ("years", "residents", *self._tables["weekly"].columns)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def costs(run: Run) -> pd.DataFrame:
    """Return the cost of each policy of a run: lever, start_week, end_week, districts, yuan.

    Costs are those of the residents simulated, not of the population that they stand for, and of the time in the run.
    A policy that a later one replaces in some of its weeks is counted as if it had held there.
    """
    import pandas as pd

    tables = all_tables(run)
    rows = [
        {
            "lever": policy.lever, "start_week": policy.start_week, "end_week": policy.end_week,
            "districts": ", ".join(policy.districts),
            "yuan": float(BY_NAME[policy.lever].cost(policy.values, Counts(tables, policy, run.settled.weeks))),
        }
        for policy in run.settled.policies
    ]
    return pd.DataFrame(rows, columns=["lever", "start_week", "end_week", "districts", "yuan"])
