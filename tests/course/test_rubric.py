"""Rubrics and objectives: what stands beside a unit is read whole, adds up, and reaches who marks and who learns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course.small_course import unit_folder
from vsim.course.feedback_rows import Row as Points
from vsim.course.folder import curriculum_folder
from vsim.course.given_answers import given_parts
from vsim.course.next_step import next_steps
from vsim.course.objectives import objective_faults, objectives_of
from vsim.course.rubric import rubric_files, rubrics_of
from vsim.course.unit import Unit
from vsim.course.words import Words
from vsim.errors import DataError, UsageError

HEAD = "# Rubric: words (3 points)\n\n| criterion | full | half | none |\n| --- | --- | --- | --- |\n"
TWO = "| Number (2) | both | one | none |\n| Limit（1） | named | \"bad\" \\| vague | none |\n"


def unit_with(root: Path, rubric: str | None = None, examined: str = "") -> Unit:
    folder = unit_folder(root)
    if rubric is not None:
        (folder / "rubric.md").write_text(rubric, encoding="utf-8")
    text = (folder / "assignment.md").read_text(encoding="utf-8")
    (folder / "assignment.md").write_text(text.replace("  objectives: [Count rows]\n",
                                                       f"  objectives: [Count rows]\n{examined}"), encoding="utf-8")
    return Unit(folder)


def test_levels_earn_equal_steps_and_the_points_add_up(tmp_path: Path) -> None:
    (rubric,) = rubrics_of(unit_with(tmp_path, HEAD + TWO + "\nA note below.\n"))
    assert (rubric.cell, rubric.points, rubric.title) == ("words", 3, "Rubric: words (3 points)")
    assert [[level.points for level in row.levels] for row in rubric.rows] == [[2, 1, 0], [1, 0.5, 0]]
    assert rubric.rows[1].label == "Limit"
    assert rubric.rows[1].levels[1].text == '"bad" | vague'
    assert rubrics_of(unit_with(tmp_path / "none")) == ()


@pytest.mark.parametrize(("rubric", "word"), [
    (HEAD + "| Number (2) | both | one | none |\n", "give 2 points; allowed 3"),
    (HEAD + TWO.replace("(2)", ""), "is no criterion"), (HEAD, "0 criteria"),
    (HEAD + TWO.replace("| one ", ""), "is no criterion"), (HEAD + TWO + "\n" + HEAD + TWO, "2 tables"),
    ("# Nothing\n", "0 tables"),
])
def test_a_rubric_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, rubric: str, word: str) -> None:
    with pytest.raises(DataError, match=r"rubric\.md") as refused:
        rubrics_of(unit_with(tmp_path, rubric))
    assert word in str(refused.value)


def test_what_formgrader_gets_is_plain_and_in_the_courses_language(tmp_path: Path) -> None:
    files = rubric_files(unit_with(tmp_path, HEAD + TWO), {"full": "满分"}, "zh_CN")
    assert sorted(files) == ["foundation-01-small.json", "foundation-01-small.md"]
    text = files["foundation-01-small.json"].decode()
    assert "满分" in text
    assert "保存此评语" in text


def test_each_objective_gets_the_points_of_what_shows_it(tmp_path: Path) -> None:
    unit = unit_with(tmp_path, examined="  examined: [[q1, q2, words]]\n")
    rows = [Points("q1-check", "Count", 1.0, 2, False, False), Points("q2-check", "Double", 1.0, 1, False, False),
            Points("words", "Words", None, 3, True, False)]
    (one,) = objectives_of(unit, rows, {"Count rows": "数行"})
    assert (one.text, one.earned, one.points, one.waiting, one.lost) == ("数行", 2, 6, 3, 1)
    steps = next_steps(rows, [one], unit.checks.tasks, Words(), lesson="management/01", until="Friday", again="Best.")
    assert steps[0].endswith("数行.")
    assert steps[1] == "Begin here: Count. Look at the table."
    assert ("management/01" in steps[2], "Friday. Best." in steps[3], "your trainer" in steps[4]) == (True,) * 3
    empty = next_steps([Points("words", "Words", 0.0, 3, True, False, blank=True)], [], unit.checks.tasks, Words())
    assert empty == ["The written answer is still to be given; a person will mark it."]
    right = next_steps([Points("q1-check", "Count", 2, 2, False, False)], [], unit.checks.tasks, Words())
    assert right == ["All that the computer marks is right. Go on with the next unit."]


@pytest.mark.parametrize(("examined", "word"), [
    ("", "examined is missing"), ("  examined: [[q1, q2]]\n", "no objective is shown by 'words'"),
    ("  examined: [[q1, q2, words, q9]]\n", "'q9', which is no task"), ("  examined: [[q1, q2, words]]\n", ""),
])
def test_an_objective_without_a_task_is_a_fault(tmp_path: Path, examined: str, word: str) -> None:
    assert word in " ".join(objective_faults(unit_with(tmp_path, examined=examined)))
    assert bool(objective_faults(unit_with(tmp_path / "again", examined=examined))) == bool(word)


@pytest.mark.parametrize("examined", ["[q1]", "[[q1], [q2]]", "[[]]", "{a: b}", "[[1]]"])
def test_a_wrong_list_of_tasks_is_refused_with_its_line(tmp_path: Path, examined: str) -> None:
    with pytest.raises(UsageError, match=r"assignment\.md:\d+: vsim\.examined"):
        objective_faults(unit_with(tmp_path, examined=f"  examined: {examined}\n"))


def test_what_was_given_is_told_part_by_part_and_the_right_value_never() -> None:
    shipped = curriculum_folder()
    assert shipped is not None
    unit = Unit(shipped / "foundation" / "01-registers-and-rates")
    tasks = {task.id: task for task in unit.checks.tasks}
    words = Words()
    rows = given_parts(tasks["q1"], {"residents": 9001, "registered": 12.5}, 7, words)
    assert [(row.name, row.got) for row in rows][::2] == [("residents", "9,001"), ("active", "nothing")]
    assert "must be whole" in rows[1].got
    assert rows[0].wanted == "a whole number (people)"
    (choice,) = given_parts(tasks["q4"], {"sentence": "b"}, 7, words)
    assert choice.got.startswith("B: ")
    assert choice.wanted == "one of A, B, C, D"
    (function,) = given_parts(tasks["q5"], {"active_rate": [{"value": 3.0}, {"error": "no"}]}, 7, words)
    assert function.got == "a function; 1 of 2 trials gave a value"
    assert all(given_parts(task, hostile, 7, words) for task in tasks.values()
               for hostile in (None, [], "x", {"residents": {"$fault": "<b>"}, "lowest": 4, "sentence": []}))
