"""How recognisable people are in a table, and how a table is made safe: cells, ladders, k-anonymity, l-diversity.

A cell is the set of rows with the same combination of quasi-identifiers, which an outsider may know of a person
(sex, year of birth, district, ...). A table is k-anonymous when no cell has fewer than k rows: its traits are made
coarser up a fixed ladder until few rows stand in small cells, and these rows are held back.
Source: Sweeney (2002) for k-anonymity and precision; Machanavajjhala et al. (2007) for l-diversity
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.cards import load_cards
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    import pandas as pd

MISSING = "\0"                                  # what a missing value is counted as
ALL = "*"                                       # the top of every ladder: nothing is said
HIGHER = ("college", "degree")
Step = Callable[["pd.Series"], "pd.Series"]


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A table that is k-anonymous over `quasi`: the rows that stay (index as before), levels and what it cost.

    `levels` is the step taken on the ladder of each quasi-identifier, 0 for none; `suppressed` holds the index of the
    rows held back; `loss` is the share of the ladders climbed, rows held back counted as the top (0 nothing lost,
    1 everything).
    """

    frame: pd.DataFrame
    quasi: tuple[str, ...]
    levels: Mapping[str, int]
    suppressed: pd.Index
    loss: float


def ladders(prefectures: Mapping[str, str] | None = None) -> dict[str, list[Step]]:
    """Return the ladder of each column that has one, finest step first; the top says nothing at all.

    Parameters
    ----------
    prefectures : mapping of district to prefecture, optional
        With it a district becomes a prefecture before it becomes nothing.
    """
    widths = [int(width) for width in _list("disclosure.birth_bands")]
    births: list[Step] = [partial(_years, width=width) for width in widths]
    ends = [_list("disclosure.hours_bands"), _list("disclosure.hours_coarse")]
    hours: list[Step] = [partial(_bands, ends=each) for each in ends]
    district: list[Step] = [] if prefectures is None else [partial(_mapped, names=prefectures)]
    return {
        "birth_year": [*births, _nothing], "district": [*district, _nothing],
        "verified_hours_total": [*hours, _nothing], "education": [_schooling, _nothing], "sex": [_nothing],
    }


def _list(key: str) -> tuple[float, ...]:
    default = load_cards()[key].default
    return default if isinstance(default, tuple) else (default,)


def _nothing(cells: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.Series(ALL, index=cells.index, dtype=object)


def _years(cells: pd.Series, width: int) -> pd.Series:
    low = cells // width * width
    return _joined(low, low + width - 1, cells.notna())


def _bands(cells: pd.Series, ends: Sequence[float]) -> pd.Series:
    import pandas as pd

    place = np.clip(np.searchsorted(np.asarray(ends), cells.fillna(0).to_numpy(), side="right") - 1, 0, None)
    names = [f"{low:g}-<{high:g}" for low, high in pairwise(ends)] + [f"{ends[-1]:g}+"]
    return pd.Series(np.array(names, dtype=object)[place], index=cells.index).where(cells.notna(), None)


def _joined(low: pd.Series, high: pd.Series, known: pd.Series) -> pd.Series:
    import pandas as pd

    texts = [f"{int(a)}-{int(b)}" if there else None for a, b, there in zip(low, high, known, strict=True)]
    return pd.Series(texts, index=low.index, dtype=object)


def _mapped(cells: pd.Series, names: Mapping[str, str]) -> pd.Series:
    return cells.map(names).astype(object)


def _schooling(cells: pd.Series) -> pd.Series:
    import pandas as pd

    texts = np.where(cells.isin(HIGHER), "college or more", "up to secondary")
    return pd.Series(texts, index=cells.index, dtype=object).where(cells.notna(), None)


def cell_sizes(frame: pd.DataFrame, quasi: Sequence[str]) -> pd.Series:
    """Return for each row how many rows are in its cell, itself included; a missing value is a value of its own."""
    import pandas as pd

    _known(frame, quasi)
    if not len(frame):
        return pd.Series(0, index=frame.index, dtype=np.int64)
    if not quasi:
        return pd.Series(len(frame), index=frame.index, dtype=np.int64)
    keys = [_texts(frame[name]) for name in quasi]
    return keys[0].groupby(keys, sort=False).transform("size").astype(np.int64)


def _texts(cells: pd.Series) -> pd.Series:
    """Return values as text, a missing one as a text that no value has."""
    return cells.astype(object).where(cells.notna(), MISSING).map(str)


def smallest_cell(frame: pd.DataFrame, quasi: Sequence[str]) -> int:
    """Return the size of the smallest cell, 0 for an empty table."""
    return int(cell_sizes(frame, quasi).min()) if len(frame) else 0


def risks(frame: pd.DataFrame, quasi: Sequence[str]) -> dict[str, float]:
    """Return how likely somebody who knows the quasi-identifiers of a person in the table finds that person's row.

    Returns
    -------
    dict
        unique: share of rows alone in their cell; highest: 1 / smallest cell; mean: cells / rows. 0 when empty.
    """
    if not len(frame):
        return {"unique": 0.0, "highest": 0.0, "mean": 0.0}
    sizes = cell_sizes(frame, quasi).to_numpy()
    return {"unique": float((sizes == 1).mean()), "highest": float(1 / sizes.min()), "mean": float((1 / sizes).mean())}


def l_diversity(frame: pd.DataFrame, quasi: Sequence[str], sensitive: str) -> dict[str, float]:
    """Return how well cells hide a sensitive column: k rows help little when all k have the same value.

    Returns
    -------
    dict
        least: fewest different values in a cell; told: share of rows in cells with one value only.
    """
    _known(frame, [*quasi, sensitive])
    if not len(frame):
        return {"least": 0.0, "told": 0.0}
    values = _texts(frame[sensitive])
    keys = [_texts(frame[name]) for name in quasi] or [values.map(len) * 0]
    different = values.groupby(keys, sort=False).transform("nunique").to_numpy()
    return {"least": float(different.min()), "told": float((different == 1).mean())}


def anonymised(
    frame: pd.DataFrame, quasi: Sequence[str], *, k: int, steps: Mapping[str, Sequence[Step]],
    most_suppressed: float, order: Sequence[str] | None = None,
) -> Anonymised:
    """Return a table in which no cell is smaller than k.

    The ladder is fixed: the columns climb side by side, each the same share of its own ladder, until at most
    `most_suppressed` of the rows stand in cells below k; these rows are held back. No row is changed in another way,
    and none is added.

    Parameters
    ----------
    frame : DataFrame
    quasi : sequence of str
        Columns that an outsider may know.
    k : int
        At least 1.
    steps : mapping of column to ladder
        As from `ladders`; a column without a ladder can only become "*".
    most_suppressed : float
        Share of rows, 0 to 1.
    order : sequence of str, optional
        In which the columns take steps that are due together, those that matter least first; default as `quasi`.
    """
    _known(frame, quasi)
    if k != int(k) or k < 1:
        raise UsageError(f"release: k is {one_line(k)}; allowed whole numbers from 1 on.")
    levels = dict.fromkeys(quasi, 0)
    tops = {name: len(steps.get(name, [_nothing])) for name in quasi}
    due = [(Fraction(step, tops[name]), place, name) for place, name in enumerate(order or quasi) if name in tops
           for step in range(1, tops[name] + 1)]
    climbs = [name for _, _, name in sorted(due)]
    out = frame.copy()
    small = cell_sizes(out, quasi) < k
    while len(frame) and small.mean() > most_suppressed and climbs:
        name = climbs.pop(0)
        out[name] = steps.get(name, [_nothing])[levels[name]](frame[name])
        levels[name] += 1
        small = cell_sizes(out, quasi) < k
    kept = out[~small]
    share = float(small.mean()) if len(frame) else 0.0
    climbed = float(np.mean([levels[name] / tops[name] for name in quasi])) if quasi else 0.0
    return Anonymised(kept, tuple(quasi), levels, frame.index[small], share + (1 - share) * climbed)


def _known(frame: pd.DataFrame, names: Sequence[Any]) -> None:
    for name in names:
        if name not in frame.columns:
            raise UsageError(f"release: has no column '{one_line(name)}'; allowed {listing(frame.columns, 20)}."
                             f"{did_you_mean(str(name), map(str, frame.columns))}")
