"""A small unit and a course of two learners: quick to release and to grade, with every kind of answer in it."""

from __future__ import annotations

from pathlib import Path

from vsim.course.folder import Course, init_course

ID = "foundation-01-small"
CHECKS = '''"""Checks of a small unit."""
import pandas as pd
from vsim.course import Choice, Function, Number, Table, Task, marking, t

def city(seed):
    rows = [[f"V-{number}", f"D0{1 + number % 2}", "2025-01-06"] for number in range(20 + seed % 977)]
    return {"volunteers": pd.DataFrame(rows, columns=["volunteer_id", "district", "registered_on"])}

def truth(tables):
    return tables["volunteers"].groupby("district").size().to_dict()

def faults(found):
    return ["too few"] if sum(found.values()) < 25 else []

def q1(given, found):
    return [marking.number(given, "registered", sum(found.values()), t("Registered people"))]

def q2(given, _found):
    return [marking.outputs(given, "double", lambda x: 2 * x, t("Twice as many"), tolerance=0)]

TASKS = (
    Task("q1", t("Count"), 2, (Number("registered", unit=t("people"), whole=True),), q1,
         hints=(t("Look at the table."),)),
    Task("q2", t("Double"), 1, (Function("double", Number("double"), (1,)),), q2,
         probes=lambda seed: [[seed % 1000], [seed % 77 + 1]]),
)
'''
MARK = ('{{"nbgrader": {{"grade": {grade}, "grade_id": "{name}", "locked": {locked}, {points}"schema_version": 3, '
        '"solution": {solution}, "task": false}}}}')
HEAD = f"""---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
vsim:
  id: {ID}
  title: A small unit
  tier: foundation
  track: management
  minutes: 5
  objectives: [Count rows]
  competencies: [registers]
  clauses: [IV.2.d]
---
"""


def cell(name: str, code: str, *, grade: bool = False, solution: bool = False, points: int = 0) -> str:
    """Return a code cell of a MyST source."""
    lines = [f"  grade: {str(grade).lower()}", f"  grade_id: {name}", f"  locked: {str(not solution).lower()}",
             *([f"  points: {points}"] if grade else []), "  schema_version: 3", f"  solution: {str(solution).lower()}",
             "  task: false"]
    return "\n".join(["```{code-cell}", "---", "nbgrader:", *lines, "---", code, "```", ""])


def prose(name: str, text: str, *, grade: bool = False) -> str:
    """Return a Markdown cell of a MyST source; with `grade`, one that a person marks."""
    word = str(grade).lower()
    mark = MARK.format(grade=word, name=name, locked=str(not grade).lower(), points='"points": 3, ' if grade else "",
                       solution=word)
    return f"+++ {mark}\n\n{text}\n"


def source(extra: str = "") -> str:
    """Return the text of the unit; `extra` comes before the first task, in plain sight."""
    return "\n".join([
        HEAD, prose("intro", "# A small unit\n\nCount the people."),
        cell("setup", 'import vsim\n\nunit = vsim.open_unit()\nvolunteers = unit.data["volunteers"]\nunit'), extra,
        cell("q1", "registered = ...\n### BEGIN SOLUTION\nregistered = len(volunteers)\n### END SOLUTION",
             solution=True),
        cell("q1-check", 'unit.check("q1")', grade=True, points=2),
        cell("q2", "def double(x):\n    twice = ...\n    ### BEGIN SOLUTION\n    twice = x + x\n    ### END SOLUTION\n"
             "    return twice", solution=True),
        cell("q2-check", 'unit.check("q2")', grade=True, points=1),
        prose("words", "A good answer says what a register is.", grade=True),
    ])


def unit_folder(root: Path, extra: str = "", checks: str = CHECKS) -> Path:
    """Write the unit below `root` as a bank of units, and return its folder."""
    folder = root / "foundation" / "01-small"
    (folder / "mutants").mkdir(parents=True)
    (folder / "assignment.md").write_text(source(extra), encoding="utf-8")
    (folder / "checks.py").write_text(checks, encoding="utf-8")
    return folder


def small_course(root: Path, extra: str = "", learners: str = "learner,name\nada,Ada\nbo,Bo\n") -> Course:
    """Make a course that finds the small unit in a bank of its own."""
    unit_folder(root / "bank", extra)
    (root / "list.csv").write_text(learners, encoding="utf-8")
    course = init_course(root / "course", learners=root / "list.csv")
    path = course.root / "course.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("units: []", "units: [../bank]"), encoding="utf-8")
    from vsim.course.folder import open_course

    return open_course(course.root)
