"""Every graded unit of the curriculum: model answer, blank, mutants, equivalents, copies, and what stands beside it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from vsim.course.mutants import read_variants
from vsim.course.rehearsal import Trial, rehearse
from vsim.course.unit import Unit
from vsim.spec.clauses import load_clauses

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "curriculum").glob("*/*/assignment.md"))
SEATS = ["yun", "chuan", "he"]


@cache
def trials(folder: Path) -> tuple[Trial, ...]:
    return tuple(rehearse(Unit(folder), SEATS))


def test_there_is_a_unit() -> None:
    assert FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_unit_stands_where_its_id_says_and_its_parts_agree(folder: Path) -> None:
    unit = Unit(folder)
    assert unit.id == f"{folder.parent.name}-{folder.name}"
    marks = [cell.metadata.get("nbgrader", {}) for cell in unit.source.cells]
    checks = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade") and not mark["solution"]}
    assert checks == {f"{task.id}-check": task.points for task in unit.checks.tasks}
    assert {mark["grade_id"] for mark in marks if mark.get("solution") and not mark["grade"]} >= {
        task.id for task in unit.checks.tasks}
    assert any(mark.get("grade") and mark["solution"] for mark in marks), "no part that a person marks"
    assert (folder / "rubric.md").is_file()
    for task in unit.checks.tasks:
        assert len(task.hints) >= 2, task.id


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_what_a_unit_names_exists(folder: Path) -> None:
    row = Unit(folder).source.syllabus
    assert set(row.clauses) <= set(load_clauses())
    for lesson in row.prerequisites:
        assert (ROOT / "notebooks" / f"{lesson}.md").is_file(), lesson


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_answer_earns_what_it_must(folder: Path) -> None:
    found = trials(folder)
    assert [trial for trial in found if trial.fault] == []
    kinds = {trial.name.partition(" ")[0] for trial in found}
    assert kinds == {"model", "blank", "mutant", "equivalent", "copied"}
    assert len(found) >= len(SEATS) * (len(read_variants(folder)) + 2)


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_most_of_what_is_copied_from_a_neighbour_is_lost(folder: Path) -> None:
    copied = [trial for trial in trials(folder) if trial.name.startswith("copied") and trial.task in ("q1", "q2", "q3")]
    assert sum(trial.earned for trial in copied) < 0.1 * sum(trial.points for trial in copied)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_hints_and_titles_give_no_number_away(folder: Path) -> None:
    for task in Unit(folder).checks.tasks:
        for text in (task.title, *task.hints):
            assert set(re.findall(r"\d+", text)) <= {"52", "100"}, text


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_catalogue_of_a_unit_is_complete(folder: Path) -> None:
    from vsim.course.editions import translations_of

    assert [str(fault) for fault in translations_of(Unit(folder).source, "zh_CN").faults] == []
