"""Evidence of the slow lane: every mutant and equivalent through nbgrader's own chain; it is there and not stale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.curriculum.test_units import FOLDERS
from tests.curriculum.through_nbgrader import depends_on, name_of, proof_path, write
from vsim.course.mutants import read_variants
from vsim.course.unit import Unit


@pytest.mark.prove
@pytest.mark.needs("jail")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_write_the_evidence(folder: Path) -> None:
    write(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_variant_earned_what_it_must_through_nbgrader(folder: Path) -> None:
    path = proof_path(folder)
    assert path.is_file(), f"{path.name} is missing: run `make prove`"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["depends_on"] == depends_on(folder), f"{path.name} is stale: run `make prove`"
    tasks = {task.id: task.points for task in Unit(folder).checks.tasks}
    earned = found["earned"]
    assert earned["model"] == tasks
    assert earned["blank"] == dict.fromkeys(tasks, 0.0)
    variants = read_variants(folder)
    assert set(earned) == {"model", "blank", *(name_of(item) for item in variants)}
    for item in variants:
        mine = earned[name_of(item)][item.task]
        if item.kind == "equivalent":
            assert mine == tasks[item.task], item
        else:
            assert item.low <= mine <= item.high, item
            assert mine < tasks[item.task], item
