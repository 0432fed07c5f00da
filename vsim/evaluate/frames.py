"""What every estimator asks of a table before it computes, and how it refuses.

An estimator names the columns it needs by role. It works on a copy with the roles as column names, groups as whole
numbers and rows in one order, so no answer depends on names, types of ids, the index or the order of rows.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import numpy as np

from vsim.errors import DataError, UsageError, VsimError, did_you_mean, listing

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["number", "yes_no", "group", "start"]
FEW_CLUSTERS = 2              # without a second cluster nothing can be told about how they differ


def prepared(who: str, frame: pd.DataFrame, roles: Mapping[str, tuple[str | None, Kind]]) -> pd.DataFrame:
    """Return the columns of an estimator under the names of their roles, checked; rows are sorted by all of them.

    Parameters
    ----------
    who : str
        The estimator, for messages.
    frame : DataFrame
        Never changed.
    roles : mapping of role to (column, kind)
        "number": finite numbers. "yes_no": false and true, or 0 and 1, both present. "group": labels of any kind,
        returned as whole numbers in the order of the sorted labels. "start": numbers, missing for those who never
        start. A role whose column is None is left out.

    Raises
    ------
    DataError
        When the frame is empty, a column is missing, or holds what its kind does not allow.
    """
    import pandas as pd

    some_rows(who, frame)
    out: dict[str, object] = {}
    for role, (column, kind) in roles.items():
        if column is not None:
            out[role] = _column(who, frame, role, column, kind)
    table = pd.DataFrame(out).reset_index(drop=True)
    return table.sort_values(list(table.columns), kind="stable", ignore_index=True)


def some_rows(who: str, frame: pd.DataFrame) -> None:
    """Refuse what is no DataFrame, and one without rows."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise UsageError(f"{who}: the table is a {type(frame).__name__}; allowed a pandas DataFrame.")
    if frame.empty:
        raise DataError(f"{who}: the table has no rows; needed some. Was it filtered too far?")


def _column(who: str, frame: pd.DataFrame, role: str, column: str, kind: Kind) -> object:
    import pandas as pd

    if column not in frame.columns:
        names = [str(name) for name in frame.columns]
        raise DataError(f"{who}: column '{column}' ({role}) is not in the table; there are {listing(names, 20)}."
                        f"{did_you_mean(str(column), names)}")
    if list(frame.columns).count(column) > 1:
        raise DataError(f"{who}: column '{column}' ({role}) stands in the table more than once; allowed once.")
    values = frame[column]
    missing = int(values.isna().sum())
    if missing and kind != "start":
        raise DataError(f"{who}: column '{column}' ({role}) has {missing:,} missing values in {len(values):,} rows; "
                        f"allowed none. Drop the rows or fill them, and say which: dropna(subset=['{column}']).")
    if kind == "group":
        return _codes(values)
    try:
        numbers = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError):
        raise DataError(f"{who}: column '{column}' ({role}) holds {values.dtype}; allowed numbers.") from None
    if np.isinf(numbers).any():
        raise DataError(f"{who}: column '{column}' ({role}) holds infinite numbers; allowed finite ones.")
    if kind == "yes_no":
        if not np.isin(numbers, (0.0, 1.0)).all():
            some = sorted(set(numbers.tolist()) - {0.0, 1.0})[:3]
            raise DataError(f"{who}: column '{column}' ({role}) holds {some}; allowed 0 and 1, or false and true.")
        if np.unique(numbers).size < 2:
            raise DataError(f"{who}: column '{column}' ({role}) is {numbers[0]:g} in every row; needed both 0 and 1, "
                            "or there is nothing to compare.")
    return numbers


def _codes(values: pd.Series) -> object:
    """Return labels as whole numbers in the order of the labels, numbers by size and all else as text."""
    import pandas as pd

    plain = values.astype(object)
    if not pd.api.types.is_numeric_dtype(values.dtype):
        plain = plain.map(str)
    return pd.factorize(plain.to_numpy(), sort=True)[0].astype(np.int64)


def labels_of(values: pd.Series) -> list[str]:
    """Return the labels of a group as text, in the order of the whole numbers that stand for them."""
    import pandas as pd

    plain = values.astype(object)
    if not pd.api.types.is_numeric_dtype(values.dtype):
        plain = plain.map(str)
    return [str(one) for one in pd.factorize(plain.to_numpy(), sort=True)[1]]


def changes_within(table: pd.DataFrame, group: str, column: str) -> bool:
    """Return whether a column takes more than one value in some group; missing counts as a value."""
    seen = table[[group, column]].drop_duplicates()
    return bool(seen[group].duplicated().any())


def some_clusters(who: str, clusters: pd.Series, least: int = FEW_CLUSTERS) -> int:
    """Return the number of clusters, or refuse too few of them."""
    count = int(clusters.nunique())
    if count < least:
        raise DataError(f"{who}: there is {count} cluster; needed {least} or more for a standard error. Name a column "
                        "with more groups, or leave the clusters out where rows are independent.")
    return count


def once_each(who: str, table: pd.DataFrame, keys: Iterable[str] = ("unit", "time")) -> None:
    """Refuse rows that stand more than once for a unit and a time."""
    twice = int(table.duplicated(list(keys)).sum())
    if twice:
        raise DataError(f"{who}: {twice:,} rows repeat a pair of {' and '.join(keys)}; allowed one row for each. "
                        "Add them up or average them first.")


@contextmanager
def library(who: str) -> Iterator[None]:
    """Run a library quietly; what it cannot do with the data is said as a DataError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
            if isinstance(error, VsimError):
                raise
            lines = str(error).strip().splitlines() or [type(error).__name__]
            raise DataError(f"{who}: the data do not determine the estimate ({lines[0]}); look for too few rows, "
                            "groups without variation, and columns that repeat each other.") from None


def level_of(who: str, level: float) -> float:
    """Return the level of an interval, or refuse one outside 0 to 1."""
    if not 0 < level < 1:
        raise UsageError(f"{who}: level is {level}; allowed between 0 and 1. Write 0.95 for 95 %.")
    return level


def picked(who: str, name: str, value: str, allowed: Iterable[str]) -> str:
    """Return an option, or refuse one that is not allowed, with the nearest."""
    known = list(allowed)
    if value not in known:
        raise UsageError(f"{who}: {name} is '{value}'; allowed {', '.join(known)}.{did_you_mean(str(value), known)}")
    return value
