"""Costs of a run's policies for a search: those of `vsim.costs`, with no more paperwork than their levers ask for.

Many levers count weeks, residents and weekly counts, which a run has at hand; what offices write takes a hundred times
as long as the run itself and is made only when a lever's cost asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vsim.levers import BY_NAME
from vsim.run.costs import Counts
from vsim.run.offices import desk_tables, papers
from vsim.run.run import COLUMNS, TASK_COLUMNS, Run
from vsim.spec.policy import ScheduledPolicy

if TYPE_CHECKING:
    import pandas as pd

AT_HAND = ("weekly", "districts")
NAMED = {"years", "residents", "districts.rows", *COLUMNS, *TASK_COLUMNS}     # counts that those two tables give


class Tables(Mapping[str, "pd.DataFrame"]):
    """The tables of a run, made when they are asked for: what is at hand, then raw tables, then those of offices."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._made: dict[str, pd.DataFrame] = {}
        self._stages = [self._at_hand, self._raw, self._papers]

    def _at_hand(self) -> dict[str, pd.DataFrame]:
        import pandas as pd

        places = [unit.district for unit in self._run.city]
        districts = pd.DataFrame({"district": [one.code for one in places],
                                  "residents": [one.residents for one in places]})
        return dict(zip(AT_HAND, (self._run.weekly("district"), districts), strict=True))

    def _raw(self) -> dict[str, pd.DataFrame]:
        return {**self._made, **desk_tables(self._run)}

    def _papers(self) -> dict[str, pd.DataFrame]:
        return {**self._made, **papers(self._run, self._made)}

    def __getitem__(self, name: str) -> pd.DataFrame:
        while name not in self._made and self._stages:
            self._made = self._stages.pop(0)()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        while self._stages:
            self._made = self._stages.pop(0)()
        return iter(self._made)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def yuan_of(run: Run) -> NDArray[np.float64]:
    """Return what each policy of a run cost in yuan, shape (policies,), in the order of `vsim.costs`."""
    tables = Tables(run)
    return np.array([float(BY_NAME[policy.lever].cost(policy.values, Counts(tables, policy, run.settled.weeks)))
                     for policy in run.settled.policies], dtype=np.float64)


class Asked(Mapping[str, float]):
    """Counts that are all one, and that remember which of them a lever asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> float:
        self.names.add(name)
        return 1.0

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.names))

    def __len__(self) -> int:
        return len(self.names)


def at_hand(policies: Iterable[ScheduledPolicy]) -> bool:
    """Return whether the costs of policies need no paperwork, so that they are worked out in no time."""
    asked = Asked()
    for policy in policies:
        BY_NAME[policy.lever].cost(policy.values, asked)
    return asked.names <= NAMED
