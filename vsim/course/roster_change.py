"""What a new list changes in the roster of a course, looked at first and then written whole or not at all.

Nobody is taken off the roster without being asked for (`remove`), and what somebody has handed in stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from vsim.course import ledger
from vsim.course.roster import COLUMNS, Learner, Roster, write_roster

if TYPE_CHECKING:
    from vsim.course.folder import Course

State = Literal["added", "changed", "gone", "unchanged"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one learner.

    Attributes
    ----------
    learner, name : str
    state : {"added", "changed", "gone", "unchanged"}
        "gone": on the roster, but not in the list.
    fields : dict of str to (str, str)
        What changes, each with its old and its new value.
    work : bool
        Whether something of the learner's was handed in or marked; looked at only for those who are gone.
    """

    learner: str
    name: str
    state: State
    fields: dict[str, tuple[str, str]]
    work: bool = False


def compare(course: Course, found: Roster) -> list[Change]:
    """Return what a list changes: its own order, then those who are gone.

    A column that the list does not have changes nothing.
    """
    old, new = course.roster, merged(course.roster, found)
    changes = []
    for who, one in new.items():
        before = old.get(who)
        fields = {} if before is None else {
            name: (getattr(before, name), getattr(one, name)) for name in COLUMNS
            if getattr(before, name) != getattr(one, name)}
        state: State = "added" if before is None else "changed" if fields else "unchanged"
        changes.append(Change(who, one.name, state, fields))
    gone = [who for who in old if who not in new]
    busy = workers(course) if gone else set()
    return changes + [Change(who, old[who].name, "gone", {}, who in busy) for who in gone]


def merged(old: Mapping[str, Learner], found: Roster) -> dict[str, Learner]:
    """Return the learners of a list, with what was known of them where the list has no such column."""
    kept = [name for name in COLUMNS if name not in found.columns]
    return {
        who: replace(one, **{name: getattr(old[who], name) for name in kept}) if who in old else one
        for who, one in found.learners.items()
    }


def workers(course: Course) -> set[str]:
    """Return the ids of everybody who handed something in or has a line in the ledger."""
    folders = [course.place("submitted"), course.place("inbox"), *_inside(course.place("received"))]
    handed = {path.name for folder in folders for path in _inside(folder) if next(path.rglob("*"), None) is not None}
    return handed | {str(row.get("learner")) for row in ledger.rows(course.root)}


def _inside(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def change(course: Course, found: Roster, *, remove: bool = False) -> list[Change]:
    """Write what a list changes into learners.csv, and return it.

    Parameters
    ----------
    course : Course
    found : Roster
        What `read_roster` returned.
    remove : bool
        Take those who are gone off the roster; else they stay on it, below the others.
    """
    changes = compare(course, found)
    learners = merged(course.roster, found)
    if not remove:
        learners |= {who: one for who, one in course.roster.items() if who not in learners}
    if learners != course.roster or list(learners) != list(course.roster):
        write_roster(course.place("learners.csv"), learners)
    return changes
