"""Courses: lessons and graded units from author to feedback. It knows notebooks and people, not volunteers.

What an author of a lesson or unit needs stands here: forms of answers, tasks, and the ways in which an answer earns.

>>> from vsim.course import Number, Task, marking, t
>>> Number("registered", unit=t("people"), whole=True).read(1200)
1200

A city, and the truth about it, come from the unit's own `checks.py` as functions that are handed over.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

# jsonschema's optional import of this package builds three parsers, which is half of every start of a notebook tool.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

_HOME = {
    "Choice": "vsim.course.answers",
    "Function": "vsim.course.answers",
    "Number": "vsim.course.answers",
    "Table": "vsim.course.answers",
    "Criterion": "vsim.course.tasks",
    "Task": "vsim.course.tasks",
    "t": "vsim.course.words",
}

__all__ = ["Choice", "Criterion", "Function", "Number", "Table", "Task", "marking", "t"]


def __getattr__(name: str) -> Any:
    """Load an author's name on first use."""
    if name == "marking":
        return import_module("vsim.course.marking")
    if name not in _HOME:
        raise AttributeError(f"vsim.course has no '{name}'; it has {', '.join(__all__)}.")
    return getattr(import_module(_HOME[name]), name)
