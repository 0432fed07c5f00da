"""The workshop: what an author begins with works before the author has changed a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.course.rehearsal import rehearse
from vsim.course.rubric import rubrics_of
from vsim.course.running import run
from vsim.course.source import read_source
from vsim.course.unit import Unit
from vsim.course.workshop import new_lesson_files, new_unit_files
from vsim.errors import UsageError

pytestmark = pytest.mark.needs("notebooks")


@pytest.mark.slow
def test_a_new_unit_has_no_fault(tmp_path: Path) -> None:
    written = new_unit_files(tmp_path, "practitioner/04-who-stays", "evaluation")
    assert all(path.is_file() for path in written)
    unit = Unit(tmp_path / "practitioner" / "04-who-stays")
    assert (unit.id, unit.source.syllabus.title) == ("practitioner-04-who-stays", "Who stays")
    assert [trial for trial in rehearse(unit, ["a", "b"]) if trial.fault] == []
    assert rubrics_of(unit)[0].points == 5


@pytest.mark.slow
def test_a_new_lesson_runs_with_its_claims(tmp_path: Path) -> None:
    path = new_lesson_files(tmp_path / "notebooks", "policy/07-what-if", "leader", "What if")[0]
    outcome = run(read_source(path), claims=True)
    assert outcome.failure is None
    assert "@" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "track", "title", "word"), [
    ("foundation/stations", "policy", None, "two digits"), ("fundation/02-a", "policy", None, "foundation"),
    ("foundation/02-a", "policies", None, "policy"), ("foundation/02-a", "policy", 'a "b"', "quotation"),
    ("../02-a", "policy", None, "two digits"), ("foundation/02-a/../../x", "policy", None, "two digits"),
    ("foundation/02-a", "policy", " ", "1 to 80"),
])
def test_a_wrong_name_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str, track: str, title: str | None, word: str
) -> None:
    with pytest.raises(UsageError, match=word):
        new_unit_files(tmp_path, name, track, title)
    assert list(tmp_path.rglob("*")) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    written = new_lesson_files(tmp_path, "policy/02-a", "foundation")
    before = {path: path.read_bytes() for path in written}
    with pytest.raises(UsageError, match="is there already"):
        new_lesson_files(tmp_path, "policy/02-a", "foundation")
    assert before == {path: path.read_bytes() for path in written}
