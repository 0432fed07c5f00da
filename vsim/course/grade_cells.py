"""nbgrader's own metadata of a cell, checked before nbgrader sees it: flags that go together, an id, points."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.plain_yaml import one_line

SCHEMA = 3
FLAGS = ("grade", "solution", "locked", "task")
KEYS = ("grade_id", *FLAGS, "points", "schema_version", "cell_type")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def grade_metadata(found: Any, kind: str, where: str) -> dict[str, Any]:
    """Return the complete nbgrader metadata of a cell, in one order.

    Parameters
    ----------
    found : Any
        What the source says under `nbgrader`.
    kind : str
        "markdown" or "code".
    where : str
        File and line, for messages.

    Raises
    ------
    UsageError
        When a key is not known, or when nbgrader would refuse or misread the cell.
    """
    if not isinstance(found, Mapping):
        raise UsageError(f"{where}: nbgrader is {one_line(found)}; allowed keys with values, such as grade_id: q1.")
    _check_keys(found, where)
    name = _grade_id(found, where)
    flags = {flag: bool(found.get(flag, False)) for flag in FLAGS}
    _check_flags(flags, kind, name, where)
    data: dict[str, Any] = {"cell_type": kind, "grade": flags["grade"], "grade_id": name, "locked": flags["locked"]}
    if flags["grade"] or flags["task"]:
        data["points"] = _points(found, name, where)
    elif "points" in found:
        raise UsageError(f"{where}: the cell {name} has points but is not graded. Set grade: true or remove points.")
    return data | {"schema_version": SCHEMA, "solution": flags["solution"], "task": flags["task"]}


def _check_keys(found: Mapping[str, Any], where: str) -> None:
    for key in found:
        if key not in KEYS:
            nearest = did_you_mean(key, KEYS) or f" Allowed {listing(KEYS)}."
            raise UsageError(f"{where}: the nbgrader key '{one_line(key)}' is not known.{nearest}")
    for flag in FLAGS:
        if not isinstance(found.get(flag, False), bool):
            raise UsageError(f"{where}: nbgrader.{flag} is {one_line(found[flag])}; allowed true or false.")
    version = found.get("schema_version", SCHEMA)
    if version != SCHEMA:
        raise UsageError(f"{where}: nbgrader.schema_version is {one_line(version)}; allowed {SCHEMA}.")


def _grade_id(found: Mapping[str, Any], where: str) -> str:
    name = found.get("grade_id")
    if not isinstance(name, str) or not CELL_ID.fullmatch(name):
        raise UsageError(f"{where}: nbgrader.grade_id is {one_line(name)}; allowed 1 to 64 letters, digits, '-' and "
                         "'_', such as q1-tests.")
    return name


def _check_flags(flags: Mapping[str, bool], kind: str, name: str, where: str) -> None:
    """Refuse flags that nbgrader would refuse at release or, worse, accept and misread."""
    if flags["task"]:
        if kind != "markdown" or flags["grade"] or flags["solution"]:
            raise UsageError(f"{where}: the task cell {name} is {_shown(flags, kind)}; allowed Markdown with task and "
                             "points, without grade and solution.")
    elif kind == "markdown" and flags["grade"] != flags["solution"]:
        raise UsageError(f"{where}: the Markdown cell {name} is {_shown(flags, kind)}; allowed grade and solution "
                         "together (a written answer), or locked alone.")
    elif flags["grade"] and not flags["solution"] and not flags["locked"]:
        raise UsageError(f"{where}: the test cell {name} is not locked, so a learner could change it. "
                         "Set locked: true.")
    elif flags["solution"] and flags["locked"]:
        raise UsageError(f"{where}: the cell {name} is solution and locked; a learner could not answer in it. "
                         "Keep one of the two.")
    elif not any(flags.values()):
        raise UsageError(f"{where}: the cell {name} has no purpose; allowed {listing(FLAGS)}: true. "
                         "Set one, or remove nbgrader from the cell.")


def _shown(flags: Mapping[str, bool], kind: str) -> str:
    return " ".join([{"markdown": "Markdown"}.get(kind, kind), "with", *(flag for flag in FLAGS if flags[flag])])


def _points(found: Mapping[str, Any], name: str, where: str) -> float | int:
    points = found.get("points")
    if points is None:
        raise UsageError(f"{where}: the graded cell {name} has no points. Write points: 1, or another number from 0.")
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= 1000:
        raise UsageError(f"{where}: the points of {name} are {one_line(points)}; allowed a number from 0 to 1000.")
    return points
