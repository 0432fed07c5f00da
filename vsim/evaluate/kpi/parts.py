"""The parts of an indicator: for each row what it adds to the numerator and to the denominator, before any is summed.

So one table of parts gives the indicator as a whole, by any column of the table it came from, its interval, and what a
change owes to composition. Nothing over nothing is not zero: it has no value, and a reason.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError, did_you_mean, listing
from vsim.evaluate.frames import level_of
from vsim.evaluate.kpi import spread
from vsim.evaluate.kpi.shapes import SHAPES
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]
Kind = Literal["share", "ratio", "rate", "total", "weakest", "difference", "shape"]
FEWER_DRAWS = 199             # resamples of a statistic that is worked out anew for each


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator as it is read: value, what it was divided from, how sure it is, or why there is none.

    Attributes
    ----------
    value, numerator, denominator : float
        NaN where there is none.
    n : int
        Rows (or clusters) behind it.
    low, high : float
        Interval; NaN where none can be told.
    level : float
    unit, method, reason : str
        `reason` says why there is no value; "" where there is one.
    """

    value: float
    numerator: float
    denominator: float
    n: int
    low: float
    high: float
    level: float
    unit: str
    method: str
    reason: str = ""

    def estimate(self) -> Estimate:
        """Return the reading as an estimate.

        Raises
        ------
        DataError
            When there is no value, with the reason.
        """
        if self.reason:
            raise DataError(f"indicator: has no value ({self.reason}).")
        half = (self.high - self.low) / (2 * spread.normal(self.level))
        return Estimate(self.value, half, self.low, self.high, self.level, self.unit, self.n, "description",
                        self.method)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON; numbers that do not exist become None."""
        return {key: None if isinstance(item, float) and not math.isfinite(item) else item
                for key, item in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Parts:
    """Rows of a table with what each adds to an indicator.

    Attributes
    ----------
    frame : DataFrame
        The rows, with their own columns, any of which may group.
    top, bottom : ndarray of float, shape (rows,)
        Parts of numerator and denominator; of a "shape", what its statistic asks for.
    kind : str
        share: each row is a trial or none. ratio: sum over sum. rate: events over exposure. total: sum alone.
        weakest: the smallest share of those that `by` tells apart. difference: the share where `by` is 1 less that
        where it is 0. shape: a statistic of `vsim.evaluate.kpi.shapes`.
    unit : str
    scale : float
        What the quotient is multiplied by.
    cluster : str
        Column of what is drawn whole by the bootstrap; "" for rows.
    shape, by : str
    method : str
        More to say of how it is worked out.
    count : ndarray of float, shape (rows,), optional
        How many alike a row stands for; sums are those of all of them already, and a statistic weights rows by it.
    """

    frame: pd.DataFrame
    top: Float
    bottom: Float
    kind: Kind
    unit: str = "share"
    scale: float = 1.0
    cluster: str = ""
    shape: str = ""
    by: str = ""
    method: str = ""
    count: Float | None = None

    def reading(self, *, level: float = 0.95, seed: int = 1) -> Reading:
        """Return the indicator over all rows.

        Parameters
        ----------
        level : float
        seed : int
            Of the bootstrap; the same seed gives the same interval, whatever the order of rows.
        """
        return self._read(np.arange(self.top.size), level_of("indicator", level), seed, self._codes())

    def grouped(self, by: str | Sequence[str], *, level: float = 0.95, seed: int = 1) -> pd.DataFrame:
        """Return a table with a row for each group: the columns of `by`, then the fields of a reading.

        Raises
        ------
        DataError
            When the rows have no such column.
        """
        import pandas as pd

        columns = [by] if isinstance(by, str) else list(by)
        for name in columns:
            if name not in self.frame.columns:
                raise DataError(f"indicator: rows have no column '{name}' to group by; there are "
                                f"{listing(self.frame.columns, 20)}.{did_you_mean(name, map(str, self.frame.columns))}")
        level_of("indicator", level)
        places: dict[Any, Any] = self.frame.reset_index(drop=True).groupby(columns, sort=True, dropna=False).indices
        rows, code = [], self._codes()
        for key in sorted(places, key=str):
            labels: tuple[Any, ...] = key if isinstance(key, tuple) else (key,)
            read = self._read(np.asarray(places[key], dtype=np.int64), level, seed, code)
            rows.append(dict(zip(columns, labels, strict=True)) | asdict(read))
        fields = [*columns, *Reading.__dataclass_fields__]
        return pd.DataFrame(rows, columns=fields)

    def _count(self, rows: NDArray[np.int64]) -> Float:
        return np.ones(rows.size) if self.count is None else self.count[rows]

    def _codes(self) -> NDArray[np.int64]:
        """Return the number of the cluster of each row; of rows themselves where there are no clusters."""
        return codes(self.frame[self.cluster]) if self.cluster else np.arange(self.top.size)

    def _read(self, rows: NDArray[np.int64], level: float, seed: int, code: NDArray[np.int64]) -> Reading:
        top, bottom = self.top[rows], self.bottom[rows]
        n = int(self._count(rows)[(bottom != 0) | (self.kind == "total")].sum())
        up, down = float(top.sum()), float(bottom.sum())
        if self.kind == "total":
            return self._made((up if rows.size else math.nan, up, math.nan, n, spread.NOWHERE), level, "sum",
                              "" if rows.size else "there are no rows")
        if self.kind in {"weakest", "difference"}:
            return self._parted(rows, level)
        if self.kind == "shape":
            return self._shaped(rows, level, seed, code)
        if down == 0:
            return self._made((math.nan, up, down, n, spread.NOWHERE), level, self.kind, "the denominator is zero")
        value = up / down
        if self.kind == "share":
            ends, how = spread.wilson(up, down, level), "Wilson"
        elif self.kind == "rate" and not self.cluster:
            ends, how = spread.byar(up, down, level), "Byar"
        else:
            sums = self._clusters(rows, code)
            n = sums[0].size
            ends, how = spread.resampled(*sums, level=level, seed=seed), "bootstrap of clusters"
        return self._made((value, up, down, n, ends), level, how, "")

    def _made(self, found: tuple[float, float, float, int, spread.Ends], level: float, how: str,
              reason: str) -> Reading:
        value, up, down, n, ends = found
        low, high = (end * self.scale for end in ends)
        method = f"{how}; {self.method}" if self.method else how
        return Reading(value * self.scale, up, down, n, low, high, level, self.unit, method, reason)

    def _clusters(self, rows: NDArray[np.int64], code: NDArray[np.int64]) -> tuple[Float, Float]:
        """Return the sums of each cluster, in the order of their labels; of rows, in the order of their parts.

        Clusters that add nothing to either are left out.
        """
        top, bottom = self.top[rows], self.bottom[rows]
        if self.cluster:
            _, place = np.unique(code[rows], return_inverse=True)
            top, bottom = np.bincount(place, top).astype(np.float64), np.bincount(place, bottom).astype(np.float64)
        else:
            order = np.lexsort((top, bottom))
            top, bottom = top[order], bottom[order]
        some = (top != 0) | (bottom != 0)
        return top[some], bottom[some]

    def _parted(self, rows: NDArray[np.int64], level: float) -> Reading:
        """Return the weakest of several shares, or the difference of two."""
        label = self.frame[self.by].to_numpy()[rows]
        sides = {name: (float(self.top[rows][label == name].sum()), float(self.bottom[rows][label == name].sum()))
                 for name in sorted(set(label.tolist()), key=str)}
        told = {name: pair for name, pair in sides.items() if pair[1] > 0}
        n = int(np.count_nonzero(self.bottom[rows]))
        if self.kind == "weakest":
            if not told:
                return self._made((math.nan, 0.0, 0.0, n, spread.NOWHERE), level, "weakest", "the denominator is zero")
            name = min(told, key=lambda one: (told[one][0] / told[one][1], str(one)))
            up, down = told[name]
            return self._made((up / down, up, down, n, spread.wilson(up, down, level)), level, f"weakest: {name}", "")
        if not {0, 1} <= set(told):
            return self._made((math.nan, 0.0, 0.0, n, spread.NOWHERE), level, "Newcombe", "one side has no rows")
        (up, down), (up2, down2) = told[1], told[0]
        ends = spread.newcombe(up, down, up2, down2, level)
        return self._made((up / down - up2 / down2, up, down, n, ends), level, "Newcombe", "")

    def _shaped(self, rows: NDArray[np.int64], level: float, seed: int, code: NDArray[np.int64]) -> Reading:
        """Return a statistic and its interval by drawing rows, or clusters, again."""
        shape = SHAPES[self.shape]
        order = np.lexsort((self.top[rows], self.bottom[rows]))
        rows = rows[order]
        top, bottom = self.top[rows], self.bottom[rows]
        count = self._count(rows)
        value = shape(top, bottom, count) if rows.size else math.nan
        n = int(count[(bottom != 0) | self.shape.startswith("survival")].sum())
        up, down = float((top * count).sum()), float((bottom * count).sum())
        reason = "" if math.isfinite(value) else "there are no rows that count" if n == 0 else (
            "more than half go on beyond the last day seen" if self.shape == "survival_median" else "nothing is there")
        if rows.size < 2 or self.shape == "smallest":
            return self._made((value, up, down, n, spread.NOWHERE), level, self.shape, reason)
        place = np.unique(code[rows], return_inverse=True)[1] if self.cluster else np.arange(rows.size)
        size = None if self.count is None else count
        drawn = spread.weights(int(place.max()) + 1, FEWER_DRAWS, seed, size)
        found = np.array([shape(top, bottom, one[place].astype(np.float64)) for one in drawn])
        return self._made((value, up, down, n, spread.percentiles(found, level)), level,
                          f"{self.shape}, bootstrap", reason)


def codes(labels: pd.Series) -> NDArray[np.int64]:
    """Return labels as whole numbers, in the order of the labels as text."""
    import pandas as pd

    found: NDArray[np.int64] = pd.factorize(labels.astype(object).map(str).to_numpy(), sort=True)[0].astype(np.int64)
    return found
