"""What moved an indicator: the rates inside groups, or who is in them; and how far a recorded number is from the true.

Kitagawa (1955): the difference of two ratios is the sum over groups of change in rate x mean weight, and of change in
weight x mean rate. The two add up exactly, and neither side is the base.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.kpi.parts import Parts, Reading

if TYPE_CHECKING:
    import pandas as pd

RATIOS = frozenset({"share", "ratio", "rate"})


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The difference of an indicator between two tables, and what it comes from.

    Attributes
    ----------
    before, after : float
    rates : float
        What the indicator's change inside groups makes of the difference.
    composition : float
        What the change of the groups' weights makes of it; with `rates` it adds up to after - before.
    table : DataFrame
        By group: weight and rate on both sides, and both parts.
    """

    before: float
    after: float
    rates: float
    composition: float
    table: pd.DataFrame

    @property
    def moved_by_composition(self) -> bool:
        """Whether composition makes more of the difference than the rates do."""
        return abs(self.composition) > abs(self.rates)


def decompose(before: Parts, after: Parts, by: str) -> Decomposition:
    """Return what the difference of two readings comes from, by groups.

    Parameters
    ----------
    before, after : Parts
        Of the same indicator, a ratio.
    by : str
        Column of both tables.

    Raises
    ------
    DataError
        When the indicator is no ratio, a column is missing, or one side has nothing to divide by.
    """
    import pandas as pd

    for side in (before, after):
        if side.kind not in RATIOS or side.scale != before.scale:
            raise DataError(f"decompose: the indicator is a {side.kind}; allowed one that is a sum over a sum.")
        if by not in side.frame.columns:
            raise DataError(f"decompose: a table has no column '{by}'; allowed a column of both.")
    sides = []
    for side in (before, after):
        label = side.frame[by].astype(object).map(str).to_numpy()
        sums = pd.DataFrame({"group": label, "top": side.top, "bottom": side.bottom}).groupby("group").sum()
        if not sums["bottom"].sum() > 0:
            raise DataError("decompose: the denominator of one side is zero; needed something to divide by on both.")
        sides.append(sums)
    names = sorted(set(sides[0].index) | set(sides[1].index))
    one, two = (side.reindex(names).fillna(0.0) for side in sides)
    table = pd.DataFrame({by: names})
    for name, held in (("before", one), ("after", two)):
        bottom = held["bottom"].to_numpy(dtype=np.float64)
        table[f"weight_{name}"] = bottom / bottom.sum()
        table[f"rate_{name}"] = np.divide(held["top"].to_numpy(dtype=np.float64), bottom,
                                          out=np.full(bottom.size, np.nan), where=bottom > 0) * before.scale
    r1, r2 = table["rate_before"], table["rate_after"]
    r1, r2 = r1.fillna(r2), r2.fillna(r1)                  # a group that is on one side only changes no rate
    r1, r2 = r1.fillna(0.0), r2.fillna(0.0)
    w1, w2 = table["weight_before"], table["weight_after"]
    table["rates"] = (r2 - r1) * (w1 + w2) / 2
    table["composition"] = (w2 - w1) * (r1 + r2) / 2
    return Decomposition(
        before=before.scale * float(before.top.sum() / before.bottom.sum()),
        after=before.scale * float(after.top.sum() / after.bottom.sum()),
        rates=float(table["rates"].sum()), composition=float(table["composition"].sum()), table=table,
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """How the groups of one indicator differ: variance of their rates, weighted, and that which is left inside them."""

    between: float
    within: float


def between_and_within(parts: Parts, by: str) -> Spread:
    """Return the weighted variance of rows' rates between groups and within them; the two add up to the whole.

    Rows are weighted by their part of the denominator.
    """
    some = parts.bottom > 0
    if not some.any() or by not in parts.frame.columns:
        raise DataError(f"between_and_within: no rows with a denominator, or no column '{by}'; needed both.")
    w = parts.bottom[some] / parts.bottom[some].sum()
    rate = parts.scale * parts.top[some] / parts.bottom[some]
    label = parts.frame[by].astype(object).map(str).to_numpy()[some]
    _, place = np.unique(label, return_inverse=True)
    mass, held = np.bincount(place, w), np.bincount(place, w * rate)
    middle, own = float((w * rate).sum()), held / mass
    return Spread(float((mass * (own - middle) ** 2).sum()), float((w * (rate - own[place]) ** 2).sum()))


@dataclass(frozen=True, slots=True)
class BesideTruth:
    """A number as recorded beside the true one."""

    recorded: Reading
    true: Reading

    @property
    def error(self) -> float:
        """Recorded less true, in the unit of the indicator."""
        return self.recorded.value - self.true.value

    @property
    def ratio(self) -> float:
        """Recorded over true; NaN when the true value is zero or there is none."""
        return self.recorded.value / self.true.value if self.true.value else math.nan


def beside_truth(recorded: Parts, true: Parts, *, level: float = 0.95, seed: int = 1) -> BesideTruth:
    """Return an indicator read off what was recorded beside the same read off what was true.

    Raises
    ------
    DataError
        When the two are not in one unit.
    """
    if recorded.unit != true.unit or recorded.kind != true.kind:
        raise DataError(f"beside_truth: one is a {recorded.kind} in '{recorded.unit}', the other a {true.kind} in "
                        f"'{true.unit}'; allowed the same indicator twice.")
    return BesideTruth(recorded.reading(level=level, seed=seed), true.reading(level=level, seed=seed))
