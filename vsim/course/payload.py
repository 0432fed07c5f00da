"""What leaves a kernel: a learner's values put into plain words, so that nothing has to be trusted outside.

Only numbers, texts, truth values, lists and tables of them come through; whatever else a variable holds is reported by
the name of its type. Nothing here may raise, whatever the learner's objects do when they are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vsim.course.answers import FAULT, LONGEST, MOST_ROWS, Function, Table

MIME = "application/vnd.vsim.answer+json"
DEEPEST = 4


def plain(value: object, depth: int = 0) -> Any:
    """Return a value in plain words: JSON that every reader understands in the same way.

    Numbers of numpy and pandas become numbers, times become ISO texts, tables {"columns", "rows"}; not-a-number and
    infinity become None inside tables and a fault elsewhere.
    """
    try:
        return _plain(value, depth)
    except BaseException as error:  # noqa: BLE001 - a learner's object may do anything, leaving the process included
        return {FAULT: f"{type(value).__name__} ({type(error).__name__})"}


def _plain(value: object, depth: int) -> Any:
    if value is None or type(value) is bool:
        return value
    if type(value) is int:
        return value if abs(value) < 10**30 else {FAULT: "int, too large"}
    if type(value) is float:
        return value if math.isfinite(value) else {FAULT: "float, not finite"}
    if type(value) is str:
        return value[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    if hasattr(value, "dtype") and hasattr(value, "item") and getattr(value, "shape", None) == ():
        return _plain(value.item(), depth)
    if hasattr(value, "columns") and hasattr(value, "itertuples"):
        return _table(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if type(value) in (list, tuple) and depth < DEEPEST and isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value[:MOST_ROWS]]
    if type(value) is dict and depth < DEEPEST and isinstance(value, dict):
        return {str(key)[:LONGEST]: plain(item, depth + 1) for key, item in list(value.items())[:MOST_ROWS]}
    return {FAULT: type(value).__name__}


def _table(frame: Any) -> dict[str, Any]:
    names = [str(name)[:LONGEST] for name in frame.columns]
    rows = []
    for line in frame.head(MOST_ROWS + 1).itertuples(index=False, name=None):
        cells = [plain(cell, DEEPEST) for cell in line]
        rows.append([None if isinstance(cell, Mapping) else cell for cell in cells])
    return {"columns": names, "rows": rows}


def table_value(frame: Any, form: Table) -> Any:
    """Return a table with its key as a column, also where the learner left the key in the index."""
    try:
        if hasattr(frame, "to_frame") and not hasattr(frame, "columns"):
            frame = frame.to_frame(name=frame.name if frame.name is not None else form.columns[0])
        if (
            hasattr(frame, "reset_index")
            and form.key not in list(frame.columns)
            and frame.index.name in (form.key, None)
        ):
            frame = frame.rename_axis(form.key).reset_index()
    except Exception as error:  # noqa: BLE001 - as above
        return {FAULT: f"{type(frame).__name__} ({type(error).__name__})"}
    return plain(frame)


def argument(value: Any) -> Any:
    """Return an argument as the learner's function expects it: tables as DataFrames, dates as time stamps."""
    if isinstance(value, Mapping) and "columns" in value and "rows" in value:
        import pandas as pd

        frame = pd.DataFrame(value["rows"], columns=list(value["columns"]))
        for name in value.get("dates", ()):
            frame[name] = pd.to_datetime(frame[name])
        return frame
    if isinstance(value, Mapping) and set(value) == {"date"}:
        import pandas as pd

        return pd.Timestamp(value["date"])
    return value


def tried(function: object, form: Function, inputs: list[list[Any]]) -> Any:
    """Return what a learner's function gives for each input: {"value"} or {"error"}, in order."""
    if not callable(function):
        return plain(function)
    results = []
    for given in inputs[:LONGEST]:
        try:
            results.append({"value": plain(function(*[argument(item) for item in given]))})
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            results.append({"error": f"{type(error).__name__}"[:LONGEST]})
    return results
