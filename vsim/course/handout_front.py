"""The first cell of a released notebook: when the unit is due, what it is worth, and what being late costs.

It bears no label of nbgrader's, so no checksum holds it; the intake puts the released one in its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vsim.course.calendar_dates import told
from vsim.course.cards import FRONT, UNIT
from vsim.course.editions import json_bytes, notebook_bytes
from vsim.course.handout import unzipped, zip_bytes
from vsim.course.settings import Settings
from vsim.course.sheet import points_text
from vsim.course.unit import Unit
from vsim.course.words import Said, Words, t

if TYPE_CHECKING:
    from nbformat import NotebookNode

YEAR = 365                      # days: longer than any course
LOCKED = {"deletable": False, "editable": False}


def day_of(moment: datetime, words: Words) -> str:
    """Return a moment with its day of the week, such as "Tuesday, 2026-12-01 18:00 (UTC+08:00)"."""
    days = (t("Monday"), t("Tuesday"), t("Wednesday"), t("Thursday"), t("Friday"), t("Saturday"), t("Sunday"))
    return words(Said(t("{day}, {moment}"), {"day": Said(days[moment.weekday()]), "moment": told(moment)}))


def points_of(unit: Unit) -> tuple[dict[str, float], dict[str, float]]:
    """Return the points of a unit by task and by the cell that a person marks."""
    return {task.id: float(task.points) for task in unit.checks.tasks}, unit.hand_points


def lateness(settings: Settings) -> Said:
    """Return what becomes of work that comes after the due date, in a sentence."""
    values: dict[str, object] = {"minutes": settings.grace_minutes, "percent": points_text(100 * settings.late_per_day),
                                 "days": settings.late_days}
    if settings.late_days == 0:
        return Said(t("Work that comes more than {minutes} minutes late is not counted."), values)
    if settings.late_per_day == 0 and settings.late_days >= YEAR:
        return Said(t("Late work is noted, and loses no points."))
    if settings.late_per_day == 0:
        return Said(t("Late work is noted, and loses no points; after {days} days it is not counted."), values)
    return Said(t("More than {minutes} minutes late, each day begun costs {percent} % of the points; after {days} days "
                  "the work is not counted."), values)


def front_text(unit: Unit, settings: Settings, due: datetime | None) -> str:
    """Return the Markdown of the front cell, in the language of the course."""
    words = Words(settings.language)
    tasks, hand = points_of(unit)
    parts = ", ".join(f"{name} {points_text(points)}" for name, points in {**tasks, **hand}.items())
    total = points_text(sum(tasks.values()) + sum(hand.values()))
    worth = Said(t("{total} in all: {parts}"), {"total": total, "parts": parts})
    if hand:
        worth = Said(t("{total} in all: {parts}. A person marks {hand}."),
                     {"total": total, "parts": parts, "hand": ", ".join(hand)})
    lines: list[tuple[str, str]] = []
    if due is not None:
        lines += [(t("Due"), day_of(due, words)), (t("Handed in late"), words(lateness(settings)))]
    lines += [
        (t("Worth"), words(worth)),
        (t("Time"), words(Said(t("about {n} minutes"), {"n": unit.source.syllabus.minutes}))),
        (t("Attempts"), words(t("You may hand in more than once; the best attempt counts.") if settings.counts == "best"
                              else t("You may hand in more than once; the last attempt counts."))),
    ]
    line = t("**{head}**: {text}")
    return "\n".join(f"- {words(Said(line, {'head': Said(head), 'text': text}))}" for head, text in lines)


def with_front(notebook: NotebookNode, text: str) -> NotebookNode:
    """Return the notebook with this text in its front cell, which is made where it has none."""
    from nbformat.v4 import new_markdown_cell

    cells = [cell for cell in notebook.cells if cell.get("id") != FRONT]
    notebook.cells = [new_markdown_cell(text, metadata=dict(LOCKED), id=FRONT), *cells]
    return notebook


def dated_card(card: Mapping[str, Any], due: datetime | None) -> dict[str, Any]:
    """Return a unit's card with this due date."""
    return {**card, "due": told(due) if due is not None else None}


def dated(name: str, raw: bytes, text: str, due: datetime | None) -> bytes:
    """Return a notebook with this front cell, or a unit's card with this due date; the same bytes where it has them."""
    if not name.endswith(".ipynb"):
        card = json.loads(raw)
        return raw if dated_card(card, due) == card else json_bytes(dated_card(card, due))
    first = json.loads(raw)["cells"][0]                                     # nbformat takes its time for each learner
    if first.get("id") == FRONT and "".join(first["source"]) == text:
        return raw
    from nbformat import reads

    return notebook_bytes(with_front(reads(raw.decode(), as_version=4), text))


def dated_zip(raw: bytes, unit: str, text: str, due: datetime | None) -> bytes | None:
    """Return a handout with this front cell and due date, all else in it as it was; None where it has them already."""
    names = f"{unit}/{unit}.ipynb", f"{unit}/{UNIT}"
    before = unzipped(raw, names)
    now = {name: dated(name, content, text, due) for name, content in before.items()}
    return None if now == before else zip_bytes(unzipped(raw) | now)
