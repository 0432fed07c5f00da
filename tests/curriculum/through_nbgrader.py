"""Every mutant and equivalent of a unit as a submission of its own, through nbgrader's chain and the jail."""

from __future__ import annotations

import json
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from vsim.course import ledger
from vsim.course.collecting import collect_unit
from vsim.course.folder import init_course, open_course
from vsim.course.grading import grade
from vsim.course.mutants import Variant, read_variants
from vsim.course.release import release
from vsim.course.sample_class import filled, handed_in, solved_cells
from vsim.course.unit import Unit

ROOT = Path(__file__).resolve().parents[2]
PROOFS = ROOT / "proofs"
CODE = (
    "answers", "chain", "checks", "claims", "desk", "forms", "marking", "payload", "rebuild", "replies", "tasks",
    "unit",
)


def depends_on(folder: Path) -> str:
    """Return the hash of what the evidence depends on: the unit, and the code between a notebook and its marks."""
    files = [*sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".py")),
             *(ROOT / "vsim" / "course" / f"{name}.py" for name in CODE)]
    text = "".join(f"{path.name}\0{sha256(path.read_bytes()).hexdigest()}\n" for path in files)
    return sha256(text.encode()).hexdigest()


def name_of(item: Variant) -> str:
    return f"{item.task}.{item.name}"


def marked(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what each variant earned on its task, each handed in by a learner of its own."""
    unit = Unit(folder)
    variants = read_variants(folder)
    with tempfile.TemporaryDirectory(prefix="vsim-mutants-") as made:
        lines = ["learner", "model", "blank", *(name_of(item) for item in variants)]
        Path(made, "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        course = init_course(Path(made, "course"), name="mutants", learners=Path(made, "list.csv"))
        released = release(course, str(folder)).unit
        model = solved_cells(unit)
        answers = {"model": model, "blank": {}, **{name_of(item): {**model, item.task: item.code} for item in variants}}
        for learner, cells in answers.items():
            place = course.place("inbox", learner)
            place.mkdir(parents=True)
            (place / "x.ipynb").write_bytes(handed_in(course, course.unit(released), learner, filled(cells)))
        course = open_course(course.root)
        collect_unit(course, released)
        states = {row.learner: row.status for row in grade(course, released)}
        rows = ledger.latest(course.root, released)
        assert set(states.values()) == {"marked"}, states
        scores = {learner: rows[learner]["scores"] for learner in answers}
        return {learner: {task: score["earned"] for task, score in mine.items()} for learner, mine in scores.items()}


def evidence(folder: Path) -> dict[str, Any]:
    """Return the evidence about one unit."""
    return {"unit": Unit(folder).id, "depends_on": depends_on(folder), "earned": marked(folder)}


def proof_path(folder: Path) -> Path:
    """Return where the evidence is kept."""
    return PROOFS / f"mutants-{Unit(folder).id}.json"


def write(folder: Path) -> None:
    """Write the evidence."""
    text = json.dumps(evidence(folder), indent=1, sort_keys=True) + "\n"
    proof_path(folder).write_text(text, encoding="utf-8", newline="\n")
