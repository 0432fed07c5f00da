"""Courses whose ledger is written line by line, so that marks can be tested without a notebook."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.course.small_course import ID, small_course
from vsim.course import ledger
from vsim.course.catalogues import Translations
from vsim.course.editions import json_bytes
from vsim.course.folder import Course
from vsim.course.settings import settings_text
from vsim.course.writing import write_whole

DUE = datetime(2026, 12, 1, 10, tzinfo=UTC)         # 18:00 on the course's clock
CALENDAR = f"unit,due\n{ID},2026-12-01 18:00\n"


def frozen_course(root: Path, learners: str) -> Course:
    """Make a course in which the small unit is out as far as marks ask: a frozen copy, its card, and a date."""
    made = small_course(root, learners=learners)
    shutil.copytree(root / "bank" / "foundation" / "01-small", made.place("units", ID))
    card = json_bytes(made.unit(ID).card("en", Translations(), course=made.name))
    write_whole({made.place(place, ID, "unit.json"): card for place in ("source", "release")})
    made.place("calendar.csv").write_text(CALENDAR, encoding="utf-8")
    return made


def ruled(course: Course, **changes: Any) -> Course:
    """Return the course with other settings."""
    settings = course.settings.model_copy(update=changes)
    course.place("course.yaml").write_text(settings_text(settings), encoding="utf-8")
    return Course(course.root, settings)


def marked(course: Course, learner: str, attempt: int, q1: float, q2: float, **more: Any) -> dict[str, Any]:
    """Add a line of a marking to the ledger, as grading does, and return it."""
    row = {
        "kind": "marked", "course": course.name, "unit": ID, "learner": learner, "attempt": attempt,
        "sha256": f"{attempt:064}", "arrived": DUE.isoformat(), "seed": 1, "flags": [], "blank": [],
        "scores": {"q1": {"earned": q1, "points": 2.0, "criteria": []},
                   "q2": {"earned": q2, "points": 1.0, "criteria": []}}, **more,
    }
    ledger.append(course.root, row)
    return row


def hand(course: Course, learner: str, **marks: float) -> None:
    """Add a line of marks that a person gave; "_" stands for "-" in their names."""
    ledger.append(course.root, {"kind": "hand", "unit": ID, "learner": learner, "comments": {},
                                "marks": {name.replace("_", "-"): mark for name, mark in marks.items()}})
