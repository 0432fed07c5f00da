"""Evidence of the slow lane: 200 invented classes of the frozen model answer each unit; it is there and not stale."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.curriculum.test_units import FOLDERS, ROOT
from vsim.course.class_model import frozen
from vsim.course.unit import Unit

CITIES, CLASSES = 12, 200
ABILITY, ITEM_REST = 0.7, 0.1             # the least that a unit must reach (issue: the tier of foundation)
MODULES = ("answers", "class_bank", "class_model", "class_rehearsal", "marking", "mutants", "rehearsal", "tasks")


def proof_path(folder: Path) -> Path:
    return ROOT / "proofs" / f"rehearsal-{folder.parent.name}-{folder.name}.json"


def depends_on(folder: Path) -> str:
    """Return the hash of what the classes depend on: the unit's checks and mutants, and the model and its marking."""
    files = [folder / "assignment.md", folder / "checks.py", *sorted((folder / "mutants").glob("*.py")),
             *(ROOT / "vsim" / "course" / f"{name}.py" for name in MODULES)]
    sums = [f"{path.relative_to(ROOT).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


@pytest.mark.prove
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_write_the_evidence(folder: Path) -> None:
    from vsim.course.class_bank import bank_of
    from vsim.course.class_rehearsal import rehearse_classes

    found = rehearse_classes(bank_of(Unit(folder), CITIES), CLASSES)
    told = json.loads(json.dumps(asdict(found)), parse_float=lambda text: round(float(text), 4))
    text = json.dumps({"depends_on": depends_on(folder), "model": frozen(), **told}, indent=1, ensure_ascii=False)
    proof_path(folder).write_text(text + "\n", encoding="utf-8", newline="\n")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_scores_follow_ability_and_no_item_orders_learners_the_wrong_way(folder: Path) -> None:
    path = proof_path(folder)
    assert path.is_file(), f"{path.name} is missing: run `make prove`"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["depends_on"] == depends_on(folder), f"{path.name} is stale: run `make prove`"
    assert (found["classes"], found["seats"], found["model"]) == (CLASSES, 30, frozen())
    assert found["faults"] == []
    assert found["ability"][0] >= ABILITY
    assert {item["task"] for item in found["items"]} == {task.id for task in Unit(folder).checks.tasks}
    assert [item["task"] for item in found["items"] if item["item_rest"] < ITEM_REST] == []
    assert found["alpha"][1] <= found["alpha"][0] <= found["alpha"][2]
