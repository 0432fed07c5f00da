"""Waivers: what a trainer lets a learner off, for a reason, in the ledger; a waiver can be withdrawn, never unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from getpass import getuser

from vsim.course import ledger
from vsim.course.folder import Course
from vsim.course.syllabus import TIERS
from vsim.errors import UsageError
from vsim.spec.plain_yaml import one_line

KIND = "waiver"
LONGEST = 300                # characters of a reason


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver.

    Attributes
    ----------
    learner, name : str
        Who is let off what: the id of a unit, or a tier that is opened.
    reason, by, time : str
        Why, by whom, and when (UTC, ISO).
    """

    learner: str
    name: str
    reason: str
    by: str
    time: str


def waivers_of(course: Course) -> Mapping[tuple[str, str], Waiver]:
    """Return the waivers that hold, by learner and name."""
    found: dict[tuple[str, str], Waiver] = {}
    for row in ledger.rows(course.root):
        if row.get("kind") == KIND:
            key = str(row["learner"]), str(row["unit"] or row["tier"])
            if row["withdrawn"]:
                found.pop(key, None)
            else:
                found[key] = Waiver(*key, str(row["reason"]), str(row["by"]), str(row["time"]))
    return found


def known_reason(reason: str | None, what: str) -> str:
    """Return a reason as one line.

    Raises
    ------
    UsageError
        When there is none, or it is too long.
    """
    text = one_line(reason or "", 4 * LONGEST)
    if not text or reason is None or len(text) > LONGEST:
        raise UsageError(f"{what}: the reason is {one_line(reason)}; allowed 1 to {LONGEST} characters. "
                         "Say why: --reason \"...\"")
    return text


def waive(course: Course, learner: str, name: str, reason: str | None, *, by: str | None = None,
          withdraw: bool = False) -> bool:
    """Write a waiver into the ledger, or withdraw one; return whether anything was new.

    Parameters
    ----------
    course : Course
    learner : str
        On the roster.
    name : str
        A unit that is released in the course, or a tier.
    reason : str
    by : str, optional
        Who waives; the account's name by default.
    withdraw : bool
        Whether the waiver ends.

    Raises
    ------
    UsageError
        When the reason is missing, or there is nothing of this name, or no waiver to withdraw.
    """
    text = known_reason(reason, "waiver")
    tier = name if name in TIERS else ""
    unit = "" if tier else course.unit(name).id
    held = waivers_of(course).get((learner, unit or tier))
    if withdraw and held is None:
        raise UsageError(f"waiver: {learner} has none for {unit or tier}; allowed a waiver that holds. See "
                         "vsim course gate.")
    if not withdraw and held is not None and held.reason == text:
        return False
    ledger.append(course.root, {"kind": KIND, "course": course.name, "learner": learner, "unit": unit, "tier": tier,
                                "reason": text, "by": who(by), "withdrawn": withdraw})
    return True


def who(by: str | None = None) -> str:
    """Return who does something: the name given, else that of the account."""
    if by is not None and by.strip():
        return one_line(by, 80)
    try:
        return getuser()
    except (OSError, KeyError, ImportError):                  # an account without a name
        return "unknown"
