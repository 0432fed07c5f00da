"""Scoring stored answers again: only what changed, with the same cities and hidden inputs, and nothing handed out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.course.ledger_rows import frozen_course
from tests.course.small_course import CHECKS, ID
from vsim.course import ledger
from vsim.course.folder import Course, open_course
from vsim.course.handout import table_bytes, zip_bytes
from vsim.course.marks import marked_row
from vsim.course.replies import Reply
from vsim.course.rescore import RESCORED, rescore
from vsim.course.rescore_reach import reach_of
from vsim.course.rescore_truths import Truths
from vsim.course.seats import hidden_inputs, seat
from vsim.course.tasks import score
from vsim.course.unit import sit
from vsim.course.writing import write_whole
from vsim.errors import DataError, UsageError

WITHIN_ONE = CHECKS.replace('t("Registered people"))', 't("Registered people"), tolerance=1)')
DOUBLED = CHECKS.replace("lambda x: 2 * x,", "lambda x: 2 * x + 1,")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a course whose unit is out: its frozen copy, its card, and the tables of each handout."""
    made = frozen_course(tmp_path_factory.mktemp("rescore"), "learner,name\nada,Ada\nbo,Bo\ncy,Cy\n")
    unit, files = made.unit(ID), {}
    for learner in made.learners:
        tables = sit(unit, made.name, learner).tables
        files[made.place("handouts", ID, f"{learner}.zip")] = zip_bytes(
            {f"{ID}/data/{name}.csv": table_bytes(frame) for name, frame in tables.items()})
    write_whole(files)
    return made.root.parent


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Course:
    shutil.copytree(released, tmp_path / "x")
    seat.cache_clear()
    return open_course(tmp_path / "x" / "course")


def answered(course: Course, learner: str, attempt: int, off: int, factor: int | None) -> dict[str, Any]:
    """Grade answers as grading does, without a notebook: how far the count is off, and what the function multiplies."""
    unit = course.unit(ID)
    sitting = sit(unit, course.name, learner)
    answers: dict[str, Any] = {"q1": {"registered": sum(sitting.truth.values()) + off}, "q2": {}}
    inputs = {task.id: hidden_inputs(course, task, ID, learner, attempt) for task in unit.checks.tasks}
    if factor is not None:
        answers["q2"] = {"double": [{"value": factor * given} for (given,) in inputs["q2"]]}
    scores = {task.id: score(task, answers[task.id], sitting.truth, inputs[task.id], sitting.seed)
              for task in unit.checks.tasks}
    row = marked_row(course, unit, sitting, scores, {task: Reply(answer) for task, answer in answers.items()},
                     attempt=attempt, sha256=f"{attempt:064}", run={}, blank=[], flags={})
    ledger.append(course.root, row)
    return row


def mend(course: Course, checks: str) -> Path:
    path = course.root.parent / "bank" / "foundation" / "01-small" / "checks.py"
    path.write_text(checks, encoding="utf-8")
    return path


def graded_class(course: Course) -> None:
    answered(course, "ada", 1, 0, 2)
    answered(course, "bo", 1, 1, 2)
    answered(course, "bo", 2, 5, None)
    answered(course, "cy", 1, -1, 3)


def earned(course: Course) -> dict[tuple[str, int], list[float]]:
    """Return the points of each attempt as the ledger has them."""
    return {(row["learner"], row["attempt"]): [part["earned"] for part in row["scores"].values()]
            for row in ledger.rows(course.root, ID) if row["kind"] == "marked"}


def test_only_what_changed_gets_a_line_that_says_by_whom(course: Course) -> None:
    graded_class(course)
    mend(course, WITHIN_ONE)
    before = course.place("ledger.jsonl").read_bytes()
    dry = rescore(course, ID, dry_run=True)
    assert course.place("ledger.jsonl").read_bytes() == before
    assert (course.place("units", ID) / "checks.py").read_text(encoding="utf-8") == CHECKS
    done = rescore(course, ID)
    assert dry.changes == done.changes
    assert {(one.learner, one.attempt, one.task, one.before, one.after) for one in done.changes} == {
        ("bo", 1, "q1", 0.0, 2.0), ("cy", 1, "q1", 0.0, 2.0)}
    assert {one.reason for one in done.changes} == {"This is not the value of your city."}
    assert earned(course) == {("ada", 1): [2.0, 1.0], ("bo", 1): [2.0, 1.0], ("bo", 2): [0.0, 0.0],
                              ("cy", 1): [2.0, 0.0]}
    added = [json.loads(line) for line in course.place("ledger.jsonl").read_bytes()[len(before):].splitlines()]
    assert [(row["kind"], row.get("learner"), row["by"]) for row in added[:-1]] == [
        ("marked", "bo", "rescore"), ("marked", "cy", "rescore")]
    assert (added[-1]["kind"], added[-1]["attempts"], added[-1]["changed"]) == (RESCORED, 4, 2)
    assert ledger.latest(course.root, ID)["bo"]["attempt"] == 2         # the older file does not become the last
    assert (course.place("units", ID) / "checks.py").read_text(encoding="utf-8") == WITHIN_ONE


def test_only_what_the_change_can_reach_is_scored_and_nothing_twice(course: Course) -> None:
    graded_class(course)
    mend(course, WITHIN_ONE)
    first = rescore(course, ID)
    assert (first.scored, first.drawn, first.brought) == ({"q1": 4, "q2": 0}, 3, True)
    again = rescore(course, ID)
    assert (again.scored, again.changes, again.brought) == ({"q1": 0, "q2": 0}, (), False)
    every = rescore(course, ID, every=True)
    assert (every.scored, every.changes, every.drawn) == ({"q1": 4, "q2": 4}, (), 0)
    lines = [row["kind"] for row in ledger.rows(course.root, ID)]
    assert lines.count(RESCORED) == 1                                   # what changes nothing leaves no line


def test_functions_are_scored_with_the_hidden_inputs_of_their_own_attempt(course: Course) -> None:
    graded_class(course)
    mend(course, DOUBLED)
    done = rescore(course, ID)
    assert {(one.learner, one.attempt, one.task, one.before, one.after) for one in done.changes} == {
        ("ada", 1, "q2", 1.0, 0.0), ("bo", 1, "q2", 1.0, 0.0)}
    mend(course, CHECKS)
    assert {(one.learner, one.after) for one in rescore(course, ID).changes} == {("ada", 1.0), ("bo", 1.0)}


@pytest.mark.parametrize("mended", [
    WITHIN_ONE, DOUBLED,
    CHECKS.replace("sum(found.values()), t(", "sum(found.values()) + 1, t("),
    CHECKS.replace('groupby("district").size()', 'groupby("district").size().add(1)').replace("< 25", "< 27"),
    CHECKS.replace('return [marking.number(', 'return 2*[marking.number('),
])
def test_it_equals_grading_everything_anew(course: Course, released: Path, tmp_path: Path, mended: str) -> None:
    graded_class(course)
    mend(course, mended)
    rescore(course, ID)
    shutil.copytree(released, tmp_path / "anew")
    anew = open_course(tmp_path / "anew" / "course")
    (anew.place("units", ID) / "checks.py").write_text(mended, encoding="utf-8")
    shutil.copyfile(course.place("secret.key"), anew.place("secret.key"))
    stored = {(row["learner"], row["attempt"]): row for row in ledger.rows(course.root, ID) if row["kind"] == "marked"}
    unit = anew.unit(ID)
    for (learner, attempt), row in stored.items():
        sitting = sit(unit, anew.name, learner)
        for task in unit.checks.tasks:
            inputs = hidden_inputs(anew, task, ID, learner, attempt)
            whole = score(task, row["answers"][task.id], sitting.truth, inputs, sitting.seed)
            kept = row["scores"][task.id]
            assert (kept["earned"], [one["credit"] for one in kept["criteria"]]) == (
                whole.earned, [round(one.credit, 6) for one in whole.criteria])


@pytest.mark.parametrize(("old", "new", "told"), [
    ('t("Count"), 2,', 't("Count"), 3,', r"q1: points is 3, handed out was 2"),
    ('Task("q2"', 'Task("q3"', r"its tasks are q1, q3, those handed out q1, q2"),
    ('whole=True', 'whole=False', r"q1: parts is .*handed out was"),
    ("20 + seed % 977", "21 + seed % 977", r"the table volunteers of '(ada|bo|cy)' would differ"),
    ("< 25", "< 25000", r"none of \d+ cities"),
    ('["too few"] if sum(found.values()) < 25', '["odd"] if sum(found.values()) % 2', r"would have the seed"),
    ("def city(seed)", "def town(seed)", r"has no function city"),
    ("return tables[", "return ][", r"cannot be run"),
])
def test_what_learners_hold_in_their_hands_stays(course: Course, old: str, new: str, told: str) -> None:
    for learner in course.learners:
        answered(course, learner, 1, 0, 2)
    before = course.place("ledger.jsonl").read_bytes()
    mend(course, CHECKS.replace(old, new))
    for _ in range(2):                                                  # a kept truth does not let it through
        with pytest.raises(DataError, match=told):
            rescore(course, ID)
    assert course.place("ledger.jsonl").read_bytes() == before
    assert (course.place("units", ID) / "checks.py").read_text(encoding="utf-8") == CHECKS


def test_a_named_file_or_folder_is_taken_and_another_refused(course: Course, tmp_path: Path) -> None:
    answered(course, "ada", 1, 1, 2)
    (tmp_path / "mended.py").write_text(WITHIN_ONE, encoding="utf-8")
    assert len(rescore(course, ID, source=tmp_path / "mended.py", dry_run=True).changes) == 1
    assert rescore(course, ID, dry_run=True).changes == ()
    with pytest.raises(UsageError, match=r"nowhere.*checks\.py"):
        rescore(course, ID, source=tmp_path / "nowhere")


def test_checks_mended_in_the_frozen_copy_are_not_written_over(course: Course) -> None:
    answered(course, "ada", 1, 1, 2)
    (course.place("units", ID) / "checks.py").write_text(WITHIN_ONE, encoding="utf-8")
    done = rescore(course, ID)
    assert ([one.after for one in done.changes], done.brought) == ([2.0], False)
    assert (course.place("units", ID) / "checks.py").read_text(encoding="utf-8") == WITHIN_ONE


def test_a_run_that_was_stopped_is_gone_on_with(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    graded_class(course)
    mend(course, WITHIN_ONE)
    real = ledger.append
    calls: list[Any] = []

    def once(root: Path, row: Any) -> None:
        if calls:
            raise KeyboardInterrupt
        calls.append(row)
        real(root, row)

    monkeypatch.setattr(ledger, "append", once)
    with pytest.raises(KeyboardInterrupt):
        rescore(course, ID)
    monkeypatch.setattr(ledger, "append", real)
    rest = rescore(course, ID)
    assert [one.learner for one in rest.changes] == ["cy"]
    assert earned(course)["bo", 1] == [2.0, 1.0]


def test_kept_truths_bear_a_seal_and_belong_to_code_and_seed(course: Course) -> None:
    unit = course.unit(ID)
    sitting = sit(unit, course.name, "ada")
    truths = Truths(course, unit)
    assert truths.find(sitting.seed) is None
    truths.keep_of(sitting)
    assert truths.find(sitting.seed) == sitting.truth
    assert truths.find(sitting.seed + 1) is None
    (path,) = course.place("truths", ID).iterdir()
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert truths.find(sitting.seed) is None
    path.write_bytes(raw)
    (unit.folder / "checks.py").write_text(CHECKS.replace(".size().to_dict()", ".size().mul(2).to_dict()"), "utf-8")
    assert Truths(course, course.unit(ID)).find(sitting.seed) is None
    Truths(course, course.unit(ID)).clear()
    assert list(course.place("truths", ID).iterdir()) == []


SCRIPT = '''"""Words."""
import math
from vsim.course import Task
A = 1
def city(seed):
    """Words."""
    return {"x": A + seed}
def truth(tables):
    return helper(tables)
def helper(tables):
    return math.floor(tables["x"])
def q1(given, found):
    return []
B = 2
def q2(given, found):
    return [B]
TASKS = (Task("q1", "x", 1, (), q1), Task("q2", "x", 1, (), q2))
'''


@pytest.mark.parametrize(("old", "new", "reached"), [
    ('"""Words."""', '"""Other words, longer."""', ""),
    ("A = 1", "A = 1   # one", ""),
    ("A = 1", "A = 2", "cities truth"),
    ("math.floor", "math.ceil", "truth"),
    ("return []", "return [0]", "q1"),
    ("B = 2", "B = 3", "q2"),
    ('"q2", "x"', '"q2", "y"', "q2"),
    ("import math", "import math\nimport os", ""),
    ("import math", "import numpy as math", "truth"),
    ("B = 2", "B = 2\nprint(B)", "cities truth q1 q2"),
    ("B = 2", "B = 2\nB += 1", "cities truth q1 q2"),
    ("return [B]", "return [B, globals()]", "q2"),
    ("TASKS = (Task", "TASKS = (*(), Task", "q1 q2"),
    ("def truth", "def faults(found):\n    return []\ndef truth", "truth"),
])
def test_what_a_change_can_reach(tmp_path: Path, old: str, new: str, reached: str) -> None:
    assert old in SCRIPT
    (tmp_path / "a.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "b.py").write_text(SCRIPT.replace(old, new), encoding="utf-8")
    first, second = (reach_of(tmp_path / name, ["q1", "q2"]) for name in ("a.py", "b.py"))
    differ = [name for name in ("cities", "truth") if getattr(first, name) != getattr(second, name)]
    differ += [name for name in ("q1", "q2") if first.tasks[name] != second.tasks[name]]
    assert " ".join(differ) == reached


def test_code_that_looks_names_up_at_run_time_is_reached_by_everything(tmp_path: Path) -> None:
    script = SCRIPT.replace("return [B]", 'return [globals()["A"]]')
    (tmp_path / "a.py").write_text(script, encoding="utf-8")
    (tmp_path / "b.py").write_text(script.replace("A = 1", "A = 2"), encoding="utf-8")
    first, second = (reach_of(tmp_path / name, ["q1", "q2"]) for name in ("a.py", "b.py"))
    assert first.tasks["q2"] != second.tasks["q2"]
    assert first.tasks["q1"] == second.tasks["q1"]
