"""What must not be in what is handed out: lines of solutions, checks, and the marks around solutions."""

from __future__ import annotations

from pathlib import Path

from vsim.course.unit import Unit

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MARKS = (BEGIN, END, "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME")
LEAST = 12  # characters of a solution line that is worth looking for


def split_solutions(unit: Unit) -> tuple[list[str], str]:
    """Return the lines of the unit's solutions that are long enough to be known again, and all text in plain sight.

    A written answer is a solution as a whole; code is one between its marks.
    """
    hidden: list[str] = []
    shown: list[str] = []
    for cell in unit.source.cells:
        solution = bool(cell.metadata.get("nbgrader", {}).get("solution"))
        inside = solution and cell.kind == "markdown"
        for line in cell.source.splitlines():
            if solution and line.strip() in (BEGIN, END):
                inside = line.strip() == BEGIN
            elif not inside:
                shown.append(line)
            elif len(line.strip()) >= LEAST:
                hidden.append(line.strip())
    return hidden, "\n".join(shown)


def leaks_of(unit: Unit, folder: Path) -> list[str]:
    """Return what a released folder holds and must not: lines of solutions, checks, marks of solutions.

    A line of a solution that stands elsewhere in the unit in plain sight is no leak.
    """
    hidden, shown = split_solutions(unit)
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace").replace('\\"', '"')
        found += [f"{path.name}: {line}" for line in hidden if line in text and line not in shown]
        found += [f"{path.name}: {mark}" for mark in MARKS if mark in text]
        if path.suffix == ".py":
            found.append(f"{path.name}: code of the checks")
    return found
