"""A class of five learners who do not exist, for the demonstration and for tests: what they hand in, and why.

One hands in the model answer, one is partly right, one copied the numbers of the first, one handed in the notebook as
it was released, and one has an error in the first cell above otherwise right answers.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vsim.course.answers import Choice, Function, Number, Table
from vsim.course.folder import Course
from vsim.course.forms import dealt
from vsim.course.leaks import BEGIN, END
from vsim.course.rehearsal import Rehearsal, Space, code_of
from vsim.course.unit import Unit
from vsim.course.words import t

LEARNERS = {"li": "Li", "wang": "Wang", "zhao": "Zhao", "chen": "Chen", "sun": "Sun"}
STORIES = {
    "li": t("the model answer"),
    "wang": t("partly right: counts and the function; rates as shares; the rest left open"),
    "zhao": t("numbers copied from Li"),
    "chen": t("untouched, as it was released"),
    "sun": t("an error in the first cell, right answers below it"),
}
FILES = {"li": "answers.ipynb", "wang": "answers (1).ipynb", "zhao": "\u4f5c\u4e1a.ipynb", "chen": "chen.ipynb",
         "sun": "unit one.ipynb.txt"}
Cells = dict[str, str]


def solved_cells(unit: Unit) -> Cells:
    """Return the code of the model answer by grade id, without the marks of the solution."""
    return {
        str(cell.grade_id): "\n".join(line for line in code_of(cell, solved=True).splitlines()
                                      if line.strip() not in (BEGIN, END))
        for cell in unit.source.cells
        if cell.kind == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }


def copied_cells(unit: Unit, course: Course, learner: str) -> Cells:
    """Return a learner's right answers as somebody else would copy them: values, letters, and functions as they are."""
    model = solved_cells(unit)
    seat = Rehearsal(unit, learner, course.name)
    with seat.desk():
        spaces = seat.spaces(solved=True)
    cells: Cells = {}
    for task in unit.checks.tasks:
        space: Space = spaces[task.id][1]
        parts = dealt(task.parts, seat.sitting.seed)
        if any(isinstance(part, Function) for part in parts):
            cells[task.id] = model[task.id]
        else:
            cells[task.id] = "\n".join(_literal(part, space) for part in parts)
    return cells


def _literal(part: Number | Choice | Table | Function, space: Mapping[str, Any]) -> str:
    """Return a line of code that sets a part to the value that it has in another notebook."""
    value = space[part.name]
    if isinstance(part, Table):
        columns = {name: list(value[name]) for name in (part.key, *part.columns)}
        plain = {name: [item.item() if hasattr(item, "item") else item for item in items]
                 for name, items in columns.items()}
        return f"{part.name} = pd.DataFrame({plain!r})"
    return f"{part.name} = {value.item() if hasattr(value, 'item') else value!r}"


def handed_in(course: Course, unit: Unit, learner: str, change: Callable[[list[Any]], None]) -> bytes:
    """Return a learner's notebook as handed in: that of the handout, its list of cells changed."""
    with zipfile.ZipFile(io.BytesIO(course.place("handouts", unit.id, f"{learner}.zip").read_bytes())) as handout:
        notebook = json.loads(handout.read(f"{unit.id}/{unit.id}.ipynb"))
    change(notebook["cells"])
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode()


def filled(cells: Mapping[str, str]) -> Callable[[list[Any]], None]:
    """Return a change that fills in answer cells by grade id."""

    def change(found: list[Any]) -> None:
        for cell in found:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in cells:
                cell["source"] = cells[name]

    return change


def first_cell_fails(cells: Mapping[str, str]) -> Callable[[list[Any]], None]:
    """Return a change that fills in answers below a new first cell that stops with an error."""

    def change(found: list[Any]) -> None:
        filled(cells)(found)
        found.insert(0, {"cell_type": "code", "id": "mine", "metadata": {}, "outputs": [], "execution_count": None,
                         "source": "import a_package_that_is_not_there"})

    return change


def reflection_of(course: Course, unit: Unit) -> Cells:
    """Return the model's written answers in the course's language, by grade id."""
    source = json.loads(course.place("source", unit.id, f"{unit.id}.ipynb").read_text(encoding="utf-8"))
    return {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in source["cells"]
            if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("solution")}


def hand_in(course: Course, unit: Unit, inbox: Path) -> dict[str, Path]:
    """Write the five files into an inbox, loose and under the names that people give them; return them by learner."""
    model = solved_cells(unit)
    written = reflection_of(course, unit)
    first = next(iter(model))
    partly = {
        first: model[first],
        "q2": "registered_per_100_residents = registered / residents\nactive_per_100_registered = active / registered\n"
              "active_per_100_residents = active / residents",
        "q5": model["q5"],
    }
    changes = {
        "li": filled({**model, **written}), "wang": filled({**partly, **written}),
        "zhao": filled(copied_cells(unit, course, "li")), "chen": filled({}), "sun": first_cell_fails(model),
    }
    inbox.mkdir(parents=True, exist_ok=True)
    paths = {}
    for learner, change in changes.items():
        paths[learner] = inbox / FILES[learner]
        paths[learner].write_bytes(handed_in(course, unit, learner, change))
    return paths
