"""Courses with marks in their ledger and nothing run: for tests of gates, certificates and passports."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.course.small_course import ID, small_course
from vsim.course import ledger
from vsim.course.folder import Course, open_course

SHIPPED = Path(__file__).resolve().parents[2] / "curriculum"
SECOND, NEXT = "foundation-02-more", "practitioner-04-next"
CAST = "learner,name\nada,Ada Byron\nbo,Bo\nmei,王小梅\n"


def add_unit(course: Course, unit: str) -> None:
    """Put a frozen copy of the small unit into a course under another id."""
    folder = course.place("units", unit)
    shutil.copytree(course.root.parent / "bank" / "foundation" / "01-small", folder)
    path = folder / "assignment.md"
    text = path.read_text(encoding="utf-8").replace(ID, unit)
    if unit != ID:
        text = text.replace("title: A small unit", f"title: Unit {unit[-4:]}")
    path.write_text(text.replace("tier: foundation", f"tier: {unit.partition('-')[0]}"), encoding="utf-8")


def mark(course: Course, learner: str, share: float, unit: str = ID, attempt: int = 1, hand: bool = True) -> None:
    """Write a marking into the ledger that earns a share of the six points, the written answer's three among them."""
    scores = {task: {"earned": points * share, "points": points, "criteria": []}
              for task, points in (("q1", 2), ("q2", 1))}
    ledger.append(course.root, {
        "kind": "marked", "course": course.name, "unit": unit, "learner": learner, "attempt": attempt,
        "sha256": f"{attempt:064x}", "arrived": "2026-11-20T08:00:00+00:00", "seed": 1, "flags": [], "run": {},
        "blank": [], "checks_sha256": "", "versions": {}, "answers": {}, "scores": scores,
    })
    if hand:
        ledger.append(course.root, {"kind": "hand", "course": course.name, "unit": unit, "learner": learner,
                                    "marks": {"words": 3 * share}, "comments": {}})


def without_capstone(course: Course) -> None:
    """Give a course rules of its own that ask for no capstone: its one small unit stands for the tier."""
    rules = (SHIPPED / "course.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^    capstone: .*$", "    capstone: null", rules, flags=re.MULTILINE)
    (course.root / "curriculum.yaml").write_text(text, encoding="utf-8")


def marked_course(root: Path, shares: Mapping[str, float], cast: str = CAST, **settings: str) -> Course:
    """Return a course in which learners earned these shares of its one unit; `settings` replace its own."""
    course = small_course(root, learners=cast)
    add_unit(course, ID)
    path = course.root / "course.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line.partition(":")[0] not in settings]
    lines += [f"{key}: {value}" for key, value in settings.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    without_capstone(course)
    for learner, share in shares.items():
        mark(course, learner, share)
    return open_course(course.root)


def page(facts: Any, fingerprint: str) -> bytes:
    """Return a page as small as a PDF of vsim can be, with the name on it; it is drawn in no time."""
    out = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    out += f"% {facts['name']} {fingerprint}\n".encode()
    at = len(out)
    return out + b"xref\n0 2\ntrailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % at
