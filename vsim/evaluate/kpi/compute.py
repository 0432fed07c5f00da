"""Indicators of the catalogue computed from tables by name: whole, by group, by period; what cannot be says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import DataError, UsageError, VsimError, listing
from vsim.evaluate.kpi.card import Kpi, kpi, load_kpis
from vsim.evaluate.kpi.parts import Parts, Reading
from vsim.evaluate.kpi.rows import Day, days

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
PERIODS = {"week": 7, "month": 28, "quarter": 91, "year": 364}          # days; weeks are never cut
GROUPS = ("district",)


def parts(key: str, tables: Tables, *, start: Day = None, end: Day = None, **columns: Any) -> Parts:
    """Return the parts of an indicator from tables by name.

    Parameters
    ----------
    key : str
        Of the catalogue.
    tables : mapping of str to DataFrame
        Those that the card names, in vsim's names; more may be there.
    start, end : date, optional
        Window, where the indicator has one; tables of events without a window of their own are cut to it.
    columns :
        Names of columns and settings, by the keywords of the indicator's function, where they differ from vsim's.

    Raises
    ------
    UsageError
        When no indicator has this key, or no table answers it.
    DataError
        When a table or a column is missing; what is needed is named.
    """
    card = kpi(key)
    call = card.call
    lacking = [name for name in card.tables if name not in tables]
    if lacking:
        raise DataError(f"{key}: table {lacking[0]} is not there; needed {', '.join(card.tables)}, with columns "
                        f"{', '.join(card.columns)}. There are {listing(sorted(tables), 12)}.")
    given = [tables[name] for name in card.tables]
    known = signature(call).parameters
    if "end" not in known and (start is not None or end is not None):
        given = [cut(table, start, end) for table in given]
    more = {name: value for name, value in (("start", start), ("end", end)) if value is not None and name in known}
    wrong = sorted(set(columns) - set(known))
    if wrong:
        raise UsageError(f"{key}: keyword '{wrong[0]}' is unknown; allowed {listing(list(known)[len(given):], 30)}.")
    return call(*given, **{**card.options, **more, **columns})


def cut(table: pd.DataFrame, start: Day, end: Day) -> pd.DataFrame:
    """Return the rows of a table whose `date` lies in a window; a table without dates is returned as it is."""
    import pandas as pd

    if "date" not in table.columns:
        return table
    on = days(table, "date")
    keep = np.ones(len(table), dtype=bool)
    if start is not None:
        keep &= np.asarray(on >= pd.Timestamp(start))
    if end is not None:
        keep &= np.asarray(on < pd.Timestamp(end))
    return table[keep]


def compute(
    keys: Iterable[str] | None, tables: Tables, *, by: str | Sequence[str] = (), period: str | None = None,
    start: Day = None, end: Day = None, level: float = 0.95, seed: int = 1,
) -> pd.DataFrame:
    """Return indicators as a table: a row for each indicator, or for each of its groups and periods.

    Parameters
    ----------
    keys : iterable of str, optional
        Indicators; all that the tables can carry when None.
    tables : mapping of str to DataFrame
    by : str or sequence of str
        Columns of the rows that an indicator counts, such as district; where they lack it, it is looked up by the
        volunteer or the activity, and else the row says so.
    period : {"week", "month", "quarter", "year"}, optional
        Windows of 1, 4, 13 and 52 weeks from the first day that is seen, one after the other; a last one that is not
        whole is left out.
    start, end, level, seed :
        As in `parts` and `Parts.reading`.

    Returns
    -------
    DataFrame
        Columns key, the groups, from and until (with a period), and the fields of a `Reading`.
    """
    import pandas as pd

    columns = [by] if isinstance(by, str) else list(by)
    chosen = [kpi(key) for key in keys] if keys is not None else carried(tables)
    windows = _windows(tables, period, start, end)
    found = []
    for card in chosen:
        for first, last in windows:
            some = _rows(card, tables, columns, first, last, level, seed)
            if period is not None:
                some.insert(1, "from", first)
                some.insert(2, "until", last)
            found.append(some)
    if not found:
        raise DataError("indicators: the tables carry none of the catalogue; see `vsim indicators list`.")
    return pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)


def carried(tables: Tables) -> list[Kpi]:
    """Return the cards whose tables and columns are there, and not empty, in the order of the catalogue."""
    return [card for card in load_kpis().values() if card.function and all(
        name in tables and len(tables[name].columns) for name in card.tables)
        and all(any(column in tables[name].columns for name in card.tables) for column in card.columns)]


def _rows(card: Kpi, tables: Tables, by: list[str], start: Day, end: Day, level: float, seed: int) -> pd.DataFrame:
    import pandas as pd

    try:
        made = with_groups(parts(card.key, tables, start=start, end=end), tables, by)
        if by:
            rows = made.grouped(by, level=level, seed=seed)
        else:
            rows = pd.DataFrame([made.reading(level=level, seed=seed)])
    except DataError as error:
        nan = float("nan")
        rows = pd.DataFrame([Reading(nan, nan, nan, 0, nan, nan, level, card.unit, "", str(error))])
        for name in reversed(by):
            rows.insert(0, name, None)
    rows.insert(0, "key", card.key)
    return rows


def with_groups(made: Parts, tables: Tables, by: Sequence[str]) -> Parts:
    """Return parts whose rows have the columns to group by, looked up by volunteer, activity or organisation."""
    from dataclasses import replace

    frame = made.frame
    for name in by:
        if name in frame.columns:
            continue
        for key, home in (("activity_id", "activities"), ("volunteer_id", "volunteers"), ("org_id", "organisations"),
                          ("station_id", "stations")):
            where = tables.get(home)
            if key in frame.columns and where is not None and {key, name} <= set(where.columns):
                known = where.drop_duplicates(key).set_index(key)[name]
                frame = frame.assign(**{name: frame[key].map(known)})
                break
    return made if frame is made.frame else replace(made, frame=frame)


def _windows(tables: Tables, period: str | None, start: Day, end: Day) -> list[tuple[Any, Any]]:
    """Return the windows of a period, whole ones only; one window without a period."""
    import pandas as pd

    if period is None:
        return [(start, end)]
    if period not in PERIODS:
        raise UsageError(f"indicators: period is '{period}'; allowed {', '.join(PERIODS)}.")
    events = [days(tables[name], "date") for name in ("activities", "service_records", "weekly")
              if name in tables and "date" in tables[name].columns and len(tables[name])]
    if not events:
        raise DataError("indicators: no table of activities or records has dates; allowed a period only where they do.")
    first = pd.Timestamp(start) if start is not None else min(on.min() for on in events)
    first -= pd.Timedelta(days=0 if start is not None else first.day_of_week)
    last = pd.Timestamp(end) if end is not None else max(on.max() for on in events) + pd.Timedelta(days=1)
    last += pd.Timedelta(days=0 if end is not None else -last.day_of_week % 7)
    length, out = pd.Timedelta(days=PERIODS[period]), []
    while first + length <= last:
        out.append((first, first + length))
        first += length
    if not out:
        raise VsimError(f"indicators: no whole {period} lies between the first day and the last; choose a shorter one.")
    return out
